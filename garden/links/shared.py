"""The words that two texts both have: how each is written, what it is, and how far both are about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from garden import terms
from garden.links.about import OFTEN, SURELY, Subjects
from garden.links.quotes import Quotes
from garden.links.senses import Senses
from garden.prose import COUNTED, MASS, NOUN, VERB, Prose

LOOKED_AT = 40
LEAST = 0.1  # What a word weighs that a text uses no more than others do.
FAR_MORE = 3


@dataclass(frozen=True, eq=False)
class Ends:
    """Two patterns side by side: their titles and texts, their sentences, and what each is about.

    ``senses`` are those of the ``nouns`` that they share, where they are known, with their passages at ``places``.
    """

    titles: tuple[str, str]
    proses: tuple[Prose, Prose]
    quotes: tuple[Quotes, Quotes]
    about: tuple[Subjects, Subjects]
    places: tuple[int, int] = (0, 1)
    senses: Senses | None = None
    nouns: Mapping[int, str] = field(default_factory=dict)


class Word(NamedTuple):
    """A word that both texts have.

    ``counted`` says that these texts count it, ``told`` that it is a noun once,
    ``noun`` that it surely is, ``named`` that they never write it small, and ``proper`` that both come back to it too.
    """

    form: str
    counted: bool
    told: bool
    named: bool
    noun: bool
    proper: bool


class Words(dict[int, Word]):
    """The words that both texts have by their keys, each made when it is asked for: they are many, and few are shown.

    ``first`` are the keys of those looked at, weightiest first, ``apart`` those of them that could be a topic alone.
    """

    def __init__(self, ends: Ends) -> None:
        super().__init__()
        left, right = ends.proses
        a = np.flatnonzero(terms.holds(right.keys, left.keys))
        shared = left.keys[a]
        b = np.searchsorted(right.keys, shared)
        self.index = {key: i for i, key in enumerate(shared.tolist())}
        self.sides, self.places = (left, right), (a.tolist(), b.tolist())
        one, other = ends.about
        central = one.central[a], other.central[b]
        self.about = list(zip(central[0].tolist(), central[1].tolist(), strict=True))
        told = central[0] | central[1]
        # The geometric mean: what is the subject of one is a topic of both where the other comes back to it.
        weights = np.where(told, np.sqrt((one.weights[a] + LEAST) * (other.weights[b] + LEAST)), LEAST).round(3)
        self.weights = weights.tolist()
        first = np.lexsort((shared, -weights))[:LOOKED_AT]
        self.first = shared[first]
        self.apart: list[int] = self.first[told[first]].tolist()

        self._ends = ends
        self._spread = np.minimum(one.spread[a], other.spread[b]).tolist()
        self._firm = (one.firm[a] & other.firm[b]).tolist()

    def spread(self, key: int) -> int:
        """How many patterns are about a word."""
        return int(self._spread[self.index[key]])

    def times(self, keys: Sequence[int]) -> int:
        """How often both texts have words in a row: of any two neighbours, in either text, the least."""
        if len(keys) == 1:
            i = self.index[keys[0]]
            return min(int(side.counts[at[i]]) for side, at in zip(self.sides, self.places, strict=True))
        phrases = terms.phrase_keys(np.array(keys, np.uint64))
        return min(_least(side, phrases) for side in self.sides)

    def ways(self, keys: Sequence[int]) -> int:
        """In which ways the two texts write words in a row, as bits: those of the last two, or of one alone."""
        if len(keys) == 1:
            i = self.index[keys[0]]
            one, other = (int(side.ways[at[i]]) for side, at in zip(self.sides, self.places, strict=True))
            return one | other
        phrase = terms.phrase_keys(np.array(keys[-2:], np.uint64))
        one, other = (_ways(side, phrase) for side in self.sides)
        return one | other

    def firm(self, key: int) -> bool:
        """Whether both texts come back to a word again and again."""
        return bool(self._firm[self.index[key]])

    def capital(self, key: int) -> bool:
        """Whether one of the two texts never writes a word small."""
        i = self.index[key]
        return any(words[at[i]][:1].isupper() for words, at in zip(self._forms, self.places, strict=True))

    def fit(self, keys: Sequence[int]) -> float | None:
        """How well some words fit both texts by what they mean, 0 to 1; None where nothing tells it."""
        senses, nouns = self._ends.senses, self._ends.nouns
        rows = [senses.words[nouns[key]] for key in keys if key in nouns] if senses else []
        return senses.fit(rows, self._ends.places) if senses and rows else None

    def weight(self, keys: Sequence[int]) -> list[float]:
        """How central each of some words is to both texts."""
        return [self.weights[self.index[key]] for key in keys]

    def abouts(self, keys: Sequence[int]) -> tuple[bool, bool]:
        """Which of the two texts is about any of some words."""
        left, right = zip(*(self.about[self.index[key]] for key in keys), strict=True)
        return any(left), any(right)

    @cached_property
    def _forms(self) -> tuple[list[str], list[str]]:
        return self.sides[0].words, self.sides[1].words

    def __missing__(self, key: int) -> Word:
        i = self.index[key]
        places = self.places[0][i], self.places[1][i]
        said = [
            _Said(words[at], int(side.kinds[at]), int(side.counts[at]))
            for side, words, at in zip(self.sides, self._forms, places, strict=True)
        ]
        form = _shown(*said)
        kinds = [one.kind for one in said]
        self[key] = Word(
            form=form,
            counted=COUNTED in kinds and MASS not in kinds,
            told=any(kind >= NOUN for kind in kinds),
            named=not form[:1].islower(),
            noun=any(one.kind >= NOUN and one.often >= SURELY for one in said) and VERB not in kinds,
            proper=not form[:1].islower() and min(one.often for one in said) >= OFTEN,
        )
        return self[key]


def _least(prose: Prose, phrases: terms.Phrases) -> int:
    places = np.minimum(prose.phrases.searchsorted(phrases), max(len(prose.phrases) - 1, 0))
    held = len(prose.phrases) and bool((prose.phrases[places] == phrases).all())
    return int(prose.phrase_counts[places].min()) if held else 0


def _ways(prose: Prose, phrase: terms.Phrases) -> int:
    held = terms.holds(prose.phrases, phrase).all()
    return int(prose.phrase_ways[prose.phrases.searchsorted(phrase)[0]]) if held else 0


class _Said(NamedTuple):
    """A word as one text has it."""

    form: str
    kind: int
    often: int


def _shown(one: _Said, other: _Said) -> str:
    """How a shared word is written: as where it is a noun, as an abbreviation where it is one, else small.

    A name that one text comes back to keeps its capital, though the other has it small.
    """
    one, other = sorted((one, other), key=lambda said: (said.kind, said.often), reverse=True)
    if one.form[:1].islower() == other.form[:1].islower():
        return one.form
    large, small = (other, one) if one.form[:1].islower() else (one, other)
    return (
        large.form
        if large.form[1:] != large.form[1:].lower() or large.often >= max(SURELY, FAR_MORE * small.often)
        else small.form
    )
