"""Which of two patterns is a part or a kind of the other, or set apart from it, as lists and sentences tell.

A pattern is made of what its lists of principles, practices and steps name: "**Pair Programming:**" among the practices
of "Extreme Programming". Where each of two lists the other, neither is the whole. And what a text says that its own
pattern is to another ("It is a cornerstone of the Toyota Production System") is so. What it sets itself apart from is
another way to the same end.

Readers who were shown both types, and not told which was new, accepted for 60 such lists 44 times that the one requires
the other, and 18 times that they go together; for 28 such sayings it was 17 and 1. See benchmarks/links.md.
"""

from collections.abc import Collection, Sequence

from garden import telling
from garden.links.choose import Pair
from garden.links.kinds import GENERAL, SAME, SPECIAL
from garden.links.listings import listing
from garden.links.sayings import apart, says
from garden.links.ties import Tie
from garden.prose import Prose
from garden.vocabulary import Vocabulary

WHOLE, PART = "requires", "enables"


def named_parts(
    titles: Sequence[str], proses: Sequence[Prose], pairs: Collection[Pair], vocabulary: Vocabulary
) -> dict[Pair, Tie]:
    """Of some pairs of places those of which one lists the other, with the tie from the whole to its part.

    Nothing where the vocabulary has no such types.
    """
    if vocabulary.inverse(WHOLE) != PART:
        return {}
    found: dict[Pair, Tie] = {}
    for left, right in sorted(pairs):
        one, other = listing(proses[left], titles[right]), listing(proses[right], titles[left])
        if one.surety != other.surety:
            found[left, right] = Tie(*((left, right) if one.surety > other.surety else (right, left)), WHOLE)
    return found


def told_ties(
    titles: Sequence[str], proses: Sequence[Prose], pairs: Collection[Pair], vocabulary: Vocabulary
) -> dict[Pair, Tie]:
    """Of some pairs of places those of which one says what it is to the other, with the tie from the one that says so.

    Nothing where the vocabulary has no such types, or where both say so.
    """
    if vocabulary.inverse(SPECIAL) != GENERAL or vocabulary.inverse(WHOLE) != PART:
        return {}
    types = {telling.KIND: GENERAL, telling.PART: PART, telling.RESTS: WHOLE}
    found: dict[Pair, Tie] = {}
    for left, right in sorted(pairs):
        ends = ((left, right), (right, left))
        told = [(a, b, said) for a, b in ends if (said := says(proses[a], titles[b]))]
        if len(told) == 1:
            owner, other, said = told[0]
            found[left, right] = Tie(owner, other, types[said.way])
    return found


def set_apart(
    titles: Sequence[str], proses: Sequence[Prose], pairs: Collection[Pair], vocabulary: Vocabulary
) -> dict[Pair, Tie]:
    """Of some pairs of places those of which one sets itself apart from the other ("unlike", "an alternative to").

    A reader takes one or the other. Nothing where no type says so.
    """
    if not vocabulary.symmetric(SAME):
        return {}
    return {
        (left, right): Tie(left, right, SAME)
        for left, right in sorted(pairs)
        if apart(proses[left], titles[right]) or apart(proses[right], titles[left])
    }
