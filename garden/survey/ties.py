"""How people link in a library: relationships under one field, kinds at the top level, links in the texts."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from garden.config import FieldSettings
from garden.shapes.relationships import bare, targets_in
from garden.survey.looks import Look, Roll, share

USUAL = FieldSettings()
GROUPS = ("relationships", "relations", "links")
TARGETS = (*USUAL.target, "target", "name", "note", "title")
# A field that holds names of files by accident, a tag say, is no kind of relationship.
LEAST, MOSTLY, ACCIDENT = 2, 0.5, 0.01
STYLES = ("wiki", "markdown")


@dataclass
class Count:
    """How often something was met, and how often it led to a file of the library."""

    met: int = 0
    known: int = 0

    def add(self, known: bool) -> None:
        """Counts one."""
        self.met += 1
        self.known += known


@dataclass(frozen=True)
class Ties:
    """What people linked with what.

    ``group`` is the field that holds kinds with lists, empty where there is none; ``grouped`` counts its kinds,
    ``top`` those that are fields themselves; ``target`` the keys that name a pattern in an item with keys of its own;
    ``texts`` links in texts by style.
    """

    group: str = ""
    grouped: Mapping[str, Count] = field(default_factory=dict)
    top: Mapping[str, Count] = field(default_factory=dict)
    target: tuple[str, ...] = ()
    texts: Mapping[str, Count] = field(default_factory=dict)

    @property
    def kinds(self) -> Counter[str]:
        """How many links of each kind there are in front matter."""
        total: Counter[str] = Counter()
        for counts in (self.grouped, self.top):
            total.update({kind: count.met for kind, count in counts.items()})
        return total


def ties_of(roll: Roll, taken: frozenset[str]) -> Ties:
    """What people linked; ``taken`` are fields that are known to hold something else."""
    group = next((name for name in GROUPS if _is_group(roll, name)), "")
    top: dict[str, Count] = {}
    grouped: dict[str, Count] = {}
    used: Counter[str] = Counter()
    for look in roll.readable:
        for kind, value in (look.at(group) or {}).items() if group else ():
            _count(roll, look, value, grouped.setdefault(kind, Count()), used)
        for kind, value in (look.data or {}).items():
            if kind not in taken and kind != group:
                _count(roll, look, value, top.setdefault(kind, Count()), used)
    return Ties(
        group,
        {kind: count for kind, count in sorted(grouped.items()) if count.met},
        {kind: count for kind, count in sorted(top.items()) if _is_kind(kind, count)},
        tuple(key for key in TARGETS if used[key] > used.total() * ACCIDENT),
        {style: _in_texts(roll, style) for style in STYLES},
    )


def _is_group(roll: Roll, name: str) -> bool:
    held = [look.at(name) for look in roll.readable if look.at(name) is not None]
    groups = sum(isinstance(value, Mapping) for value in held)
    return bool(held) and share(groups, len(held)) >= 0.9


def _is_kind(kind: str, count: Count) -> bool:
    if kind in USUAL.kinds:
        return count.met > 0
    return count.known >= LEAST and share(count.known, count.met) >= MOSTLY


def _count(roll: Roll, look: Look, value: Any, count: Count, used: Counter[str]) -> None:
    for name, key in _named(value):
        count.add(roll.knows(name, look))
        used[key] += 1


def _named(value: Any) -> Iterator[tuple[str, str]]:
    """The names in a value, each with the key that holds it, empty for a bare one."""
    if isinstance(value, list):
        for item in value:
            yield from _named(item)
    elif isinstance(value, Mapping):
        key = next((key for key in TARGETS if isinstance(value.get(key), (str, int))), None)
        if key is not None:
            yield bare(str(value[key])), key
    elif isinstance(value, (str, int)) and not isinstance(value, bool):
        yield bare(str(value)), ""


def _in_texts(roll: Roll, style: str) -> Count:
    count = Count()
    for look in roll.readable:
        for name in targets_in(look.body, style):
            count.add(roll.knows(name, look))
    return count
