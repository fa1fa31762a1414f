"""The section as a whole: where it stands, where it is created, and the patches that make it what is wanted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from garden.errors import SpliceRefused
from garden.frontmatter import FrontMatter, Node, line_end, line_start
from garden.models import WantedItem, WantedSection
from garden.splice.items import flow_item
from garden.splice.lists import Wish, flow_patches, list_patches, new_lines, wish
from garden.splice.scalars import DOUBLE, PLAIN, filling, says, written, written_date
from garden.splice.spans import Patch, above, after_colon, below, column, item_lines, newline_at, uncommented, unmarked
from garden.splice.style import LISTS, Style, style_of

Pair = tuple[Node, Node]
Work = dict[str, tuple[Wish, Style]]


def section_of(front: FrontMatter, key: str) -> Pair | None:
    """The section's key and value. Raises ``SpliceRefused`` where it is not a mapping of its own."""
    pair = front.root.get(key) if front.root else None
    if pair is None:
        return None
    unmarked(key, pair[1])
    if pair[1].kind != "mapping" and pair[1].value is not None:
        raise SpliceRefused(f"{key} holds no keys", "empty it, or write keys with values there", pair[1].start)
    return pair


def wanted_list(wanted: WantedSection, name: str) -> Sequence[WantedItem] | None:
    """The wanted items of a list, None where it is left as it is."""
    items: Sequence[WantedItem] | None = getattr(wanted, name)
    return items


def wishes(section: Node | None, wanted: WantedSection) -> dict[str, Wish]:
    """What has to be done to each list, lists without a change left out."""
    found: dict[str, Wish] = {}
    for name in LISTS:
        items = wanted_list(wanted, name)
        if items is None:
            continue
        value = _list(section, name)
        asked = wish(name, value.items if value else [], items)
        if asked:
            found[name] = asked
    return found


def _list(section: Node | None, name: str) -> Node | None:
    pair = section.get(name) if section else None
    if pair and pair[1].kind != "sequence" and pair[1].value is not None:
        raise SpliceRefused(f"{name} holds no list", "empty it, or write a list there", pair[1].start)
    return pair[1] if pair else None


def item_texts(text: str, front: FrontMatter, key: str) -> dict[str, tuple[str, ...]]:
    """The own text of every item of the section's lists, by list: whole lines of a block list, else what stands
    between the commas.
    """
    pair = section_of(front, key)
    found: dict[str, tuple[str, ...]] = {}
    for name in LISTS:
        value = _list(pair[1], name) if pair else None
        if value is None or value.style == "flow" or not value.items:
            found[name] = tuple(text[item.start : item.end] for item in value.items) if value else ()
        else:
            found[name] = tuple(text[line.start : line.tail] for line in item_lines(text, value.items, value.start))
    return found


def section_patches(text: str, front: FrontMatter, section: Pair, wanted: WantedSection) -> list[Patch]:
    """The patches of a section that is there, empty or not."""
    key, value = section
    work = {name: (asked, style_of(text, front.root, value, name)) for name, asked in wishes(value, wanted).items()}
    if value.kind == "mapping" and value.pairs:
        make = _in_block if value.style == "block" else _in_braces
        return list(make(text, section, wanted.last_pruned, work))
    if not work and wanted.last_pruned is None:
        return []
    colon = after_colon(text, key)
    uncommented(text, colon, value.end, f"{key.value} holds comments that would be lost")
    end = line_end(text, value.end)
    indent = column(text, key.start) + child_indent(text, front)
    lines = section_lines(wanted, work, indent, newline_at(text, value.end))
    return [Patch(colon, value.end, ""), Patch(end, end, lines)]


@dataclass(frozen=True)
class Plot:
    """Where a section without a place goes: before the first key of ``anchor`` that the file has and the comment lines
    above that, else at the end; ``banner`` goes above it. A file without front matter gets some.
    """

    key: str
    anchor: tuple[str, ...] = ()
    banner: str = ""


def created(text: str, front: FrontMatter, wanted: WantedSection, plot: Plot) -> Patch | None:
    """The patch that puts in a section where there is none; None where nothing is wanted."""
    root = front.root
    work = {name: (asked, style_of(text, root, None, name)) for name, asked in wishes(None, wanted).items()}
    if not work and wanted.last_pruned is None:
        return None
    if root is not None and root.style == "flow":
        raise SpliceRefused("the front matter stands in braces", "write each key on a line of its own", root.start)
    pair = next((pair for name in plot.anchor if root and (pair := root.get(name))), None)
    index = above(text, line_start(text, pair[0].start), _floor(text, front, pair)) if pair else front.end
    indent = column(text, root.pairs[0][0].start) if root else 0
    newline = _first_newline(text) if front.missing else newline_at(text, front.start - 1)
    rule = f"---{newline}" if front.missing else ""
    empty = [name for name in LISTS if wanted_list(wanted, name) is not None and name not in work]
    head = "".join(f"{line}{newline}" for line in plot.banner.splitlines())
    lines = section_lines(wanted, work, indent + child_indent(text, front), newline, empty)
    return Patch(index, index, f"{rule}{head}{' ' * indent}{written(plot.key, PLAIN, DOUBLE)}:{newline}{lines}{rule}")


