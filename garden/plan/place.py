"""Where a section goes in a file that has none: where the library's other files have theirs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from garden.models import Pattern


@dataclass(frozen=True)
class Place:
    """``anchor``: keys that follow the section elsewhere, nearest first. ``banner``: the comment lines above it."""

    anchor: tuple[str, ...] = ()
    banner: str = ""


def section_place(patterns: Sequence[Pattern], key: str) -> Place:
    """The place that most files of the library give their section."""
    after: Counter[str] = Counter()
    distance: dict[str, int] = {}
    banners: Counter[str] = Counter()
    for pattern in patterns:
        if key not in pattern.keys:
            continue
        banners[pattern.banner] += 1
        for steps, follower in enumerate(pattern.keys[pattern.keys.index(key) + 1 :]):
            after[follower] += 1
            distance[follower] = min(steps, distance.get(follower, steps))
    # A key that follows in only a few files says little about the place.
    usual = [name for name, count in after.items() if count * 2 >= banners.total()]
    anchor = tuple(sorted(usual, key=lambda name: (distance[name], -after[name], name)))
    return Place(anchor, min(banners, key=lambda text: (-banners[text], text), default=""))
