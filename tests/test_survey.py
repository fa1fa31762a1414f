"""What is found in a library, and which settings are thought to fit it."""

from collections.abc import Mapping
from typing import Any

import pytest

from garden.settings import settings_from
from garden.setup.toml import settings_file
from garden.survey import Look, Survey, survey
from garden.survey.choices import choices, unknown_words

FRONT = {"title": "T", "aliases": ["A"], "summary": "What it says."}


def notes(*pairs: tuple[Mapping[str, Any], str]) -> list[Look]:
    return [Look(f"note-{number}.md", data, body) for number, (data, body) in enumerate(pairs)]


def chosen(found: Survey) -> dict[str, object]:
    return {choice.setting: choice.value for choice in choices(found)}


def test_a_library_in_the_usual_shape_needs_no_setting() -> None:
    looks = notes(
        ({**FRONT, "slug": "a", "relationships": {"enables": [{"slug": "b"}]}, "graph_garden": None}, ""),
        ({**FRONT, "slug": "b", "related": ["a"]}, ""),
    )
    found = survey(looks)
    assert found.kind == "a pattern library"
    assert chosen(found) == {}
    assert found.ties.kinds == {"enables": 1, "related": 1}


FIELDS = [
    ({"name": "A"}, {"fields.title": ["name"]}),
    ({"uid": "x1", "title": "A"}, {"fields.id": ["uid"]}),
    ({"alias": "other", "title": "A"}, {"fields.aliases": ["alias"]}),
    ({"description": "Long.", "title": "A"}, {"fields.summary": ["description"]}),
    ({"tags": ["a", "b"], "title": "A"}, {"fields.keywords": ["tags"]}),
    ({"tags": {"a": 1}, "title": "A"}, {}),
    ({"title": "A", "name": ["not", "text"]}, {}),
]


@pytest.mark.parametrize(("data", "settings"), FIELDS)
def test_fields_are_found_by_the_names_that_people_use(data: dict[str, Any], settings: dict[str, Any]) -> None:
    assert chosen(survey(notes((data, ""), (FRONT, ""))[:1])) == settings


def test_a_second_name_counts_where_the_first_says_nothing() -> None:
    looks = notes(({"title": "A", "name": "x"}, ""), ({"title": "B"}, ""))
    assert chosen(survey(looks)) == {}
    assert chosen(survey([*looks, Look("c.md", {"name": "C"})])) == {"fields.title": ["title", "name"]}


def test_an_id_that_is_everywhere_the_same_is_none() -> None:
    looks = notes(*[({"title": "A", "uid": "0000"}, "")] * 4)
    assert chosen(survey(looks)) == {}


def test_kinds_are_fields_that_lead_to_other_files_and_tags_are_not() -> None:
    looks = [
        Look("River.md", {"title": "River", "up": "[[Water]]", "tags": ["Water", "River"], "author": "ann"}),
        Look("Lake.md", {"title": "Lake", "up": "[[Water]]", "tags": ["Water"], "author": "ann"}),
        Look("Water.md", {"title": "Water", "children": ["[[Lake|the lake]]", "[[River#Bank]]"], "tags": []}),
    ]
    found = survey(looks, [".obsidian"])
    settings = chosen(found)
    assert found.kind == "an Obsidian vault"
    assert settings["fields.kinds"] == ["children", "up"]
    aliases = settings["vocabulary.aliases"]
    assert isinstance(aliases, dict)
    assert (aliases["up"], aliases["children"]) == ("generalizes_from", "specializes_to")
    assert unknown_words(found) == {}


def test_words_of_no_known_meaning_are_named_and_given_none() -> None:
    front = {"relationships": {"governed_by": ["note-1"], "requires": ["note-1"]}}
    section = {"graph_garden": {"inferred_links": [{"target": "note-0", "type": "vaguely"}]}}
    found = survey(notes((front, ""), (section, "")))
    assert unknown_words(found) == {"governed_by": 1, "vaguely": 1}
    assert chosen(found) == {}


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("[[note-1]] and [[note-2]]", "wiki"),
        ("[one](note-1.md) and [two](note-2.md)", "markdown"),
        ("[[note-1]] [[note-2]] [one](note-1.md) [two](note-2.md)", "both"),
        ("[[note-1]] once is an accident", None),
        ("[[elsewhere]] [[nowhere]] [[gone]]", None),
        ("[[note-0]] [[note-0]] lead to itself", None),
    ],
)
def test_links_in_texts_count_where_they_lead_to_files_of_the_library(body: str, value: str | None) -> None:
    looks = notes((FRONT, body), ({**FRONT, "title": "U"}, ""), ({**FRONT, "title": "V"}, ""))
    assert chosen(survey(looks)).get("fields.links") == value


def test_time_stamps_in_names_are_ids_and_headings_are_titles() -> None:
    looks = [Look(f"20240105123{n} Note.md", {}, f"# Heading {n}\n", bare=True) for n in range(3)]
    found = survey(looks)
    assert found.kind == "a Zettelkasten"
    assert chosen(found) == {
        "read.front_matter": "optional",
        "fields.id_in_name": r"^\d{8,14}",
        "fields.title_from_heading": True,
    }


def test_a_section_under_another_key_is_found() -> None:
    looks = notes(({"garden": {"inferred_links": []}, "title": "A"}, ""), ({"title": "B"}, ""))
    assert chosen(survey(looks)) == {"section.key": "garden"}


def test_other_shapes_of_relationships_are_found() -> None:
    looks = notes(({"title": "A", "relations": {"needs": [{"note": "note-1", "why": "so"}]}}, ""), ({"title": "B"}, ""))
    settings = chosen(survey(looks))
    assert settings["fields.relationships"] == ["relations"]
    assert settings["fields.target"] == ["note"]


def test_files_that_cannot_be_read_are_counted_and_still_answer_to_their_name() -> None:
    looks = [Look("bad.md", None), Look("a.md", {"title": "A", "related": ["bad"]})]
    found = survey(looks)
    assert (found.files, found.broken) == (2, 1)
    assert found.ties.top["related"].known == 1


def test_what_is_chosen_is_what_the_file_then_says() -> None:
    body = "[[2024010510]] [[2024010511]] [[2024010512]]"
    looks = [Look(f"202401051{n}.md", {"up": "[[x]]"}, body) for n in range(3)]
    looks += [Look(f"b{n}.md", {"uid": str(n), "tags": ["'\"\\"], "parent": "2024010510"}) for n in range(3)]
    made = choices(survey(looks))
    assert len(made) == 6
    settings = settings_from(settings_file(("Head.",), made), {}, {})
    for choice in made:
        group, name = choice.setting.split(".")
        held = getattr(getattr(settings, group), name)
        assert (list(held) if isinstance(held, tuple) else held) == choice.value
