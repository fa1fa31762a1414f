"""What the lists of a text name that tell what its pattern is made of: principles, practices, steps."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from garden.prose.markdown import HEADING, names_a_role, plain, role_of

MADE_OF = ("solution", "implementation")  # The parts whose lists tell what a pattern is made of.
# What an item of a list, or a paragraph, begins with: in bold, or up to a colon.
_LED = re.compile(
    r"^[ \t]*(?:(?:[-*+]|\d{1,3}[.)])[ \t]+)?(?:\*\*|__)(?=\S)([^*_\n]{2,80})(?:\*\*|__)"
    r"|^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+(?=[A-Z])([^:.\n*_]{2,60}):[ \t]",
    re.MULTILINE,
)
_PLACES = re.compile(
    r"\b(?:principles|practices|components|elements|steps|tools|techniques|strategies|methods|pillars|phases|stages|"
    r"mechanisms|tactics|activities|layers)\b"
)


class Listed(NamedTuple):
    """What an item of a list is called, and what it is one of: "practices", say, or the part that has the list."""

    name: str
    place: str


def listed(body: str) -> Iterator[Listed]:
    """What items are called in the lists that tell what a pattern is made of, and the headings below those parts'."""
    role, start, place = "opening", 0, ""
    for match in HEADING.finditer(body):
        yield from _led(role, place, body[start : match.start()])
        before, role, start = role, role_of(match[1], role), match.end()
        below = role == before and not names_a_role(match[1])
        if below and role in MADE_OF:
            yield from _label(match[1], place or role)
        place = _place(match[1]) or (place if below else "")
    yield from _led(role, place, body[start:])


def _place(heading: str) -> str:
    """What a list is one of, as its heading tells: "practices", or nothing."""
    named = _PLACES.findall(heading.lower())
    return str(named[-1]) if named else ""


def _led(role: str, place: str, markdown: str) -> Iterator[Listed]:
    if role in MADE_OF:
        for led in _LED.finditer(markdown):
            yield from _label(led[1] or led[2], place or role)


def _label(markdown: str, place: str) -> Iterator[Listed]:
    label = plain(markdown).rstrip(" .:–—-")
    if label:
        yield Listed(label, place)
