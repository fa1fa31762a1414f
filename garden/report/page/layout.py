"""Where each pattern lies on the map: the same links give the same places, and a small change moves little.

The beds (communities) are laid out first, as a small graph of their own; then every pattern starts in its bed and is
relaxed by springs along its links, a pull towards its bed's middle, and a repulsion between all patterns. What a layout
starts from depends smoothly on the links: noise drawn from each name, low-pass filtered over the graph. The repulsion
is a convolution on a grid. It is done by fast Fourier transform as in FIt-SNE (Linderman et al. 2019), so that a step
costs nearly the same however many patterns there are, and summed term by term where they are so few that this is less.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]
Places = Mapping[str, tuple[float, float]]

LAYOUT = "1"  # Changes when the same graph would be laid out otherwise.
GRID = 128
SIDE = 2 * GRID  # Padded, so that the convolution does not wrap around.
SMOOTHING = 30
SETTLING = 12
DISTANCE = 0.9  # Between neighbours, where n patterns share a square whose side is twice the root of n.
DIGITS = 4
STEADY = 7
FEW = 64  # Patterns up to which the sum, term by term, takes less than the transform.
_CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))


@dataclass(frozen=True)
class Forces:
    """How a layout is relaxed. ``sharpness`` is the repulsion's fall: 1 is felt far away, 2 only near by."""

    steps: int
    spring: float
    bed: float
    gravity: float
    sharpness: float
    softness: float


AMONG_BEDS = Forces(steps=160, spring=1.0, bed=0.0, gravity=0.02, sharpness=1.0, softness=1.0)
AMONG_PATTERNS = Forces(steps=110, spring=0.7, bed=0.05, gravity=0.006, sharpness=2.0, softness=4.0)


@dataclass(frozen=True, eq=False)
class Springs:
    """Links as springs: two arrays of places, and how hard each pulls."""

    left: Ints
    right: Ints
    weight: Floats

    @classmethod
    def between(cls, n: int, pairs: Sequence[tuple[int, int]], weights: Sequence[float]) -> "Springs":
        """Springs whose pull is shared between the links of a pattern, so that a hub does not gather the whole map."""
        ends = np.array(pairs, dtype=np.intp).reshape(-1, 2)
        weight = np.array(weights, dtype=np.float64)
        degree = np.bincount(ends.ravel(), np.repeat(weight, 2), minlength=n)
        return cls(ends[:, 0], ends[:, 1], weight / np.sqrt(np.maximum(degree[ends[:, 0]] * degree[ends[:, 1]], 1e-9)))

    def mean(self, n: int) -> sparse.csr_matrix:
        """The matrix that takes values of n patterns to the mean of their neighbours' values."""
        half = sparse.csr_matrix((self.weight, (self.left, self.right)), shape=(n, n))
        both = (half + half.T).tocsr()
        total = np.maximum(np.asarray(both.sum(axis=1)).ravel(), 1e-9)
        return (sparse.diags_array(1 / total) @ both).tocsr()


@dataclass(frozen=True, eq=False)
class Ground:
    """What is to be laid out: patterns by slug, their springs, and the bed of each (-1 for none) among ``beds``."""

    slugs: tuple[str, ...]
    springs: Springs
    bed: Ints
    beds: tuple[str, ...]


def lay_out(ground: Ground, known: Places | None = None) -> Floats:
    """Coordinates in about -1 to 1, one row a slug. Slugs that ``known`` places stay there, and the others join them.

    Deterministic: there is no randomness but what the names themselves give.
    """
    n = len(ground.slugs)
    if n == 0:
        return np.empty((0, 2))
    pinned = np.array([slug in (known or {}) for slug in ground.slugs])
    scale = float(np.sqrt(n))
    start = _beside_the_known(ground, known or {}, pinned) if pinned.any() else _from_beds(ground)
    places = _relaxed(_steady(start * scale), ground, pinned, AMONG_PATTERNS)
    for _ in range(SETTLING):
        places = _steady(_apart(places, pinned))
    return np.round(places / scale, DIGITS) if pinned.any() else _fitted(places)


def _from_beds(ground: Ground) -> Floats:
    """Every pattern in its bed, around the bed's middle; those without one where their neighbours are."""
    n, own = len(ground.slugs), np.array([_noise(slug) for slug in ground.slugs])
    if not ground.beds:
        return _smooth_start(ground.slugs, ground.springs)
    middles = _middles(ground)
    size = np.bincount(ground.bed[ground.bed >= 0], minlength=len(ground.beds))
    planted = ground.bed >= 0
    bed = np.maximum(ground.bed, 0)
    start = np.where(planted[:, None], 0.9 * middles[bed] + 0.8 * own * np.sqrt(size[bed] / n)[:, None], 0)
    return _filled(start, ground, planted) + 0.05 * own * ~planted[:, None]


