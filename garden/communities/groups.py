"""The state of the groups while a run settles them, and the only moves that change it.

The moves climb one hill: modularity with overlaps (Newman and Girvan 2004, summed over communities), the sum over
communities and pairs in them of edge weight less what chance would give. A pattern joins where that rises by a margin
and leaves where it falls, so that settling ends; and where it ended, the next run, which starts from what the files
then say, finds no move to make.
"""

from collections.abc import Iterable, Sequence

from garden.communities.register import Key
from garden.communities.web import Web


class Groups:
    """Who is in which community. ``fixed`` memberships are people's and never change.

    ``open`` says of each pattern whether its file can take a community; ``stirred`` are the communities whose members
    have changed since somebody last emptied it.
    """

    def __init__(
        self, web: Web, fixed: Sequence[Iterable[Key]], moving: Sequence[Iterable[Key]], closed: Iterable[int] = ()
    ) -> None:
        """Starts from what stands in the files."""
        self.web = web
        self.fixed = tuple(frozenset(keys) for keys in fixed)
        shut = frozenset(closed)
        self.open = tuple(place not in shut for place in range(len(web)))
        self.of: list[set[Key]] = [set() for _ in range(len(web))]
        self.members: dict[Key, set[int]] = {}
        self.volume: dict[Key, int] = {}
        self.stirred: set[Key] = set()
        for place, (one, other) in enumerate(zip(self.fixed, moving, strict=True)):
            for key in sorted({*one, *other}):
                self.join(place, key)

    def join(self, place: int, key: Key) -> None:
        """Puts a pattern into a community, which comes to be where it is new; nothing where it is in it already."""
        if key in self.of[place]:
            return
        self.of[place].add(key)
        self.stirred.add(key)
        self.members.setdefault(key, set()).add(place)
        self.volume[key] = self.volume.get(key, 0) + self.web.degree[place]

    def leave(self, place: int, key: Key) -> None:
        """Takes a pattern out of a community, which ends with its last member."""
        self.of[place].remove(key)
        self.stirred.add(key)
        self.members[key].remove(place)
        self.volume[key] -= self.web.degree[place]
        if not self.members[key]:
            del self.members[key], self.volume[key]

    def homeless(self, place: int) -> bool:
        """Whether a pattern shares a community with nobody."""
        return all(len(self.members[key]) < 2 for key in self.of[place])

    def without_home(self) -> list[int]:
        """The patterns that share a community with nobody and whose files can take one, in order."""
        return [place for place, free in enumerate(self.open) if free and self.homeless(place)]

    def share(self, place: int, key: Key) -> float:
        """How much of a pattern's neighbourhood, by weight, is in a community; itself left out. 0..1."""
        degree, members = self.web.degree[place], self.members.get(key, ())
        inside = sum(gram for other, gram in self.web.near[place] if other in members)
        return inside / degree if degree else 0.0

    def chance(self, place: int, key: Key) -> float:
        """The share that chance would give: the community's part of all edges; the pattern itself left out."""
        volume = self.volume.get(key, 0)
        if key in self.of[place]:
            volume -= self.web.degree[place]
        return volume / self.web.total if self.web.total else 0.0

    def gain(self, place: int, key: Key) -> float:
        """How far a pattern's share in a community lies above chance, see ``above_chance``."""
        return above_chance(self.share(place, key), self.chance(place, key))

    def around(self, place: int) -> list[Key]:
        """The communities of a pattern's neighbours, in order."""
        return sorted({key for other, _ in self.web.near[place] for key in self.of[other]})

    def gain_of_all(self, group: Iterable[int], key: Key) -> float:
        """What the whole hill rises by when a group joins a community together, in units of edge weight."""
        joining = {place for place in group if key not in self.of[place]}
        edges = chance = 0.0
        volume = self.volume.get(key, 0)
        for place in sorted(joining):
            edges += sum(gram for other, gram in self.web.near[place] if key in self.of[other])
            edges += sum(gram for other, gram in self.web.near[place] if other in joining) / 2
            chance += self.web.degree[place] * volume
        within = [self.web.degree[place] for place in sorted(joining)]
        chance += (sum(within) ** 2 - sum(degree**2 for degree in within)) / 2
        return edges - chance / self.web.total if self.web.total else 0.0


def above_chance(share: float, chance: float) -> float:
    """A share beyond chance, as a part of what is possible beyond it (Cohen's kappa): 1 is all, 0 no more than chance.

    In a small library a community is a large part of everything, and chance alone gives much.
    """
    return (share - chance) / (1 - chance) if chance < 1 else 0.0
