"""From YAML text to a tree of nodes with exact spans, in one pass over the C parser's events.

Nothing is composed: libyaml's composer recurses in C, and 100,000 nested brackets kill the process. The parser itself
keeps its own stack, so depth, size, anchors and tags are judged while the events come by.
"""

from collections.abc import Callable
from typing import Any, Literal

from yaml import CSafeLoader, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from garden.errors import FrontMatterError
from garden.frontmatter.complaints import complaint, refusal
from garden.frontmatter.places import place
from garden.frontmatter.scalars import CORE, STRING, plain_value, tagged_value

Kind = Literal["scalar", "sequence", "mapping", "alias"]

MOST_ANCHORS = MOST_ALIASES = 100
MOST_EXPANDED = 20_000
_SCALAR_TAGS = frozenset(f"{CORE}{name}" for name in ("str", "int", "float", "bool", "null", "timestamp"))
_COLLECTION_TAGS = {"sequence": f"{CORE}seq", "mapping": f"{CORE}map"}


class Node:
    """One node. ``text[start:end]`` is its own text, without what trails it; ``raw`` a scalar's text after unquoting.

    ``style`` is ``""`` (plain), ``'``, ``"``, ``|`` or ``>`` of a scalar, ``flow`` or ``block`` of a collection.
    ``pairs`` are a mapping's keys and values, ``items`` a sequence's nodes. ``marked``: it has an anchor or a tag.
    """

    # Most nodes are scalars, which share these.
    items: "list[Node]" = []  # noqa: RUF012 - never written to: a sequence has its own
    pairs: "list[tuple[Node, Node]]" = []  # noqa: RUF012 - the same for a mapping
    pending: "Node | None" = None
    marked = False

    def __init__(self, kind: Kind, span: tuple[int, int], style: str, value: Any, raw: str) -> None:
        self.kind = kind
        self.start, self.end = span
        self.style = style
        self.value = value
        self.raw = raw

    def get(self, key: str) -> "tuple[Node, Node] | None":
        """The key's and the value's node of a mapping's entry."""
        return next((pair for pair in self.pairs if pair[0].value == key), None)


class _Anchor:
    """An anchored node; ``size`` is None until the node is complete."""

    def __init__(self, node: Node, before: int) -> None:
        self.node = node
        self.before = before
        self.size: int | None = None


