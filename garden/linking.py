"""Which patterns to link: the ranking of all pairs, and the choice between what stands, is new, and was said."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from garden import vectors
from garden.config import Settings
from garden.encoder import Encoder
from garden.health import curated_leaning, leaning
from garden.keep import Keep
from garden.links import (
    Meanings,
    Pair,
    PairEvidence,
    Ranking,
    Shelf,
    Vectors,
    explain_pairs,
    measured,
    rank_by,
    told_types,
    words_to_ask,
)
from garden.links.choose import Chosen, choose, without
from garden.links.shelf import Passages
from garden.links.support import judged, supported
from garden.links.ties import Tie
from garden.links.typed import Rules, type_model
from garden.models import Entity, Pattern
from garden.names import Names
from garden.plan.believed import Opinion, subjects_of, worth_asking
from garden.plan.curated import Said, curated_pairs, curated_ties
from garden.plan.decisions import Memory
from garden.plan.links import standing_pairs, typed_pairs
from garden.processes.explaining import Explaining
from garden.run import Known, Request
from garden.shards import HERE, Shards
from garden.store import Store

DIGITS = 4
FEW = 8  # With more new files there is so much to encode that the model is loaded here, and need not be asked ahead.


@dataclass(frozen=True, eq=False)
class Ranked:
    """A library's pairs as they are ranked. ``ties`` are the curated relationships that could be learned from."""

    shelf: Shelf
    ranking: Ranking
    curated: Mapping[Pair, Said]
    ties: Sequence[Tie]
    passages: Passages

    @property
    def joined(self) -> list[Pair]:
        """The pairs that people have linked, none where their links cannot be trusted."""
        return sorted(self.curated) if self.ties else []

    def bearing(self, entities: Sequence[Sequence[Entity]]) -> "Ranked":
        """The same with the entities that the texts of the patterns still bear."""
        return replace(self, shelf=replace(self.shelf, entities=tuple(map(tuple, entities))))


@dataclass(frozen=True, eq=False)
class Linking:
    """Which pairs to link. ``standing`` are the pairs that stand with the places of the files that hold them.

    ``candidates`` are new pairs, and ``existing`` standing ones that the texts support, each with its confidence;
    ``rated`` are all that stand, ``rejected`` those that were turned down. ``base`` is what the confidence was before
    decisions had a say in it, where they had one, and ``reviewers`` what counted with those who decided.
    """

    chosen: Chosen
    standing: Mapping[Pair, tuple[int, ...]]
    candidates: Mapping[Pair, float]
    existing: Mapping[Pair, float]
    rated: Mapping[Pair, float]
    rejected: Collection[Pair]
    base: Mapping[Pair, float]
    reviewers: Mapping[Pair, Mapping[str, float]]

    @property
    def confidence(self) -> dict[Pair, float]:
        """The confidence of every pair looked at."""
        return {**self.candidates, **self.rated}

    @property
    def incomplete(self) -> list[Pair]:
        """The chosen pairs that some file lacks."""
        return sorted(pair for pair in self.chosen.pairs if len(self.standing.get(pair, ())) < 2)


def ranked(request: Request, known: Known, passages: Passages, shards: Shards = HERE) -> Ranked:
    """Ranks the pairs of a library whose passages have these vectors."""
    settings, patterns = request.settings, known.library.patterns
    shelf = Shelf.of(patterns, [reading.prose for reading in known.library.readings])
    curated = curated_pairs(patterns, known.names)
    believed = not curated_leaning(patterns, known.names, settings.health)
    ties = curated_ties(patterns, known.names, settings.vocabulary) if believed else ()
    ranking = rank_by(measured(shelf, passages, shards), shelf, sorted(curated), settings.links, ties)
    return Ranked(shelf, ranking, curated, ties, passages)


def joined_pairs(patterns: Sequence[Pattern], names: Names, settings: Settings) -> list[Pair]:
    """The pairs that people have linked, none where their links cannot be trusted: those of ``Ranked.joined``."""
    return [] if curated_leaning(patterns, names, settings.health) else sorted(curated_pairs(patterns, names))


def choose_links(request: Request, known: Known, found: Ranked) -> Linking:
    """Chooses between what stands, what is new, and what reviewers have said."""
    settings, patterns = request.settings, known.library.patterns
    standing = standing_pairs(patterns, known.names)
    said = Memory.of(known.ledger.decisions, patterns, request.today)
    before = _asked(found.ranking.confidences(), said, found.shelf.silent)
    opinion = opinion_of(known, found)
    candidates = opinion.told(before)
    rated = judged(found.ranking, [pair for pair in standing if pair not in found.curated])
    trusted = not leaning(patterns, known.names, settings.health)
    existing = supported(found.ranking, rated, len(patterns), settings.links, trusted=trusted)
    accepted = said.standing(rated, settings.links.keep_above)
    declined = frozenset(pair for pair in rated if pair in said.rejected and pair not in accepted)
    existing = opinion.told({pair: sure for pair, sure in existing.items() if pair not in declined})
    asked = worth_asking(candidates, before, settings.links.add_above)
    chosen = choose(asked, existing, accepted, settings.links, crowd=not trusted)
    chosen = replace(chosen, declined=declined)
    new = [pair for pair in chosen.pairs if len(standing.get(pair, ())) < 2]
    base = {pair: before[pair] for pair in new if candidates.get(pair) != before.get(pair)}
    return Linking(chosen, standing, candidates, existing, rated, said.rejected, base, opinion.parts(base))


