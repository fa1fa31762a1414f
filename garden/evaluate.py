"""How well the ranking finds the links that people of a library made, beside what one would use instead."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from garden import similarity
from garden.findings import embed
from garden.health import curated_leaning
from garden.links import Pair, Ranking, Shelf, Tie, Vectors, rank
from garden.links.backtest import FOLDS, folds
from garden.links.judge import LearnedJudge
from garden.links.reliability import backtested
from garden.links.trial import FIRST, Asked, Score, TypeScore, rank_of
from garden.links.typed import Rules, Trial, type_model
from garden.models import Reliability
from garden.plan.curated import curated_pairs, curated_ties
from garden.run import Known, Request
from garden.tend import read
from garden.tools import Tools

OURS, MINILM, TFIDF, POPULAR = "this ranking", "embedding cosine", "tf-idf cosine", "most linked first"

DRAW = 1  # The ranking itself holds out the folds of draw 0.
# The best partners of each pattern, best first.
Orders = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Evaluation:
    """A backtest. ``leaning`` are the signs that the labels lean, because of which they are not learned from.

    ``learned`` counts the folds in which weights were learned. ``types`` is None where no types could be learned.
    """

    patterns: int
    pairs: int
    folds: int
    leaning: tuple[str, ...]
    learned: int
    scores: tuple[Score, ...]
    by_type: tuple[TypeScore, ...]
    calibration: Reliability
    types: Trial | None


def evaluate(request: Request, tools: Tools) -> Evaluation:
    """Hides the curated links of each fold in turn, ranks with the others known, and looks where the hidden ones are.

    Nothing is written. Raises what ``tend`` raises.
    """
    known = read(request, tools)
    return backtest(request, known, embed(known, tools).passages())


def backtest(request: Request, known: Known, vectors: Vectors) -> Evaluation:
    """The backtest of a library whose passages have these vectors."""
    exam = _Exam.of(request, known, vectors)
    rounds = [_Round.of(exam, fold) for fold in range(FOLDS)]
    seed = request.settings.links.seed
    ours, asked = _joined([one.asked[OURS] for one in rounds]), [pair for one in rounds for pair in one.hidden]
    scores = [_joined([one.asked[name] for one in rounds]).score(name, seed) for name in (OURS, MINILM, TFIDF, POPULAR)]
    return Evaluation(
        patterns=len(exam.shelf),
        pairs=len(exam.pairs),
        folds=FOLDS,
        leaning=tuple(exam.leaning),
        learned=sum(one.learned for one in rounds),
        scores=tuple(scores),
        by_type=tuple(_by_type(exam, asked, ours, seed)),
        calibration=_calibration(rounds) if exam.pairs else Reliability(source="backtest", bins=()),
        types=_types(request, exam),
    )


@dataclass(frozen=True, eq=False)
class _Exam:
    """What is asked: the curated pairs with their folds and kinds."""

    request: Request
    shelf: Shelf
    vectors: Vectors
    pairs: Sequence[Pair]
    fold: Mapping[Pair, int]
    kinds: Mapping[Pair, str]
    ties: Sequence[Tie]
    leaning: Sequence[str]
    partners: Mapping[int, frozenset[int]]
    tfidf: similarity.Split

    @classmethod
    def of(cls, request: Request, known: Known, vectors: Vectors) -> "_Exam":
        patterns, settings = known.library.patterns, request.settings
        shelf = Shelf.of(patterns, [reading.prose for reading in known.library.readings])
        curated = curated_pairs(patterns, known.names)
        pairs = sorted(curated)
        numbers = folds(((shelf.slugs[a], shelf.slugs[b]) for a, b in pairs), DRAW)
        partners: dict[int, set[int]] = {}
        for a, b in pairs:
            partners.setdefault(a, set()).add(b)
            partners.setdefault(b, set()).add(a)
        return cls(
            request=request,
            shelf=shelf,
            vectors=vectors,
            pairs=pairs,
            fold=dict(zip(pairs, numbers.tolist(), strict=True)),
            kinds={pair: said.kind for pair, said in curated.items()},
            ties=curated_ties(patterns, known.names, settings.vocabulary),
            leaning=curated_leaning(patterns, known.names, settings.health),
            partners={place: frozenset(some) for place, some in partners.items()},
            tfidf=_tfidf(shelf),
        )

    def ranking(self, known: Sequence[Pair]) -> Ranking:
        """The ranking of a library in which these pairs are all that is known."""
        told = set(known)
        ties = [tie for tie in self.ties if (min(tie[:2]), max(tie[:2])) in told]
        links = self.request.settings.links
        return rank(self.shelf, self.vectors, known, links, () if self.leaning else ties)


@dataclass(frozen=True, eq=False)
class _Round:
    """One fold hidden: the ranks that each judge gives, and what our suggestions say and are."""

    hidden: Sequence[Pair]
    asked: Mapping[str, Asked]
    confidence: Sequence[float]
    linked: Sequence[bool]
    learned: bool

    @classmethod
    def of(cls, exam: _Exam, fold: int) -> "_Round":
        hidden = [pair for pair in exam.pairs if exam.fold[pair] == fold]
        known = [pair for pair in exam.pairs if exam.fold[pair] != fold]
        ranking = exam.ranking(known)
        partners = list(ranking.partners(len(exam.shelf)))
        told = [(min(a, b), max(a, b), sure) for a, some in enumerate(partners) for b, sure in some[:FIRST]]
        mine = _folds_of(exam, [(a, b) for a, b, _ in told])
        seen = [one for one, number in zip(told, mine, strict=True) if number == fold]
        answers = set(hidden)
        orders = {OURS: [[b for b, _ in some] for some in partners], **_peers(exam, known)}
        return cls(
            hidden=hidden,
            asked={name: _ask(exam, hidden, known, order) for name, order in orders.items()},
            confidence=[sure for _, _, sure in seen],
            linked=[(a, b) in answers for a, b, _ in seen],
            learned=isinstance(ranking.judge, LearnedJudge),
        )


def _folds_of(exam: _Exam, pairs: Sequence[Pair]) -> list[int]:
    slugs = exam.shelf.slugs
    return [int(number) for number in folds(((slugs[a], slugs[b]) for a, b in pairs), DRAW)]


def _ask(exam: _Exam, hidden: Sequence[Pair], known: Sequence[Pair], orders: Orders) -> Asked:
    """Where each hidden pair stands, from both its ends."""
    ranks = [[rank_of(orders[a], b, exam.partners[a]), rank_of(orders[b], a, exam.partners[b])] for a, b in hidden]
    told = {(a, b) for pair in known for a, b in (pair, pair[::-1])}
    firsts: set[int] = set()
    for place, order in enumerate(orders):
        firsts.update([other for other in order if (place, other) not in told][:FIRST])
    return Asked(np.array(ranks, dtype=np.float64).reshape(-1, 2), len(firsts), len(exam.shelf))


def _peers(exam: _Exam, known: Sequence[Pair]) -> dict[str, Orders]:
    degree = np.bincount(np.array(known, dtype=np.intp).ravel(), minlength=len(exam.shelf)).astype(np.float32)
    return {
        MINILM: _orders(exam, lambda rows: exam.vectors[rows] @ exam.vectors.T),
        TFIDF: _orders(exam, lambda rows: similarity.products(exam.tfidf, rows, slice(0, len(exam.shelf)))),
        POPULAR: _orders(exam, lambda rows: np.tile(degree, (rows.stop - rows.start, 1))),
    }


def _orders(exam: _Exam, scores_of: Callable[[slice], NDArray[np.float32]]) -> Orders:
    """The best partners of each pattern by some scores, as many as the ranking looks at, and those that are linked."""
    n = len(exam.shelf)
    most = exam.request.settings.links.neighbours + max((len(some) for some in exam.partners.values()), default=0)
    found: list[list[int]] = []
    for rows in similarity.blocks(n):
        scores = np.array(scores_of(rows), dtype=np.float32)
        scores[np.arange(rows.stop - rows.start), np.arange(rows.start, rows.stop)] = -np.inf
        found += [[one for one in best if one >= 0] for best in similarity.best_columns(scores, most).tolist()]
    return found


def _tfidf(shelf: Shelf) -> similarity.Split:
    counts = similarity.counts_of(shelf.proses)
    return similarity.split(similarity.tfidf(counts))


def _joined(parts: Sequence[Asked]) -> Asked:
    """All folds as one; the patterns among anybody's first ten are their mean."""
    ranks = np.concatenate([part.ranks for part in parts])
    return Asked(ranks, sum(part.firsts for part in parts), sum(part.patterns for part in parts))


