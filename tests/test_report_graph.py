from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from garden.library import Library, Reading
from garden.models import Community, Link, Pattern, Relationship, Section
from garden.plan import Plan
from garden.prose import read as read_prose
from garden.report.page.graph import GardenMap, garden_map
from garden.report.page.layout import Ground, Springs
from garden.report.page.places import Places, placed
from garden.run import Run
from garden.store import Store
from tests.synthetic_run import synthetic_run


def pattern(slug: str, targets: tuple[str, ...] = (), curated: str = "", communities: tuple[str, ...] = ()) -> Pattern:
    section = Section(
        links=tuple(Link(index=i, target=target) for i, target in enumerate(targets)),
        communities=tuple(Community(index=i, id=key, label=key.title()) for i, key in enumerate(communities)),
    )
    relationships = (Relationship(kind="enables", target=curated),) if curated else ()
    return Pattern(
        path=f"{slug}.md",
        slug=slug,
        title=slug,
        section=section,
        relationships=relationships,
        file_hash="",
        text_hash="",
    )


def charted(patterns: list[Pattern], after: dict[str, Pattern], root: Path) -> GardenMap:
    base = synthetic_run(root, 3)
    prose = read_prose("", (), "", "", "")
    run: Run = replace(
        base,
        library=Library(root, tuple(Reading(p, prose) for p in patterns), ()),
        plan=Plan((), {}, {slug: p.section for slug, p in after.items() if p.section}),
    )
    return garden_map(run)


@pytest.mark.parametrize(
    ("before", "after", "curated", "state"),
    [
        (("b",), ("b",), "", "kept"),
        (("b",), (), "", "removed"),
        ((), ("b",), "", "new"),
        ((), (), "b", "curated"),
        (("b",), (), "b", "curated"),
    ],
)
def test_what_becomes_of_a_link(
    tmp_path: Path, before: tuple[str, ...], after: tuple[str, ...], curated: str, state: str
) -> None:
    chart = charted([pattern("a", before, curated), pattern("b")], {"a": pattern("a", after, curated)}, tmp_path)
    assert chart.edges == {(0, 1): state}


def test_a_link_told_from_both_ends_is_one_line_on_the_map(tmp_path: Path) -> None:
    chart = charted([pattern("a", ("b",)), pattern("b", ("a",))], {}, tmp_path)
    assert chart.edges == {(0, 1): "kept"}


def test_links_to_nowhere_and_to_oneself_are_not_on_the_map(tmp_path: Path) -> None:
    assert charted([pattern("a", ("a", "gone"))], {}, tmp_path).edges == {}


def test_incoming_links_are_counted_before_and_after(tmp_path: Path) -> None:
    chart = charted([pattern("a", ("b",)), pattern("b"), pattern("c", ("b",))], {"c": pattern("c", ("a",))}, tmp_path)
    assert (chart.before.tolist(), chart.after.tolist()) == ([0, 2, 0], [1, 1, 0])


def test_a_pattern_grows_in_the_largest_of_its_communities_that_is_large_enough(tmp_path: Path) -> None:
    patterns = [
        *(pattern(f"a{i}", communities=("small", "large")) for i in range(3)),
        *(pattern(f"b{i}", communities=("large",)) for i in range(3)),
        pattern("c", communities=("rare",)),
        pattern("d"),
    ]
    chart = charted(patterns, {}, tmp_path)
    assert chart.beds == ("Large",)
    assert chart.bed.tolist() == [0, 0, 0, 0, 0, 0, -1, -1]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(Store(tmp_path / "store.sqlite"), "home")


def test_a_library_that_was_laid_out_before_is_not_laid_out_again(
    tmp_path: Path, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground = garden_map(synthetic_run(tmp_path, 30)).ground
    before = placed(ground, places)
    monkeypatch.setattr("garden.report.page.places.lay_out", lambda *_: pytest.fail("laid out again"))
    assert np.array_equal(placed(ground, places), before)


def test_patterns_stay_where_they_were_when_links_come_and_go_and_another_joins(tmp_path: Path, places: Places) -> None:
    run = synthetic_run(tmp_path, 40)
    before = placed(garden_map(run).ground, places)
    later = garden_map(replace(run, plan=replace(run.plan, proposals=(), sections={}))).ground
    assert np.array_equal(placed(later, places), before)
    assert not np.array_equal(placed(later, None), before)
    slugs = ("aaa", *later.slugs)
    pairs = [(0, 5), *((a + 1, b + 1) for a, b in garden_map(run).edges)]
    springs = Springs.between(41, pairs, [1.0] * len(pairs))
    bed = np.concatenate([[-1], later.bed]).astype(np.intp)
    joined = placed(Ground(slugs, springs, bed, later.beds), places)
    assert np.array_equal(joined[1:], before)


def test_a_lost_store_gives_the_first_layout_again(tmp_path: Path, places: Places) -> None:
    ground = garden_map(synthetic_run(tmp_path, 30)).ground
    assert np.array_equal(placed(ground, places), placed(ground, None))


def test_a_library_of_which_little_is_known_is_laid_out_anew(tmp_path: Path, places: Places) -> None:
    placed(garden_map(synthetic_run(tmp_path, 30, seed=1)).ground, places)
    ground = garden_map(synthetic_run(tmp_path, 30, seed=2)).ground
    assert np.array_equal(placed(ground, places), placed(ground, None))


def test_slugs_of_odd_letters_are_remembered(tmp_path: Path, places: Places) -> None:
    ground = garden_map(synthetic_run(tmp_path, 12, hostile=True)).ground
    odd = Ground(("a\nb", "c\0d", "e\ud800", *ground.slugs[3:]), ground.springs, ground.bed, ground.beds)
    assert np.array_equal(placed(odd, places), placed(odd, places))
