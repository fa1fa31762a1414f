"""One list of a section: items kept, changed, taken away and added, as patches of the text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from garden.errors import SpliceRefused
from garden.frontmatter import Node, line_end, line_start
from garden.models import WantedItem
from garden.splice.items import Fields, agrees, block_item, field_patches, flow_item, removed_lines
from garden.splice.spans import A_LINE_EACH, Patch, after_colon, column, item_lines, newline_at, uncommented, unmarked
from garden.splice.style import Style

_LOST = "comments in brackets would be lost"
_OWN_LINE_END = re.compile(r"[ \t]*(,?)[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)")


@dataclass(frozen=True)
class Wish:
    """What is wanted of one list, sorted out: fields of items that change, by index; items that go; new items."""

    changed: dict[int, Fields]
    removed: tuple[int, ...]
    added: tuple[Fields, ...]

    def __bool__(self) -> bool:
        return bool(self.changed or self.removed or self.added)


def wish(name: str, items: Sequence[Node], wanted: Sequence[WantedItem]) -> Wish:
    """What has to be done to a list. Raises ``SpliceRefused`` where the wanted list reorders or invents items."""
    kept = [item.index for item in wanted if item.index is not None]
    if kept != sorted(set(kept)) or kept[-1:] >= [len(items)] or (kept[:1] < [0] and kept):
        raise SpliceRefused(f"{name}: the items that stay must be there, each once and in their order")
    if any(item.index is not None for item in wanted[len(kept) :]):
        raise SpliceRefused(f"{name}: new items come after those that are there")
    added = [item.fields for item in wanted[len(kept) :]]
    if None in added:
        raise SpliceRefused(f"{name}: a new item has no fields")
    changed = {
        item.index: item.fields
        for item in wanted[: len(kept)]
        if item.index is not None and item.fields is not None and not agrees(items[item.index], item.fields)
    }
    gone = tuple(sorted(set(range(len(items))) - set(kept)))
    return Wish(changed, gone, tuple(fields for fields in added if fields is not None))


def list_patches(text: str, key: Node, value: Node, wish: Wish, style: Style) -> Iterator[Patch]:
    """The patches of a list that stands under ``key`` in a block mapping."""
    unmarked(key.value, value)
    if not value.items:
        yield from _filled(text, key, value, wish, style)
    elif value.style == "flow":
        yield from flow_patches(text, value, wish, style)
    else:
        yield from _block_patches(text, key, value, wish, style)


def flow_patches(text: str, value: Node, wish: Wish, style: Style) -> Iterator[Patch]:
    """The patches of a list in brackets."""
    for index, fields in sorted(wish.changed.items()):
        yield from field_patches(text, value.items[index], fields, style, flow=True)
    new = [flow_item(fields, style) for fields in wish.added]
    if len(wish.removed) == len(value.items):
        for start, end in ((value.start, value.items[0].start), (value.items[-1].end, value.end)):
            uncommented(text, start, end, _LOST)
        yield Patch(value.start, value.end, f"[{', '.join(new)}]")
    elif all(_alone(text, item) for item in value.items):
        yield from _in_lines(text, value, wish.removed, new)
    else:
        yield from _in_a_row(text, value, wish.removed, new)


def _filled(text: str, key: Node, value: Node, wish: Wish, style: Style) -> Iterator[Patch]:
    """An empty list, or nothing at all, becomes a block list."""
    colon = after_colon(text, key)
    uncommented(text, colon, value.end, f"{key.value} holds comments that would be lost")
    yield Patch(colon, value.end, "")
    index = line_end(text, value.end)
    yield Patch(index, index, new_lines(wish.added, style, column(text, key.start), newline_at(text, value.end)))


def new_lines(added: Sequence[Fields], style: Style, key_column: int, newline: str) -> str:
    """The lines of new items under a key in ``key_column``."""
    return "".join(block_item(fields, style, key_column + style.indent, newline) for fields in added)


def _block_patches(text: str, key: Node, value: Node, wish: Wish, style: Style) -> Iterator[Patch]:
    if text[value.start : value.start + 1] != "-":
        raise SpliceRefused(f"{key.value} does not begin with a '-'", A_LINE_EACH, value.start)
    lines = item_lines(text, value.items, value.start)
    for index, fields in sorted(wish.changed.items()):
        yield from field_patches(text, value.items[index], fields, style, flow=False)
    for index in wish.removed:
        yield removed_lines(lines[index])
    if len(wish.removed) == len(lines) and not wish.added:
        colon = after_colon(text, key)
        yield Patch(colon, colon, " []")
    end = lines[-1].tail
    dash, newline = lines[-1].dash - lines[-1].start, newline_at(text, value.end)
    if wish.added:
        yield Patch(end, end, "".join(block_item(fields, style, dash, newline) for fields in wish.added))


def _alone(text: str, item: Node) -> bool:
    """Whether an item in brackets has its lines to itself."""
    before = text[line_start(text, item.start) : item.start]
    return not before.strip(" \t") and _OWN_LINE_END.match(text, item.end) is not None


def _in_lines(text: str, value: Node, removed: Sequence[int], new: Sequence[str]) -> Iterator[Patch]:
    for index in removed:
        item = value.items[index]
        yield Patch(line_start(text, item.start), line_end(text, item.end), "")
    last = value.items[-1]
    end = _OWN_LINE_END.match(text, last.end)
    if not new or end is None:
        return
    closed = bool(end[1])
    if not closed and len(value.items) - 1 not in removed:
        yield Patch(last.end, last.end, ",")
    indent, newline = text[line_start(text, last.start) : last.start], newline_at(text, last.end)
    lines = f",{newline}".join(f"{indent}{item}" for item in new) + ("," if closed else "") + newline
    yield Patch(end.end(), end.end(), lines)


def _in_a_row(text: str, value: Node, removed: Sequence[int], new: Sequence[str]) -> Iterator[Patch]:
    """Items side by side: one goes with the comma behind it, the last ones with the comma before them."""
    kept = [index for index in range(len(value.items)) if index not in removed]
    cuts = [Patch(value.items[i].start, value.items[i + 1].start, "") for i in removed if i < kept[-1]]
    last, end = value.items[kept[-1]], value.items[-1].end
    cuts.append(Patch(last.end, end, "".join(f", {item}" for item in new)))
    for cut in cuts:
        for start, end in _around(value, cut):
            uncommented(text, start, end, _LOST)
    yield from cuts


def _around(value: Node, cut: Patch) -> Iterator[tuple[int, int]]:
    """Where that stands which a cut takes away beside items."""
    start = cut.start
    for item in value.items:
        if cut.start <= item.start and item.end <= cut.end:
            yield start, item.start
            start = item.end
    yield start, cut.end
