"""What a label says: the words that carry its meaning, and where it is mentioned word for word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from garden import terms
from garden.models import Entity
from garden.prose import Prose
from garden.rows import Rows

# Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese put no spaces between words, so that a label's words cannot be
# found in a text by splitting it.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_PARENTHESIS = re.compile(r"\([^)]*\)")
_JOINTS = re.compile(r"[-‐‑/_]")


@dataclass(frozen=True, eq=False)
class Label:
    """A label's meaningful words in order with their keys, and its ways to be mentioned: keys of words in a row.

    A way is the whole label, or the label without what stands in parentheses.
    """

    text: str
    words: tuple[str, ...]
    keys: terms.Keys
    ways: tuple[terms.Keys, ...]

    @cached_property
    def known(self) -> bool:
        """Whether there is anything in the label that could be looked for."""
        return len(self.keys) > 0 and _UNSPACED.search(self.text) is None

    def mentioned_in(self, prose: Prose) -> bool:
        """Whether the text says the label: its words in a row, whatever their endings and spelling."""
        words, rows = self.looked_for
        return any(terms.holds(prose.keys, word)[0] for word in words) or any(
            terms.holds(prose.phrases, row).all() for row in rows
        )

    @cached_property
    def looked_for(self) -> tuple[list[terms.Keys], list[terms.Phrases]]:
        """The ways of one word, and the keys of the neighbours in each of the longer ones."""
        longer = [terms.phrase_keys(way) for way in self.ways if len(way) > 1]
        return [way for way in self.ways if len(way) == 1], longer


def label_of(entity: Entity) -> str:
    """What an entity is judged by. A bare string serves as id and as label, so case and hyphens say nothing there."""
    return spoken(entity.label) if entity.plain else entity.label


def spoken(name: str) -> str:
    """An id as it is spoken: lower case, words apart."""
    return " ".join(_JOINTS.sub(" ", name).lower().split())


@cache
def read_label(text: str) -> Label:
    """What ``text`` says as a label; repeated words count once."""
    plain = _JOINTS.sub(" ", text)
    said, every = terms.token_keys(plain)
    words = {key: word for word, key in zip(reversed(said), reversed(every.tolist()), strict=True) if key}
    keys = np.array(list(reversed(words)), dtype=np.uint64)
    ways = [every[every != 0]]
    if "(" in plain:
        ways.append(terms.content_keys(_PARENTHESIS.sub(" ", plain)))
    distinct = {way.tobytes(): way for way in ways if len(way)}
    return Label(text, tuple(reversed(words.values())), keys, tuple(distinct.values()))


class Labels:
    """Many labels at once: which of them a text says, as ``Label.mentioned_in`` tells of each."""

    def __init__(self, labels: Sequence[Label]) -> None:
        ways = [(place, way) for place, label in enumerate(labels) for way in label.ways]
        self._count = len(labels)
        self._words = _Rows([(place, way) for place, way in ways if len(way) == 1])
        self._rows = _Rows([(place, terms.phrase_keys(way)) for place, way in ways if len(way) > 1])

    def said_by(self, prose: Prose) -> np.ndarray:
        """The places of the labels that the text says."""
        said = np.zeros(self._count, dtype=bool)
        said[self._words.within(prose.keys)] = True
        said[self._rows.within(prose.phrases)] = True
        return np.flatnonzero(said)


class _Rows:
    """Rows of keys, each with its owner, ready to be asked which of them lie within the keys of a text."""

    def __init__(self, rows: Sequence[tuple[int, np.ndarray]]) -> None:
        self._owners = np.array([owner for owner, _ in rows], dtype=np.intp)
        self._starts = np.cumsum([0, *(len(row) for _, row in rows)])[:-1]
        flat = np.concatenate([row for _, row in rows]) if rows else np.empty(0, np.uint64)
        self._keys, self._places = np.unique(flat, return_inverse=True)

    def within(self, sorted_keys: np.ndarray) -> np.ndarray:
        """The owners of the rows whose keys are all among the sorted ones."""
        if not len(self._owners):
            return self._owners
        held = terms.holds(sorted_keys, self._keys)
        return np.asarray(self._owners[np.logical_and.reduceat(held[self._places], self._starts)])


def mentioned(asked: Sequence[tuple[Label, int]], proses: Sequence[Prose]) -> list[bool]:
    """Whether each label is said by the text of its place, as ``Label.mentioned_in`` tells of one."""
    said = np.zeros(len(asked), dtype=bool)
    words, rows = [], []
    for at, (label, owner) in enumerate(asked):
        single, longer = label.looked_for
        words += [(at, owner, way) for way in single]
        rows += [(at, owner, row) for row in longer]
    if words:
        places, owners, keys = zip(*words, strict=True)
        held = Rows.of([prose.keys for prose in proses]).hold(np.array(owners), np.concatenate(keys))
        said[np.array(places)[held]] = True
    if rows:
        places, owners, keys = zip(*rows, strict=True)
        shares = _shares_held(Rows.of([prose.phrases for prose in proses]), owners, keys)
        said[np.array(places)[shares == 1]] = True
    return said.tolist()


def adjacency(asked: Sequence[tuple[Label, int]], proses: Sequence[Prose]) -> NDArray[np.float64]:
    """Of the words that stand side by side in each label, the share that do so in the text of its place; 0..1."""
    phrases = [terms.phrase_keys(label.ways[0]) for label, _ in asked]
    return _shares_held(Rows.of([prose.phrases for prose in proses]), [owner for _, owner in asked], phrases)


def _shares_held(texts: Rows, owners: Sequence[int], rows: Sequence[terms.Phrases]) -> NDArray[np.float64]:
    """Which share of each row of phrases the text of its place has; 0 where a row is empty."""
    lengths = np.array([len(row) for row in rows], dtype=np.intp)
    flat = np.concatenate([np.empty(0, np.uint32), *rows])
    at = np.repeat(np.arange(len(rows)), lengths)
    held = texts.hold(np.asarray(owners, dtype=np.intp)[at], flat)
    return np.bincount(at, held, minlength=len(rows)) / np.maximum(lengths, 1)
