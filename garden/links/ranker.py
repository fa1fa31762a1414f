"""Which patterns belong together: candidates with a score and a confidence, from texts and curated links alone.

Where there are links to learn from, a pair's score is what a model learned from them says (see ``learn``); where there
are none, or where learning does not gain on links that were held out, it is the mean of the texts' signals.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from garden.config import LinkSettings
from garden.links.backtest import FOLDS, folds, ranks, recall
from garden.links.confidence import Curve, Reliability, Sample
from garden.links.features import Features
from garden.links.field import Field
from garden.links.judge import Judge, LearnedJudge, TextJudge, Verdicts
from garden.links.learn import Known, Lesson, Weights, examples
from garden.links.reliability import backtest_of
from garden.links.shelf import Passages, Shelf
from garden.links.signals import text_signals
from garden.links.ties import Tie
from garden.models import Reliability as Tested
from garden.shards import HERE, Shards
from garden.similarity import Floats, Ints

Pair = tuple[int, int]

MOST_TIES = 6_000  # More teach nothing new, and cost time.
FEWEST_TIES = 30  # With fewer, a backtest says nothing.
MEASURED = 50  # Partners of each pattern that confidence is measured on, at least: of fewer, more would be linked.
DIGITS = 4  # Scores are rounded, so that float noise does not decide between equals.


@dataclass(frozen=True, eq=False)
class Ranking:
    """Candidate pairs in order of (left, right), left < right, none of them known.

    ``scores`` order pairs; ``confidence`` is in 0..1 and rises with the score. ``held_out`` is the confidence of known
    links, each from a model that had not seen it, ``features`` are what ties say of pairs, and ``tested`` tells how far
    the confidence of pairs that could be proposed was borne out by links held out: where there were enough.
    """

    left: Ints
    right: Ints
    scores: Floats
    confidence: Floats
    judge: Judge
    curve: Curve | Reliability
    features: Features | None = None
    held_out: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    tested: Tested | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the signals."""
        return self.judge.names

    def confidences(self) -> Mapping[Pair, float]:
        """The confidence of each candidate pair."""
        return self._confidences

    @cached_property
    def _confidences(self) -> dict[Pair, float]:
        keys = zip(self.left.tolist(), self.right.tolist(), strict=True)
        return dict(zip(keys, self.confidence.tolist(), strict=True))

    def confidence_of(self, a: int, b: int) -> float:
        """The confidence of any pair of places, candidate or not."""
        return float(self.judged([(a, b)])[0])

    def judged(self, pairs: Sequence[Pair]) -> Floats:
        """The confidence of each of any pairs."""
        return self.curve.confidence(_rounded(self.verdicts(pairs).scores))

    def verdicts(self, pairs: Sequence[Pair]) -> Verdicts:
        """What any pairs rest on, seen from the lower place."""
        ordered = np.array([(min(pair), max(pair)) for pair in pairs], dtype=np.intp).reshape(-1, 2)
        return self.judge.verdicts(ordered[:, 0], ordered[:, 1])

    def partners(self, n: int) -> Iterator[list[tuple[int, float]]]:
        """For each of n patterns in order its candidate partners with their confidence, best first, ties by place.

        A pair may stand out more for one of its ends than for the other.
        """
        ends = np.concatenate([self.left, self.right])
        others = np.concatenate([self.right, self.left])
        scores = self._for_ends()
        confidence = self.curve.confidence(scores)
        order = np.lexsort((others, -scores, ends))
        bounds = np.searchsorted(ends[order], np.arange(n + 1))
        for start, stop in pairwise(bounds.tolist()):
            part = order[start:stop]
            yield list(zip(others[part].tolist(), confidence[part].tolist(), strict=True))

    def _for_ends(self) -> Floats:
        """The scores of all candidates for their left ends, then those for their right ends."""
        if isinstance(self.judge, TextJudge):
            both = (self.judge.seen(self.left, self.right), self.judge.seen(self.right, self.left))
            return _rounded(np.concatenate(both))
        # How many links each end has is learned, so the score of a pair is that of either.
        return np.tile(self.scores, 2)


def rank(
    shelf: Shelf, passages: Passages, known: Sequence[Pair], settings: LinkSettings, ties: Sequence[Tie] = ()
) -> Ranking:
    """Ranks pairs of patterns. ``known`` are the curated pairs: never candidates, in either order.

    ``passages`` are unit rows, one for each pattern of the shelf in its order. ``ties`` are the links to learn from:
    none where they cannot be trusted.
    """
    return rank_by(measured(shelf, passages), shelf, known, settings, ties)


def measured(shelf: Shelf, passages: Passages, shards: Shards = HERE) -> Field:
    """All signals over all pairs of the shelf's patterns, worked out in shards.

    Where ``passages`` is a function, it is called when the texts' words are counted.
    """
    return Field(text_signals(shelf, passages), len(shelf), shards)