def _middles(ground: Ground) -> Floats:
    """Where the beds lie: their graph has a spring for each two beds that links join, by links for each member."""
    size = np.bincount(ground.bed[ground.bed >= 0], minlength=len(ground.beds))
    ends = np.sort(ground.bed[np.stack([ground.springs.left, ground.springs.right], axis=1)], axis=1)
    ends = ends[(ends[:, 0] >= 0) & (ends[:, 0] != ends[:, 1])]
    joined, counts = np.unique(ends, axis=0, return_counts=True)
    pairs = [(int(left), int(right)) for left, right in joined]
    weights = [count / np.sqrt(size[a] * size[b]) for count, (a, b) in zip(counts, pairs, strict=True)]
    springs = Springs.between(len(ground.beds), pairs, weights)
    start = _steady(_smooth_start(ground.beds, springs) * np.sqrt(len(ground.beds)))
    none = np.zeros(len(ground.beds), dtype=bool)
    alone = Ground(ground.beds, springs, np.full(len(ground.beds), -1), ())
    return _fitted(_relaxed(start, alone, none, AMONG_BEDS))


def _beside_the_known(ground: Ground, known: Places, pinned: Flags) -> Floats:
    given = np.array([known.get(slug, (0.0, 0.0)) for slug in ground.slugs])
    own = np.array([_noise(slug) for slug in ground.slugs])
    return _filled(given, ground, pinned) + 0.03 * own * ~pinned[:, None]


def _filled(start: Floats, ground: Ground, settled: Flags) -> Floats:
    """``start`` with the rows that are not settled put in the middle of their neighbours."""
    mean = ground.springs.mean(len(ground.slugs))
    places = start
    for _ in range(SMOOTHING):
        places = np.where(settled[:, None], start, mean @ places)
    return places


def _smooth_start(names: Sequence[str], springs: Springs) -> Floats:
    mean = springs.mean(len(names))
    smooth = np.array([_noise(name) for name in names])
    for _ in range(SMOOTHING):
        smooth = 0.5 * smooth + 0.5 * (mean @ smooth)
    # Spread evenly along each axis: the order is kept, the crowding in the middle is not.
    order = np.argsort(np.argsort(_steady(smooth), axis=0, kind="stable"), axis=0, kind="stable")
    return (order + 0.5) / len(names) * 2 - 1


def _noise(name: str) -> tuple[float, float]:
    """A point in the square from -1 to 1 that only the name decides."""
    draw = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(draw[:4], "big") / 2**31 - 1, int.from_bytes(draw[4:], "big") / 2**31 - 1


def _relaxed(start: Floats, ground: Ground, pinned: Flags, forces: Forces) -> Floats:
    places = start
    for step in range(0 if pinned.all() else forces.steps):
        places = _steady(places + _move(places, ground, forces, 1 - step / forces.steps) * ~pinned[:, None])
    return places


def _steady(places: Floats) -> Floats:
    """Places without the last digits, in which processors differ and which a hundred steps would make visible."""
    rounded: Floats = np.round(places, STEADY)
    return rounded


def _move(places: Floats, ground: Ground, forces: Forces, heat: float) -> Floats:
    """One step of every pattern, no longer than ``heat`` (1 at the start, 0 at the end) allows."""
    springs, n = ground.springs, len(places)
    force = _repulsion(places, forces) - forces.gravity * places
    pull = (places[springs.right] - places[springs.left]) * springs.weight[:, None] * forces.spring
    for axis in (0, 1):
        force[:, axis] += np.bincount(springs.left, pull[:, axis], minlength=n)
        force[:, axis] -= np.bincount(springs.right, pull[:, axis], minlength=n)
    length = np.linalg.norm(force, axis=1, keepdims=True)
    longest = 0.2 + 0.04 * heat * np.sqrt(n)
    step = force * np.minimum(1, longest / np.maximum(length, 1e-9)) * (0.3 + 0.5 * heat)
    moves: Floats = step + forces.bed * _to_middle(places, ground)
    return moves


