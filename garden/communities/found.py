"""Finds new groups among patterns that have no community yet."""

from collections.abc import Collection, Mapping

import networkx as nx

from garden.communities.groups import above_chance
from garden.communities.web import Web
from garden.config import CommunitySettings

TYPICAL = 400


def found(web: Web, homes: Mapping[int, float], settings: CommunitySettings) -> list[list[int]]:
    """Groups among the places that ``homes`` names, the largest first; ties go by their first member.

    ``homes`` gives each place's gain in the best community that there is: who has no more in a group is left out of it,
    and so is who has less than the setting says. Louvain's method (Blondel et al. 2008) by networkx, over the edges
    between those places. The resolution rises with their number, so that groups in a large library stay of a size that
    a person can survey.
    """
    graph = _graph_among(web, sorted(homes))
    if not graph.number_of_edges():
        return []
    resolution = settings.resolution * max(1.0, graph.number_of_nodes() / TYPICAL)
    parts = nx.community.louvain_communities(graph, resolution=resolution, seed=settings.seed)
    floors = {place: max(gain, settings.belong_above) for place, gain in homes.items()}
    groups = [_core(web, part, floors) for part in parts]
    return sorted((group for group in groups if len(group) >= settings.smallest), key=lambda g: (-len(g), g))


def _graph_among(web: Web, places: list[int]) -> "nx.Graph[int]":
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(places)
    inside = set(places)
    graph.add_weighted_edges_from(
        (place, other, gram) for place in places for other, gram in web.near[place] if other > place and other in inside
    )
    return graph


def _core(web: Web, members: Collection[int], floors: Mapping[int, float]) -> list[int]:
    """The members whose gain in the group is above their floor; the weak leave in turn."""
    inside = set(members)
    while True:
        volume = sum(web.degree[place] for place in sorted(inside))
        weak = [place for place in sorted(inside) if _gain(web, place, inside, volume) <= floors[place]]
        if not weak:
            return sorted(inside)
        inside.difference_update(weak)


def _gain(web: Web, place: int, inside: set[int], volume: int) -> float:
    degree = web.degree[place]
    shared = sum(gram for other, gram in web.near[place] if other in inside)
    return above_chance(shared / degree, (volume - degree) / web.total) if degree else -1.0
