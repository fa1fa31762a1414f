"""Values of known types out of front matter, each error at its own line and column."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from garden.errors import FrontMatterError
from garden.frontmatter import FrontMatter, Path, position, written

_NOT_WORD = re.compile(r"[^\w]+|_+")


@dataclass(frozen=True)
class Reader:
    """Values of known types out of the data, or an error that names the place."""

    front: FrontMatter
    text_of_file: str

    def wrong(self, at: Path, message: str, code: str = "wrong-type") -> FrontMatterError:
        """The error that names what stands at a path."""
        return FrontMatterError(code, message, *position(self.text_of_file, self.front, at))

    def holder(self, names: Iterable[str]) -> tuple[Mapping[str, Any], str, Path]:
        """What holds the first of these fields that says something, its key there, and the path above that key.

        A dot in a name leads down a level.
        """
        for name in names:
            *above, key = name.split(".")
            held: Mapping[str, Any] = self.front.data
            for step in above:
                held = mapping(held.get(step))
            if held.get(key) is not None:
                return held, key, tuple(above)
        return {}, "", ()

    def field(self, names: Iterable[str]) -> str | None:
        """The text of the first of these fields that says something."""
        return self.text(*self.holder(names))

    def field_list(self, names: Iterable[str]) -> tuple[str, ...]:
        """The same, of a field that holds a list."""
        return self.texts(*self.holder(names))

    def text(self, data: Mapping[str, Any], key: str, above: Path = ()) -> str | None:
        """Text as written: an unquoted 1984, no or 2026-02-16 is what stands there, not what YAML makes of it."""
        value = data.get(key)
        return value if value is None or isinstance(value, str) else self.as_text(value, (*above, key))

    def as_text(self, value: Any, at: Path) -> str:
        """One value as it is written."""
        if isinstance(value, (dict, list)):
            raise self.wrong(
                at, f"{_named(at)} should be text, but this is {kind_of(value)}; write one value, in quotes"
            )
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
        """A number that is finite."""
        value = data.get(key)
        if value is None:
            return None
        # A bool is an int to Python, but not to the person who wrote it.
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.wrong((*above, key), f"{key} should be a number, but this is {kind_of(value)}; write it as 0.8")
        if not math.isfinite(value):
            raise self.wrong((*above, key), f"{key} should be a number from 0 to 1; write it as 0.8", "not-finite")
        return float(value)

    def items(self, data: Mapping[str, Any], key: str, above: Path = ()) -> list[Any]:
        """The items of a list, whatever they are."""
        value, at = data.get(key), (*above, key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.wrong(at, f"{key} should be a list, but this is {kind_of(value)}; write [] for none")
        return value


def mapping(value: Any) -> Mapping[str, Any]:
    """The value where it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def stem(path: str) -> str:
    """A file's name without its folders and its last suffix."""
    name = path.rpartition("/")[2]
    return name[: name.rindex(".")] if "." in name[1:] else name


def words(name: str) -> list[str]:
    """The words of a slug or label."""
    return [word for word in _NOT_WORD.split(name) if word]


def id_from(label: str) -> str:
    """The id that a label makes."""
    return "-".join(words(label)).lower()


def _named(at: Path) -> str:
    return f"an item of {at[-2]}" if isinstance(at[-1], int) else at[-1]


def kind_of(value: Any) -> str:
    """What a value is, in a person's words."""
    if isinstance(value, bool):
        return "yes or no"
    names = {dict: "a mapping", list: "a list", str: "text", int: "a number", float: "a number"}
    return names.get(type(value), "a date")
