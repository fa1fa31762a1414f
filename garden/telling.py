"""What a text says that its own pattern is to another: "It is a cornerstone of the Toyota Production System".

Found while a text is read, for it may stand anywhere in it. Whom such a sentence names is seen later, when the titles
of the library are known: what comes after the "of" is kept.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from garden import terms

KIND, PART, RESTS, APART = "kind", "part", "rests", "apart"
MOST_SUBJECT = 60  # Characters. What is longer is hardly the pattern alone.
MOST_LINE, MOST_AFTER = 1000, 80  # Characters that are looked at before and after.

_KINDS = (
    r"kind|form|type|subset|subtype|special case|(?:specific|special|particular) (?:application|implementation)|"
    r"speciali[sz]ation|variant|branch|instance"
)
_PARTS = (
    r"element|component|part|pillar|cornerstone|foundation|building block|prerequisite|enabler|layer|tool|technique|"
    r"step|phase|stage"
)
# Where a search begins: a plain string is found far sooner than a pattern is.
_OPENING = tuple(f" {word} " for word in "is are as form forms represent represents describing describes".split())
_SETTING = (
    "unlike ",
    "in contrast ",
    "contrast with",
    "contrasts ",
    "as opposed to",
    "alternative to",
    "alternatives to",
)
_OFTEN = r"(?:(?:also|often|now|widely|considered|seen|known|regarded|as)\s+)*"
_TOLD = re.compile(
    r"\b(?:is|are|as|forms?|represents?|describing|describes)\s+"
    + _OFTEN
    + r"(?P<what>"
    + r"(?:an?|one|the)\s+(?:of\s+the\s+)?(?:[\w-]+,?\s+(?:and\s+)?){0,3}?"
    + rf"(?:(?P<kind>{_KINDS})|(?P<part>{_PARTS})|(?P<extension>extension))s?\s+(?:of|for|in|within|behind)"
    + r"|(?P<rests>(?:derived|built|based|founded|grounded|rooted)\s+(?:directly\s+)?(?:from|on|upon|in))"
    + rf")\s+(?P<after>[^,.;!?\n]{{3,{MOST_AFTER}}})",
    re.IGNORECASE,
)
_APART = re.compile(
    r"\b(?P<what>unlike|in\s+contrast\s+(?:to|with)|contrasts?\s+(?:\w+\s+)?with|as\s+opposed\s+to|alternatives?\s+to)"
    rf"\s+(?P<after>[^,.;!?\n]{{3,{MOST_AFTER}}})",
    re.IGNORECASE,
)
_ITSELF = re.compile(r"(?:it|this|this (?:pattern|practice|approach|method|technique|tool|model))", re.IGNORECASE)
_MARKS = " *_\"'“”‘’()[]-–—:,"
_ITEM = re.compile(r"\s*(?:[-*+|]|\d{1,3}[.)]|\*\*|__)")
_ENDS = re.compile(r"[.!?:;]\**\s")
_EMPHASIS = re.compile(r"[*_`]+")


class Told(NamedTuple):
    """That a pattern is a ``KIND`` or a ``PART`` of another, ``RESTS`` on it, or sets itself ``APART`` from it.

    ``what`` is how it says so, in its words, and ``after`` what comes then: the other's name, or a few words and the
    name.
    """

    way: str
    what: str
    after: str


def told(name: str, short: str, text: str) -> Iterator[Told]:
    """What a text says that its pattern is to others.

    ``name`` is what the pattern is called, and ``short`` an abbreviation of that, or nothing.
    """
    own = written(name, short)
    for match in _met(_TOLD, _OPENING, text):
        begins = max(match.start() - MOST_LINE, 0)
        line = text[max(text.rfind("\n", begins, match.start()) + 1, begins) : match.start()]
        ends = list(_ENDS.finditer(line))
        subject = (line[ends[-1].end() :] if ends else line).strip(_MARKS)
        # In a list "this" is the item, and further on in a paragraph whatever was named last.
        itself = _ITSELF.fullmatch(subject) and not _ITEM.match(line) and (not ends or own.search(line))
        if len(subject) <= MOST_SUBJECT and (itself or own.search(subject)):
            way = KIND if match["kind"] else PART if match["part"] else RESTS
            yield _told(way, text[match.start("what") : match.start("after")], match["after"])
    # Whatever else a text speaks of, it speaks of its own pattern when it says "unlike".
    for match in _met(_APART, _SETTING, text):
        yield _told(APART, match["what"], match["after"])


def _met(pattern: re.Pattern[str], openings: Sequence[str], text: str) -> Iterator[re.Match[str]]:
    """Where a pattern matches that begins with one of some strings, in order."""
    low, places = text.lower(), set[int]()
    for opening in openings:
        place = low.find(opening)
        while place >= 0:
            places.add(place + opening.startswith(" "))
            place = low.find(opening, place + 1)
    yield from filter(None, (pattern.match(text, place) for place in sorted(places)))


def _told(way: str, what: str, after: str) -> Told:
    what, after = (" ".join(_EMPHASIS.sub("", said).split()) for said in (what, after))
    return Told(way, what, after)


@cache
def written(name: str, short: str) -> re.Pattern[str]:
    """How a name is written in a text: by its words, each in either number, or by what is short for it."""
    words = terms.TOKEN.findall(name)
    if not words:
        return re.compile(r"(?!)")
    whole = r"[\s\-–/]+".join(rf"{re.escape(word.removesuffix('s'))}(?:e?s)?" for word in words)
    return re.compile(rf"\b(?i:{whole})\b" + (rf"|\b{re.escape(short)}s?\b" if short else ""))
