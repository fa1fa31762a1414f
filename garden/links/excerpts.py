"""Parts of sentences that can be quoted: a whole sentence where there is room, else a clause of it, never one cut off.

What is quoted is word for word the author's, so that it needs no grammar of ours: no plural, no capital is made up.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from garden import terms

SHORTEST, LONGEST = 28, 120
MOST_BESIDE = 2  # Words of a subject beside the title's, as an abbreviation is.
FEWEST = 3  # Words that mean something and are not the title's.
# Where a clause ends and another begins, and where one begins only.
_BREAK = re.compile(r"\s+[—–-]\s+|[—;]\s*")
_START = re.compile(r"[:;]\s+")
_DASH = re.compile(r"\s+[–-]\s+|\s*—\s*")
_IS = re.compile(r"\b(?:is|are|refers to|describes)\s+(?=(?:an?|the)\s)")
POINTING = frozenset("he her here his it its she such their there these they this those".split())
LEADING = POINTING | frozenset("and but hence nor or so then therefore thus which while who whose yet".split())
_HERE = re.compile(r"\b(?:this|these|those|such)\b", re.IGNORECASE)
MARKS = frozenset('"“”„«»*_`')

Telling = Callable[[frozenset[int]], bool]


class _Part(NamedTuple):
    """A part of a sentence: where it begins and ends, and what kind of beginning it has.

    ``said`` are its meaningful words, ``before`` those that stand before it.
    """

    start: int
    end: int
    kind: int
    said: frozenset[int] = frozenset()
    before: tuple[int, ...] = ()


SENTENCE, TELLS, CLAUSE = 0, 1, 2  # The first words of a sentence; what comes after "is a"; a later clause.


@lru_cache(maxsize=1 << 12)
def _parts(text: str) -> tuple[_Part, ...]:
    """The parts of a sentence that read as one, longest first."""
    end = len(text.rstrip(" .…"))
    tells = [(one.end(), TELLS) for one in _IS.finditer(text, 0, end)][:1]
    later = [one.end() for one in _START.finditer(text, 0, end)]
    starts = [(0, SENTENCE), *tells, *((start, CLAUSE) for start in later)]
    ends = [*(one.start() for one in _BREAK.finditer(text, 0, end)), end]
    parts = (_Part(start, stop, kind) for start, kind in starts for stop in ends if SHORTEST <= stop - start <= LONGEST)
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
    if said.count("(") != said.count(")") or not MARKS.isdisjoint(said) or said[0] in "'‘’":
        return False
    if _HERE.search(said) or said.endswith(":"):
        return False
    words = [word.lower().strip(",") for word in said.split()]
    loose = part.kind == CLAUSE and words[0] in terms.STOP_WORDS - terms.ARTICLES
    return words[0] not in LEADING and not loose and not _between(text, part)


def _between(text: str, part: _Part) -> bool:
    """Whether a part ends at or between two dashes, so that what the sentence says of its subject is still to come."""
    dashes = [one.start() for one in _DASH.finditer(text)]
    inside = [place for place in dashes if part.start <= place < part.end]
    return part.kind != CLAUSE and len(dashes) > 1 and (len(inside) % 2 == 1 or part.end in dashes)


def excerpt(
    texts: Sequence[str], room: int, known: frozenset[int] = frozenset(), telling: Telling = lambda said: True
) -> str | None:
    """The best part of some sentences in at most ``room`` characters, where ``known`` are the words of a title.

    Of the parts whose words are ``telling``, what does not say the title again goes first, then beginnings, then what
    stands in an earlier sentence, then what is longest.
    """
    best = min(_ordered(texts, room, known, telling), key=lambda one: one[0], default=None)
    if best is None:
        return None
    (*_, place), part = best
    return texts[place][part.start : part.end].strip(" ,")


def _ordered(
    texts: Sequence[str], room: int, known: frozenset[int], telling: Telling
) -> Iterator[tuple[tuple[bool, bool, int], _Part]]:
    for place, text in enumerate(texts):
        for part in _parts(text):
            if part.end - part.start > room or not telling(part.said):
                continue
            if len(part.said - known) < FEWEST or (part.kind == TELLS and not _named(part.before, known)):
                continue
            yield (bool(known) and part.said >= known, part.kind == CLAUSE, place), part


def _named(before: Sequence[int], known: frozenset[int]) -> bool:
    """Whether what stands before "is a" is the name of the pattern, so that what comes after tells what that is."""
    more = set(before) - known
    return bool(known) and known.issuperset(before[:1]) and known.issubset(before) and len(more) <= MOST_BESIDE
