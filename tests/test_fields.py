"""Libraries with another front matter schema: an Obsidian vault, a Zettelkasten, a Jekyll site, and mixtures."""

from pathlib import Path

import pytest

from garden import library
from garden.config import FieldSettings, ReadSettings, Settings
from garden.errors import FrontMatterError, SettingsError
from garden.frontmatter import parse
from garden.library import Library
from garden.models import Pattern, Relationship, WantedItem, WantedSection
from garden.names import names_of
from garden.settings import settings_from
from garden.shapes import pattern_from
from garden.shapes.relationships import targets_in
from garden.splice import splice
from garden.store import Store

OBSIDIAN = {
    "Garden Path.md": "---\naliases: [walk, The Way]\ntags: [outdoors/paths, quiet]\nup: '[[Places]]'\n---\n"
    "Leads to the [[Old Gate#History|gate]] and past ![[pond.png]].\n\n```\n[[not this]]\n```\n",
    "Places.md": "---\nrelated:\n  - '[[Garden Path]]'\n  - [[Old Gate]]\n---\nSee [[the way]].\n",
    "deep/Old Gate.md": "No front matter here: `[[nor this]]`.\n",
}
ZETTELKASTEN = {
    "202401051230 Compost.md": "---\ntitle: Compost\nkeywords: [soil]\n---\nFeeds [[202401051245]].\n",
    "202401051245.md": "---\nid: 202401051245\ntitle: 'Soil life'\n---\n[[202401051230 Compost]], [[202401051230]].\n",
}
JEKYLL = {
    "_posts/2024-01-05-first-frost.md": "---\nlayout: post\ntitle: First frost\nexcerpt: Cover the beds.\n"
    'tags: winter beds\n---\nAs in {% post_url 2023-11-01-mulch %} and [mulch](./2023-11-01-mulch.md#how "again").\n',
    "_posts/2023-11-01-mulch.md": "---\nlayout: post\ntitle: Mulch\n---\n"
    "[Elsewhere](https://example.org/page.md), [below](#how), [a picture](frost.png).\n",
}


def read(root: Path, settings: Settings, tmp_path: Path) -> Library:
    return library.read(root, settings, Store(tmp_path / "store.sqlite"), lambda *_: None)


def by_path(shelf: Library) -> dict[str, Pattern]:
    return {pattern.path: pattern for pattern in shelf.patterns}


def ties(shelf: Library) -> set[tuple[str, str, str]]:
    """Who is joined with whom, by file, the names resolved."""
    names = names_of(shelf.patterns)
    return {
        (pattern.path, said.kind, shelf.patterns[place].path)
        for pattern in shelf.patterns
        for said in pattern.relationships
        if (place := names.find(said.target)) is not None
    }


def test_an_obsidian_vault_is_read_by_names_of_files_aliases_and_wiki_links(make_library, tmp_path: Path) -> None:
    toml = "[read]\nfront_matter = 'optional'\n[fields]\nkeywords = 'tags'\nlinks = 'wiki'\nkinds = ['up', 'related']\n"
    shelf = read(make_library(OBSIDIAN), settings_from(toml, {}, {}), tmp_path)
    assert shelf.problems == ()
    path = by_path(shelf)["Garden Path.md"]
    assert (path.slug, path.title, path.aliases) == ("Garden Path", "Garden Path", ("walk", "The Way"))
    assert path.keywords == ("outdoors/paths", "quiet")
    assert ties(shelf) == {
        ("Garden Path.md", "up", "Places.md"),
        ("Garden Path.md", "related", "deep/Old Gate.md"),
        ("Places.md", "related", "Garden Path.md"),
        ("Places.md", "related", "deep/Old Gate.md"),
    }


def test_a_zettelkasten_is_read_by_ids_of_front_matter_or_of_the_name(make_library, tmp_path: Path) -> None:
    fields = FieldSettings(links="wiki", id_in_name=r"^\d{12}", keywords=("keywords",))
    shelf = read(make_library(ZETTELKASTEN), Settings(fields=fields), tmp_path)
    assert {pattern.id for pattern in shelf.patterns} == {"202401051230", "202401051245"}
    assert ties(shelf) == {
        ("202401051230 Compost.md", "related", "202401051245.md"),
        ("202401051245.md", "related", "202401051230 Compost.md"),
    }


