"""Parts of sentences that can be quoted: a whole sentence where there is room, else a clause of it.

One that is cut off is quoted only where it shows what it is quoted for.

What is quoted is word for word the author's, so that it needs no grammar of ours: no plural, no capital is made up.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from garden import terms

SHORTEST, SHORTEST_CUT, LONGEST = 28, 45, 120
MOST_BESIDE = 2  # Words of a subject beside the title's, as an abbreviation is.
LEAST_TOLD = 4  # Words after "is" in what is cut.
FEWEST = 3  # Words that mean something and are not the title's.
# Where a clause ends and another begins, where one begins only, and where a long one can be cut.
_BREAK = re.compile(r"\s+[—–-]\s+|[—;]\s*")
_THAT = re.compile(r"\s(?=(?:that|to|which|who)\s)")
_START = re.compile(r"[:;]\s+")
_DASH = re.compile(r"\s+[–-]\s+|\s*—\s*")
_IS = re.compile(r"\b(?:is|are|refers to|describes)\s+(?=(?:an?|the)\s)")
_CUT = re.compile(
    r",\s|\s(?=(?:at|because|before|by|for|from|in|into|on|rather|so|through|unless|until|when"
    r"|where|whereas|while|with|without)\s)"
)
POINTING = frozenset("he her here his it its she such their there these they this those".split())
LEADING = POINTING | frozenset("and but hence nor or so then therefore thus which while who whose yet".split())
# What begins a clause that comes before the one that tells something, and how words end that want another one.
OPENING = frozenset(
    "after although as at because before by despite during for from given if in instead like of on rather since through"
    " to under unlike unless until upon when whenever where whereas whether while with within without".split()
)
LOOSE = ("ed", "ing", "known", "versus", "ate", "ient", "ant", "ful", "ive", "ible", "able", "ous", "ical", "ional")
_HERE = re.compile(r"\b(?:this|these|those|such)\b", re.IGNORECASE)
MARKS = frozenset('"“”„«»*_`')

Telling = Callable[[frozenset[int]], bool]


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
    later = [one.end() for one in _START.finditer(text, 0, end)]
    starts = [(0, SENTENCE), *tells, *((start, CLAUSE) for start in later)]
    ends = [*((start, False) for start, _ in breaks), (end, False)]
    ends += [(one.start(), True) for one in _CUT.finditer(text, 0, end)]
    # What something is can be told without what that does.
    named = [(one.start(), True) for start, _ in tells for one in [_THAT.search(text, start, end)] if one]
    parts = (
        _Part(start, stop, cut, kind)
        for start, kind in starts
        for stop, cut in (ends + named if kind == TELLS else ends)
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
    if said.count("(") != said.count(")") or not MARKS.isdisjoint(said) or said[0] in "'‘’":
        return False
    if _HERE.search(said) or said.endswith(":"):
        return False
    words = [word.lower().strip(",") for word in said.split()]
    loose = part.kind == CLAUSE and (part.cut or words[0] in terms.STOP_WORDS - terms.ARTICLES)
    return words[0] not in LEADING and not loose and not _between(text, part) and not (part.cut and _hangs(text, part))


def _between(text: str, part: _Part) -> bool:
    """Whether a part ends at or between two dashes, so that what the sentence says of its subject is still to come."""
    dashes = [one.start() for one in _DASH.finditer(text)]
    inside = [place for place in dashes if part.start <= place < part.end]
    return part.kind != CLAUSE and len(dashes) > 1 and (len(inside) % 2 == 1 or part.end in dashes)


def _hangs(text: str, part: _Part) -> bool:
    """Whether a part was cut where its last word, or all of it, wants more."""
    said = text[part.start : part.end]
    if any(len(text[one.end() : part.end].split()) < LEAST_TOLD for one in _IS.finditer(text, 0, part.end)):
        return True
    if len(_THAT.split(f" {said}")[-1].split()) <= LEAST_TOLD:
        return True
    *_, last = words = said.split()
    after = text[part.end :].split()
    named = last[:1].isupper() and any(word[:1].isupper() for word in after[:3])
    last = last.lower().strip(",")
    return words[0].lower() in OPENING or last in terms.STOP_WORDS or last.endswith(LOOSE) or named


def excerpt(
    texts: Sequence[str],
    room: int,
    known: frozenset[int] = frozenset(),
    telling: Telling = lambda said: True,
    shown: Collection[int] | None = None,
) -> str | None:
    """The best part of some sentences in at most ``room`` characters, where ``known`` are the words of a title.

    Of the parts whose words are ``telling``, what does not say the title again goes first, then beginnings, then what
    has the words of ``shown``, then what stands in an earlier sentence, then what is longest. Where such words are
    given, be they none, a part that has them may be cut off.
    """
    best = min(_ordered(texts, room, known, telling, shown), key=lambda one: one[0], default=None)
    if best is None:
        return None
    (*_, place, cut), part = best
    return texts[place][part.start : part.end].strip(" ,") + ("…" if cut else "")


def _ordered(
    texts: Sequence[str], room: int, known: frozenset[int], telling: Telling, shown: Collection[int] | None
) -> Iterator[tuple[tuple[bool, bool, bool, int, bool], _Part]]:
    for place, text in enumerate(texts):
        for part in _parts(text):
            if part.end - part.start + part.cut > room or not telling(part.said):
                continue
            if len(part.said - known) < FEWEST or (part.kind == TELLS and not _named(part.before, known)):
                continue
            again = bool(known) and part.said >= known
            shows = shown is not None and part.said.issuperset(shown)
            if part.cut and (again or not shows):
                continue
            yield (again, part.kind == CLAUSE, not shows, place, part.cut), part


def _named(before: Sequence[int], known: frozenset[int]) -> bool:
    """Whether what stands before "is a" is the name of the pattern, so that what comes after tells what that is."""
    more = set(before) - known
    return bool(known) and known.issuperset(before[:1]) and known.issubset(before) and len(more) <= MOST_BESIDE
