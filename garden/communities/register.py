"""The communities that stand in the files: which names mean the same one, and whose word each membership is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from garden import terms
from garden.models import Community, Pattern
from garden.names import slugify

SOURCES_OF_PEOPLE = frozenset({"taxonomy", "curated"})
Key = str


@dataclass(frozen=True)
class Name:
    """How a community is called in files."""

    id: str
    label: str


@dataclass(frozen=True)
class Register:
    """For each pattern the communities that stand in its file, in order, each with the key that it means.

    ``people`` are those that a person gave, ``machine`` the others.
    """

    people: tuple[tuple[tuple[Key, Community], ...], ...]
    machine: tuple[tuple[tuple[Key, Community], ...], ...]

    def names(self, kept: Sequence[frozenset[Key]]) -> dict[Key, Name]:
        """The name of each community, where of each pattern's machine-given ones only ``kept`` count.

        People's names lead, then the most used, then the first in the alphabet: what leads still leads once every
        machine-given name has followed it.
        """
        told = _Uses.of(item for row in self.people for item in row)
        said = _Uses.of(
            (key, item) for row, keys in zip(self.machine, kept, strict=True) for key, item in row if key in keys
        )
        return {**said.names(), **told.names()}


@dataclass(frozen=True)
class _Uses:
    """How often each key is written with each id, and each id with each label."""

    ids: Mapping[Key, Counter[str]]
    labels: Mapping[str, Counter[str]]

    @classmethod
    def of(cls, items: Iterable[tuple[Key, Community]]) -> "_Uses":
        ids: dict[Key, Counter[str]] = {}
        labels: dict[str, Counter[str]] = {}
        for key, item in items:
            ids.setdefault(key, Counter())[item.id] += 1
            labels.setdefault(item.id, Counter())[item.label] += 1
        return cls(ids, labels)

    def names(self) -> dict[Key, Name]:
        found = {}
        for key, used in sorted(self.ids.items()):
            id_ = most_used(used)
            found[key] = Name(id_, readable(most_used(self.labels[id_])))
        return found


@cache
def community_key(id_: str) -> Key:
    """What an id means: its words folded (plural, spelling) in their order, without those of no meaning.

    learning-development and learnings-and-developments are one community; systems-design and design-systems are two.
    """
    words = terms.TOKEN.findall(slugify(id_).replace("-", " "))
    return " ".join(terms.stem(word) for word in words if word not in terms.STOP_WORDS) or id_


def register_of(patterns: Sequence[Pattern]) -> Register:
    """Reads the communities of all patterns."""
    people: list[tuple[tuple[Key, Community], ...]] = []
    machine: list[tuple[tuple[Key, Community], ...]] = []
    for pattern in patterns:
        standing = pattern.section.communities if pattern.section else ()
        keyed = [(community_key(item.id), item) for item in standing]
        people.append(tuple(pair for pair in keyed if pair[1].source in SOURCES_OF_PEOPLE))
        machine.append(tuple(pair for pair in keyed if pair[1].source not in SOURCES_OF_PEOPLE))
    return Register(tuple(people), tuple(machine))


def most_used(counts: Counter[str]) -> str:
    """The most used string, the first in the alphabet among equals."""
    return min(counts, key=lambda value: (-counts[value], value))


def readable(label: str) -> str:
    """A label for people: a slug is written out in words."""
    return label if label != slugify(label) else label.replace("-", " ").title()