def rank_by(
    field: Field, shelf: Shelf, known: Sequence[Pair], settings: LinkSettings, ties: Sequence[Tie] = ()
) -> Ranking:
    """See ``rank``; the signals are measured already."""
    near = field.nearest(max(settings.neighbours, MEASURED))
    curated = np.array(sorted({(min(p), max(p)) for p in known}), dtype=np.intp).reshape(-1, 2)
    ranking = _by_texts(field, near, curated)
    if len({pair_of(tie) for tie in ties}) >= FEWEST_TIES:
        ranking, sample = _by_ties(shelf, ranking, Features(field, ties, near), near, curated)
        ranking = replace(ranking, tested=backtest_of(sample, settings.rescue_above))
    if settings.neighbours >= MEASURED:
        return ranking
    return _narrowed(ranking, field.nearest(settings.neighbours), field.n)


def _narrowed(ranking: Ranking, near: tuple[Ints, Ints], n: int) -> Ranking:
    """The same scores and confidence, of the candidates among ``near`` and among those that links speak for."""
    learned = ranking.features if isinstance(ranking.judge, LearnedJudge) else None
    left, right = learned.neighbourhood(near) if learned else near
    kept = np.isin(ranking.left * n + ranking.right, left * n + right)
    return replace(
        ranking,
        left=ranking.left[kept],
        right=ranking.right[kept],
        scores=ranking.scores[kept],
        confidence=ranking.confidence[kept],
    )


def _by_texts(field: Field, near: tuple[Ints, Ints], curated: Ints) -> Ranking:
    judge = TextJudge(field)
    left, right = _without(near, curated, field.n)
    scores = _rounded(judge.verdicts(left, right).scores)
    known_scores = _rounded(judge.verdicts(curated[:, 0], curated[:, 1]).scores)
    curve = Curve.of(np.concatenate([scores, known_scores]), field.n)
    return Ranking(left, right, scores, curve.confidence(scores), judge, curve)


def _by_ties(
    shelf: Shelf, plain: Ranking, features: Features, near: tuple[Ints, Ints], curated: Ints
) -> tuple[Ranking, Sample]:
    """The ranking learned from ties, or ``plain`` where that puts ties that were held out no higher.

    With the scores that its confidence was fitted on.
    """
    n = len(shelf)
    left, right = _without(features.neighbourhood(near), curated, n)
    known = _known(shelf, features.pairs)
    lesson = Lesson.of(features, examples(known, (left, right), n))
    weights = lesson.learned(None, {})
    judge = LearnedJudge(features, weights)
    scores = _rounded(judge.verdicts(left, right).scores)
    held = _held_out(lesson, weights, features, known)
    asked, texts = (known.left, known.right), plain.judge.verdicts
    known_plain, plain_scores = texts(*asked).scores, texts(left, right).scores
    learned_recall = recall(ranks((*asked, held), (left, right, scores), n))
    plain_recall = recall(ranks((*asked, known_plain), (left, right, plain_scores), n))
    if learned_recall <= plain_recall:
        sample = Sample.of(_rounded(known_plain), plain.scores, known.fold, known.each)
        curve = Reliability.of(sample)
        known_held = curve.confidence(_rounded(known_plain))
        confidence = curve.confidence(plain.scores)
        return replace(plain, confidence=confidence, curve=curve, features=features, held_out=known_held), sample
    sample = Sample.of(held, scores, known.fold, known.each)
    curve = Reliability.of(sample)
    known_held = curve.confidence(_rounded(held))
    return Ranking(left, right, scores, curve.confidence(scores), judge, curve, features, known_held), sample


def _known(shelf: Shelf, pairs: tuple[Ints, Ints]) -> Known:
    """Linked pairs to learn from with their folds: all of them, or so many evenly taken."""
    count = len(pairs[0])
    taken = np.arange(count) if count <= MOST_TIES else np.unique(np.linspace(0, count - 1, MOST_TIES).astype(np.intp))
    left, right = pairs[0][taken], pairs[1][taken]
    slugs = shelf.slugs
    fold = folds((slugs[a], slugs[b]) for a, b in zip(left.tolist(), right.tolist(), strict=True))
    return Known(left, right, fold, count / max(len(taken), 1))


def _held_out(lesson: Lesson, weights: Mapping[str, Weights], features: Features, known: Known) -> Floats:
    """The score of each known pair from a model that has not seen those of its fold."""
    scores = np.zeros(len(known.left), np.float32)
    for fold in range(FOLDS):
        mine = known.fold == fold
        if not mine.any():
            continue
        blind = LearnedJudge(features, lesson.learned(fold, weights))
        scores[mine] = blind.verdicts(known.left[mine], known.right[mine]).scores
    return scores


def pair_of(tie: Tie) -> Pair:
    """The two ends of a tie, the lower first."""
    return min(tie.source, tie.target), max(tie.source, tie.target)


def _without(pairs: tuple[Ints, Ints], known: Ints, n: int) -> tuple[Ints, Ints]:
    """The pairs that are not known, in their order."""
    fresh = ~np.isin(pairs[0] * n + pairs[1], known[:, 0] * n + known[:, 1])
    return pairs[0][fresh], pairs[1][fresh]


def _rounded(scores: Floats) -> Floats:
    return np.asarray(np.round(scores, DIGITS), dtype=np.float32)
