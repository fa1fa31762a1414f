"""The library as a graph before and after a run: patterns, the beds they grow in, and what becomes of each link."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from garden.models import Community, Pattern, Section
from garden.names import Names, names_of
from garden.plan.curated import curated_pairs
from garden.report.page.layout import Ground, Ints, Springs
from garden.run import Run

Pair = tuple[int, int]

STATES = ("curated", "kept", "new", "removed")
SPRING = {"curated": 0.3, "kept": 1.0, "new": 1.0}
MOST_BEDS = 48
SMALLEST_BED = 3
SMALLEST_BED_SHARE = 0.004  # Of the patterns: below it a bed is too small to be seen on the map.


@dataclass(frozen=True, eq=False)
class GardenMap:
    """The graph of one run. Places are those of patterns in slug order; ``edges`` are (lower, higher) pairs.

    ``bed`` is each pattern's place in ``beds`` (their labels), -1 for none; ``before`` and ``after`` count the inferred
    links that lead to each pattern.
    """

    patterns: tuple[Pattern, ...]
    edges: Mapping[Pair, str]
    bed: Ints
    beds: tuple[str, ...]
    before: Ints
    after: Ints

    @property
    def ground(self) -> Ground:
        """What a layout needs to know of the graph: links that go are no part of it."""
        drawn = {pair: SPRING[state] for pair, state in self.edges.items() if state in SPRING}
        springs = Springs.between(len(self.patterns), list(drawn), list(drawn.values()))
        return Ground(tuple(pattern.slug for pattern in self.patterns), springs, self.bed, self.beds)


def garden_map(run: Run) -> GardenMap:
    """The graph of a run, as its report shows it."""
    patterns = run.library.patterns
    names = names_of(patterns, run.library.unreadable)
    before = [pattern.section for pattern in patterns]
    after = [run.plan.sections.get(pattern.slug, pattern.section) for pattern in patterns]
    beds = _beds(after)
    place = {key: number for number, key in enumerate(beds)}
    return GardenMap(
        patterns=patterns,
        edges=_edges(set(curated_pairs(patterns, names)), _pairs(before, names), _pairs(after, names)),
        bed=np.array([_bed_of(section, place) for section in after], dtype=np.intp),
        beds=tuple(beds.values()),
        before=_held(before, names),
        after=_held(after, names),
    )


def _links(sections: Sequence[Section | None]) -> Iterator[tuple[int, str]]:
    for place, section in enumerate(sections):
        for link in section.links if section else ():
            yield place, link.target


def _pairs(sections: Sequence[Section | None], names: Names) -> set[Pair]:
    found = ((place, names.find(target)) for place, target in _links(sections))
    return {(min(a, b), max(a, b)) for a, b in found if b is not None and a != b}


def _edges(curated: set[Pair], before: set[Pair], after: set[Pair]) -> dict[Pair, str]:
    """What becomes of each pair that anything joins. What people have joined is curated, whatever is inferred."""

    def state(pair: Pair) -> str:
        if pair in curated:
            return "curated"
        if pair in before:
            return "kept" if pair in after else "removed"
        return "new"

    return {pair: state(pair) for pair in sorted(curated | before | after)}


def _held(sections: Sequence[Section | None], names: Names) -> Ints:
    targets = (names.exact(target) for _, target in _links(sections))
    return np.bincount([place for place in targets if place is not None], minlength=len(sections)).astype(np.intp)


def _beds(sections: Sequence[Section | None]) -> dict[str, str]:
    """The communities that the map shows, id -> label: the largest first, each counted by members not yet planted."""
    waiting = [{community.id for community in section.communities} if section else set() for section in sections]
    labels = _labels(sections)
    least = max(SMALLEST_BED, int(SMALLEST_BED_SHARE * len(sections)))
    chosen: list[str] = []
    counts = Counter(key for keys in waiting for key in keys)
    while len(chosen) < MOST_BEDS and counts:
        best = min(counts, key=lambda key: (-counts[key], key))
        if counts[best] < least:
            break
        chosen.append(best)
        for keys in waiting:
            if best in keys:
                counts.subtract(keys)
                keys.clear()
        del counts[best]
    return {key: labels[key] for key in chosen}


def _labels(sections: Sequence[Section | None]) -> dict[str, str]:
    """The label most used for each community."""
    uses = Counter(
        (community.id, _label(community)) for section in sections if section for community in section.communities
    )
    best: dict[str, str] = {}
    for key, label in sorted(uses, key=lambda item: (-uses[item], item)):
        best.setdefault(key, label)
    return best


def _label(community: Community) -> str:
    return community.label or community.id


def _bed_of(section: Section | None, place: Mapping[str, int]) -> int:
    """The first of the map's beds, in their order, to which the pattern belongs."""
    keys = {community.id for community in section.communities} if section else set()
    return min((place[key] for key in keys if key in place), default=-1)
