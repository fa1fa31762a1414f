"""Which of two patterns is a part or a kind of the other, as lists tell, and what each says of itself.

A pattern is made of what its lists of principles, practices and steps name: "**Pair Programming:**" among the practices
of "Extreme Programming". Where each of two lists the other, neither is the whole. And what a text says that its own
pattern is to another ("It is a cornerstone of the Toyota Production System") is so; see ``garden.telling``.

Readers who were shown both types, and not told which was new, accepted for 60 such lists 44 times that the one requires
the other, and 18 times that they go together; for 28 such sayings it was 17 and 1. See benchmarks/links.md.
"""

import re
from collections.abc import Collection, Sequence
from functools import cache, lru_cache
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
ALIKE = 3  # So many letters have all forms of a word in common.
# What an item of a list begins with where it is something to do, and not its name alone.
DOING = frozenset(
    """
    adopt apply build conduct create define design develop embed embrace employ enable ensure establish follow
    implement incorporate integrate introduce leverage maintain make practice practise prepare perform run set start use
    """.split()
)

_NEXT = re.compile(r"\)? ([a-z]{3,})\b|\)")

Words = tuple[int, ...]


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
        wholes = [(a, b) for a, b in ((left, right), (right, left)) if lists(proses[a], titles[b])]
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
        told = [(a, b, said) for a, b in ends if (said := says(proses[a], titles[b]))]
        if len(told) == 1:
            owner, other, said = told[0]
            found[left, right] = Tie(owner, other, types[said.way])
    return found


def lists(prose: Prose, title: str) -> bool:
    """Whether a pattern's lists name another by its plain name, or by what is short for it."""
    if not prose.listed:
        return False
    name = _name(title)
    if name.short and not {name.short, f"{name.short}s"}.isdisjoint(prose.listed):
        return True
    # Hardly any label is worth its words: first, how those of the name begin is looked for.
    likely = bool(name.words) and all(begin in _labels(prose.listed) for begin in name.begins)
    return likely and any(_words(_item(label)) == name.words for label in prose.listed)


def says(prose: Prose, title: str) -> telling.Told | None:
    """What a text says its pattern is to another, by its title: the first that it says, up to where the name ends."""
    for told in prose.told:
        end = _end_of_name(told.after, _name(title), title)
        if end:
            return told._replace(after=told.after[:end] + _rest(told.after[end:]))
    return None


def _end_of_name(after: str, name: "_Name", title: str) -> int:
    """Where a name ends in what comes after "a part of"; 0 where that does not begin with it and a few words before."""
    if not name.short and not (name.words and all(begin in after.lower() for begin in name.begins)):
        return 0
    met = telling.written(plain_name(title), name.short).search(after)
    return met.end() if met and len(after[: met.start()].split()) <= BEFORE else 0


def _rest(after: str) -> str:
    """What belongs to a name that ends here: the noun that it stands before, as in "Lean Startup methodology"."""
    met = _NEXT.match(after)
    if not met or not met[1]:
        return met[0] if met else ""
    noun = terms.term_key(met[1]) and not met[1].endswith(("ed", "ing"))
    return met[0] if noun else met[0][: met.start(1) - 1]


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


@lru_cache(maxsize=1 << 13)
def _labels(listed: tuple[str, ...]) -> str:
    return "\n".join(listed).lower()


def _item(label: str) -> str:
    """What an item of a list names: without brackets, and without the verb that says what to do with it."""
    words = plain_name(label).split()
    return " ".join(words[1:] if len(words) > 2 and words[0].lower() in DOING else words)


def _words(name: str) -> Words:
    """The keys of a name's meaningful words, in order."""
    return tuple(terms.content_keys(name).tolist())
