"""How a section is written: its indents, its quotes, the order of its keys; learned from what already stands there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from garden.frontmatter import Node
from garden.splice.scalars import DOUBLE, PLAIN, SINGLE
from garden.splice.spans import column

LISTS = ("entities", "communities", "inferred_links")
BARE = {"inferred_links": "target"}  # What an item of mere text says, where it may be given other fields as well.
PROSE = frozenset({"label", "reason"})


@dataclass(frozen=True)
class Style:
    """How new items of one list are written.

    ``indent`` is the dashes' column relative to the list's key, ``gap`` the blanks after a dash, ``keys`` the order of
    fields. ``quotes`` says how each field's text is quoted ("" is plain), ``other`` how that of a field never seen here
    is, ``plain_items`` how items of mere text are, ``key_quote`` how keys are; ``quote`` serves where plain text would
    be misread. ``braces`` is None for items in block style, else the blanks that follow ``{``. ``bare`` is the field
    that an item of mere text stands for, "" where it cannot become a mapping.
    """

    indent: int = 2
    gap: int = 1
    keys: tuple[str, ...] = ()
    quotes: Mapping[str, str] = field(default_factory=dict)
    other: str = PLAIN
    quote: str = DOUBLE
    plain_items: str = PLAIN
    key_quote: str = PLAIN
    braces: str | None = None
    bare: str = ""


def style_of(text: str, root: Node | None, section: Node | None, name: str) -> Style:
    """The style of the section's list ``name``, with its sibling lists and the file's other lists filling the gaps."""
    lists = _lists(section)
    own = lists.get(name)
    siblings = [lists[other] for other in LISTS if other in lists and other != name]
    here = own[1].items if own else []
    around = [item for _, node in siblings for item in node.items]
    exemplar = next((item for item in reversed(here) if item.kind == "mapping"), None)
    other = exemplar or next((item for item in around if item.kind == "mapping"), None)
    quote = _quote([*here, *around, *([section] if section else [])])
    indent, gap = _indent(text, [own] if own else [], siblings, _others(root))
    return Style(
        indent=indent,
        gap=gap,
        keys=tuple(key.value for key, _ in exemplar.pairs) if exemplar else (),
        quotes=_quotes(around, _defaults([*here, *around], quote)) | _quotes(here, {}),
        other=_least(_styles([*here, *around])),
        quote=quote,
        plain_items=_least(item.style for item in here if item.kind == "scalar" and isinstance(item.value, str)),
        key_quote=_least(key.style for key, _ in other.pairs) if other else PLAIN,
        braces=_padding(text, exemplar) if exemplar and exemplar.style == "flow" else None,
        bare=BARE.get(name, ""),
    )


def _lists(section: Node | None) -> dict[str, tuple[Node, Node]]:
    pairs = section.pairs if section else []
    return {key.value: (key, value) for key, value in pairs if key.value in LISTS and value.kind == "sequence"}


def _others(root: Node | None) -> Iterator[tuple[Node, Node]]:
    """The file's other block lists, with their keys, at the top level first."""
    level = root.pairs if root else []
    while level:
        yield from ((key, value) for key, value in level if value.kind == "sequence" and value.style == "block")
        level = [
            pair for _, value in level if value.kind == "mapping" and value.style == "block" for pair in value.pairs
        ]


def _indent(
    text: str,
    own: list[tuple[Node, Node]],
    siblings: list[tuple[Node, Node]],
    others: Iterable[tuple[Node, Node]],
) -> tuple[int, int]:
    """Dash column relative to the key, and blanks after the dash, of the nearest block list that tells."""
    for key, node in (*own, *siblings, *others):
        if node.style == "block" and node.items and not node.marked:
            first = node.items[0]
            gap = first.start - node.start - 1
            alone = "\n" in text[node.start : first.start] or "\r" in text[node.start : first.start] or gap < 1
            return column(text, node.start) - column(text, key.start), 1 if alone else gap
    return 2, 1


def _defaults(items: list[Node], quote: str) -> dict[str, str]:
    """Labels and reasons are prose, and quoted, unless the section shows a writer who quotes only what needs it."""
    styles = _styles(items)
    return dict.fromkeys(PROSE, quote) if DOUBLE in styles or not styles else {}


def _styles(items: list[Node]) -> set[str]:
    return {value.style for item in items for _, value in item.pairs if isinstance(value.value, str)}


def _quotes(items: list[Node], quotes: dict[str, str]) -> dict[str, str]:
    seen: dict[str, set[str]] = {}
    for item in items:
        for key, value in item.pairs:
            if value.kind == "scalar" and isinstance(value.value, str):
                seen.setdefault(key.value, set()).add(value.style if value.style in (PLAIN, SINGLE) else DOUBLE)
    return quotes | {key: _least(styles) for key, styles in seen.items()}


def _least(styles: Iterable[str]) -> str:
    """Plain where anything is: its writer quotes only what needs it. Else the one kind of quotes, double if both."""
    seen = set(styles)
    return PLAIN if PLAIN in seen or not seen else SINGLE if seen == {SINGLE} else DOUBLE


def _quote(items: list[Node]) -> str:
    styles = [value.style for item in items for _, value in item.pairs] + [item.style for item in items]
    return SINGLE if SINGLE in styles and DOUBLE not in styles else DOUBLE


def _padding(text: str, mapping: Node) -> str:
    inside = text[mapping.start + 1 : mapping.end]
    return inside[: len(inside) - len(inside.lstrip(" "))]
