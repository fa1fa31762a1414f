"""Parts of sentences that can be quoted: a whole sentence where there is room, else a clause, else its beginning.

What is quoted is word for word the author's, so that it needs no grammar of ours: no plural, no capital is made up.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from garden import terms

SHORTEST, SHORTEST_CUT, LONGEST = 28, 45, 120
MOST_BESIDE = 2  # Words of a subject beside the title's, as an abbreviation is.
LEAST_TOLD = 4  # Words after "is" in what is cut.
FEWEST = 3  # Words that mean something and are not the title's.
# Where a clause ends and another begins, where one begins only, and where a long one can be cut.
_BREAK = re.compile(r"\s+[—–-]\s+|[—;]\s*")
_START = re.compile(r":\s+")
_IS = re.compile(r"\b(?:is|are|refers to|describes)\s+(?=(?:an?|the)\s)")
_CUT = re.compile(
    r",\s|\s(?=(?:and|as|at|because|before|but|by|for|from|if|in|into|on|or|rather|so|that|through|to|unless|until|when"
    r"|where|whereas|which|while|who|whose|with|without)\s)"
)
POINTING = frozenset("he her here his it its she such their there these they this those".split())
LEADING = POINTING | frozenset("and but hence nor or so then therefore thus which while who whose yet".split())
ARTICLES = frozenset(("a", "an", "the"))
MARKS = frozenset('"“”„«»*_`')


class _Part(NamedTuple):
    """A part of a sentence: where it begins and ends, whether it was cut, and what kind of beginning it has.

    ``said`` are its meaningful words, ``before`` those that stand before it.
    """

    start: int
    end: int
    cut: bool
    kind: int
    said: frozenset[int] = frozenset()
    before: tuple[int, ...] = ()


SENTENCE, TELLS, CLAUSE = 0, 1, 2  # The first words of a sentence; what comes after "is a"; a later clause.


@lru_cache(maxsize=1 << 12)
def _parts(text: str) -> tuple[_Part, ...]:
    """The parts of a sentence that read as one, longest first."""
    end = len(text.rstrip(" .…"))
    breaks = [one.span() for one in _BREAK.finditer(text, 0, end)]
    tells = [(one.end(), TELLS) for one in _IS.finditer(text, 0, end)][:1]
    later = [*(one.end() for one in _START.finditer(text, 0, end)), *(stop for _, stop in breaks)]
    starts = [(0, SENTENCE), *tells, *((start, CLAUSE) for start in later)]
    ends = [*((start, False) for start, _ in breaks), (end, False)]
    ends += [(one.start(), True) for one in _CUT.finditer(text, 0, end)]
    parts = (
        _Part(start, stop, cut, kind)
        for start, kind in starts
        for stop, cut in ends
        if (SHORTEST_CUT if cut else SHORTEST) <= stop - start <= LONGEST
    )
    fit = sorted((one for one in parts if _reads(text, one)), key=lambda one: (one.start - one.end, one.start))
    words = [(*one.span(), terms.term_key(one[0])) for one in terms.TOKEN.finditer(text)]
    return tuple(
        part._replace(
            said=frozenset(key for start, stop, key in words if key and part.start <= start and stop <= part.end),
            before=tuple(key for _, stop, key in words if key and stop <= part.start),
        )
        for part in fit
    )


def _reads(text: str, part: _Part) -> bool:
    said = text[part.start : part.end]
    if said.count("(") != said.count(")") or not MARKS.isdisjoint(said):
        return False
    told = (len(text[one.end() : part.end].split()) for one in _IS.finditer(text, 0, part.end))
    if part.cut and any(count < LEAST_TOLD for count in told):
        return False
    first, last = (word.lower().strip(",") for word in (said.split(None, 1)[0], said.rsplit(None, 1)[-1]))
    loose = part.kind == CLAUSE and first in terms.STOP_WORDS - ARTICLES
    return not loose and first not in LEADING and not (part.cut and last in terms.STOP_WORDS)


def excerpt(texts: Sequence[str], keys: Collection[int], room: int, known: frozenset[int] = frozenset()) -> str | None:
    """The best part of some sentences in at most ``room`` characters, where ``known`` are the words of a title.

    What does not say the title again goes first, then beginnings, then a whole clause that has the words of ``keys``,
    then what stands in an earlier sentence, then a whole clause, then what is longest.
    """
    best = min(_ordered(texts, keys, room, known), key=lambda one: one[0], default=None)
    if best is None:
        return None
    (*_, place, cut), part = best
    return texts[place][part.start : part.end].strip(" ,") + ("…" if cut else "")


def _ordered(
    texts: Sequence[str], keys: Collection[int], room: int, known: frozenset[int]
) -> Iterator[tuple[tuple[bool, bool, bool, int, bool], _Part]]:
    for place, text in enumerate(texts):
        for part in _parts(text):
            if part.end - part.start + part.cut > room:
                continue
            if len(part.said - known) < FEWEST or (part.kind == TELLS and not _named(part.before, known)):
                continue
            again = bool(known) and part.said >= known
            # "X, also known as Y, is …" tells nothing where it is cut before it comes to that.
            if again and part.cut and "," in text[part.start : part.end] and not _IS.search(text, part.start, part.end):
                continue
            bare = part.cut or not part.said.issuperset(keys)
            yield (again, part.kind == CLAUSE, bare, place, part.cut), part


def _named(before: Sequence[int], known: frozenset[int]) -> bool:
    """Whether what stands before "is a" is the name of the pattern, so that what comes after tells what that is."""
    more = set(before) - known
    return bool(known) and known.issuperset(before[:1]) and known.issubset(before) and len(more) <= MOST_BESIDE
