"""Ranks link targets for every note of a garden that is not in our format, so that the ranking can be tested anywhere.

A garden is a folder with ``notes.jsonl`` ({"slug", "title", "summary", "body"} a line). Known links come as JSON lines
({"source", "target", "type"}); what is known is left out of the suggestions, in either direction.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from garden import prose, vectors
from garden.config import Settings
from garden.encoder import Encoder
from garden.errors import InputError
from garden.links.ranker import Ranking, pair_of, rank
from garden.links.shelf import Shelf, Vectors
from garden.links.ties import Tie
from garden.links.typed import Rules, type_model
from garden.store import Store

NOTES = "notes.jsonl"

Progress = Callable[[str, int, int], None]
Partner = tuple[int, float]


@dataclass(frozen=True)
class Note:
    """One text of a garden."""

    slug: str
    title: str
    summary: str
    body: str


@dataclass(frozen=True)
class KnownLink:
    """A link that somebody made. ``type`` is empty where it has none."""

    source: str
    target: str
    type: str


@dataclass(frozen=True)
class Question:
    """For the notes of which folder, with which links known, how many targets a note."""

    folder: Path
    known: Path
    top: int


def suggest(question: Question, settings: Settings, encoder: Encoder, store: Store, progress: Progress) -> bytes:
    """JSON lines, one for every note in slug order: its ``top`` best targets, best first, with confidence and type.

    Raises ``InputError`` with path and line where a line is not what it should be, ``EncoderError`` without a model.
    """
    notes = read_notes(question.folder / NOTES)
    links = read_links(question.known, {note.slug for note in notes})
    shelf = shelf_of(notes)
    places = {slug: place for place, slug in enumerate(shelf.slugs)}
    ties = [Tie(places[link.source], places[link.target], link.type) for link in links if link.source != link.target]
    passages = [prose.passage for prose in shelf.proses]
    embedded = vectors.embed(passages, encoder, store, lambda done, of: progress("embed", done, of))
    wide = settings.links.model_copy(update={"neighbours": max(question.top, settings.links.neighbours)})
    ranking = rank(shelf, embedded, sorted({pair_of(tie) for tie in ties}), wide, ties)
    rows = [partners[: question.top] for partners in ranking.partners(len(shelf))]
    return _lines(shelf, rows, _types_of(shelf, embedded, ranking, ties, rows))


def read_notes(path: Path) -> list[Note]:
    """The notes of a garden, sorted by slug."""
    notes: dict[str, Note] = {}
    for line, row in _rows(path):
        note = Note(*(_text(path, line, row, key, need=key == "slug") for key in ("slug", "title", "summary", "body")))
        if note.slug in notes:
            raise InputError(str(path), line, f"slug {note.slug!r} stands twice")
        notes[note.slug] = note
    return [notes[slug] for slug in sorted(notes)]


def read_links(path: Path, slugs: Iterable[str]) -> list[KnownLink]:
    """The known links, in order. Both ends of each must be among the slugs."""
    known = frozenset(slugs)
    links = []
    for line, row in _rows(path):
        link = KnownLink(*(_text(path, line, row, key, need=key != "type") for key in ("source", "target", "type")))
        for end in (link.source, link.target):
            if end not in known:
                raise InputError(str(path), line, f"no note has the slug {end!r}")
        links.append(link)
    return links


def shelf_of(notes: Sequence[Note]) -> Shelf:
    """The notes as the ranking takes them."""
    return Shelf(
        slugs=tuple(note.slug for note in notes),
        titles=tuple(note.title for note in notes),
        aliases=((),) * len(notes),
        proses=tuple(prose.read(note.title, (), note.summary, "", note.body) for note in notes),
        entities=((),) * len(notes),
        text_hashes=("",) * len(notes),
    )


def _lines(shelf: Shelf, rows: Sequence[Sequence[Partner]], types: Sequence[str]) -> bytes:
    """A line for each row; ``types`` go with all its targets, one after the other."""
    told, lines = iter(types), []
    for source, partners in enumerate(rows):
        targets = [
            {"target": shelf.slugs[target], "confidence": round(confidence, 4), "type": next(told)}
            for target, confidence in partners
        ]
        lines.append(
            orjson.dumps({"source": shelf.slugs[source], "targets": targets}, option=orjson.OPT_APPEND_NEWLINE)
        )
    return b"".join(lines)


def _types_of(
    shelf: Shelf, embedded: Vectors, ranking: Ranking, ties: Sequence[Tie], rows: Sequence[Sequence[Partner]]
) -> list[str]:
    """The likeliest type of each target of each row, as learned from the ties, or else their most frequent."""
    model = type_model(ranking, shelf, embedded, ties, Rules(share=1.0))
    sources = np.repeat(np.arange(len(rows)), [len(partners) for partners in rows])
    if model is None or not model.trial.gains:
        return [_usual_type(ties)] * len(sources)
    targets = np.array([target for partners in rows for target, _ in partners], dtype=np.intp)
    return model.directed(sources, targets)


def _usual_type(links: Sequence[Tie]) -> str:
    """The most frequent type of the known links, equals by name; empty where none has a type."""
    counts = Counter(link.type for link in links if link.type)
    return min(counts, key=lambda name: (-counts[name], name), default="")


def _rows(path: Path) -> Iterable[tuple[int, Mapping[str, Any]]]:
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise InputError(str(path), 1, error.strerror or "cannot be read") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise InputError(str(path), number, f"is no JSON: {error}") from error
        if not isinstance(row, dict):
            raise InputError(str(path), number, "is no JSON object")
        yield number, row


def _text(path: Path, line: int, row: Mapping[str, Any], key: str, *, need: bool) -> str:
    value = row.get(key)
    if value is None:
        value = ""
    if not isinstance(value, str) or (need and not value):
        raise InputError(str(path), line, f"{key!r} should be a text")
    return value
