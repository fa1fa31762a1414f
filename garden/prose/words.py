"""The words of a text: how often each is said, how it is written, and what its neighbours make of it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from garden import terms

MOST_COUNTED = 255  # What a phrase is counted up to.
VERB, NOUN, MASS, COUNTED = 1, 2, 3, 4
# How a text writes words that end what they name: in the plural, after "the", after "a" or the like, or bare, as "of
# grief" does.
MANY, THE, ONE, BARE = 1, 2, 4, 8
NOUN_SHARE = 0.12  # An adjective stands alone after an article as well, but rarely.
BEFORE_NOUNS = frozenset("a an the each every its their our your his her another".split())
BEFORE_ONE = frozenset("a an each every another".split())
# What stands alone after one of these is a noun: in the plural, or else one that is not counted ("full of grief").
BEFORE_BARE = frozenset(
    "about between both by for from in into many no of on several some these those through with without".split()
)
SINGULAR_S = ("ics", "is", "ss", "us")
# "A vibrant and open team": two adjectives, or two nouns, so it tells nothing.
AFTER_ADJECTIVES = frozenset("and or but yet one ones thing things you".split())
BEFORE_VERBS = frozenset("to can cannot could may might must shall should will would".split())
SLIPS = 0.1  # A name is written small now and then.
VERB_SHARE = 0.2  # A noun comes after "to" as well.


class _Ways(dict[str, int]):
    """What a word tells of itself, or of those after it, of ``MANY`` to ``BARE``."""

    def __missing__(self, word: str) -> int:
        low = word.lower()
        before = THE if low == "the" else ONE if low in BEFORE_ONE else BARE if low in BEFORE_BARE else 0
        self[word] = before | (MANY if low.endswith("s") and not low.endswith(SINGULAR_S) else 0)
        return self[word]


_WAYS = _Ways()


class Terms(NamedTuple):
    """The terms of a text and its phrases, each with what ``Prose`` says of it."""

    bag: terms.Bag
    kinds: NDArray[np.uint8]
    ways: NDArray[np.uint8]
    phrases: terms.Phrases
    phrase_counts: NDArray[np.uint8]
    phrase_ways: NDArray[np.uint8]


def terms_of(names: Sequence[str], texts: Sequence[str]) -> Terms:
    """The terms of what a pattern is called and what it says, each of ``names`` counted as often as it is given."""
    words, keys = terms.token_keys(" the ".join((*texts, *names)))
    bag = terms.counted(words, keys)
    forms, kinds = list(bag.words), np.zeros(len(bag.keys), np.uint8)
    # A word is shown as it is written small, unless that is a slip, and best as a noun.
    small = np.fromiter(map(str.islower, words), bool, len(words))
    found, first, often = np.unique(keys[small], return_index=True, return_counts=True)
    at = np.searchsorted(bag.keys, found[found != 0])
    known = often[found != 0] > SLIPS * bag.counts[at]
    for here, place in zip(at[known].tolist(), np.flatnonzero(small)[first[found != 0][known]].tolist(), strict=True):
        forms[here] = words[place]
    places, counted, bare = _nouns(words, keys)
    at = np.searchsorted(bag.keys, keys[places])
    for here, place in zip(*_firsts(at, places), strict=True):
        forms[here] = words[place] if small[place] or not forms[here].islower() else forms[here]
    votes, several, mass = (np.bincount(at, some, len(bag.keys)) for some in (None, counted, bare))
    told = votes >= np.maximum(NOUN_SHARE * bag.counts, 1)
    kinds[told] = np.where(several > mass, COUNTED, np.where(mass > 0, MASS, NOUN))[told]
    kinds[(kinds == 0) & (_verbs(words, keys, bag.keys) > VERB_SHARE * bag.counts)] = VERB
    singly, in_rows = _written(words, keys)
    ways = np.zeros(len(bag.keys), np.uint8)
    np.bitwise_or.at(ways, np.searchsorted(bag.keys, keys[keys != 0]), singly)
    phrases, where, often = np.unique(terms.phrase_keys(keys), return_inverse=True, return_counts=True)
    phrase_ways = np.zeros(len(phrases), np.uint8)
    np.bitwise_or.at(phrase_ways, where, in_rows)
    return Terms(
        bag=terms.Bag(bag.keys, bag.counts, tuple(forms)),
        kinds=kinds,
        ways=ways,
        phrases=phrases,
        phrase_counts=np.minimum(often, MOST_COUNTED).astype(np.uint8),
        phrase_ways=phrase_ways,
    )


def _written(words: Sequence[str], keys: terms.Keys) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """In which way each meaningful word, and each two in a row, is written where it stands; 0 within longer names."""
    told = np.fromiter(map(_WAYS.__getitem__, words), np.uint8, len(words))
    many, before = told & MANY, np.append(np.uint8(0), told[:-1] & (THE | ONE | BARE))
    meant = keys != 0
    ends = ~np.append(meant[1:], False)
    single = np.where(many, MANY, before) * ends
    opened = np.append(np.uint8(0), before[:-1])
    pair = np.where(many, MANY, opened) * ends
    return single[meant].astype(np.uint8), pair[1:][meant[1:] & meant[:-1]].astype(np.uint8)


def _verbs(words: Sequence[str], keys: terms.Keys, known: terms.Keys) -> NDArray[np.intp]:
    """How often each of the known words comes right after "to", or the like."""
    first = np.flatnonzero((keys[1:] != 0) & (keys[:-1] == 0)) + 1
    places = [place for place in first.tolist() if words[place - 1].lower() in BEFORE_VERBS]
    return np.bincount(np.searchsorted(known, keys[places]), minlength=len(known))


def _firsts(at: NDArray[np.intp], places: NDArray[np.intp]) -> tuple[list[int], list[int]]:
    """The distinct values of ``at``, each with the first of the places that goes with it."""
    distinct, first = np.unique(at, return_index=True)
    return distinct.tolist(), places[first].tolist()


def _nouns(words: Sequence[str], keys: terms.Keys) -> tuple[NDArray[np.intp], NDArray[np.bool_], NDArray[np.bool_]]:
    """The places of words that stand alone between an article, or the like, and a word without meaning of its own.

    With them comes which of them are counted ("a ladder", "with ladders"), and which are not ("full of grief").
    """
    meant = keys != 0
    alone = np.flatnonzero(meant[1:-1] & ~meant[:-2] & ~meant[2:]) + 1 if len(keys) > 2 else np.empty(0, np.intp)
    found: list[tuple[int, bool, bool]] = []
    for place in alone.tolist():
        before, word = words[place - 1].lower(), words[place]
        bare = before in BEFORE_BARE
        if (not bare and before not in BEFORE_NOUNS) or words[place + 1].lower() in AFTER_ADJECTIVES:
            continue
        if not word.endswith(("ed", "ing", "ly") if bare else "ed"):
            many = bare and word.endswith("s") and not word.endswith(SINGULAR_S)
            # "A wealth of" counts nothing.
            one = before in BEFORE_ONE and words[place + 1].lower() != "of"
            found.append((place, many or one, bare and not many))
    places, counted, uncounted = zip(*found, strict=True) if found else ((), (), ())
    return np.array(places, np.intp), np.array(counted, bool), np.array(uncounted, bool)
