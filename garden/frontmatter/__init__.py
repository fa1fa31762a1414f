"""Front matter: found, judged and read, with exact offsets, so that others can change a part of it and name a line."""

import re
from dataclasses import dataclass, field
from typing import Any

import frontmatter as python_frontmatter
from frontmatter.default_handlers import BaseHandler

from garden.config import ReadSettings
from garden.errors import FrontMatterError
from garden.frontmatter.complaints import refusal
from garden.frontmatter.places import BYTE_ORDER_MARK, LINE_END, line_end, line_start, place
from garden.frontmatter.tree import Node, read_tree

__all__ = ["FrontMatter", "Node", "Path", "decode", "line_end", "line_start", "parse", "place", "position", "written"]

Path = tuple[str | int, ...]

_CONFLICT = re.compile(r"(?<![^\r\n\ufeff])<{7}(?=[ \r\n])")  # At the start of the text or of a line.
_RULE = re.compile(r"---[ \t]*(?=[\r\n]|\Z)")
_DOTS = re.compile(r"(?<=[\r\n])\.\.\.[ \t]*(?=[\r\n]|\Z)")  # Some tools close front matter so.
# How front matter in another language opens and closes. YAML put above it would make it a part of the text.
_FOREIGN = {
    "TOML": (re.compile(r"\+\+\+[ \t]*(?=[\r\n])"), re.compile(r"[\r\n]\+\+\+[ \t]*(?=[\r\n]|\Z)")),
    "JSON": (re.compile(r"\{[ \t]*(?=[\r\n])"), re.compile(r"[\r\n]\}[ \t]*(?=[\r\n]|\Z)")),
}


@dataclass(frozen=True)
class FrontMatter:
    """What a file's front matter says.

    ``text[start:end]`` is the YAML between the ``---`` lines, ``text[body_start:]`` what follows them; ``body`` is the
    same with line feeds as line ends, stripped. ``root`` is None where the front matter is empty or missing.
    """

    data: dict[str, Any]
    start: int
    end: int
    body: str
    body_start: int
    root: Node | None = field(repr=False)

    @property
    def missing(self) -> bool:
        """Whether the file has no front matter at all, which some libraries allow."""
        return self.body_start == self.start


def decode(raw: bytes) -> str:
    """A file's text; a byte order mark stays its first character.

    Raises ``FrontMatterError`` with the line and column of the first byte that is not UTF-8.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        wrong = f"the byte 0x{raw[error.start]:02x} is not UTF-8"
        known = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        found = f"{wrong}; the file is UTF-16" if known else wrong
        raise FrontMatterError("not-utf8", f"{found}; save the file as UTF-8", *place(before, len(before))) from error


def parse(text: str, limits: ReadSettings) -> FrontMatter:
    """The front matter that ``text`` opens with, dates as ``datetime.date``, quoted ones as strings.

    Raises ``FrontMatterError`` with code, line and column wherever it cannot be read safely and in one way only.
    """
    handler = _Handler(text, limits)
    # python-frontmatter strips the text, so the handler keeps the text as it is and the offsets into it.
    data, body = python_frontmatter.parse(text, handler=handler)
    return FrontMatter(data, handler.start, handler.end, body, handler.body_start, handler.root)


def written(front: FrontMatter, path: Path) -> str | None:
    """A scalar's text as it is written, quotes undone; None where no scalar stands at ``path``."""
    node = front.root
    for step in path:
        node = _child(node, step) if node else None
    return node.raw if node and node.kind in ("scalar", "alias") else None


def position(text: str, front: FrontMatter, path: Path) -> tuple[int, int]:
    """Line and column, from 1, of the value at a path of keys and indices; if missing, of what should hold it."""
    node, index = front.root, front.start
    for step in path:
        if node is None:
            break
        node = _child(node, step)
        if node is not None:
            index = node.start
    return place(text, index)


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(step, str):
        pair = node.get(step)
        return pair[1] if pair else None
    return node.items[step] if step < len(node.items) else None


def _body(text: str, start: int) -> str:
    body = text[start:]
    return LINE_END.sub("\n", body) if "\r" in body else body


def _foreign(text: str, first: int) -> str:
    """The language of front matter that is not YAML and that ``text[first:]`` opens with; empty for none."""
    for language, (opens, closes) in _FOREIGN.items():
        if (opening := opens.match(text, first)) and closes.search(text, opening.end()):
            return language
    return ""


class _Handler(BaseHandler):
    """python-frontmatter's seam, over one text: ``split`` finds the offsets, ``load`` reads between them."""

    def __init__(self, text: str, limits: ReadSettings) -> None:
        self.text = text
        self.limits = limits
        self.start = self.end = self.body_start = 0
        self.root: Node | None = None

    def split(self, _text: str) -> tuple[str, str]:
        text = self.text
        first = len(BYTE_ORDER_MARK) if text.startswith(BYTE_ORDER_MARK) else 0
        opening = _RULE.match(text, first)
        if opening is None:
            self._refuse_conflict(first, first + 1)
            if language := _foreign(text, first):
                raise refusal("foreign-front-matter", text, first, language)
            if self.limits.front_matter == "needed":
                raise refusal("no-front-matter", text, first)
            self.start = self.end = self.body_start = first
            return "", _body(text, first)
        self.start = line_end(text, opening.end())
        closing = next((dash for dash in _RULE.finditer(text, self.start) if text[dash.start() - 1] in "\r\n"), None)
        if closing is None:
            if dots := _DOTS.search(text, self.start):
                raise refusal("closed-with-dots", text, dots.start())
            raise refusal("unclosed-front-matter", text, first)
        self.end, self.body_start = closing.start(), line_end(text, closing.end())
        return text[self.start : self.end], _body(text, self.body_start)

    def load(self, fm: str) -> dict[str, Any]:
        self._bound(fm)
        self._refuse_conflict(self.start, self.end)
        self.root = read_tree(self.text, self.start, self.end, self.limits.max_depth)
        if self.root is None:
            return {}
        if self.root.kind != "mapping":
            said = "a list" if self.root.kind == "sequence" else "one value"
            raise refusal("not-a-mapping", self.text, self.root.start, said)
        return dict(self.root.value)

    def _refuse_conflict(self, start: int, end: int) -> None:
        """A merge leaves marks that, read as YAML, would be a fault of another kind, or a part of a text."""
        if "<<<<<<<" in self.text and (conflict := _CONFLICT.search(self.text, start)) and conflict.start() < end:
            raise refusal("merge-conflict", self.text, conflict.start())

    def _bound(self, fm: str) -> None:
        most = self.limits.max_front_matter_bytes
        if len(fm) * 4 > most and (size := len(fm.encode(errors="replace"))) > most:
            raise refusal("too-large", self.text, self.start, size, most)