def _asked(confidences: Mapping[Pair, float], said: Memory, silent: Collection[int]) -> Mapping[Pair, float]:
    """The candidates without those that were turned down, and those of patterns that say nothing.

    They leave their places to others. See ``withheld`` for what else was answered.
    """
    resting = {*said.resting, *silent}
    if not said.rejected and not resting:
        return confidences
    return {p: rate for p, rate in confidences.items() if p not in said.rejected and resting.isdisjoint(p)}


def opinion_of(known: Known, found: Ranked) -> Opinion:
    """What reviewers think of links."""
    ranking, passages = found.ranking, found.passages

    def signals(pairs: Sequence[Pair]) -> dict[str, NDArray[np.float64]]:
        shares = ranking.verdicts(pairs).shares.astype(np.float64)
        return {name: shares[:, place] for place, name in enumerate(ranking.names)}

    def subjects(places: Sequence[tuple[int, ...]]) -> NDArray[np.float64]:
        return subjects_of(passages() if callable(passages) else passages)(places)

    return Opinion.of(known.ledger.decisions, known.library.patterns, signals, subjects)


def words_of_new(known: Known) -> list[str]:
    """The words of a few new files whose senses evidence will ask for; where much is new, it asks by itself."""
    if len(known.library.new) > FEW:
        return []
    new = (one for one in known.library.readings if one.pattern.path in known.library.new)
    return sorted(set().union(*(words_to_ask(one.pattern.title, one.prose) for one in new)))


def meanings_of(found: Ranked, encoder: Encoder, store: Store) -> Meanings:
    """What can tell what the words of a library mean."""

    def encoded(texts: Sequence[str]) -> Vectors:
        return vectors.embed(texts, encoder, store, lambda done, whole: None)

    return Meanings(encoder.name, found.passages, encoded)


def with_evidence(
    found: Ranked, linking: Linking, meanings: Meanings, keep: Keep
) -> tuple[Linking, dict[Pair, PairEvidence]]:
    """The evidence of the pairs that some file lacks; new ones without common ground to name are given up.

    One that alone links a pattern stays, unless there is nothing at all to say for it.
    """
    with Explaining(keep) as elsewhere:
        evidence = explain_pairs(found.shelf, found.ranking, _worded(found, linking), meanings, elsewhere)
    weak = {
        pair: linking.candidates[pair]
        for pair, one in evidence.items()
        if not one.grounded and pair not in linking.standing and pair not in linking.chosen.accepted
    }
    idle = {pair for pair in weak if evidence[pair].idle}
    chosen = replace(linking.chosen, pairs=linking.chosen.pairs - idle)
    linking = replace(linking, chosen=without(chosen, {p: rate for p, rate in weak.items() if p not in idle}))
    kept = {pair: one for pair, one in evidence.items() if pair in linking.chosen.pairs}
    for pair in linking.base.keys() & kept.keys():
        details = {**kept[pair].details, "base": round(float(linking.base[pair]), DIGITS)}
        if linking.reviewers[pair]:
            details["reviewers"] = dict(linking.reviewers[pair])
        kept[pair] = replace(kept[pair], details=details)
    return linking, kept


def _worded(found: Ranked, linking: Linking) -> list[Pair]:
    """The pairs to explain. Where one of two files holds the link already and one pattern says nothing, what would tell
    why the other file should is not there.
    """
    silent = found.shelf.silent
    return [pair for pair in linking.incomplete if silent.isdisjoint(pair) or len(linking.standing.get(pair, ())) != 1]


def told_of_new(request: Request, known: Known, found: Ranked, linking: Linking) -> dict[Pair, Tie]:
    """What titles and texts tell of the types of those chosen pairs to which no file gives one."""
    patterns, vocabulary = known.library.patterns, request.settings.vocabulary
    typed = typed_pairs(patterns, known.names, vocabulary)
    passages = found.passages() if callable(found.passages) else found.passages
    pairs = [pair for pair in sorted(linking.chosen.pairs) if pair not in typed]
    return told_types(patterns, found.shelf.proses, passages, pairs, vocabulary)


def learned_types(request: Request, found: Ranked, vectors: Vectors, pairs: Collection[Pair]) -> dict[Pair, Tie]:
    """The types that the library's typed relationships teach for some pairs, where they are certain enough."""
    rules = Rules(request.settings.links.type_above, request.settings.vocabulary.fallback)
    model = type_model(found.ranking, found.shelf, vectors, found.ties, rules)
    return model.ties(sorted(pairs)) if model else {}
