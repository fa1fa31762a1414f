"""Which of two patterns is a part or a kind of the other, as lists tell, and what each says of itself.

A pattern is made of what its lists of principles, practices and steps name: "**Pair Programming:**" among the practices
of "Extreme Programming". Where each of two lists the other, neither is the whole. And what a text says that its own
pattern is to another ("It is a cornerstone of the Toyota Production System") is so; see ``garden.telling``.

Readers who were shown both types, and not told which was new, accepted for 60 such lists 44 times that the one requires
the other, and 18 times that they go together; for 28 such sayings it was 17 and 1. See benchmarks/links.md.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import NamedTuple

from garden import telling, terms
from garden.links.choose import Pair
from garden.links.kinds import GENERAL, SPECIAL
from garden.links.ties import Tie
from garden.prose import Prose
from garden.titles import abbreviations, plain_name
from garden.vocabulary import Vocabulary

WHOLE, PART = "requires", "enables"
BEFORE = 3  # Words before a name: "the broader circular economy".
MARKS = "*_\"'“”‘’()[]-–—:,"
ALIKE = 3  # So many letters have all forms of a word in common.
# What an item of a list begins with where it is something to do, and not its name alone.
DOING = frozenset(
    """
    adopt apply build conduct create define design develop embed embrace employ enable ensure establish follow
    implement incorporate integrate introduce leverage maintain make practice practise prepare perform run set start use
    """.split()
)

Words = tuple[int, ...]


def named_parts(
    titles: Sequence[str], proses: Sequence[Prose], pairs: Collection[Pair], vocabulary: Vocabulary
) -> dict[Pair, Tie]:
    """Of some pairs of places those of which one lists the other, with the tie from the whole to its part.

    Nothing where the vocabulary has no such types.
    """
    if vocabulary.inverse(WHOLE) != PART:
        return {}
    lists = {place: _Lists(proses[place]) for pair in pairs for place in pair}
    found: dict[Pair, Tie] = {}
    for left, right in sorted(pairs):
        wholes = [(a, b) for a, b in ((left, right), (right, left)) if lists[a].name(titles[b])]
        if len(wholes) == 1:
            found[left, right] = Tie(*wholes[0], WHOLE)
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
        ways = [(a, b, way) for a, b in ends if (way := _told(proses[a], titles[b]))]
        if len(ways) == 1:
            owner, other, way = ways[0]
            found[left, right] = Tie(owner, other, types[way])
    return found


def _told(prose: Prose, title: str) -> str | None:
    """What a text says its pattern is to another: the first that it says."""
    name = _name(title)
    return next((way for way, after in prose.told if _begins(after, name)), None)


def _begins(after: str, name: "_Name") -> bool:
    """Whether what comes after "a part of" begins with a name, or with a few words and the name."""
    words = after.split()[: BEFORE + 1]
    if name.short and any(word.strip(MARKS) in (name.short, f"{name.short}s") for word in words):
        return True
    if not name.words or not all(begin in after.lower() for begin in name.begins):
        return False
    said = _words(after)
    return any(said[at : at + len(name.words)] == name.words for at in range(BEFORE))


class _Lists:
    """What a pattern's lists name."""

    def __init__(self, prose: Prose) -> None:
        self._labels = prose.listed
        self._text = "\n".join(prose.listed).lower()

    def name(self, title: str) -> bool:
        """Whether they name a pattern by its plain name, or by what is short for it."""
        name = _name(title)
        if name.short and not {name.short, f"{name.short}s"}.isdisjoint(self._labels):
            return True
        # Hardly any label is worth its words: first, how those of the name begin is looked for.
        likely = bool(name.words) and all(begin in self._text for begin in name.begins)
        return likely and any(_words(_item(label)) == name.words for label in self._labels)


class _Name(NamedTuple):
    """A title's meaningful words, how each begins, and what is short for it."""

    words: Words
    begins: tuple[str, ...]
    short: str


@cache
def _name(title: str) -> _Name:
    plain = plain_name(title)
    meant = [word for word in terms.TOKEN.findall(plain) if terms.term_key(word)]
    return _Name(_words(plain), tuple(word[:ALIKE].lower() for word in meant), abbreviations(title))


def _item(label: str) -> str:
    """What an item of a list names: without brackets, and without the verb that says what to do with it."""
    words = plain_name(label).split()
    return " ".join(words[1:] if len(words) > 2 and words[0].lower() in DOING else words)


def _words(name: str) -> Words:
    """The keys of a name's meaningful words, in order."""
    return tuple(terms.content_keys(name).tolist())
