"""What titles say of two patterns: that one is a kind of the other, or that both are ways to do the same thing.

English names put what is special first and what it is last, so a title that ends with another's whole title names a
kind of it: "Worker Cooperative" is one of "Cooperative". So does one that goes on with where it holds ("Vanity Metrics
in Finance"). That holds for plain names alone: no brackets, parts, numbers or little words, nothing that says "not". A
name of two words and more may also stand apart in the other's: "Ethics of Digital Influence", "Ethics of Influence". Of
the links that people typed in two public catalogues of attacks, 51 of 53 with such titles say so, too.

Where the names before brackets and subtitles are the same, or one has but a word more that many titles hold, or both
differ in such a last word, both are on the same thing, and a reader takes one or the other. So it is where one has the
other's name among its aliases.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache

from garden import terms
from garden.links.choose import Pair
from garden.links.ties import Tie
from garden.titles import NUMBER, SUBTITLE, plain_name
from garden.vocabulary import Vocabulary

SPECIAL, GENERAL, SAME = "specializes_to", "generalizes_from", "alternatives"
MOST_BEFORE = 3  # A longer title is rather a sentence.
DENYING = frozenset("anti counter fake former non post pre pseudo quasi".split())
OPPOSING = DENYING | frozenset("not or versus vs without".split())
WORN_SHARE, WORN_TITLES = 0.01, 5  # A word that ends so many titles says little of any.
GENERAL_SHARE = 0.005  # One that ends both of two titles may end half as many.
PLACING = frozenset("across after as before between during for in through under within".split())
_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")
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


def named_within(titles: Sequence[str], pairs: Collection[Pair], vocabulary: Vocabulary) -> dict[Pair, Tie]:
    """The same of those in whose titles the words of the other's name stand in order, with others among them."""
    if vocabulary.inverse(SPECIAL) != GENERAL:
        return {}
    words = {place: _bare_words(titles[place]) for pair in pairs for place in pair}
    return {
        (left, right): Tie(special, general, GENERAL)
        for left, right in sorted(pairs)
        for special, general in ((left, right), (right, left))
        if _within(words[special], words[general])
    }


def same_thing(one: str, other: str) -> bool:
    """Whether two titles name the same thing, but for brackets, subtitles, numbers, hyphens and the number of words."""
    named = _thing(one)
    return bool(named) and named == _thing(other) and not _below(one, other)


def named_alternatives(titles: Sequence[str], pairs: Collection[Pair], vocabulary: Vocabulary) -> dict[Pair, Tie]:
    """Of some pairs of places those whose titles name the same thing; nothing where the vocabulary has no such type."""
    if not vocabulary.symmetric(SAME):
        return {}
    ends = Counter(word for words in map(_thing, titles) for word in {*words[1:]})
    worn, general = (
        frozenset(word for word, count in ends.items() if count >= max(WORN_TITLES, share * len(titles)))
        for share in (WORN_SHARE, GENERAL_SHARE)
    )
    things = {place: _thing(titles[place]) for pair in pairs for place in pair}
    return {
        (left, right): Tie(left, right, SAME)
        for left, right in sorted(pairs)
        if _same(things[left], things[right], worn, general) and not _below(titles[left], titles[right])
    }


def also_called(
    titles: Sequence[str], aliases: Sequence[Sequence[str]], pairs: Collection[Pair], vocabulary: Vocabulary
) -> dict[Pair, Tie]:
    """Of some pairs of places those of which one has the other's name among its own aliases; nothing as above."""
    if not vocabulary.symmetric(SAME):
        return {}
    called = {place: frozenset(map(_thing, aliases[place])) - {()} for pair in pairs for place in pair}
    return {
        (left, right): Tie(left, right, SAME)
        for left, right in sorted(pairs)
        if _thing(titles[right]) in called[left] or _thing(titles[left]) in called[right]
    }


def _same(one: Sequence[str], other: Sequence[str], worn: frozenset[str], general: frozenset[str]) -> bool:
    short, long = sorted((one, other), key=len)
    if len(long) == len(short) + 1 and len(short) > 1 and long[-1] in worn:
        long = long[:-1]
    elif len(short) > 2 and general.issuperset((short[-1], long[-1])) and all(map(terms.term_key, short)):
        # "Stress Inoculation Practice" and "Stress Inoculation Design": each but for its last word is a name already.
        short, long = short[:-1], long[:-1]
    return bool(short) and short == long


def _below(one: str, other: str) -> bool:
    """Whether a colon after one title's name may say that it is a part of the other, which is the name alone."""
    marks = [SUBTITLE.search(NUMBER.sub("", title)) for title in (one, other)]
    return any(mark and ":" in mark[0] for mark in marks) and not all(marks)


@cache
def _thing(title: str) -> tuple[str, ...]:
    """The words of a title, folded, without a number before it, and up to its brackets or its subtitle."""
    name = plain_name(title)
    words = terms.TOKEN.findall(name)
    return tuple(map(terms.stem, words)) if any(map(terms.term_key, words)) else ()


def _kind(special: Sequence[str], general: Sequence[str]) -> bool:
    if _placed(special, general):
        return True
    before = special[: len(special) - len(general)]
    if not general or not 0 < len(before) <= MOST_BEFORE or list(special[len(before) :]) != list(general):
        return False
    return DENYING.isdisjoint(before) and all(terms.term_key(word) for word in before)


def _placed(special: Sequence[str], general: Sequence[str]) -> bool:
    """Whether a title of two words and more goes on with where it holds."""
    after = special[len(general) :]
    begins = len(general) > 1 and list(special[: len(general)]) == list(general)
    return begins and len(after) > 1 and after[0] in PLACING


def _within(special: Sequence[str], general: Sequence[str]) -> bool:
    """Whether a name of two meaningful words and more stands in another, in order, beside meaningful words."""
    left = iter(special)
    more: list[str] = []
    for word in general:
        # Takes the words of the longer name up to the one that is looked for.
        for other in left:
            if _stem(other) == _stem(word):
                break
            more.append(other)
        else:
            return False
    more += left
    meaning = [word for word in more if terms.term_key(word)]
    named = sum(terms.term_key(word) > 0 for word in general)
    return named > 1 and 0 < len(meaning) <= MOST_BEFORE and OPPOSING.isdisjoint(more)


@cache
def _stem(word: str) -> str:
    return terms.stem(word)


def _bare_words(title: str) -> list[str]:
    """The words of a title up to its subtitle, without a number before it and what stands in brackets."""
    name = SUBTITLE.split(_BRACKETS.sub(" ", NUMBER.sub("", title)), maxsplit=1)[0]
    words = [] if _PARTED.search(name) else [word.lower() for word in terms.TOKEN.findall(name)]
    return words[1:] if words and words[0] in terms.ARTICLES else words


def _words(title: str) -> list[str]:
    """The words of a plain name, in the singular; none where it is no plain name."""
    if _PARTED.search(title):
        return []
    return [
        word if word.endswith("ss") or word in PLACING else word.removesuffix("s")
        for word in map(str.lower, terms.TOKEN.findall(title))
    ]
