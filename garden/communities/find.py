"""From standing communities and texts to the communities that each pattern should have."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from garden import terms
from garden.communities.found import found
from garden.communities.groups import Groups
from garden.communities.naming import Wording, names_for
from garden.communities.register import Key, Name, Register, community_key, register_of
from garden.communities.settle import Borne, best_home, house, prune
from garden.communities.web import Edges, Web, web_of
from garden.config import CommunitySettings, Settings
from garden.links import Pair, Shelf
from garden.models import Community, Pattern
from garden.names import slugify
from garden.prose import Prose

DOUBT = 0.1
NEAREST = 3
FEWEST_NEAR = 8
_NO_WORDS = np.empty(0, np.uint64)


@dataclass(frozen=True)
class Membership:
    """One pattern's place in a community.

    ``share`` is the part of its neighbourhood that is in it and ``chance`` what chance would give, both 0..1;
    ``others`` counts the other members, ``nearest`` are the places of its nearest ones.
    """

    name: Name
    share: float
    chance: float
    others: int
    nearest: tuple[int, ...]

    @property
    def confidence(self) -> float:
        """Its share against chance, with some doubt that weighs against a small share; 0..1."""
        return round(self.share / (self.share + self.chance + DOUBT), 2)


@dataclass(frozen=True)
class Communities:
    """What each pattern's communities should be, by key, and the keys of those found anew.

    ``wanted[i]`` holds all of a pattern's memberships; ``topics[i]`` is the key of the one in which it is most at home,
    None for a pattern that shares a community with nobody; ``sizes`` counts the members of each that is left.
    """

    register: Register
    wanted: tuple[dict[Key, Membership], ...]
    topics: tuple[Key | None, ...]
    found: tuple[Key, ...]
    sizes: dict[Key, int]


def find_communities(
    patterns: Sequence[Pattern],
    proses: Sequence[Prose],
    web: Web,
    settings: CommunitySettings,
    closed: Collection[int] = (),
) -> Communities:
    """The communities of a library's patterns, which are in slug order; ``closed`` are places whose files take none.

    What stands is where it starts: machine-given memberships that neighbours or text bear stay, the others go; a
    pattern without a community joins its neighbours'; where there is none to join, new groups are found and named.
    Once the result stands in the files, the same call gives the same result again.
    """
    register = register_of(patterns)
    machine = [{key for key, _ in row} for row in register.machine]
    groups = Groups(web, [[key for key, _ in row] for row in register.people], machine, closed)
    new = _settle(groups, _Borne(proses, register), _Namer(patterns, proses), settings)
    kept = [frozenset(groups.of[place] & machine[place]) for place in range(len(web))]
    names = {**new, **register.names(kept)}
    wanted = tuple(
        {key: _membership(groups, place, key, names[key]) for key in sorted(groups.of[place])}
        for place in range(len(web))
    )
    return Communities(
        register=register,
        wanted=wanted,
        topics=tuple(_topic(row) for row in wanted),
        found=tuple(sorted(new.keys() & groups.members.keys())),
        sizes={key: len(members) for key, members in sorted(groups.members.items())},
    )


def communities_of(
    patterns: Sequence[Pattern], proses: Sequence[Prose], edges: Edges, curated: Iterable[Pair], settings: Settings
) -> Communities | None:
    """The communities of a library, sought among weighted pairs of its patterns; None where settings leave them alone.

    ``curated`` are the pairs that people joined, none where they cannot be trusted. What says nothing but its title is
    given none.
    """
    if not settings.communities.tend:
        return None
    # What is near is a smaller part of a large library: in a small one, 25 others are half of all subjects.
    nearest = min(settings.communities.neighbours, max(FEWEST_NEAR, isqrt(len(patterns))))
    web = web_of(len(patterns), edges, curated, nearest)
    skips = settings.section.missing == "skip"
    silent = Shelf.of(patterns, proses).silent
    closed = [
        place
        for place, pattern in enumerate(patterns)
        if (skips and pattern.section is None) or (place in silent and not _communities(pattern))
    ]
    return find_communities(patterns, proses, web, settings.communities, closed)


def _communities(pattern: Pattern) -> tuple[Community, ...]:
    return pattern.section.communities if pattern.section else ()


class _Borne:
    """Whether a pattern's text has all the words of a community's name; a name without meaningful words is not."""

    def __init__(self, proses: Sequence[Prose], register: Register) -> None:
        self._proses = proses
        self._words: dict[Key, NDArray[np.uint64]] = {}
        for row in (*register.people, *register.machine):
            for key, item in row:
                if key not in self._words:
                    self._words[key] = np.unique(terms.content_keys(slugify(item.id).replace("-", " ")))

    def __call__(self, place: int, key: Key) -> bool:
        words, told = self._words.get(key, _NO_WORDS), self._proses[place].keys
        if not len(words) or not len(told):
            return False
        return bool((told[np.minimum(told.searchsorted(words), len(told) - 1)] == words).all())


def _settle(groups: Groups, borne: Borne, namer: "_Namer", settings: CommunitySettings) -> dict[Key, Name]:
    """Moves patterns until no allowed move is left, and gives the names of the groups that were found."""
    new: dict[Key, Name] = {}
    moved = True
    while moved:
        prune(groups, borne, settings)
        # Groups come before homes: one by one, patterns of a new subject would all trickle into some neighbour's group.
        homes = {place: best_home(groups, place)[0] for place in groups.without_home()}
        for group in found(groups.web, homes, settings):
            _settle_in(groups, group, namer.names(group), new)
        moved = house(groups, settings) or bool(groups.stirred)
    return new


class _Namer:
    """Names for groups; what that needs of the whole library is only gathered where there is a group to name."""

    def __init__(self, patterns: Sequence[Pattern], proses: Sequence[Prose]) -> None:
        self._patterns, self._proses = patterns, proses

    @cached_property
    def _wording(self) -> Wording:
        return Wording.of(self._patterns, self._proses)

    def names(self, group: Sequence[int]) -> list[Name]:
        return names_for(group, self._wording)


def _settle_in(groups: Groups, group: list[int], names: list[Name], new: dict[Key, Name]) -> None:
    """Puts a new group under the first name that is free, or that belongs to a community in which it fits as well."""
    for name in chain(names, _numbered(names)):
        key = community_key(name.id)
        if key not in groups.members:
            new[key] = name
        elif groups.gain_of_all(group, key) <= 0:
            continue
        for place in group:
            groups.join(place, key)
        return


def _numbered(names: list[Name]) -> Iterator[Name]:
    """Where every fitting name is taken by other groups: the best one, or a plain one, with a number."""
    base = names[0] if names else Name("group", "Group")
    for number in count(2):
        yield Name(f"{base.id}-{number}", f"{base.label} {number}")


def _membership(groups: Groups, place: int, key: Key, name: Name) -> Membership:
    near = sorted((-gram, other) for other, gram in groups.web.near[place] if key in groups.of[other])
    return Membership(
        name=name,
        share=round(groups.share(place, key), 3),
        chance=round(groups.chance(place, key), 3),
        others=len(groups.members[key]) - 1,
        nearest=tuple(other for _, other in near[:NEAREST]),
    )


def _topic(row: dict[Key, Membership]) -> Key | None:
    shared = [key for key in row if row[key].others]
    return min(shared, key=lambda key: (row[key].chance - row[key].share, key), default=None)
