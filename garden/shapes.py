"""From front matter to a pattern, in whichever of the shapes met in the wild it is written.

A key that is not known never fails; a known one that holds the wrong thing does, at its own line and column.
"""

import math
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from garden.config import Settings
from garden.errors import FrontMatterError
from garden.frontmatter import FrontMatter, Path, line_start, position, written
from garden.models import Community, Entity, Link, Pattern, Relationship, Section

TOP_LEVEL_KINDS = ("generalizes_from", "specializes_to", "enables", "requires", "related")
_NOT_WORD = re.compile(r"[^\w]+|_+")
_MARKS = bytes.maketrans(string.punctuation.encode(), b" " * len(string.punctuation))


def pattern_from(front: FrontMatter, text: str, path: str, file_hash: str, settings: Settings) -> Pattern:
    """The pattern that a file's front matter and body make; ``path`` is relative to the library.

    A missing slug is the file's stem, a missing title is made from the slug. Raises ``FrontMatterError`` at the line
    and column of what has the wrong type.
    """
    reader = _Reader(front, text)
    data = front.data
    slug = reader.text(data, "slug") or _stem(path)
    title = reader.text(data, "title") or " ".join(word[:1].upper() + word[1:] for word in _words(slug))
    aliases = reader.texts(data, "aliases")
    summary = reader.text(data, "summary") or ""
    hints = _mapping(_mapping(data.get("ontology")).get("search_hints"))
    hints_at = ("ontology", "search_hints")
    key = settings.section.key
    return Pattern(
        path=path,
        slug=slug,
        id=reader.text(data, "id"),
        title=title,
        aliases=aliases,
        summary=summary,
        tension=reader.text(hints, "primary_tension", hints_at) or "",
        keywords=reader.texts(hints, "vector_keywords", hints_at),
        relationships=tuple(_relationships(reader)),
        section=_section(reader, key) if key in data else None,
        keys=tuple(data),
        banner=banner_above(front, text, key),
        file_hash=file_hash,
        text_hash=text_hash(title, aliases, summary, front.body),
    )