def test_a_jekyll_site_is_read_by_its_excerpts_tags_and_links_to_posts(make_library, tmp_path: Path) -> None:
    fields = FieldSettings(links="markdown", summary=("description", "excerpt"), keywords=("tags", "categories"))
    shelf = read(make_library(JEKYLL), Settings(fields=fields), tmp_path)
    frost, mulch = (by_path(shelf)[path] for path in sorted(JEKYLL, reverse=True))
    assert (frost.title, frost.summary, frost.keywords) == ("First frost", "Cover the beds.", ("winter beds",))
    assert frost.relationships == (Relationship(kind="related", target="2023-11-01-mulch"),)
    assert mulch.relationships == ()


FIELDS = [
    ("titel: Ein Muster", "title = 'titel'", "title", "Ein Muster"),
    ("meta:\n  name: Deep", "title = ['title', 'meta.name']", "title", "Deep"),
    ("title:\nname: Second", "title = ['title', 'name']", "title", "Second"),
    ("title: Told\nslug: kept", "slug = ''", "slug", "note"),
    ("uid: 42", "id = 'uid'", "id", "42"),
    ("alias: One", "aliases = ['aliases', 'alias']", "aliases", ("One",)),
    ("description: What it says.", "summary = 'description'", "summary", "What it says."),
    ("forces: A vs. B", "tension = 'forces'", "tension", "A vs. B"),
    ("x: {y: {z: [a, b]}}", "keywords = 'x.y.z'", "keywords", ("a", "b")),
    (
        "links: {needs: [a, {name: b, weight: 0.5}]}",
        "relationships = 'links'\ntarget = 'name'",
        "relationships",
        (Relationship(kind="needs", target="a"), Relationship(kind="needs", target="b", weight=0.5)),
    ),
    (
        "meta: {edges: {needs: a}}",
        "relationships = 'meta.edges'",
        "relationships",
        (Relationship(kind="needs", target="a"),),
    ),
    (
        "see: [a]\nrelated: [b]",
        "kinds = 'see'",
        "relationships",
        (Relationship(kind="see", target="a"),),
    ),
]


@pytest.mark.parametrize(("yaml", "toml", "name", "value"), FIELDS)
def test_every_field_can_have_another_name(yaml: str, toml: str, name: str, value: object) -> None:
    text = f"---\n{yaml}\n---\nBody.\n"
    settings = settings_from(f"[fields]\n{toml}\n", {}, {})
    read = pattern_from(parse(text, settings.read), text, "note.md", "", settings)
    assert getattr(read, name) == value


def test_a_wrong_value_is_named_at_its_own_place_whatever_the_field_is_called() -> None:
    text = "---\nmeta:\n  name: [A]\n---\n"
    settings = settings_from("[fields]\ntitle = 'meta.name'\n", {}, {})
    with pytest.raises(FrontMatterError) as caught:
        pattern_from(parse(text, settings.read), text, "note.md", "", settings)
    assert (caught.value.line, caught.value.column) == (3, 9)
    assert caught.value.message.startswith("name should be text")


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("Words first.\n\n# A **bold** heading #\n\n# Another\n", "A **bold** heading"),
        ("## Not the first level\n", "My Note"),
    ],
)
def test_the_first_heading_may_be_the_title(body: str, title: str) -> None:
    settings = settings_from("[fields]\ntitle_from_heading = true\n", {}, {})
    text = f"---\n---\n{body}"
    assert pattern_from(parse(text, settings.read), text, "my-note.md", "", settings).title == title
    assert pattern_from(parse(text, Settings().read), text, "my-note.md", "", Settings()).title == "My Note"


