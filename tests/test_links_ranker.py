import numpy as np
import pytest

from garden.config import LinkSettings
from garden.links import Pair, Ranking, Shelf, Tie, rank
from garden.links.backtest import FOLDS, folds, ranks, recall
from garden.links.confidence import Curve, Reliability, Sample
from garden.links.field import Field
from garden.links.judge import LearnedJudge, TextJudge
from garden.links.learn import Fitting, fit
from garden.links.reliability import backtest_of
from garden.links.signals import text_signals
from tests.shelves import EACH, TOPICS, topical_shelf, vectors_of

SETTINGS = LinkSettings()


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return topical_shelf()


def topic(shelf: Shelf, place: int) -> str:
    return shelf.slugs[place].rpartition("-")[0]


def ranked(shelf: Shelf, known: list[Pair] | None = None, ties: list[Tie] | None = None) -> Ranking:
    return rank(shelf, vectors_of(shelf), known or [], SETTINGS, ties or [])


def chain_ties(shelf: Shelf) -> list[Tie]:
    """Each text of a topic is followed by all later ones."""
    n = len(shelf)
    return [Tie(a, b, "next") for a in range(n) for b in range(a + 1, n) if topic(shelf, a) == topic(shelf, b)]


def test_partners_of_the_same_topic_come_first(shelf):
    for place, partners in enumerate(ranked(shelf).partners(len(shelf))):
        best = [topic(shelf, other) for other, _ in partners[: EACH - 2]]
        assert best.count(topic(shelf, place)) >= EACH - 3


def test_the_partners_of_each_are_as_sure_as_their_order_says(shelf):
    for ranking in (ranked(shelf), ranked(shelf, ties=chain_ties(shelf))):
        for partners in ranking.partners(len(shelf)):
            sure = [confidence for _, confidence in partners]
            assert sure == sorted(sure, reverse=True)


class Given:
    """A signal whose scores are given."""

    name = "given"

    def __init__(self, scores) -> None:
        self.scores = np.array(scores, np.float32)

    def block(self, rows, columns):
        return self.scores[rows, columns].copy()

    def pairs(self, left, right):
        return self.scores[left, right]


def test_a_partner_of_many_comes_first_in_the_list_of_one_that_it_is_nearest_to():
    # 0 is as near to all, so nothing stands out among its own; for 1 it is the nearest.
    scores = np.full((6, 6), 0.1)
    scores[0, :] = scores[:, 0] = 0.6
    scores[1, 2] = scores[2, 1] = 0.5
    judge = TextJudge(Field([Given(scores)], 6))
    one, others = np.array([1, 1]), np.array([0, 2])
    both_ends = judge.verdicts(one, others).scores
    assert both_ends[0] < both_ends[1]
    nearest, next_ = judge.seen(one, others)
    assert nearest > next_
    assert judge.seen(others, one)[0] < nearest