def text_hash(title: str, aliases: tuple[str, ...], summary: str, body: str) -> str:
    """A 128-bit BLAKE2b digest, in hex, of what people wrote that meaning rests on.

    Case, white space and ASCII punctuation do not count: what a reviewer said of a text holds until its words change.
    """
    parts = [_bare(part) for part in (title, *aliases, summary, body)]
    # Each part tells its length first, so that no two different lists of parts make the same bytes.
    made_of = "".join(f"{len(part)}:{part}" for part in parts)
    return blake2b(made_of.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _bare(text: str) -> str:
    # By way of bytes: translating text that is not all ASCII takes four times as long.
    bare = text.casefold().encode(errors="surrogatepass").translate(_MARKS)
    return " ".join(bare.decode(errors="surrogatepass").split())


def banner_above(front: FrontMatter, text: str, key: str) -> str:
    """The comment lines directly above a top-level key, each with a line feed; empty where there are none."""
    pair = front.root.get(key) if front.root else None
    if pair is None:
        return ""
    lines: list[str] = []
    end = line_start(text, pair[0].start)
    while end > front.start:
        start = line_start(text, end - 1 if not text[:end].endswith("\r\n") else end - 2)
        line = text[start:end].rstrip("\r\n")
        if not line.startswith("#"):
            break
        lines.append(f"{line}\n")
        end = start
    return "".join(reversed(lines))


@dataclass(frozen=True)
class _Reader:
    """Values of known types out of the data, or an error that names the place."""

    front: FrontMatter
    text_of_file: str

    def wrong(self, at: Path, message: str, code: str = "wrong-type") -> FrontMatterError:
        return FrontMatterError(code, message, *position(self.text_of_file, self.front, at))

    def text(self, data: Mapping[str, Any], key: str, above: Path = ()) -> str | None:
        """Text as written: an unquoted 1984, no or 2026-02-16 is what stands there, not what YAML makes of it."""
        value = data.get(key)
        return value if value is None or isinstance(value, str) else self.as_text(value, (*above, key))

    def as_text(self, value: Any, at: Path) -> str:
        if isinstance(value, (dict, list)):
            raise self.wrong(at, f"{_named(at)} should be text, but this is {_kind(value)}; write one value, in quotes")
        if isinstance(value, str):
            return value
        # What a merge key (<<) brought in stands elsewhere.
        as_written = written(self.front, at)
        return str(value) if as_written is None else as_written

    def texts(self, data: Mapping[str, Any], key: str, above: Path = ()) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one, and empty places are passed over."""
        value, at = data.get(key), (*above, key)
        if value is None:
            return ()
        if not isinstance(value, list):
            return (self.as_text(value, at),)
        return tuple(
            one if isinstance(one, str) else self.as_text(one, (*at, place))
            for place, one in enumerate(value)
            if one is not None
        )

    def number(self, data: Mapping[str, Any], key: str, above: Path) -> float | None:
        value = data.get(key)
        if value is None:
            return None
        # A bool is an int to Python, but not to the person who wrote it.
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.wrong((*above, key), f"{key} should be a number, but this is {_kind(value)}; write it as 0.8")
        if not math.isfinite(value):
            raise self.wrong((*above, key), f"{key} should be a number from 0 to 1; write it as 0.8", "not-finite")
        return float(value)

    def items(self, data: Mapping[str, Any], key: str, above: Path = ()) -> list[Any]:
        value, at = data.get(key), (*above, key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.wrong(at, f"{key} should be a list, but this is {_kind(value)}; write [] for none")
        return value


def _section(reader: _Reader, key: str) -> Section:
    data = reader.front.data[key]
    if data is None:
        return Section()
    if not isinstance(data, dict):
        message = f"{key} should hold keys with values, but this is {_kind(data)}; leave it empty for none"
        raise reader.wrong((key,), message)
    above: Path = (key,)
    return Section(
        last_pruned=_day(reader, data, above),
        entities=tuple(_entity(reader, *item) for item in _numbered(reader, data, "entities", above)),
        communities=tuple(_community(reader, *item) for item in _numbered(reader, data, "communities", above)),
        links=tuple(_link(reader, *item) for item in _numbered(reader, data, "inferred_links", above)),
    )


def _day(reader: _Reader, data: Mapping[str, Any], above: Path) -> str | None:
    value = data.get("last_pruned")
    if value is None or isinstance(value, (str, date)):
        return reader.text(data, "last_pruned", above)
    message = f"last_pruned should be a date, but this is {_kind(value)}; write it as 2026-01-31"
    raise reader.wrong((*above, "last_pruned"), message)


def _numbered(reader: _Reader, data: Mapping[str, Any], key: str, above: Path) -> Iterator[tuple[Any, int, Path]]:
    for index, item in enumerate(reader.items(data, key, above)):
        yield item, index, (*above, key, index)


def _entity(reader: _Reader, item: Any, index: int, at: Path) -> Entity:
    if not isinstance(item, dict):
        label = _plain(reader, item, at)
        return Entity(index=index, id=_id_from(label), label=label, plain=True)
    name, label = _id_and_label(reader, item, at)
    return Entity(
        index=index,
        id=name,
        label=label,
        type=reader.text(item, "type", at),
        relevance=reader.number(item, "relevance", at),
    )


def _community(reader: _Reader, item: Any, index: int, at: Path) -> Community:
    if not isinstance(item, dict):
        label = _plain(reader, item, at)
        return Community(index=index, id=_id_from(label), label=label, plain=True)
    name, label = _id_and_label(reader, item, at)
    return Community(
        index=index,
        id=name,
        label=label,
        source=reader.text(item, "source", at),
        confidence=reader.number(item, "confidence", at),
    )


def _link(reader: _Reader, item: Any, index: int, at: Path) -> Link:
    if not isinstance(item, dict):
        return Link(index=index, target=_plain(reader, item, at))
    target = reader.text(item, "target", at)
    if not target:
        raise reader.wrong(at, "this link has no target; name the slug of a pattern, or remove the link", "no-target")
    return Link(
        index=index,
        target=target,
        type=reader.text(item, "type", at),
        confidence=reader.number(item, "confidence", at),
        reason=reader.text(item, "reason", at) or "",
    )


def _plain(reader: _Reader, item: Any, at: Path) -> str:
    if item is None or item == "":
        raise reader.wrong(at, f"this item of {at[-2]} is empty; fill it in, or remove its line", "empty-item")
    return reader.as_text(item, at)


def _id_and_label(reader: _Reader, item: Mapping[str, Any], at: Path) -> tuple[str, str]:
    name, label = reader.text(item, "id", at), reader.text(item, "label", at)
    if not name and not label:
        raise reader.wrong(at, f"this item of {at[-2]} has neither id nor label; give it one, or remove it", "no-id")
    return name or _id_from(label or ""), label or " ".join(_words(name or ""))


def _relationships(reader: _Reader) -> Iterator[Relationship]:
    """Curated relationships: those under ``relationships``, then those of the older schema at the top level."""
    curated = reader.front.data.get("relationships")
    if curated is not None and not isinstance(curated, dict):
        message = f"relationships should hold kinds with lists, but this is {_kind(curated)}; leave it empty for none"
        raise reader.wrong(("relationships",), message)
    for kind in _mapping(curated):
        yield from _of_kind(reader, _mapping(curated), kind, ("relationships",))
    for kind in TOP_LEVEL_KINDS:
        yield from _of_kind(reader, reader.front.data, kind, ())


def _of_kind(reader: _Reader, data: Mapping[str, Any], kind: str, above: Path) -> Iterator[Relationship]:
    value, at = data.get(kind), (*above, kind)
    if isinstance(value, str):
        yield Relationship(kind=kind, target=value)
        return
    for place, item in enumerate(reader.items(data, kind, above)):
        if isinstance(item, dict):
            target = next(
                (named for key in ("slug", "id", "typeid") if (named := reader.text(item, key, (*at, place)))), None
            )
            weight = reader.number(item, "weight", (*at, place))
        else:
            target, weight = None if item is None else reader.as_text(item, (*at, place)), None
        if not target:
            message = f"this item of {kind} names no pattern; give it a slug or an id, or remove it"
            raise reader.wrong((*at, place), message, "no-target")
        yield Relationship(kind=kind, target=target, weight=weight)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    return name[: name.rindex(".")] if "." in name[1:] else name


def _words(name: str) -> list[str]:
    return [word for word in _NOT_WORD.split(name) if word]


def _id_from(label: str) -> str:
    return "-".join(_words(label)).lower()


def _named(at: Path) -> str:
    return f"an item of {at[-2]}" if isinstance(at[-1], int) else at[-1]


def _kind(value: Any) -> str:
    """What a value is, in a person's words."""
    if isinstance(value, bool):
        return "yes or no"
    names = {dict: "a mapping", list: "a list", str: "text", int: "a number", float: "a number"}
    return names.get(type(value), "a date")
