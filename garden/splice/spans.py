"""Where things stand in a text: the lines of a list's items, and patches that change spans and nothing else."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from garden.errors import SpliceRefused
from garden.frontmatter import Node, line_end, line_start

# Between two items of a block list there are only blanks, line ends and comments.
_TO_DASH = re.compile(r"(?:[ \t\r\n]++|#[^\r\n]*+)*+(?=-)")
_COMMENT = re.compile(r"([ \t]*)#")
_BLANK = re.compile(r"[ \t]*(?=[\r\n])")
A_LINE_EACH = "begin each item of the list on a line of its own"
UNMARK = "take the anchor or tag away, and write out what an alias repeats"


class Patch(NamedTuple):
    """``text[start:end]`` becomes ``new``."""

    start: int
    end: int
    new: str


class Lines(NamedTuple):
    """The lines of one item: ``text[start:end]``; ``dash`` is where its ``-`` stands.

    ``tail`` is where the comment lines end that stand directly below it and deeper than its dash: they are its own.
    """

    start: int
    dash: int
    end: int
    tail: int


def apply(text: str, patches: Iterable[Patch]) -> str:
    """The text with all patches made at once. Raises ``SpliceRefused`` where two of them overlap."""
    pieces: list[str] = []
    done = 0
    # Sorting is stable: what is inserted at one place comes in the order in which it was asked for.
    for patch in sorted(patches, key=lambda p: (p.start, p.end)):
        if patch.start < done:
            raise SpliceRefused("two changes meet in one place", index=patch.start)
        pieces += (text[done : patch.start], patch.new)
        done = patch.end
    return "".join([*pieces, text[done:]])


def item_lines(text: str, items: Iterable[Node], start: int) -> tuple[Lines, ...]:
    """The lines of a block list's items; ``start`` is where the list's first ``-`` stands.

    Raises ``SpliceRefused`` where an item shares a line with something else.
    """
    found: list[Lines] = []
    cursor = start
    for item in items:
        to_dash = _TO_DASH.match(text, cursor)
        if to_dash is None:
            raise SpliceRefused("an item's '-' cannot be found", index=item.start)
        dash = to_dash.end()
        begin = line_start(text, dash)
        if text[begin:dash].strip(" "):
            raise SpliceRefused("an item shares its line with something else", A_LINE_EACH, dash)
        end = line_end(text, item.end)
        found.append(Lines(begin, dash, end, below(text, end, dash - begin)))
        cursor = item.end
    return tuple(found)


def below(text: str, index: int, column: int) -> int:
    """Where the comment lines end that begin at ``index`` and stand deeper than ``column``."""
    while (comment := _COMMENT.match(text, index)) and len(comment[1]) > column:
        index = line_end(text, index)
    return index


def far_below(text: str, index: int, column: int) -> int:
    """The same, where blank lines may stand between."""
    reached = after = below(text, index, column)
    while _BLANK.match(text, after):
        after = line_end(text, after)
        if (further := below(text, after, column)) > after:
            reached = after = further
    return reached


def above(text: str, index: int, floor: int) -> int:
    """Where the comment lines begin that stand directly above the line that begins at ``index``."""
    while index > floor:
        before = line_start(text, index - (2 if text.endswith("\r\n", 0, index) else 1))
        if not _COMMENT.match(text, before):
            break
        index = before
    return index


def after_colon(text: str, key: Node) -> int:
    """Where the colon of a key ends. Raises ``SpliceRefused`` where none follows."""
    index = text.find(":", key.end)
    if index < 0 or text[key.end : index].strip(" \t"):
        raise SpliceRefused("a key's colon stands apart from it", "put it right behind the key", key.start)
    return index + 1


def unmarked(name: str, value: Node) -> None:
    """Raises ``SpliceRefused`` where a value repeats another, or may be repeated elsewhere, or has a tag."""
    if value.kind == "alias" or value.marked:
        raise SpliceRefused(f"{name} is anchored, tagged or an alias", UNMARK, value.start)


def uncommented(text: str, start: int, end: int, lost: str) -> None:
    """Raises ``SpliceRefused``, with ``lost`` as its reason, where a comment stands in ``text[start:end]``."""
    index = text.find("#", start, end)
    if index >= 0:
        raise SpliceRefused(lost, "move them to lines above the key", index)


def column(text: str, index: int) -> int:
    """How far into its line ``index`` stands, from 0."""
    return index - line_start(text, index)


def newline_at(text: str, index: int) -> str:
    """The line end of the line that holds ``index``."""
    end = line_end(text, index)
    return "\r\n" if text.endswith("\r\n", 0, end) else text[end - 1 : end]
