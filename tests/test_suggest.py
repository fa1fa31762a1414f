import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from garden.config import Settings
from garden.errors import InputError
from garden.store import Store
from garden.suggest import Question, read_links, read_notes, suggest
from tests.shelves import topical_shelf

NOTES = [
    {"slug": slug, "title": title, "summary": "", "body": said.passage}
    for slug, title, said in zip(topical_shelf().slugs, topical_shelf().titles, topical_shelf().proses, strict=True)
]


def quiet(stage: str, done: int, of: int) -> None:
    assert 0 <= done <= of, stage


def write(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows))
    return path


@pytest.fixture
def ask(tmp_path: Path, fake_encoder):
    write(tmp_path / "notes.jsonl", list(reversed(NOTES)))

    def asked(known: list[dict[str, str]], top: int = 5) -> list[dict[str, Any]]:
        question = Question(tmp_path, write(tmp_path / "known.jsonl", known), top)
        said = suggest(question, Settings(), fake_encoder, Store(tmp_path / "store"), quiet)
        return [json.loads(line) for line in said.splitlines()]

    return asked


def test_every_note_gets_a_line_in_slug_order(ask):
    rows = ask([])
    assert [row["source"] for row in rows] == sorted(note["slug"] for note in NOTES)
    for row in rows:
        names = [target["target"] for target in row["targets"]]
        assert len(set(names)) == len(names) == 5
        assert row["source"] not in names


def test_targets_come_surest_first(ask):
    for row in ask([], top=12):
        sure = [target["confidence"] for target in row["targets"]]
        assert sure == sorted(sure, reverse=True)
        assert all(0 <= value <= 1 for value in sure)


def test_known_links_are_left_out_in_both_directions(ask):
    before = {row["source"]: row["targets"][0]["target"] for row in ask([])}
    known = [{"source": source, "target": target, "type": ""} for source, target in before.items()]
    pairs = {frozenset((link["source"], link["target"])) for link in known}
    for row in ask(known):
        assert not pairs & {frozenset((row["source"], target["target"])) for target in row["targets"]}


def test_the_usual_type_is_guessed_where_nothing_else_is_known(ask):
    known = [{"source": "money-0", "target": f"money-{i}", "type": "peer" if i > 1 else "odd"} for i in (1, 2, 3)]
    assert {target["type"] for row in ask(known) for target in row["targets"]} == {"peer"}


def test_the_same_garden_gives_the_same_bytes(ask):
    assert ask([]) == ask([])


@pytest.mark.parametrize(
    ("rows", "line", "said"),
    [
        ([NOTES[0], "{"], 2, "is no JSON"),
        ([NOTES[0], "[]"], 2, "is no JSON object"),
        ([NOTES[0], {"title": "no slug"}], 2, "'slug' should be a text"),
        ([{**NOTES[0], "body": 7}], 1, "'body' should be a text"),
        ([NOTES[0], NOTES[0]], 2, "stands twice"),
    ],
)
def test_bad_notes_are_named_with_their_line(tmp_path: Path, rows, line, said):
    path = write(tmp_path / "notes.jsonl", rows)
    with pytest.raises(InputError, match=said) as caught:
        read_notes(path)
    assert (caught.value.path, caught.value.line) == (str(path), line)


def test_a_link_to_an_unknown_note_is_named(tmp_path: Path):
    path = write(tmp_path / "known.jsonl", [{"source": "a", "target": "b"}, {"source": "a", "target": "c"}])
    with pytest.raises(InputError, match="no note has the slug 'c'") as caught:
        read_links(path, ["a", "b"])
    assert caught.value.line == 2


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(InputError, match="No such file"):
        read_notes(tmp_path / "notes.jsonl")


def test_empty_lines_and_missing_texts_are_fine(tmp_path: Path):
    path = write(tmp_path / "notes.jsonl", ['{"slug": "a", "summary": null}', "", '{"slug": "b"}'])
    assert [(note.slug, note.title, note.summary) for note in read_notes(path)] == [("a", "", ""), ("b", "", "")]
