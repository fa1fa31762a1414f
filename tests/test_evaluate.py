import json
from pathlib import Path

import numpy as np
import pytest

from garden.config import Settings
from garden.evaluate import MINILM, OURS, POPULAR, TFIDF, Evaluation, as_json, evaluate
from garden.links.reliability import backtested
from garden.links.trial import Asked, figure, rank_of
from garden.report.terminal_evaluate import evaluation_parts
from garden.report.terminal_health import print_health
from garden.run import Request
from garden.store import Store
from garden.tools import Tools
from tests.conftest import FakeEncoder


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> Evaluation:
    store = Store(tmp_path_factory.mktemp("store") / "store.sqlite")
    tools = Tools(FakeEncoder(), store, clock=lambda: 0.0, progress=lambda *_: None)
    sample = Path(__file__).parents[1] / "patterns"
    return evaluate(Request(root=sample, settings=Settings(), today="2026-11-24"), tools)


def test_every_curated_pair_is_asked_once_and_each_type_is_told(found):
    assert found.pairs == 84
    assert sum(one.pairs for one in found.by_type) == found.pairs
    assert {"enables", "requires", "complementary"} <= {one.name for one in found.by_type}


def test_peers_stand_beside_with_intervals(found):
    assert [one.name for one in found.scores] == [OURS, MINILM, TFIDF, POPULAR]
    for one in found.scores:
        assert one.recall.low <= one.recall.value <= one.recall.high
        assert 0 <= one.coverage <= 1
    ours, popular = found.scores[0], found.scores[-1]
    assert ours.recall.low > popular.recall.high


def test_calibration_is_of_suggestions_and_has_an_error(found):
    assert sum(one.count for one in found.calibration.bins) > 84
    assert found.calibration.error < 0.2


def test_it_is_json_and_the_same_every_time(found):
    assert json.loads(json.dumps(as_json(found)))["pairs"] == 84


def test_it_prints_within_80_columns(found, capsys):
    print_health(evaluation_parts(found.scores, found.by_type, found.calibration, found.types))
    printed = capsys.readouterr().out
    assert "recall@10" in printed
    assert all(len(line) <= 80 for line in printed.splitlines())


def test_a_library_without_curated_links_is_told_so(tmp_path, make_library, fake_encoder):
    root = make_library({name: f"---\nslug: {name[0]}\ntitle: T\n---\nA text.\n" for name in ("a.md", "b.md")})
    tools = Tools(fake_encoder, Store(tmp_path / "s"), clock=lambda: 0.0, progress=lambda *_: None)
    none = evaluate(Request(root=root, settings=Settings(), today="2026-11-24"), tools)
    assert none.pairs == 0
    assert none.calibration.bins == ()


@pytest.mark.parametrize(
    ("order", "target", "skipped", "expected"),
    [
        ([3, 1, 2], 2, [], 3),
        ([3, 1, 2], 2, [3], 2),
        ([3, 1, 2], 2, [2, 1], 2),
        ([3, 1], 2, [], float("inf")),
    ],
)
def test_other_linked_partners_are_not_in_the_way(order, target, skipped, expected):
    assert rank_of(order, target, skipped) == expected


def test_figures_are_those_of_the_ranks():
    asked = Asked(np.array([[1.0, 20.0], [2.0, 4.0], [np.inf, 11.0]]), 3, 4)
    assert asked.recall(0).value == pytest.approx(0.5)
    assert asked.mrr(0).value == pytest.approx((1 + 1 / 20 + 1 / 2 + 1 / 4 + 0 + 1 / 11) / 6, abs=1e-4)
    assert figure(np.ones(5), 0).low == 1
    assert figure(np.empty(0), 0).value == 0


def test_a_table_of_reliability_has_a_bin_for_each_tenth_that_holds_pairs():
    found = backtested(np.array([0.05, 0.95, 0.97, 1.0]), np.array([False, True, False, True]))
    assert [(one.count, one.share) for one in found.bins] == [(1, 0.0), (3, 0.6667)]
    assert found.bins[1].confidence == pytest.approx((0.95 + 0.97 + 1) / 3, abs=1e-4)
    assert found.error == pytest.approx((0.05 + 0.92) / 4, abs=1e-3)