class _Builder:
    def __init__(self, text: str, start: int, end: int, most_depth: int) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.most_depth = most_depth
        self.root: Node | None = None
        self.stack: list[Node] = []
        self.anchors: dict[str, _Anchor] = {}
        self.documents = self.aliases = self.count = 0

    def build(self) -> Node | None:
        try:
            loader = CSafeLoader(self.text[self.start : self.end])
        except UnicodeEncodeError as error:
            raise complaint(error, self.text, self.start, self.end) from error
        get_event, scalar = loader.get_event, self.scalar
        try:
            while (event := get_event()) is not None:
                if type(event) is ScalarEvent:
                    scalar(event)
                elif handle := _HANDLERS.get(type(event)):
                    handle(self, event)
        except YAMLError as error:
            raise complaint(error, self.text, self.start, self.end) from error
        finally:
            loader.dispose()
        return self.root

    def span(self, event: Any) -> tuple[int, int]:
        """Where the event's own text stands in the file. (An event's marks may be None, but not the C parser's.)"""
        return event.start_mark.index + self.start, event.end_mark.index + self.start

    def document(self, event: Event) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self.refused("many-documents", self.span(event)[0])

    def scalar(self, event: Any) -> None:
        start, end = event.start_mark.index + self.start, event.end_mark.index + self.start
        style, raw = event.style or "", event.value
        if style and style in "|>":
            end = self.block_end(start, end)
        if event.tag:
            value = self.tagged(event, start)
        elif style:
            value = raw
        else:
            try:
                value = plain_value(raw)
            except ValueError as error:
                raise self.refused("bad-date" if "-" in raw[1:] else "bad-number", start, raw, error) from error
        node = Node("scalar", (start, end), style, value, raw)
        if event.tag or event.anchor:
            self.mark(node, event.anchor)
        self.add(node)

    def tagged(self, event: ScalarEvent, start: int) -> Any:
        tag = STRING if event.tag == "!" else str(event.tag)
        if tag not in _SCALAR_TAGS:
            raise self.refused("tag", start, tag)
        try:
            return tagged_value(tag, event.value)
        except ValueError as error:
            raise self.refused("tag-mismatch", start, event.value, tag.removeprefix(CORE)) from error

    def block_end(self, start: int, end: int) -> int:
        """A block scalar's end as a person sees it: libyaml's runs on over the blank lines below."""
        return start + len(self.text[start:end].rstrip(" \t\r\n"))

    def open(self, event: SequenceStartEvent | MappingStartEvent) -> None:
        start, _ = self.span(event)
        kind: Kind = "mapping" if type(event) is MappingStartEvent else "sequence"
        if event.tag and event.tag not in ("!", _COLLECTION_TAGS[kind]):
            raise self.refused("tag", start, event.tag)
        if len(self.stack) >= self.most_depth:
            raise self.refused("too-deep", start, self.most_depth)
        if self.stack and self.stack[-1].kind == "mapping" and self.stack[-1].pending is None:
            if any(self.text.startswith("{{", index) for index in (start - 1, start)):
                raise self.refused("placeholder", start)
            raise self.refused("key-not-text", start, f"a {kind}")
        node = Node(kind, (start, start), "flow" if event.flow_style else "block", {} if kind == "mapping" else [], "")
        if kind == "mapping":
            node.pairs = []
        else:
            node.items = []
        if event.tag or event.anchor:
            self.mark(node, event.anchor)
        self.add(node)
        self.stack.append(node)

    def close(self, event: Event) -> None:
        node = self.stack.pop()
        if node.style == "flow":
            node.end = self.span(event)[1]
        elif node.items or node.pairs:
            node.end = node.items[-1].end if node.items else node.pairs[-1][1].end
        if node.kind == "mapping" and "<<" in node.value:
            self.merge(node)
        if node.marked:
            self.measure(node)

    def alias(self, event: AliasEvent) -> None:
        start, end = self.span(event)
        anchor = self.anchors.get(event.anchor or "")
        if anchor is None:
            raise self.refused("unknown-alias", start, event.anchor)
        if anchor.size is None:
            raise self.refused("alias-loop", start, event.anchor)
        self.aliases += 1
        self.count += anchor.size
        if self.aliases > MOST_ALIASES or self.count > MOST_EXPANDED:
            raise self.refused("alias-bomb", start)
        self.add(Node("alias", (start, end), "", anchor.node.value, anchor.node.raw))

    def add(self, node: Node) -> None:
        """Gives a node to the collection that is open: as its key, its value or its item."""
        self.count += 1
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        key = parent.pending
        if parent.kind == "sequence":
            parent.items.append(node)
            parent.value.append(node.value)
        elif key is None:
            self.check_key(parent, node)
            parent.pending = node
        else:
            parent.pairs.append((key, node))
            parent.value[key.value] = node.value
            parent.pending = None

    def check_key(self, parent: Node, key: Node) -> None:
        if not isinstance(key.value, str):
            raise self.refused("key-not-text", key.start, key.raw or "nothing")
        if key.value in parent.value:
            first = next(other for other, _ in parent.pairs if other.value == key.value)
            raise self.refused("duplicate-key", key.start, key.value, place(self.text, first.start)[0])

    def merge(self, node: Node) -> None:
        """Takes over the entries of the mappings under a plain ``<<``, as YAML 1.1 readers do."""
        key, value = next(pair for pair in node.pairs if pair[0].value == "<<")
        if key.style or key.kind == "alias":
            return
        merged = value.value if isinstance(value.value, list) else [value.value]
        if not all(isinstance(one, dict) for one in merged):
            raise self.refused("merge", value.start)
        own = {name: held for name, held in node.value.items() if name != "<<"}
        node.value.clear()
        for one in reversed(merged):
            node.value.update(one)
        node.value.update(own)

    def mark(self, node: Node, anchor: str | None) -> None:
        node.marked = True
        if anchor:
            if len(self.anchors) >= MOST_ANCHORS:
                raise self.refused("alias-bomb", node.start)
            self.anchors[anchor] = _Anchor(node, self.count)
            if node.kind == "scalar":
                self.anchors[anchor].size = 1

    def measure(self, node: Node) -> None:
        for anchor in self.anchors.values():
            if anchor.node is node:
                anchor.size = self.count - anchor.before

    def refused(self, code: str, index: int, *about: object) -> FrontMatterError:
        return refusal(code, self.text, index, *about)


_HANDLERS: dict[type[Event], Callable[[_Builder, Any], None]] = {
    DocumentStartEvent: _Builder.document,
    SequenceStartEvent: _Builder.open,
    MappingStartEvent: _Builder.open,
    SequenceEndEvent: _Builder.close,
    MappingEndEvent: _Builder.close,
    AliasEvent: _Builder.alias,
}


def read_tree(text: str, start: int, end: int, most_depth: int) -> Node | None:
    """The tree of the YAML in ``text[start:end]``, None where it holds nothing; spans count from the text's start.

    Raises ``FrontMatterError`` with line and column in ``text`` where the YAML is broken, nested deeper than
    ``most_depth``, has duplicate or non-text keys, tags of its own, more than one document, or aliases that blow up.
    """
    return _Builder(text, start, end, most_depth).build()
