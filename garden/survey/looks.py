"""Files as they are before any setting says how to read them, and who answers to which name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from garden.names import slugify
from garden.shapes.reader import stem

NAMING = ("slug", "id", "title", "aliases", "alias", "uid", "name")


@dataclass(frozen=True)
class Look:
    """One file: its front matter as plain data, and its body.

    ``data`` is empty where there is none, None where it cannot be read; ``bare`` says that the file has none at all.
    """

    path: str
    data: Mapping[str, Any] | None
    body: str = ""
    bare: bool = False

    @property
    def stem(self) -> str:
        """The file's name without folders and suffix."""
        return stem(self.path)

    def at(self, name: str) -> Any:
        """The value of a field; a dot in its name leads down a level."""
        value: Any = self.data or {}
        for step in name.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        return value


@dataclass(frozen=True)
class Roll:
    """All files of a library, and which of them a name may mean."""

    looks: tuple[Look, ...]

    @cached_property
    def readable(self) -> tuple[Look, ...]:
        """The files whose front matter can be read, or is none."""
        return tuple(look for look in self.looks if look.data is not None)

    @cached_property
    def _owners(self) -> dict[str, str]:
        owners: dict[str, str] = {}
        for look in self.looks:
            for name in (look.stem, *(text for key in NAMING for text in texts(look.at(key)))):
                owners.setdefault(slugify(name), look.path)
        return owners

    def knows(self, name: str, asker: Look) -> bool:
        """Whether a name means a file of this library other than the one that uses it."""
        owner = self._owners.get(slugify(name))
        return owner is not None and owner != asker.path


def texts(value: Any) -> Iterator[str]:
    """The texts of a value that is one text or a list of them; numbers count as they are shown."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, (str, int, float)) and not isinstance(item, bool):
            yield str(item)


def share(part: int, whole: int) -> float:
    """A part of a whole, 0 of nothing."""
    return part / whole if whole else 0.0


def counted_in(looks: Sequence[Look], key: str) -> int:
    """How many files have a field that says something."""
    return sum(look.at(key) is not None for look in looks)
