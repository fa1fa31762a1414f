import numpy as np
import pytest

from garden.report.page import layout
from garden.report.page.layout import Ground, Springs, lay_out

BEDS = 6
SIZE = 40


def garden_of(beds: int = BEDS, size: int = SIZE, *, without: float = 0.0) -> Ground:
    """Beds whose patterns are linked among themselves, and a few links between; ``without`` leaves some links out."""
    rng = np.random.default_rng(3)
    bed = np.repeat(np.arange(beds), size)
    inside = [(i, j) for i in range(beds * size) for j in range(i + 1, beds * size) if bed[i] == bed[j]]
    chosen = [inside[i] for i in sorted(rng.choice(len(inside), 4 * beds * size, replace=False))]
    across = [tuple(sorted(rng.choice(beds * size, 2, replace=False).tolist())) for _ in range(beds * size // 4)]
    pairs = sorted({(int(a), int(b)) for a, b in [*chosen, *across]})
    kept = [pair for pair in pairs if rng.random() >= without]
    slugs = tuple(f"pattern-{i:03}" for i in range(beds * size))
    springs = Springs.between(len(slugs), kept, [1.0] * len(kept))
    return Ground(slugs, springs, bed.astype(np.intp), tuple(f"bed-{i}" for i in range(beds)))


def bare(slugs: tuple[str, ...], pairs: list[tuple[int, int]]) -> Ground:
    springs = Springs.between(len(slugs), pairs, [1.0] * len(pairs))
    return Ground(slugs, springs, np.full(len(slugs), -1, dtype=np.intp), ())


def moved(one: layout.Floats, other: layout.Floats) -> layout.Floats:
    distance: layout.Floats = np.linalg.norm(one - other, axis=1)
    return distance


def test_the_same_ground_is_laid_out_the_same() -> None:
    assert np.array_equal(lay_out(garden_of()), lay_out(garden_of()))


def test_a_few_patterns_lie_where_the_transform_would_put_them(monkeypatch: pytest.MonkeyPatch) -> None:
    few, fewer = garden_of(size=layout.FEW // BEDS), garden_of(beds=1, size=layout.FEW // BEDS)
    summed = lay_out(few), lay_out(fewer)
    monkeypatch.setattr(layout, "FEW", 0)
    assert np.array_equal(summed[0], lay_out(few))
    assert np.array_equal(summed[1], lay_out(fewer))


def test_places_fill_the_square_from_minus_one_to_one() -> None:
    places = lay_out(garden_of())
    assert np.isfinite(places).all()
    assert np.abs(places).max() == 1.0


def test_patterns_lie_nearer_to_their_own_bed_than_to_the_others() -> None:
    ground = garden_of()
    places = lay_out(ground)
    middles = np.array([places[ground.bed == bed].mean(axis=0) for bed in range(BEDS)])
    nearest = np.linalg.norm(places[:, None] - middles[None], axis=2).argmin(axis=1)
    assert (nearest == ground.bed).mean() > 0.95


def test_links_pull_patterns_together_where_there_are_no_beds() -> None:
    ground = garden_of()
    places = lay_out(Ground(ground.slugs, ground.springs, np.full(len(ground.slugs), -1), ()))
    linked = moved(places[ground.springs.left], places[ground.springs.right])
    rest = moved(places, places[::-1])
    assert np.median(linked) < 0.6 * np.median(rest)


def test_a_few_links_less_move_little() -> None:
    assert np.median(moved(lay_out(garden_of()), lay_out(garden_of(without=0.01)))) < 0.12


def test_noise_in_the_last_digits_moves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ground, noise, rng = garden_of(), layout._noise, np.random.default_rng(5)
    steady = lay_out(ground)
    monkeypatch.setattr(layout, "_noise", lambda name: tuple(v + 1e-14 * rng.standard_normal() for v in noise(name)))
    assert np.array_equal(lay_out(ground), steady)


def test_patterns_that_have_a_place_keep_it_and_new_ones_come_beside_their_neighbours() -> None:
    ground = garden_of()
    places = lay_out(ground)
    new = {5, 77, 203}
    known = {slug: tuple(places[i]) for i, slug in enumerate(ground.slugs) if i not in new}
    again = lay_out(ground, known)
    old = [i for i in range(len(places)) if i not in new]
    assert np.array_equal(again[old], places[old])
    assert moved(again, places).max() < 0.3


def test_no_two_patterns_lie_on_the_same_spot() -> None:
    places = lay_out(garden_of())
    assert len(np.unique(places, axis=0)) == len(places)


@pytest.mark.parametrize(
    ("slugs", "pairs"),
    [((), []), (("a",), []), (("a", "b"), []), (("a", "b"), [(0, 1)]), (("a", "b", "c"), [(0, 1), (1, 2), (0, 2)])],
)
def test_small_grounds_are_laid_out_too(slugs: tuple[str, ...], pairs: list[tuple[int, int]]) -> None:
    places = lay_out(bare(slugs, pairs))
    assert places.shape == (len(slugs), 2)
    assert np.isfinite(places).all()
