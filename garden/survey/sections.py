"""What the machine's sections of a library look like."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from garden.config import SectionSettings
from garden.survey.looks import Roll

LISTS = ("entities", "communities", "inferred_links")


@dataclass(frozen=True)
class Sections:
    """The section's key and how many files have it; the shapes of its items by list; the types of its links."""

    key: str
    files: int
    shapes: Mapping[str, Counter[str]]
    types: Counter[str]


def sections_of(roll: Roll) -> Sections:
    """The sections as they are; the default key where no file has one."""
    key = _key(roll)
    held = [look.at(key) for look in roll.readable if key in (look.data or {})]
    sections = [section for section in held if isinstance(section, Mapping)]
    return Sections(key, len(held), {name: _shapes(sections, name) for name in LISTS}, _types(sections))


def _key(roll: Roll) -> str:
    usual = SectionSettings().key
    counts = Counter(
        key
        for look in roll.readable
        for key, value in (look.data or {}).items()
        if key == usual or (isinstance(value, Mapping) and "inferred_links" in value)
    )
    return min(counts, key=lambda key: (-counts[key], key), default=usual)


def _items(sections: list[Mapping[str, Any]], name: str) -> Iterator[Any]:
    for section in sections:
        value = section.get(name)
        yield from value if isinstance(value, list) else ()


def _shapes(sections: list[Mapping[str, Any]], name: str) -> Counter[str]:
    return Counter(
        ", ".join(str(key) for key in item) if isinstance(item, Mapping) else "text" for item in _items(sections, name)
    )


def _types(sections: list[Mapping[str, Any]]) -> Counter[str]:
    links = (item for item in _items(sections, "inferred_links") if isinstance(item, Mapping))
    return Counter(str(link["type"]) if link.get("type") is not None else "" for link in links)
