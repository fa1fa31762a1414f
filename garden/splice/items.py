"""One item: written anew in its list's style, or changed in the fields that differ and nowhere else."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from garden.errors import SpliceRefused
from garden.frontmatter import Node, line_end, line_start
from garden.models import Scalar
from garden.splice.scalars import DOUBLE, PLAIN, SINGLE, filling, rewritten, says, written
from garden.splice.spans import Lines, Patch, column, newline_at
from garden.splice.style import Style

Fields = Mapping[str, Scalar] | str
_ALIKE = "write the items of the list all in one way"
_NO_FIELDS = "an item without fields cannot be given some"


def agrees(item: Node, fields: Fields) -> bool:
    """Whether an item holds the wanted fields already; fields that are not asked for do not count."""
    if isinstance(fields, str):
        return says(item, fields)
    return item.kind == "mapping" and all(says(_value(item, key), wanted) for key, wanted in fields.items())


def block_item(fields: Fields, style: Style, dash: int, newline: str) -> str:
    """The lines of a new item of a block list whose dashes stand in column ``dash``."""
    head = " " * dash + "-" + " " * style.gap
    if isinstance(fields, str) or style.braces is not None:
        return head + flow_item(fields, style, flow=not isinstance(fields, str)) + newline
    body = " " * len(head)
    return head + f"{newline}{body}".join(_lines(fields, style)) + newline


def flow_item(fields: Fields, style: Style, *, flow: bool = True) -> str:
    """A new item on one line, as it stands in brackets or after a dash."""
    if isinstance(fields, str):
        return written(fields, style.plain_items, style.quote, flow=flow)
    pad = style.braces or ""
    pairs = (f"{_key(key, style)}: {_new(key, value, style, flow=True)}" for key, value in _ordered(fields, style))
    return f"{{{pad}{', '.join(pairs)}{pad}}}"


def field_patches(text: str, item: Node, fields: Fields, style: Style, *, flow: bool) -> Iterator[Patch]:
    """The patches that make an item hold the wanted fields: differing values rewritten, missing ones added, and those
    whose wanted value is None taken out. Mere text becomes a mapping that says it under ``style.bare``.

    Raises ``SpliceRefused`` where the item is of another make than the fields, or a field holds more than a scalar.
    """
    if isinstance(fields, str):
        if item.kind == "scalar":
            yield Patch(item.start, item.end, rewritten(item, fields, style.quote, flow=flow))
            return
        raise SpliceRefused("an item with fields cannot become plain text", _ALIKE, item.start)
    if item.kind == "scalar" and style.bare:
        yield from _unfolded(text, item, fields, style, flow=flow)
        return
    if item.kind != "mapping" or not item.pairs:
        raise SpliceRefused(_NO_FIELDS, _ALIKE, item.start)
    inside = flow or item.style == "flow"
    for key, wanted in fields.items():
        pair = item.get(key)
        if says(pair[1] if pair else None, wanted):
            continue
        if pair is None:
            yield _added(text, item, key, fields, style)
        elif wanted is None:
            yield _taken_out(text, item, pair)
        elif pair[1].kind in ("scalar", "alias"):
            shown = rewritten(pair[1], wanted, style.quote, flow=inside)
            yield Patch(pair[1].start, pair[1].end, filling(text, pair[1], shown))
        else:
            raise SpliceRefused(f"{key} holds more than one value", "write one value there", pair[1].start)


def _unfolded(text: str, item: Node, fields: Mapping[str, Scalar], style: Style, *, flow: bool) -> Iterator[Patch]:
    """Mere text as a mapping: it stays where it is, as does a comment behind it, and fields follow below."""
    if item.marked or item.value is None or item.style not in (PLAIN, SINGLE, DOUBLE):
        raise SpliceRefused(_NO_FIELDS, _ALIKE, item.start)
    whole = {style.bare: item.raw, **fields}
    own = replace(style, quotes={**style.quotes, style.bare: item.style})
    if flow or style.braces is not None:
        yield Patch(item.start, item.end, flow_item(whole, own))
        return
    first, *others = _lines(whole, own)
    end, newline = line_end(text, item.end), newline_at(text, item.end)
    yield Patch(item.start, item.end, first)
    yield Patch(end, end, "".join(f"{' ' * column(text, item.start)}{line}{newline}" for line in others))


def removed_lines(lines: Lines) -> Patch:
    """What takes an item of a block list away: its lines, and its own comment lines below."""
    return Patch(lines.start, lines.tail, "")


def _value(item: Node, key: str) -> Node | None:
    pair = item.get(key)
    return pair[1] if pair else None


def _lines(fields: Mapping[str, Scalar], style: Style) -> list[str]:
    return [f"{_key(key, style)}: {_new(key, value, style)}" for key, value in _ordered(fields, style)]


def _ordered(fields: Mapping[str, Scalar], style: Style) -> list[tuple[str, Scalar]]:
    """The fields that have a value, in the list's own order, those that it does not know last."""
    place = {key: place for place, key in enumerate(style.keys)}
    held = [(key, value) for key, value in fields.items() if value is not None]
    if not held:
        raise SpliceRefused("a new item has no fields")
    return sorted(held, key=lambda pair: place.get(pair[0], len(place)))


def _key(key: str, style: Style) -> str:
    return written(key, style.key_quote, style.quote)


def _new(key: str, value: Scalar, style: Style, *, flow: bool = False) -> str:
    return written(value, style.quotes.get(key, style.other), style.quote, flow=flow)


def _added(text: str, item: Node, key: str, fields: Mapping[str, Scalar], style: Style) -> Patch:
    """A field behind the one that it follows among the wanted fields, else behind the last."""
    order = list(fields)
    before = next((pair for name in reversed(order[: order.index(key)]) if (pair := item.get(name))), item.pairs[-1])
    end = before[1].end
    if item.style == "flow":
        return Patch(end, end, f", {_key(key, style)}: {_new(key, fields[key], style, flow=True)}")
    index = line_end(text, end)
    indent = " " * column(text, item.pairs[0][0].start)
    return Patch(index, index, f"{indent}{_key(key, style)}: {_new(key, fields[key], style)}{newline_at(text, end)}")


def _taken_out(text: str, item: Node, pair: tuple[Node, Node]) -> Patch:
    place = item.pairs.index(pair)
    if len(item.pairs) == 1:
        raise SpliceRefused("an item would lose its only field", index=item.start)
    key, value = pair
    if item.style == "block" and place > 0:
        return Patch(line_start(text, key.start), line_end(text, value.end), "")
    if place > 0:
        return Patch(item.pairs[place - 1][1].end, value.end, "")
    return Patch(key.start, item.pairs[1][0].start, "")