def _floor(text: str, front: FrontMatter, pair: Pair) -> int:
    """Where the lines end of what comes before ``pair``: a ``#`` further up may stand in a text of several lines."""
    pairs = front.root.pairs if front.root else []
    place = pairs.index(pair)
    if place == 0:
        return front.start
    key, value = pairs[place - 1]
    return line_end(text, max(key.end, value.end))


def _first_newline(text: str) -> str:
    end = line_end(text, 0)
    return newline_at(text, 0) if text[:end].endswith(("\r", "\n")) else "\n"


def section_lines(wanted: WantedSection, work: Work, indent: int, newline: str, empty: Sequence[str] = ()) -> str:
    """The lines below the section's key; the lists of ``empty`` are written as such."""
    pad = " " * indent
    lines: list[str] = []
    if wanted.last_pruned is not None:
        lines.append(f"{pad}last_pruned: {written_date(wanted.last_pruned, PLAIN, DOUBLE)}{newline}")
    for name in LISTS:
        if name in work:
            asked, style = work[name]
            lines.append(f"{pad}{name}:{newline}{new_lines(asked.added, style, indent, newline)}")
        elif name in empty:
            lines.append(f"{pad}{name}: []{newline}")
    return "".join(lines)


def child_indent(text: str, front: FrontMatter) -> int:
    """How far the file's front matter indents what stands under a key."""
    for key, value in front.root.pairs if front.root else ():
        if value.kind == "mapping" and value.style == "block" and not value.marked:
            return column(text, value.pairs[0][0].start) - column(text, key.start)
    return 2


def _in_block(text: str, section: Pair, last_pruned: str | None, work: Work) -> Iterator[Patch]:
    key, value = section
    indent = column(text, value.pairs[0][0].start)
    if last_pruned is not None:
        index = line_end(text, key.end)
        line = f"{' ' * indent}last_pruned: {written_date(last_pruned, PLAIN, DOUBLE)}{newline_at(text, key.end)}"
        yield from _dated(text, value, last_pruned, Patch(index, index, line))
    for name, (asked, style) in work.items():
        pair = value.get(name)
        if pair:
            yield from list_patches(text, *pair, asked, style)
            continue
        before = _before(value, name)
        index = below(text, line_end(text, before.end), indent)
        newline = newline_at(text, before.end)
        yield Patch(index, index, f"{' ' * indent}{name}:{newline}{new_lines(asked.added, style, indent, newline)}")


def _in_braces(text: str, section: Pair, last_pruned: str | None, work: Work) -> Iterator[Patch]:
    _, value = section
    first, last = value.pairs[0][0], value.pairs[-1][1]
    if last_pruned is not None:
        line = f"{_in_quotes('last_pruned', first)}: {written_date(last_pruned, PLAIN, DOUBLE)}, "
        yield from _dated(text, value, last_pruned, Patch(first.start, first.start, line))
    for name, (asked, style) in work.items():
        pair = value.get(name)
        whole = f"[{', '.join(flow_item(fields, style) for fields in asked.added)}]"
        if pair is None:
            yield Patch(last.end, last.end, f", {_in_quotes(name, first)}: {whole}")
        elif pair[1].items:
            yield from flow_patches(text, pair[1], asked, style)
        else:
            uncommented(text, pair[1].start, pair[1].end, f"{name} holds comments that would be lost")
            yield Patch(pair[1].start, pair[1].end, filling(text, pair[1], whole))


def _dated(text: str, section: Node, last_pruned: str, missing: Patch) -> Iterator[Patch]:
    pair = section.get("last_pruned")
    if pair is None:
        yield missing
    elif not says(pair[1], last_pruned):
        node = pair[1]
        if node.kind not in ("scalar", "alias"):
            raise SpliceRefused("last_pruned holds more than a date", "write one date there", node.start)
        yield Patch(node.start, node.end, filling(text, node, written_date(last_pruned, node.style, DOUBLE)))


def _before(section: Node, name: str) -> Node:
    """The value after which a missing list is put: the nearest that comes before it by custom, else the last."""
    earlier = ("last_pruned", *LISTS)[: LISTS.index(name) + 1]
    pair = next((pair for other in reversed(earlier) if (pair := section.get(other))), section.pairs[-1])
    return pair[1]


def _in_quotes(name: str, like: Node) -> str:
    return written(name, like.style, DOUBLE)
