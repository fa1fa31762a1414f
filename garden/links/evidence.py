"""Why two patterns belong together, from their own words: what a proposal shows and what its reason may claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from garden.links.judge import Verdicts
from garden.links.lexicon import Lexicon
from garden.links.quotes import Quotes, best_sentences, quotes_of, worn_openings
from garden.links.ranker import Pair, Ranking
from garden.links.rarity import Rarity
from garden.links.reasons import Ground, reasons
from garden.links.shelf import Shelf
from garden.links.topics import Common, Ends, Subjects, named, subjects


@dataclass(frozen=True)
class PairEvidence:
    """Why two patterns belong together: reasons from each end, best first, and what they rest on as JSON values.

    ``grounded`` says whether there is common ground to name: one names the other, or they share a phrase or two topics.
    """

    reasons_left: tuple[str, ...]
    reasons_right: tuple[str, ...]
    details: Mapping[str, Any]
    grounded: bool = True


@dataclass(frozen=True, eq=False)
class _Study:
    """What is made once for all pairs."""

    shelf: Shelf
    rarity: Rarity
    lexicon: Lexicon
    quotes: Mapping[int, Quotes]
    about: Mapping[int, Subjects]

    @classmethod
    def of(cls, shelf: Shelf, places: Sequence[int]) -> "_Study":
        rarity = Rarity.of(shelf.proses)
        worn = worn_openings(shelf.proses)
        quotes = {place: quotes_of(shelf.proses[place], rarity, worn) for place in places}
        about = {place: subjects(shelf.proses[place], rarity) for place in places}
        return cls(shelf, rarity, Lexicon.of(shelf), quotes, about)

    def ends(self, pair: Pair) -> Ends:
        left, right = pair
        return Ends(
            proses=(self.shelf.proses[left], self.shelf.proses[right]),
            quotes=(self.quotes[left], self.quotes[right]),
            about=(self.about[left], self.about[right]),
        )


def explain_pairs(shelf: Shelf, ranking: Ranking, pairs: Sequence[Pair]) -> dict[Pair, PairEvidence]:
    """The evidence of each pair of places (lower, higher)."""
    if not pairs:
        return {}
    study = _Study.of(shelf, sorted({place for pair in pairs for place in pair}))
    verdicts = ranking.verdicts(pairs)
    return {pair: _explained(study, pair, _shown(ranking.names, verdicts, number)) for number, pair in enumerate(pairs)}


def own_reasons(evidence: Mapping[Pair, PairEvidence], slugs: Sequence[str]) -> dict[Pair, str]:
    """A reason for each end (place of the owner, place of the other), no two of them the same."""
    taken: set[str] = set()
    found: dict[Pair, str] = {}
    for left, right in sorted(evidence):
        one = evidence[left, right]
        for ends, offered in (((left, right), one.reasons_left), ((right, left), one.reasons_right)):
            fresh = (reason for reason in offered if reason not in taken)
            # Two pairs of the same titles and topics differ in their slugs alone.
            found[ends] = next(fresh, f"{slugs[ends[0]]} and {slugs[ends[1]]} read much alike as a whole.")
            taken.add(found[ends])
    return found


def _explained(study: _Study, pair: Pair, shown: Mapping[str, Any]) -> PairEvidence:
    shelf = study.shelf
    ends = study.ends(pair)
    topics = Common(ends, study.rarity, study.lexicon).topics()
    sentences = best_sentences(*ends.quotes, [topic.keys for topic in topics])
    titles = (shelf.titles[pair[0]], shelf.titles[pair[1]])
    ground = Ground(
        titles=titles,
        topics=tuple(topics),
        sentences=sentences,
        names=(named(ends.proses[0], titles[1], study.rarity), named(ends.proses[1], titles[0], study.rarity)),
    )
    labels = {entity.id: entity.label for entity in shelf.entities[pair[0]]}
    common = [labels[entity.id] for entity in shelf.entities[pair[1]] if entity.id in labels]
    slugs = [shelf.slugs[place] for place in pair]
    details = {
        **shown,
        "terms": [topic.text for topic in topics],
        "entities": list(dict.fromkeys(common)),
        "names": [slug for slug, names in zip(slugs, ground.names, strict=True) if names],
        "sentences": [
            {"pattern": slug, "role": sentence.role, "text": sentence.text}
            for slug, sentence in zip(slugs, sentences or (), strict=False)
        ],
        "texts": {shelf.slugs[place]: shelf.text_hashes[place] for place in pair},
    }
    return PairEvidence(reasons(ground), reasons(ground.turned()), details, ground.firm)


def _shown(names: Sequence[str], verdicts: Verdicts, place: int) -> dict[str, Any]:
    """One pair's signals, and how much of its score each gives."""
    return {
        "signals": {n: round(float(v), 2) for n, v in zip(names, verdicts.signals[place], strict=True)},
        "shares": {n: round(float(v), 2) for n, v in zip(names, verdicts.shares[place], strict=True)},
    }
