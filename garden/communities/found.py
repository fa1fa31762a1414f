"""Finds new groups among patterns that have no community yet."""

import networkx as nx

from garden.communities.web import Web
from garden.config import CommunitySettings

TYPICAL = 400


def found(web: Web, places: list[int], settings: CommunitySettings) -> list[list[int]]:
    """Groups among ``places`` that hold together, the largest first; ties go by their first member.

    Louvain's method (Blondel et al. 2008) by networkx, over the edges between those places. The resolution rises with
    their number, so that groups in a large library stay of a size that a person can survey. Members that have less
    than the setting's part of their neighbourhood in their group, beyond chance, are left out.
    """
    graph = _graph_among(web, places)
    if not graph.number_of_edges():
        return []
    resolution = settings.resolution * max(1.0, graph.number_of_nodes() / TYPICAL)
    parts = nx.community.louvain_communities(graph, resolution=resolution, seed=settings.seed)
    groups = [_core(web, sorted(part), settings.belong_above) for part in parts]
    return sorted((group for group in groups if len(group) >= settings.smallest), key=lambda g: (-len(g), g))


def _graph_among(web: Web, places: list[int]) -> "nx.Graph[int]":
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(places)
    inside = set(places)
    graph.add_weighted_edges_from(
        (place, other, gram) for place in places for other, gram in web.near[place] if other > place and other in inside
    )
    return graph


def _core(web: Web, members: list[int], least: float) -> list[int]:
    """The members whose neighbourhood is in the group by more than chance and ``least``; the weak leave in turn."""
    inside = set(members)
    while True:
        volume = sum(web.degree[place] for place in sorted(inside))
        weak = [place for place in sorted(inside) if _gain(web, place, inside, volume) < least]
        if not weak:
            return sorted(inside)
        inside.difference_update(weak)


def _gain(web: Web, place: int, inside: set[int], volume: int) -> float:
    degree = web.degree[place]
    shared = sum(gram for other, gram in web.near[place] if other in inside)
    return shared / degree - (volume - degree) / web.total if degree else -1.0
