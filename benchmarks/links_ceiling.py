"""How many random links any pruning could catch: judges that have been told which links people made.

    python -m benchmarks.links_ceiling GARDEN... [--seeds 3]

Each garden's links and as many random ones stand, as in ``links_pruned``, with nothing curated. Logistic models are
fitted to tell them apart, from what the texts say or also from what the other standing links say of a pair, its own
left out. "Told" is fitted on the garden itself and asked about links that it has not seen, in five folds; "others" is
fitted on the other gardens, as weights that ship would be. The last judge knows, beside the texts, only how much the
look-alikes of either end are linked with the other end, each link counting by how well its own texts bear it: company
that can only add support. Every figure is the share of random links below all but two per cent of people's.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.links_pruned import Garden, Trial, garden_of, trial_of
from garden import suggest, vectors, workshop
from garden.config import Settings
from garden.links import graph
from garden.links.features import LOOKS, Features
from garden.links.field import Field
from garden.links.signals import text_signals
from garden.links.support import random_pairs
from garden.links.ties import Tie
from garden.similarity import Floats, Ints
from garden.tools import Tools

LOST, FOLDS, GAIN = 0.02, 5, 10.0
JUDGES = ("texts", "texts and links", "texts and company")
Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Case:
    """One garden with one draw: a row of features for each link by judge, and which of them people made."""

    garden: str
    rows: Mapping[str, Floats]
    human: NDArray[np.bool_]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gardens", type=Path, nargs="+")
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    tools = workshop.tools_for(Settings(), lambda *_: None)
    cases = [case for folder in arguments.gardens for case in cases_of(garden_of(folder), arguments.seeds, tools)]
    print("| garden | " + " | ".join(f"{name}: told | others" for name in JUDGES) + " |")
    print("|---|" + "---:|---:|" * len(JUDGES))
    for name in sorted({case.garden for case in cases}):
        mine = [case for case in cases if case.garden == name]
        others = [case for case in cases if case.garden != name]
        shares = [share for judge in JUDGES for share in (told(mine, judge), by_others(mine, others, judge))]
        print(f"| {name} | " + " | ".join(f"{share:.0%}" for share in shares) + " |", flush=True)


def cases_of(garden: Garden, seeds: int, tools: Tools) -> list[Case]:
    shelf = suggest.shelf_of(garden.notes)
    rows = vectors.embed([prose.passage for prose in shelf.proses], tools.encoder, tools.store, lambda *_: None)
    field = Field(text_signals(shelf, rows), len(shelf))
    near = field.nearest(Settings().links.neighbours)
    places = {slug: place for place, slug in enumerate(shelf.slugs)}
    return [case_of(trial_of(garden, seed, known=False), (field, near, places), garden.name) for seed in range(seeds)]


def case_of(trial: Trial, known: tuple[Field, tuple[Ints, Ints], dict[str, int]], name: str) -> Case:
    field, near, places = known
    ends = np.array([sorted((places[a], places[b])) for a, b in (*trial.human, *trial.random)], dtype=np.intp)
    left, right = ends.T
    ties = [Tie(a, b) for one in ends.tolist() for a, b in (one, one[::-1])]
    features = Features(field, ties, near)
    (kind,) = features.types
    forth, back = features.at(kind, left, right), features.at(kind, right, left)
    texts = forth[:, : len(field.names)]
    company = company_of(field, near, (left, right))
    return Case(
        garden=name,
        rows={
            "texts": texts,
            "texts and links": np.column_stack([forth + back, np.abs(forth - back)]),
            "texts and company": np.column_stack([texts.mean(axis=1), company]),
        },
        human=np.arange(len(ends)) < len(trial.human),
    )


def company_of(field: Field, near: tuple[Ints, Ints], ends: tuple[Ints, Ints]) -> Floats:
    """How much the look-alikes of either end are linked with the other; a pair's own link adds nothing to its own."""
    n = field.n
    looks = graph.kernel(n, near, graph.squashed(field.pairs(*near)).mean(axis=1), LOOKS)
    chance = np.sort(graph.squashed(field.pairs(*np.array(random_pairs(n, 0)).T)).mean(axis=1))
    own = graph.squashed(field.pairs(*ends)).mean(axis=1)
    borne = (np.searchsorted(chance, own) / len(chance)).astype(np.float32)
    both = (np.tile(borne, 2), (np.concatenate(ends), np.concatenate(ends[::-1])))
    around = (looks @ sparse.csr_matrix(both, shape=(n, n))).tocsr()
    return np.asarray(np.log1p(GAIN * (graph.values(around, *ends) + graph.values(around, *ends[::-1]))))


def told(cases: Sequence[Case], judge: str) -> float:
    return float(np.mean([caught(case, out_of_fold(case, judge)) for case in cases]))


def out_of_fold(case: Case, judge: str) -> Numbers:
    rows, scores = case.rows[judge], np.zeros(len(case.human))
    fold = np.random.default_rng(0).integers(0, FOLDS, len(scores))
    for held in range(FOLDS):
        model = judge_of().fit(rows[fold != held], case.human[fold != held])
        scores[fold == held] = model.decision_function(rows[fold == held])
    return scores


def by_others(cases: Sequence[Case], others: Sequence[Case], judge: str) -> float:
    """The same by a model of the other gardens, each of which counts the same."""
    rows = np.concatenate([case.rows[judge] for case in others])
    human = np.concatenate([case.human for case in others])
    weight = np.concatenate([np.full(len(case.human), 1000 / len(case.human)) for case in others])
    model = judge_of().fit(rows, human, logisticregression__sample_weight=weight)
    return float(np.mean([caught(case, model.decision_function(case.rows[judge])) for case in cases]))


def judge_of() -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000))


def caught(case: Case, scores: Numbers) -> float:
    return float(np.mean(scores[~case.human] < np.quantile(scores[case.human], LOST)))


if __name__ == "__main__":
    main()