def _to_middle(places: Floats, ground: Ground) -> Floats:
    """From each planted pattern to the middle of its bed; nothing for the others."""
    if not ground.beds:
        return np.zeros_like(places)
    planted = ground.bed >= 0
    bed, count = ground.bed[planted], len(ground.beds)
    size = np.maximum(np.bincount(bed, minlength=count), 1)
    middle = np.stack([np.bincount(bed, places[planted, axis], minlength=count) / size for axis in (0, 1)], axis=1)
    return np.where(planted[:, None], middle[np.maximum(ground.bed, 0)] - places, 0)


def _repulsion(places: Floats, forces: Forces) -> Floats:
    """The push of all others, d / (1 + d^2 / softness)^sharpness each, on a grid: deposit, convolve, read back."""
    # A cell grows in steps, so that the kernel need not be transformed anew for each small change of the extent.
    extent = float(np.ptp(places, axis=0).max()) / (GRID - 3) + 1e-9
    cell = 1.05 ** float(np.ceil(np.log(extent) / np.log(1.05)))
    at = (places - places.min(axis=0)) / cell + 1
    corner = at.astype(np.intp)
    part = at - corner
    row, column = ((1 - part[:, axis], part[:, axis]) for axis in (0, 1))
    shares = np.concatenate([row[i] * column[j] for i, j in _CORNERS])
    convolved = _summed if len(places) <= FEW else _transformed
    pushes = [push * shares for push in convolved(corner, shares, cell, forces)]
    return np.stack([push.reshape(len(_CORNERS), -1).sum(axis=0) for push in pushes], axis=1)


def _summed(corner: Ints, shares: Floats, cell: float, forces: Forces) -> list[Floats]:
    """What the cells around each place are pushed along x and along y: the kernel at every distance between them."""
    cells = np.concatenate([corner + each for each in _CORNERS])
    along, across = ((cells[:, None, axis] - cells[None, :, axis]) * cell for axis in (0, 1))
    fall = (1 + (along**2 + across**2) / forces.softness) ** forces.sharpness
    return [(along / fall) @ shares, (across / fall) @ shares]


def _transformed(corner: Ints, shares: Floats, cell: float, forces: Forces) -> list[Floats]:
    """The same, by fast Fourier transform."""
    from scipy import fft  # noqa: PLC0415 - loading it costs a moment of every command

    density = np.bincount(_cells(corner, GRID), shares, minlength=GRID * GRID).reshape(GRID, GRID)
    spectrum = fft.rfft2(density, (SIDE, SIDE))
    read = _cells(corner, SIDE)
    return [fft.irfft2(spectrum * kernel, (SIDE, SIDE)).ravel()[read] for kernel in _kernels(cell, forces)]


def _cells(corner: Ints, side: int) -> Ints:
    """The four cells around each place, as places in the raveled grid: all first ones, all second ones, and so on."""
    return np.concatenate([(corner[:, 0] + i) * side + corner[:, 1] + j for i, j in _CORNERS])


@lru_cache(maxsize=16)
def _kernels(cell: float, forces: Forces) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """The transformed push along x and along y on a grid of cells that wide."""
    from scipy import fft  # noqa: PLC0415 - loading it costs a moment of every command

    offset = fft.fftfreq(SIDE, 1 / SIDE) * cell
    square = offset[:, None] ** 2 + offset[None, :] ** 2
    kernel = offset[:, None] / (1 + square / forces.softness) ** forces.sharpness
    return fft.rfft2(kernel), fft.rfft2(kernel.T)


def _apart(places: Floats, pinned: Flags) -> Floats:
    """Pushes apart the patterns that lie too close: discs on the map should not cover one another."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - loading it costs a moment of every command

    near = cKDTree(places).query_pairs(DISTANCE, output_type="ndarray")
    near = near[np.lexsort((near[:, 1], near[:, 0]))]
    gap = places[near[:, 1]] - places[near[:, 0]]
    length = np.maximum(np.linalg.norm(gap, axis=1), 1e-6)
    push = gap / length[:, None] * ((DISTANCE - length) / 2)[:, None]
    moved = places.copy()
    for axis in (0, 1):
        moved[:, axis] -= np.bincount(near[:, 0], push[:, axis], minlength=len(places))
        moved[:, axis] += np.bincount(near[:, 1], push[:, axis], minlength=len(places))
    return np.where(pinned[:, None], places, moved)


def _fitted(places: Floats) -> Floats:
    centred = places - (places.max(axis=0) + places.min(axis=0)) / 2
    fitted: Floats = np.round(centred / max(float(np.abs(centred).max()), 1e-9), DIGITS)
    return fitted