@pytest.mark.parametrize(
    ("body", "links", "targets"),
    [
        ("[[A]] [[b/C|shown]] [[D#Part]] [[E^block]] ![[F]] [[A]]", "wiki", ("A", "C", "D", "E", "F")),
        ("[[a.md]] [x](b.md)", "wiki", ("a",)),
        ("[x](b.md) [y](<c d.md>) [z](/deep/e%20f.md) [[A]]", "markdown", ("b", "c d", "e f")),
        ("![[pond.png]] [[v2.0 plan]] [[Paper.PDF|read]]", "wiki", ("v2.0 plan",)),
        ("[x](https://example.org/b.md) [y](//host/c.md) [z](mailto:d.md)", "markdown", ()),
        ("[x](b.md) [[A]] {% link _notes/c.md %}", "both", ("b", "A", "c")),
        ("~~~\n[[A]]\n~~~\n`[[B]]` ``[[`C`]]`` [[D]]", "both", ("D",)),
        ("[[A]] [x](b.md)", "none", ()),
        ("[[]] [[ ]] [[\nA]] [[A", "wiki", ()),
    ],
)
def test_links_in_a_text_are_found_in_order_each_once(body: str, links: str, targets: tuple[str, ...]) -> None:
    assert targets_in(body, links) == targets


def test_links_in_texts_are_no_relationships_unless_a_library_says_so(make_library, tmp_path: Path) -> None:
    shelf = read(
        make_library({"a.md": "---\n---\n[[b]]\n", "b.md": "---\nrelated: '[[a]]'\n---\n"}), Settings(), tmp_path
    )
    assert [said.target for pattern in shelf.patterns for said in pattern.relationships] == ["[[a]]"]


def test_a_name_may_be_in_other_letters_or_the_file_s_own(make_library, tmp_path: Path) -> None:
    shelf = read(make_library({"202 Note.md": "---\nslug: Some Note\n---\n"}), Settings(), tmp_path)
    names = names_of(shelf.patterns)
    assert [names.find(name) for name in ("Some Note", "some-note", "SOME NOTE", "202 note", "other")] == [
        0,
        0,
        0,
        0,
        None,
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello.\n", "---\ngraph_garden:\n  last_pruned: 2026-11-24\n---\nHello.\n"),
        ("Hello.", "---\ngraph_garden:\n  last_pruned: 2026-11-24\n---\nHello."),
        ("", "---\ngraph_garden:\n  last_pruned: 2026-11-24\n---\n"),
        ("A\r\nB", "---\r\ngraph_garden:\r\n  last_pruned: 2026-11-24\r\n---\r\nA\r\nB"),
        ("\ufeff# A\n", "\ufeff---\ngraph_garden:\n  last_pruned: 2026-11-24\n---\n# A\n"),
        ("a: 1\n---\n", "---\ngraph_garden:\n  last_pruned: 2026-11-24\n---\na: 1\n---\n"),
    ],
)
def test_a_file_without_front_matter_gets_some_with_its_first_section(text: str, expected: str) -> None:
    settings = Settings(read=ReadSettings(front_matter="optional"))
    assert splice(text, WantedSection(last_pruned="2026-11-24"), settings) == expected
    assert parse(expected, settings.read).body == parse(text, settings.read).body


def test_the_items_of_such_a_section_are_read_back() -> None:
    settings = Settings(read=ReadSettings(front_matter="optional"))
    link = WantedItem(fields={"target": "b", "type": "complementary", "confidence": 0.6, "reason": "Both."})
    wanted = WantedSection(last_pruned="2026-11-24", inferred_links=(link,))
    text = splice("Body.\n", wanted, settings)
    section = pattern_from(parse(text, settings.read), text, "a.md", "", settings).section
    assert section is not None
    assert [link.target for link in section.links] == ["b"]


@pytest.mark.parametrize(
    ("toml", "setting"),
    [("id_in_name = '('", "fields.id_in_name"), ("links = 'some'", "fields.links"), ("titel = 'x'", "fields.titel")],
)
def test_a_wrong_field_setting_is_named(toml: str, setting: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from(f"[fields]\n{toml}\n", {}, {})
    assert caught.value.setting == setting


def test_the_environment_may_name_a_field() -> None:
    assert settings_from("", {"GARDEN_FIELDS__TITLE": "name"}, {}).fields.title == ("name",)