def test_pairs_are_ordered_distinct_and_never_with_oneself(shelf):
    ranking = ranked(shelf)
    pairs = list(zip(ranking.left.tolist(), ranking.right.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    assert all(a < b for a, b in pairs)


@pytest.mark.parametrize("turned", [False, True])
def test_known_pairs_are_never_candidates(shelf, turned):
    known = [(int(a), int(b)) for a, b in zip(ranked(shelf).left[:40], ranked(shelf).right[:40], strict=True)]
    asked = [(b, a) for a, b in known] if turned else known
    assert not set(known) & set(ranked(shelf, asked).confidences())


def test_confidence_is_between_0_and_1_and_rises_with_the_score(shelf):
    for ranking in (ranked(shelf), ranked(shelf, ties=chain_ties(shelf))):
        order = np.argsort(ranking.scores, kind="stable")
        assert (np.diff(ranking.confidence[order]) >= 0).all()
        assert ranking.confidence.min() >= 0
        assert ranking.confidence.max() <= 1


def test_any_pair_is_judged_by_the_same_measure_as_candidates(shelf):
    for ranking in (ranked(shelf), ranked(shelf, ties=chain_ties(shelf))):
        confidences = ranking.confidences()
        assert len(confidences) == len(ranking.left)
        for pair, value in list(confidences.items())[::17]:
            assert ranking.confidence_of(*pair) == pytest.approx(value, abs=1e-3)
            assert ranking.confidence_of(*reversed(pair)) == ranking.confidence_of(*pair)


@pytest.mark.parametrize("kind", ["", "next"])
def test_fewer_candidates_are_looked_at_and_none_is_surer_for_it(shelf, kind):
    vectors, ties = vectors_of(shelf), chain_ties(shelf)[::2] if kind else []
    few = rank(shelf, vectors, [], SETTINGS.model_copy(update={"neighbours": 5}), ties)
    many = rank(shelf, vectors, [], SETTINGS, ties)
    assert few.confidences().items() < many.confidences().items()
    assert few.tested == many.tested


def test_shares_add_up_to_the_score(shelf):
    for ranking in (ranked(shelf), ranked(shelf, ties=chain_ties(shelf))):
        verdicts = ranking.verdicts([(0, 1), (0, 20)])
        assert verdicts.shares.shape == (2, len(ranking.names))
        if isinstance(ranking.judge, TextJudge):
            assert np.allclose(verdicts.shares.sum(axis=1), verdicts.scores, atol=1e-4)


def test_the_same_input_gives_the_same_ranking(shelf):
    one, other = ranked(shelf), ranked(shelf)
    assert np.array_equal(one.scores, other.scores)
    assert np.array_equal(one.confidence, other.confidence)


def test_a_library_of_one_or_none_has_no_pairs():
    whole = topical_shelf()
    for n in (0, 1):
        few = Shelf(*(getattr(whole, name)[:n] for name in Shelf.__dataclass_fields__))
        assert len(rank(few, vectors_of(whole)[:n], [], SETTINGS).left) == 0


@pytest.mark.parametrize("kind", ["next", ""])
def test_where_people_have_linked_every_pair_there_is_nothing_to_rank_and_what_they_did_is_still_learned_from(
    shelf, kind
):
    every = [(a, b) for a in range(len(shelf)) for b in range(a + 1, len(shelf))]
    ranking = ranked(shelf, every, [Tie(a, b, kind) for a, b in every])
    assert len(ranking.left) == len(ranking.confidence) == 0
    assert ranking.tested is not None
    assert np.isfinite(ranking.judge.verdicts(*np.array(every[:5]).T).scores).all()


def test_texts_that_are_all_the_same_are_ranked_without_a_fault():
    whole = topical_shelf()
    same = Shelf(**{**vars(whole), "proses": (whole.proses[0],) * len(whole), "titles": ("Same",) * len(whole)})
    ranking = rank(same, np.tile(vectors_of(whole)[:1], (len(whole), 1)), [], SETTINGS)
    assert np.isfinite(ranking.scores).all()


def test_blocks_of_a_field_do_not_change_its_pairs(shelf, monkeypatch):
    signals = list(text_signals(shelf, vectors_of(shelf)))
    whole = Field(signals, len(shelf))
    monkeypatch.setattr("garden.links.field.BLOCK", 5)
    kept = Field(signals, len(shelf))
    monkeypatch.setattr("garden.links.field.KEPT", 0)
    computed = Field(signals, len(shelf))
    left, right = whole.nearest(6)
    for other in (kept, computed):
        assert all(map(np.array_equal, other.nearest(6), (left, right)))
        assert np.allclose(whole.pairs(left, right), other.pairs(left, right), atol=1e-4)
        assert np.allclose(whole.pairs(left, right), other.pairs(right, left), atol=1e-4)


def test_too_few_ties_teach_nothing(shelf):
    assert isinstance(ranked(shelf, ties=chain_ties(shelf)[:10]).judge, TextJudge)


def mixed_up(whole: Shelf) -> tuple[Shelf, np.ndarray]:
    """The same slugs over shuffled texts and vectors: texts say nothing of what ties join."""
    rng = np.random.default_rng(3)
    shelf = Shelf(**{**vars(whole), "proses": tuple(whole.proses[i] for i in rng.permutation(len(whole)))})
    return shelf, vectors_of(whole)[rng.permutation(len(whole))]


def some_ties(whole: Shelf) -> list[Tie]:
    rng = np.random.default_rng(4)
    return [tie for tie in chain_ties(whole) if rng.random() < 0.7]


def test_what_ties_teach_is_used_where_texts_say_little(shelf):
    mixed, vectors = mixed_up(shelf)
    ties = some_ties(shelf)
    hidden = set(chain_ties(shelf)) - set(ties)
    known = sorted({(tie.source, tie.target) for tie in ties})
    learned, plain = rank(mixed, vectors, known, SETTINGS, ties), rank(mixed, vectors, known, SETTINGS)
    assert isinstance(learned.judge, LearnedJudge)

    def mean_of(ranking: Ranking) -> float:
        above = [(ranking.confidence > ranking.confidence_of(tie.source, tie.target)).mean() for tie in hidden]
        return float(np.mean(above))

    assert mean_of(learned) < mean_of(plain) - 0.1


def test_newton_finds_the_weights_that_made_the_labels():
    rng = np.random.default_rng(0)
    rows = np.column_stack([rng.standard_normal((4000, 2)), np.ones(4000)])
    truth = np.array([1.5, -0.7, -1.0])
    tied = rng.random(4000) < 1 / (1 + np.exp(-rows @ truth))
    found = fit(Fitting(rows, tied, np.ones(4000)), np.zeros(3), np.zeros(3))
    assert np.allclose(found, truth, atol=0.2)


def test_with_no_examples_the_prior_stays():
    rows, prior = np.empty((0, 3)), np.array([0.4, -0.2, 1.0])
    assert np.allclose(fit(Fitting(rows, np.empty(0, bool), np.empty(0)), prior, prior), prior)


def test_newton_ends_near_the_minimum_from_a_bad_start():
    rng = np.random.default_rng(0)
    rows = np.column_stack([rng.standard_normal((500, 2)) * 5, np.ones(500)])
    tied = rows[:, 0] > 0
    good = fit(Fitting(rows, tied, np.ones(500)), np.zeros(3), np.zeros(3))
    bad = fit(Fitting(rows, tied, np.ones(500)), np.array([-30.0, 30.0, 20.0]), np.zeros(3))
    assert np.allclose(good, bad, atol=0.05)


def test_ranks_count_better_candidates_of_each_end():
    others = (np.array([0, 0, 1]), np.array([1, 2, 3]), np.array([0.9, 0.1, 0.4], np.float32))
    asked = (np.array([0]), np.array([3]), np.array([0.5], np.float32))
    assert ranks(asked, others, 4).tolist() == [2, 1]
    assert recall(np.array([1, 11, 10])) == pytest.approx(2 / 3)
    assert recall(np.array([], dtype=np.intp)) == 0


def test_a_pair_keeps_its_fold_whatever_else_there_is_and_however_it_is_written():
    assert folds([("a", "b"), ("c", "d")]).tolist() == folds([("b", "a"), ("d", "c")]).tolist()
    assert len(set(folds((f"a{i}", "b") for i in range(50)).tolist())) > 1


def test_the_curve_says_the_same_for_small_and_large_libraries():
    rng = np.random.default_rng(0)
    small, large = (Curve.of(rng.standard_normal(n * 20).astype(np.float32), n) for n in (100, 1600))
    asked = np.array([3.0, 2.0, 1.0], np.float32)
    assert np.allclose(small.confidence(asked), large.confidence(asked), atol=0.12)
    assert small.confidence(np.array([-9.0, 9.0], np.float32)).tolist() == pytest.approx([0, 1], abs=0.02)


def test_an_empty_curve_is_sure_of_nothing():
    assert Curve.of(np.empty(0, np.float32), 0).confidence(np.array([1.0], np.float32)).tolist() == [0]


def test_reliability_follows_the_share_that_was_linked():
    rng = np.random.default_rng(0)
    scores = rng.uniform(-3, 3, 6000).astype(np.float32)
    linked = rng.random(6000) < 0.6 / (1 + np.exp(-2 * scores))
    fold = np.arange(linked.sum()) % FOLDS
    curve = Reliability.of(Sample.of(scores[linked], scores[~linked], fold))
    sure = curve.confidence(np.array([-2.5, 0.0, 2.5], np.float32))
    assert sure[0] < 0.1
    assert sure[1] == pytest.approx(0.3 / 0.75, abs=0.08)
    assert sure[2] == pytest.approx(0.6 / 0.75, abs=0.08)


def test_a_tested_confidence_is_told_by_a_curve_that_had_not_seen_the_pair():
    rng = np.random.default_rng(0)
    scores = rng.uniform(-3, 3, 6000).astype(np.float32)
    linked = rng.random(6000) < 0.6 / (1 + np.exp(-2 * scores))
    fold = np.arange(linked.sum()) % FOLDS
    sample = Sample.of(scores[linked], scores[~linked], fold)
    told = backtest_of(sample, 0.15)
    assert min(one.confidence for one in told.bins) >= 0.15
    assert told.source == "backtest"
    # Of the links that are right, three in four have been made, as far as anybody knows.
    full = [one for one in told.bins if one.count >= 200]
    assert len(full) > 3
    assert [one.share for one in full] == pytest.approx([0.75 * one.confidence for one in full], abs=0.15)
    linked_pairs = sum(one.count * one.share for one in full)
    sure = sum(one.count * one.confidence for one in full)
    assert linked_pairs == pytest.approx(0.75 * sure, rel=0.05)
    twice = backtest_of(Sample(sample.scores, sample.linked, sample.weight * 2, sample.fold), 0.15)
    assert twice.cases == pytest.approx(2 * told.cases, abs=20)


def test_the_shelf_has_as_many_texts_as_it_says():
    assert len(topical_shelf()) == EACH * len(TOPICS)
