"""Which front matter keys a library uses for what."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from garden.config import FieldSettings
from garden.survey.looks import Look, Roll, share, texts

# Names under which a field is met, the usual one first.
CANDIDATES: Mapping[str, tuple[str, ...]] = {
    "slug": ("slug",),
    "id": ("id", "uid", "uuid", "zettel_id", "zettel-id", "zk_id"),
    "title": ("title", "name", "titel", "titre", "titolo", "titulo"),
    "aliases": ("aliases", "alias", "also_known_as"),
    "summary": ("summary", "description", "excerpt", "abstract", "tldr"),
    "tension": ("ontology.search_hints.primary_tension", "tension"),
    "keywords": ("ontology.search_hints.vector_keywords", "keywords", "tags", "tag", "categories"),
}
LISTS = ("aliases", "keywords")
MOSTLY, ACCIDENT = 0.9, 0.01
TIME_STAMP = r"^\d{8,14}"
_HEADING = re.compile(r"^# +\S", re.MULTILINE)


def field_names(roll: Roll) -> dict[str, tuple[str, ...]]:
    """The names of each field that this library uses, in order of preference; fields that it has not are left out."""
    found: dict[str, tuple[str, ...]] = {}
    for field, names in CANDIDATES.items():
        used = tuple(_that_add(roll, [name for name in names if _fits(roll, field, name)]))
        if used:
            found[field] = used
    return found


def unusual(names: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The fields whose names are not the default ones."""
    usual = FieldSettings()
    return {field: used for field, used in names.items() if used != getattr(usual, field)}


def _that_add(roll: Roll, names: list[str]) -> Iterator[str]:
    """The names that files have which have none of the names before; what one in a hundred has is an accident."""
    left = roll.readable
    for name in names:
        rest = tuple(look for look in left if look.at(name) is None)
        if len(left) - len(rest) > len(roll.readable) * ACCIDENT:
            yield name
        left = rest


def _fits(roll: Roll, field: str, name: str) -> bool:
    values = [value for look in roll.readable if (value := look.at(name)) is not None]
    good = sum(_is_text(value, field in LISTS) for value in values)
    # A field that is the same everywhere, a placeholder say, is no name of one file.
    distinct = field not in ("id", "slug") or share(len({str(value) for value in values}), len(values)) >= MOSTLY
    return bool(values) and share(good, len(values)) >= MOSTLY and distinct


def _is_text(value: Any, lists: bool) -> bool:
    if isinstance(value, list):
        return lists and len(list(texts(value))) == len(value)
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def titles_in_headings(roll: Roll, names: Mapping[str, tuple[str, ...]]) -> int:
    """How many files open with a heading, where most have no title in front matter; 0 where the heading is no title."""
    without = [look for look in roll.readable if all(look.at(name) is None for name in names.get("title", ("title",)))]
    headed = sum(bool(_HEADING.search(look.body)) for look in without)
    plenty = share(len(without), len(roll.readable)) >= 0.5 and share(headed, len(without)) >= 0.5
    return headed if plenty else 0


def ids_in_names(roll: Roll, names: Mapping[str, tuple[str, ...]]) -> int:
    """How many files bear a time stamp of their own in their name, where most do; 0 where few do or ids are given."""
    stamped = [found.group() for look in roll.readable if (found := _stamp(look))]
    given = sum(any(look.at(name) is not None for name in names.get("id", ())) for look in roll.readable)
    own = len(set(stamped))
    return own if share(own, len(roll.readable)) >= 0.5 and share(given, len(roll.readable)) < MOSTLY else 0


def _stamp(look: Look) -> re.Match[str] | None:
    return re.match(TIME_STAMP, look.stem)
