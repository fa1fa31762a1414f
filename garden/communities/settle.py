"""The moves that need no new group: out of communities that nothing bears, and into those of neighbours."""

from collections.abc import Callable

from garden.communities.groups import Groups
from garden.communities.register import Key
from garden.config import CommunitySettings

Borne = Callable[[int, Key], bool]


def prune(groups: Groups, borne: Borne, settings: CommunitySettings) -> None:
    """Takes patterns out of communities that they share with nobody, or that hold far less of theirs than by chance.

    One whose text speaks of the community by name stays in it as long as anybody else does. Only communities whose
    members have changed are looked at: nothing else bears on who belongs to them.
    """
    while groups.stirred:
        keys, groups.stirred = sorted(groups.stirred), set()
        for key in keys:
            for place in _unfounded(groups, key, settings):
                alone = len(groups.members[key]) < 2
                if alone or (strange(groups, place, key, settings) and not borne(place, key)):
                    groups.leave(place, key)


def _unfounded(groups: Groups, key: Key, settings: CommunitySettings) -> list[int]:
    """Members that may have to leave, in order: none of people's, and no strangers where most members are strangers.

    A community that its members' neighbourhoods do not bear out at all is a label that people or machines gave for
    other reasons; that one of its members has no neighbour in it then says nothing about that member.
    """
    members = sorted(groups.members.get(key, ()))
    loose = [place for place in members if key not in groups.fixed[place]]
    if len(members) < 2:
        return loose
    strangers = {place for place in members if strange(groups, place, key, settings)}
    return [place for place in loose if place in strangers] if 2 * len(strangers) <= len(members) else []


def strange(groups: Groups, place: int, key: Key, settings: CommunitySettings) -> bool:
    """Whether a community holds less of a pattern's neighbourhood than the setting's part of what chance would give."""
    share, chance = groups.share(place, key), groups.chance(place, key)
    return share < chance and share <= settings.leave_below * chance


def house(groups: Groups, settings: CommunitySettings) -> bool:
    """Gives each pattern that shares a community with nobody the best of its neighbours' communities, if good enough.

    The surest come first, for each may be what the next one needs; ties go by place.
    """
    homes = [(best_home(groups, place)[0], place) for place in groups.without_home()]
    moved = False
    for _, place in sorted((-gain, place) for gain, place in homes if gain >= settings.join_above):
        gain, key = best_home(groups, place)
        if gain >= settings.join_above and groups.homeless(place):
            groups.join(place, key)
            moved = True
    return moved


def best_home(groups: Groups, place: int) -> tuple[float, Key]:
    """The community of a pattern's neighbours with the greatest gain, which is below 0 where there is none."""
    options = [(groups.gain(place, key), key) for key in groups.around(place) if key not in groups.of[place]]
    return min(options, key=lambda option: (-option[0], option[1]), default=(-1.0, ""))
