"""What a name in a file means: a pattern's slug, its id, one of its aliases, or its file's name."""

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from garden.errors import UnknownPattern
from garden.models import Pattern, Problem
from garden.shapes.reader import stem


@dataclass(frozen=True)
class Heirs:
    """The patterns that a dead name may have become, the likeliest first.

    ``cause`` says why the first is clearly the one: ``git`` saw it renamed, or its ``name`` is nearly equal.
    """

    places: tuple[int, ...] = ()
    cause: str | None = None

    @property
    def clear(self) -> int | None:
        """The one pattern that the name now means, None where that is not sure."""
        return self.places[0] if self.cause else None


@dataclass(frozen=True)
class Names:
    """Places of patterns (in slug order) by every name they answer to, each as ``composed`` has it.

    ``reserved`` are names whose pattern exists but cannot be read: they are found nowhere, yet are not dead. Where not
    ``whole``, a part of the library was not looked at, so any name may be that of a pattern in it. ``heirs`` tell of
    each name that an inferred link bears and no pattern has, and of those in curated relationships with one clear heir.
    """

    slugs: dict[str, int]
    ids: dict[str, int]
    aliases: dict[str, int]
    reserved: frozenset[str] = field(default_factory=frozenset)
    whole: bool = True
    heirs: Mapping[str, Heirs] = field(default_factory=dict)

    def exact(self, name: str) -> int | None:
        """The pattern whose slug or id is ``name``."""
        one = composed(name)
        found = self.slugs.get(one)
        return self.ids.get(one) if found is None else found

    def unread(self, name: str) -> bool:
        """Whether a name may be that of a pattern that cannot be read, in other letters or by its file's name too."""
        return any(one in self.reserved for one in (composed(name), *_loosely(name)))

    def find(self, name: str) -> int | None:
        """The pattern that ``name`` means: by slug, then id, then slug in other letters, then by what is one pattern's
        alone: an alias, its file's name.
        """
        found = self.exact(name)
        for key in _loosely(name) if found is None else ():
            found = self.slugs.get(key, self.aliases.get(key)) if found is None else found
        return found

    def meant(self, name: str) -> int | None:
        """The pattern that a link's or a relationship's target means: the one of that name, else its one clear heir."""
        found = self.find(name)
        return self.heirs[name].clear if found is None and name in self.heirs else found


# A file's name without its ending and its folders. What lies at an address is nothing of this library.
_FILE = re.compile(r"\A(?![a-z][a-z0-9+.-]*:|//)(?:.*/)?([^/]+)\.(?:md|markdown)\Z", re.IGNORECASE)


def _loosely(name: str) -> tuple[str, str]:
    """A name as a slug, and what it is as a file's name, as a slug."""
    return slugify(name), slugify(_FILE.sub(r"\1", name))


def names_of(patterns: Sequence[Pattern], reserved: Iterable[str] = (), *, whole: bool = True) -> Names:
    """The names of ``patterns``, which are in slug order; ``whole`` tells that they are all there are."""
    slugs = {composed(pattern.slug): place for place, pattern in enumerate(patterns)}
    borne = [composed(pattern.id or "") for pattern in patterns]
    holders = Counter(borne)
    # An id that several patterns bear, a placeholder say, means none of them.
    ids = {one: place for place, one in enumerate(borne) if one and holders[one] == 1}
    return Names(slugs, ids, _unique_aliases(patterns, slugs), _reserved(reserved), whole)


def _reserved(names: Iterable[str]) -> frozenset[str]:
    return frozenset(one for name in names for one in (composed(name), slugify(name)))


def composed(name: str) -> str:
    """The one of the ways to write ``name`` by which it is known: macOS may store an é in a file's name as an e with an
    accent behind it, where people and other systems write one letter.
    """
    return unicodedata.normalize("NFC", name)


@lru_cache(maxsize=1 << 16)
def slugify(text: str) -> str:
    """``text`` as a slug: lower case, runs of anything else than letters and digits as one hyphen."""
    return re.sub(r"[^\w]+|_+", "-", composed(text).lower()).strip("-")


def _unique_aliases(patterns: Sequence[Pattern], slugs: dict[str, int]) -> dict[str, int]:
    owners: dict[str, set[int]] = {}
    for place, pattern in enumerate(patterns):
        for alias in (*pattern.aliases, stem(pattern.path), pattern.slug):
            owners.setdefault(slugify(alias), set()).add(place)
    return {alias: min(places) for alias, places in sorted(owners.items()) if len(places) == 1 and alias not in slugs}


def unknown(name: str, patterns: Iterable[Pattern], problems: Iterable[Problem]) -> UnknownPattern:
    """What to say of a name that no pattern has: which are near, in whatever letters, or why its file is not read."""
    slugs = {pattern.slug.casefold(): pattern.slug for pattern in patterns}
    near = [slugs[slug] for slug in difflib.get_close_matches(name.casefold(), slugs, n=3)]
    unread = [str(one) for one in problems if composed(stem(one.path)) == composed(name)]
    return UnknownPattern(name, tuple(near), next(iter(unread), ""))
