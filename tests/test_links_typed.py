import numpy as np
import pytest

from garden.config import LinkSettings
from garden.links import Shelf, rank
from garden.links.bearings import NAMES, Bearings
from garden.links.ties import OTHER, Tie
from garden.links.typed import Rules, Said, Sayings, TypeModel, type_model
from tests.shelves import shelf_of, topical_shelf, vectors_of

PROBLEM, SOLUTION = "## Problem\n\n", "\n\n## Solution\n\n"
RULES = Rules(share=0.8, fallback="complementary")


def pairs_of_a_topic(shelf: Shelf) -> list[tuple[int, int]]:
    topics = [slug.rpartition("-")[0] for slug in shelf.slugs]
    n = len(shelf)
    return [(a, b) for a in range(n) for b in range(a + 1, n) if topics[a] == topics[b]]


def learned(shelf: Shelf, ties: list[Tie]) -> TypeModel | None:
    known = sorted({(min(tie[:2]), max(tie[:2])) for tie in ties})
    vectors = vectors_of(shelf)
    return type_model(rank(shelf, vectors, known, LinkSettings(), ties), shelf, vectors, ties, RULES)


def ordered(shelf: Shelf, upwards: str = "requires") -> list[Tie]:
    """Within two topics each text requires the later ones; within the others texts go with each other."""
    ties = []
    for a, b in pairs_of_a_topic(shelf):
        if shelf.slugs[a].startswith(("money", "welcome")):
            ties.append(Tie(a, b, upwards))
        else:
            ties += [Tie(a, b, "complementary"), Tie(b, a, "complementary")]
    return ties


def test_types_and_their_direction_are_learned_and_told_of_links_that_were_held_out() -> None:
    shelf = topical_shelf()
    model = learned(shelf, ordered(shelf))
    assert model is not None
    assert model.trial.gains
    assert model.trial.right > 0.7 * model.trial.pairs
    ends = np.array([(a, b) for a, b in pairs_of_a_topic(shelf) if shelf.slugs[a].startswith("money")])
    told = [claim.said for claim in model.claims(ends[:, 0], ends[:, 1])]
    assert told.count(Said("requires", ">")) >= 0.75 * len(told)


def test_a_pair_is_told_the_same_from_either_end() -> None:
    shelf = topical_shelf()
    model = learned(shelf, ordered(shelf))
    assert model is not None
    left, right = (np.array(ends) for ends in zip(*pairs_of_a_topic(shelf), strict=True))
    forth, back = model.claims(left, right), model.claims(right, left)
    both = [(one.said.turned, other.said) for one, other in zip(forth, back, strict=True) if one.certainty > 0.5]
    assert len(both) > len(left) / 2
    assert all(one == other for one, other in both)
    assert [claim.certainty for claim in forth] == pytest.approx([claim.certainty for claim in back], abs=1e-6)


def test_where_types_follow_nothing_none_is_claimed() -> None:
    shelf = topical_shelf()
    rng = np.random.default_rng(5)
    kinds = rng.choice(["requires", "tools", "specializes_to"], len(pairs_of_a_topic(shelf)))
    turned = rng.random(len(kinds)) < 0.5
    pairs = zip(pairs_of_a_topic(shelf), kinds.tolist(), turned.tolist(), strict=True)
    model = learned(shelf, [Tie(*(pair[::-1] if back else pair), kind) for pair, kind, back in pairs])
    assert model is not None
    assert model.ties(pairs_of_a_topic(shelf)) == {}


def test_claims_are_made_only_where_claims_as_certain_were_right() -> None:
    shelf = topical_shelf()
    model = learned(shelf, ordered(shelf))
    assert model is not None
    assert model.trial.certain is not None
    told = model.ties(pairs_of_a_topic(shelf))
    assert told
    assert all(tie.type in ("requires", "complementary") for tie in told.values())
    sure = [claim for claim in model.claims(np.array([0]), np.array([23])) if not model.certain(claim)]
    assert all(claim.certainty < model.trial.certain for claim in sure)


@pytest.mark.parametrize("count", [0, 10])
def test_too_few_typed_links_teach_nothing(count: int) -> None:
    shelf = topical_shelf()
    assert learned(shelf, ordered(shelf)[:count]) is None


def test_links_of_one_symmetric_type_teach_nothing() -> None:
    shelf = topical_shelf()
    pairs = pairs_of_a_topic(shelf)
    assert learned(shelf, [Tie(*ends, "related") for a, b in pairs for ends in ((a, b), (b, a))]) is None


def test_links_without_types_teach_nothing() -> None:
    shelf = topical_shelf()
    assert learned(shelf, [Tie(a, b) for a, b in pairs_of_a_topic(shelf)]) is None


def test_a_rare_type_is_one_of_the_others_and_the_rarer_of_two_is_what_a_pair_says() -> None:
    many = [Tie(a, a + 1, "enables") for a in range(8)]
    some = [Tie(a + 1, a, "tools") for a in range(7)]
    sayings = Sayings.of([*many, *some, Tie(20, 21, "odd")])
    said = dict(zip(zip(sayings.left.tolist(), sayings.right.tolist(), strict=True), sayings.said, strict=True))
    assert said[0, 1] == Said("tools", "<")
    assert said[20, 21] == Said(OTHER, "=")


def test_bearings_tell_which_problem_meets_which_solution_and_which_title_is_within_the_other() -> None:
    need = f"{PROBLEM}Reviewers wait for days and changes pile up unseen.{SOLUTION}Paint the kitchen blue today."
    help_ = f"{PROBLEM}The kitchen needs another colour badly.{SOLUTION}Reviewers look at changes after a few days."
    shelf = shelf_of([("a", "Review", need), ("b", "Review Rota", help_), *((f"c{i}", f"C{i}", "x") for i in range(4))])
    row = Bearings.of(shelf, np.eye(6, dtype=np.float32)).at(np.array([0]), np.array([1]))[0]
    said = dict(zip(NAMES, row.tolist(), strict=True))
    assert said["problem meets solution"] > 0.3
    assert said["problem meets solution"] > said["problems meet"]
    assert said["title within"] == pytest.approx(1.0)
    assert said["title around"] < 1
    assert said["longer name"] < 0


def test_bearings_of_an_empty_shelf_are_empty() -> None:
    shelf = shelf_of([("a", "A", ""), ("b", "B", "")])
    rows = Bearings.of(shelf, np.eye(2, dtype=np.float32)).at(np.array([0]), np.array([1]))
    assert rows.shape == (1, len(NAMES))
    assert np.isfinite(rows).all()
