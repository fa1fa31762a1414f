"""Which of two patterns is a kind of the other, as their titles say: "Worker Cooperative" is one of "Cooperative".

English names put what is special first and what it is last, so a title that ends with another's whole title names a
kind of it. That holds for plain names alone: no brackets, parts, numbers or little words, and nothing that says "not".
"""

import re
from collections.abc import Collection, Sequence

from garden import terms
from garden.links.choose import Pair
from garden.links.ties import Tie
from garden.vocabulary import Vocabulary

SPECIAL, GENERAL = "specializes_to", "generalizes_from"
MOST_BEFORE = 3  # A longer title is rather a sentence.
DENYING = frozenset("anti counter fake former non post pre pseudo quasi".split())
_PARTED = re.compile(r"[^\w\s'’-]|\s-|-\s|\d")


def named_kinds(titles: Sequence[str], pairs: Collection[Pair], vocabulary: Vocabulary) -> dict[Pair, Tie]:
    """Of some pairs of places those whose titles say so, with the tie from the kind to what it is a kind of.

    Nothing where the vocabulary has no such types.
    """
    if vocabulary.inverse(SPECIAL) != GENERAL:
        return {}
    words = {place: _words(titles[place]) for pair in pairs for place in pair}
    found: dict[Pair, Tie] = {}
    for left, right in sorted(pairs):
        for special, general in ((left, right), (right, left)):
            if _kind(words[special], words[general]):
                found[left, right] = Tie(special, general, GENERAL)
    return found


def _kind(special: Sequence[str], general: Sequence[str]) -> bool:
    before = special[: len(special) - len(general)]
    if not general or not 0 < len(before) <= MOST_BEFORE or list(special[len(before) :]) != list(general):
        return False
    return DENYING.isdisjoint(before) and all(terms.term_key(word) for word in before)


def _words(title: str) -> list[str]:
    """The words of a plain name, in the singular; none where it is no plain name."""
    if _PARTED.search(title):
        return []
    return [
        word if word.endswith("ss") else word.removesuffix("s") for word in map(str.lower, terms.TOKEN.findall(title))
    ]
