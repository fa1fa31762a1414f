"""The weighted graph in which communities are sought: who is near whom, by text and by people's relationships."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SCALE = 10_000
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Web:
    """Each pattern's nearest others with whole-number weights, so that sums do not depend on their order.

    ``near[i]`` holds (place, weight) of i's neighbours by place, in both directions; ``degree[i]`` is their sum and
    ``total`` the sum of all degrees.
    """

    near: tuple[tuple[tuple[int, int], ...], ...]
    degree: tuple[int, ...]
    total: int

    def __len__(self) -> int:
        return len(self.near)


class Edges(NamedTuple):
    """Unordered pairs of places, side by side, each with a weight in 0..1."""

    left: NDArray[np.integer]
    right: NDArray[np.integer]
    weight: NDArray[np.floating]


def web_of(size: int, edges: Edges, curated: Iterable[tuple[int, int]] = (), most: int = 25) -> Web:
    """The graph over ``size`` patterns that ``edges`` make.

    Of each pattern the ``most`` heaviest edges count, together with those in which it is among the other's. ``curated``
    pairs count fully; leave out those of a library whose relationships cannot be trusted.
    """
    left, right = np.asarray(edges.left, np.int64), np.asarray(edges.right, np.int64)
    grams = np.rint(np.asarray(edges.weight, np.float64) * SCALE).astype(np.int64)
    chosen = _heaviest(size, left, right, grams, most)
    found: dict[tuple[int, int], int] = {}
    for a, b, gram in zip(left[chosen].tolist(), right[chosen].tolist(), grams[chosen].tolist(), strict=True):
        if a != b and gram > 0:
            pair = (min(a, b), max(a, b))
            found[pair] = max(gram, found.get(pair, 0))
    for a, b in curated:
        if a != b:
            found[min(a, b), max(a, b)] = SCALE
    return _web(size, found)


def _heaviest(size: int, left: Ints, right: Ints, grams: Ints, most: int) -> Ints:
    """Places of the edges that are among the ``most`` heaviest of at least one of their ends; ties by place."""
    ends, others = np.concatenate([left, right]), np.concatenate([right, left])
    weights, edge = np.concatenate([grams, grams]), np.tile(np.arange(len(left)), 2)
    order = np.lexsort((others, -weights, ends))
    starts = np.searchsorted(ends[order], np.arange(size))
    rank = np.arange(len(order)) - starts[ends[order]]
    return np.unique(edge[order[rank < most]])


def _web(size: int, found: dict[tuple[int, int], int]) -> Web:
    near: list[list[tuple[int, int]]] = [[] for _ in range(size)]
    for (a, b), gram in sorted(found.items()):
        near[a].append((b, gram))
        near[b].append((a, gram))
    degree = tuple(sum(gram for _, gram in row) for row in near)
    return Web(tuple(tuple(sorted(row)) for row in near), degree, sum(degree))