def _by_type(exam: _Exam, asked: Sequence[Pair], ours: Asked, seed: int) -> Iterator[TypeScore]:
    kinds = np.array([exam.kinds[pair] for pair in asked], dtype=object)
    for kind in sorted(set(kinds.tolist())):
        part = Asked(ours.ranks[kinds == kind], 0, ours.patterns)
        yield TypeScore(kind, len(part.ranks), part.recall(seed), part.mrr(seed))


def _calibration(rounds: Sequence[_Round]) -> Reliability:
    confidence = np.array([sure for one in rounds for sure in one.confidence], dtype=np.float64)
    linked = np.array([yes for one in rounds for yes in one.linked], dtype=bool)
    return backtested(confidence, linked)


def _types(request: Request, exam: _Exam) -> Trial | None:
    if exam.leaning:
        return None
    rules = Rules(request.settings.links.type_above, request.settings.vocabulary.fallback)
    model = type_model(exam.ranking(exam.pairs), exam.shelf, exam.vectors, exam.ties, rules)
    return model.trial if model else None


def as_json(found: Evaluation) -> dict[str, Any]:
    """The same as JSON values."""
    return {
        **asdict(found),
        "calibration": {"error": found.calibration.error, "bins": [one.model_dump() for one in found.calibration.bins]},
    }
