"""The machine's section in every shape met in the wild: items as mappings or bare strings, lists that are missing."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from garden.frontmatter import Path
from garden.models import Community, Entity, Link, Section
from garden.shapes.reader import Reader, id_from, kind_of, words


def section_from(reader: Reader, key: str) -> Section:
    """The section under a key that the front matter has."""
    data = reader.front.data[key]
    if data is None:
        return Section()
    if not isinstance(data, dict):
        message = f"{key} should hold keys with values, but this is {kind_of(data)}; leave it empty for none"
        raise reader.wrong((key,), message)
    above: Path = (key,)
    return Section(
        last_pruned=_day(reader, data, above),
        entities=tuple(_entity(reader, *item) for item in _numbered(reader, data, "entities", above)),
        communities=tuple(_community(reader, *item) for item in _numbered(reader, data, "communities", above)),
        links=tuple(_link(reader, *item) for item in _numbered(reader, data, "inferred_links", above)),
    )


def _day(reader: Reader, data: Mapping[str, Any], above: Path) -> str | None:
    value = data.get("last_pruned")
    if value is None or isinstance(value, (str, date)):
        return reader.text(data, "last_pruned", above)
    message = f"last_pruned should be a date, but this is {kind_of(value)}; write it as 2026-01-31"
    raise reader.wrong((*above, "last_pruned"), message)


def _numbered(reader: Reader, data: Mapping[str, Any], key: str, above: Path) -> Iterator[tuple[Any, int, Path]]:
    for index, item in enumerate(reader.items(data, key, above)):
        yield item, index, (*above, key, index)


def _entity(reader: Reader, item: Any, index: int, at: Path) -> Entity:
    if not isinstance(item, dict):
        label = _plain(reader, item, at)
        return Entity(index=index, id=id_from(label), label=label, plain=True)
    name, label = _id_and_label(reader, item, at)
    return Entity(
        index=index,
        id=name,
        label=label,
        type=reader.text(item, "type", at),
        relevance=reader.number(item, "relevance", at),
    )


def _community(reader: Reader, item: Any, index: int, at: Path) -> Community:
    if not isinstance(item, dict):
        label = _plain(reader, item, at)
        return Community(index=index, id=id_from(label), label=label, plain=True)
    name, label = _id_and_label(reader, item, at)
    return Community(
        index=index,
        id=name,
        label=label,
        source=reader.text(item, "source", at),
        confidence=reader.number(item, "confidence", at),
    )


def _link(reader: Reader, item: Any, index: int, at: Path) -> Link:
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


def _plain(reader: Reader, item: Any, at: Path) -> str:
    if item is None or item == "":
        raise reader.wrong(at, f"this item of {at[-2]} is empty; fill it in, or remove its line", "empty-item")
    return reader.as_text(item, at)


def _id_and_label(reader: Reader, item: Mapping[str, Any], at: Path) -> tuple[str, str]:
    name, label = reader.text(item, "id", at), reader.text(item, "label", at)
    if not name and not label:
        raise reader.wrong(at, f"this item of {at[-2]} has neither id nor label; give it one, or remove it", "no-id")
    return name or id_from(label or ""), label or " ".join(words(name or ""))
