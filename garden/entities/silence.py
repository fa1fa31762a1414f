"""Where a text's silence tells nothing of an entity, so that it is left to people however little the text fits it.

How well a label fits a text is a poor judge of these:

- **names**: a text may owe much to a person, a firm or a school of thought and never say so. A name is told by its
  type, or by its form: one of its words is mostly written with a capital by the texts that have it.
- **the same in other words**: the text has every word of the label in some form (proportionate, proportionality).
- **half a label**: no more than half of its words can be looked for ("Letting Go", "B Corporations").
- **a near one**: the text has a word of the label, which fits it better than most of the library's.
- **a rare word**: of a hundred other texts not even one has some word of the label. How such an idea is told in other
  words, texts that never name it cannot show. A library of below a hundred is too small to tell which words are rare.

All of it follows from texts and labels alone, never from what else patterns hold.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from garden import terms
from garden.entities.labels import Label
from garden.entities.wording import root
from garden.prose import Prose

NEAR = 0.25  # Where no more than this share of the texts is nearer to a label, the text may well be about it.
RARE = 100  # A word is rare that fewer than one in so many texts have.
NAME_SHARE = 0.5  # Of the texts that have a word, so many write it with a capital where it is a name.
BLANK, CAPITALS, BEYOND_ASCII = ord(" "), (ord("A"), ord("Z")), 0x80
# Types of entities whose labels are names.
NAMED = frozenset("person organization organisation company place work".split())
# Small words that bind the others and are nothing to look for.
_BINDING = frozenset("a an and as at by for from in into of on or the to vs with without".split())


def tells_nothing(
    pairs: Sequence[tuple[Label, int]],
    kinds: Sequence[str | None],
    nearer: Sequence[float],
    proses: Sequence[Prose],
) -> NDArray[np.bool_]:
    """For each pair of a label and a pattern whether the text's silence tells nothing, shape (pairs,).

    ``kinds`` are the types of the entities, and ``nearer`` is the share of the patterns that each label fits better.
    """
    if not pairs:
        return np.empty(0, dtype=bool)
    heard = heard_in({int(key) for label, _ in pairs for key in label.keys}, proses)
    names = names_among(heard)
    spared = [
        bool(
            (kind or "").lower() in NAMED
            or halved(label)
            or names.intersection(label.keys.tolist())
            or (share <= NEAR and terms.holds(proses[owner].keys, label.keys).any())
            or _rare(label, proses[owner], heard, len(proses))
        )
        for (label, owner), kind, share in zip(pairs, kinds, nearer, strict=True)
    ]
    # To find the roots of a text's words takes longest, so it is asked last.
    doubted = [pair for pair, spare in zip(pairs, spared, strict=True) if not spare]
    roots = _roots(doubted, proses)
    others = iter([_in_other_forms(label, roots[owner]) for label, owner in doubted])
    return np.array([spare or next(others) for spare in spared], dtype=bool)


def halved(label: Label) -> bool:
    """Whether no more than half of a label's words can be looked for, those that bind the others aside."""
    words = [word for word in terms.TOKEN.findall(label.text.lower()) if word not in _BINDING]
    return 2 * sum(terms.term_key(word) != 0 for word in words) <= len(words)


@dataclass(frozen=True)
class Heard:
    """How many texts have a word, and how many of them write it with a capital."""

    texts: int
    capitals: int


def heard_in(keys: Collection[int], proses: Sequence[Prose]) -> dict[int, Heard]:
    """How texts have some words."""
    asked = np.array(sorted(keys), dtype=np.uint64)
    flat = np.concatenate([np.empty(0, np.uint64), *(prose.keys for prose in proses)])
    places = np.flatnonzero(terms.holds(asked, flat))
    of = asked.searchsorted(flat[places])
    starts = np.cumsum([0, *(len(prose.keys) for prose in proses)])
    firsts, stops = places.searchsorted(starts[:-1]), places.searchsorted(starts[1:])
    capital = np.zeros(len(places), dtype=bool)
    for prose, start, first, stop in zip(proses, starts.tolist(), firsts.tolist(), stops.tolist(), strict=False):
        if first < stop:
            capital[first:stop] = _capitals(prose, places[first:stop] - start)
    texts, capitals = np.bincount(of, minlength=len(asked)), np.bincount(of[capital], minlength=len(asked))
    counts = zip(texts.tolist(), capitals.tolist(), strict=True)
    return {key: Heard(*count) for key, count in zip(asked.tolist(), counts, strict=True)}


def _capitals(prose: Prose, places: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether some words of a text, by their places, are written with a capital."""
    letters = np.frombuffer(prose.joined_words.encode("utf-8", "surrogatepass"), np.uint8)
    # Where a word begins is told by the blanks, and most letters by one byte.
    first = letters[np.concatenate(([0], np.flatnonzero(letters == BLANK) + 1))[places]]
    capital = (first >= CAPITALS[0]) & (first <= CAPITALS[1])
    beyond = np.flatnonzero(first >= BEYOND_ASCII)
    words = prose.words if len(beyond) else []
    capital[beyond] = [words[place][0].isupper() for place in places[beyond].tolist()]
    return capital


def names_among(heard: Mapping[int, Heard]) -> frozenset[int]:
    """Those of some words that are mostly written with a capital by the texts that have them."""
    return frozenset(key for key, of in heard.items() if of.texts and of.capitals >= NAME_SHARE * of.texts)


def _rare(label: Label, own: Prose, heard: Mapping[int, Heard], size: int) -> bool:
    """Whether hardly any text but its own has some word of a label."""
    others = np.array([heard[key].texts for key in label.keys.tolist()]) - terms.holds(own.keys, label.keys)
    return bool((others < size // RARE).any())


def _roots(pairs: Sequence[tuple[Label, int]], proses: Sequence[Prose]) -> dict[int, frozenset[str]]:
    """The roots of those words of each pattern that could have one with a word of its labels: they begin alike."""
    begins: dict[int, set[str]] = {}
    for label, owner in pairs:
        begins.setdefault(owner, set()).update(map(_beginning, label.words))
    return {
        owner: frozenset(root(word) for word in proses[owner].words if _beginning(word) in asked)
        for owner, asked in begins.items()
    }


def _beginning(word: str) -> str:
    """Letters that a word and its root have in common."""
    return word[:2].lower()


def _in_other_forms(label: Label, roots: Collection[str]) -> bool:
    return all(root(word) in roots for word in label.words)
