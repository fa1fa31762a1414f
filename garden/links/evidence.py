"""Why two patterns belong together, from their own words: what a proposal shows and what its reason may claim."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from garden.keep import Keep
from garden.links.alike import BOTH, says_nothing, truthful, way
from garden.links.common import Common
from garden.links.found import Found, recalled, remember
from garden.links.ground import Ground
from garden.links.judge import Verdicts
from garden.links.listings import listing
from garden.links.namings import called, named, naming, within, worded
from garden.links.quotes import best_sentences
from garden.links.ranker import Pair, Ranking
from garden.links.reasons import both_called, reasons
from garden.links.sayings import apart, says
from garden.links.senses import Meanings, Senses
from garden.links.shared import Ends
from garden.links.shelf import Shelf
from garden.links.study import Study
from garden.links.topics import FAIR
from garden.prose import Prose
from garden.titles import plain_name


@dataclass(frozen=True)
class PairEvidence:
    """Why two patterns belong together: reasons from each end, best first, and what they rest on as JSON values.

    ``grounded`` says whether there is common ground to name: one names the other, or they share a phrase or two topics.
    ``idle`` says that the best there is to say, from either end, is that they have little in common.
    """

    reasons_left: tuple[str, ...]
    reasons_right: tuple[str, ...]
    details: Mapping[str, Any]
    grounded: bool = True
    idle: bool = False


class Elsewhere(Protocol):
    """Another place where pairs are explained meanwhile, into what both keep."""

    @property
    def keep(self) -> Keep:
        """Where both keep what they find."""

    def begin(self, shelf: Shelf, pairs: Sequence[Pair], senses: Senses | None = None) -> int:
        """Begins to explain the later pairs; gives the place from which on."""

    def wait(self) -> None:
        """Waits until that is done, whether it failed or not."""


def explain_pairs(
    shelf: Shelf,
    ranking: Ranking,
    pairs: Sequence[Pair],
    meanings: Meanings | None = None,
    elsewhere: Elsewhere | None = None,
) -> dict[Pair, PairEvidence]:
    """The evidence of each pair of places (lower, higher).

    ``meanings`` tell what words mean. What texts and names say of a pair is looked up in what ``elsewhere`` keeps where
    nothing that it rests on has changed, and much of what is not there may come by way of it.
    """
    if not pairs:
        return {}
    study = Study.of(shelf)
    found = _found(study, pairs, meanings, elsewhere)
    verdicts = ranking.verdicts(pairs)
    return {
        pair: _told(shelf, pair, found[pair], _shown(ranking.names, verdicts, number))
        for number, pair in enumerate(pairs)
    }


def explain_into(keep: Keep, shelf: Shelf, pairs: Sequence[Pair], senses: Senses | None) -> None:
    """Keeps what texts and names say of some pairs, for whoever explains them next."""
    study = replace(Study.of(shelf), senses=senses)
    _made(study, pairs, _keys(study, pairs, senses.encoder if senses else ""), keep)


def _found(
    study: Study, pairs: Sequence[Pair], meanings: Meanings | None, elsewhere: Elsewhere | None
) -> dict[Pair, Found]:
    keys = _keys(study, pairs, meanings.encoder if meanings else "")
    keep = elsewhere.keep if elsewhere else None
    found = recalled(keep, keys) if keep is not None else {}
    fresh = [pair for pair in pairs if pair not in found]
    if meanings and fresh:
        study = replace(study, senses=study.senses_of(fresh, meanings))
    later = elsewhere.begin(study.shelf, fresh, study.senses) if elsewhere else len(fresh)
    found |= _made(study, fresh[:later], keys, keep)
    if keep is not None and elsewhere and later < len(fresh):
        elsewhere.wait()
        found |= recalled(keep, {pair: keys[pair] for pair in fresh[later:]})
        # Whatever failed there is done here.
        found |= _made(study, [pair for pair in fresh[later:] if pair not in found], keys, keep)
    return found


def _keys(study: Study, pairs: Sequence[Pair], encoder: str) -> dict[Pair, str]:
    """By which name the evidence of each pair is kept."""
    rests_on = study.rests_on(sorted({place for pair in pairs for place in pair}), encoder)
    return {pair: (rests_on[pair[0]] + rests_on[pair[1]]).hex() + _by_slugs(study.shelf, pair) for pair in pairs}


def _by_slugs(shelf: Shelf, pair: Pair) -> str:
    """The slugs of two patterns that reasons call by them, nothing of others."""
    one, other = pair
    slugs = (shelf.slugs[one], shelf.slugs[other])
    return ":".join(("", *slugs)) if both_called((shelf.titles[one], shelf.titles[other]), slugs) == slugs else ""


def _made(study: Study, pairs: Sequence[Pair], keys: Mapping[Pair, str], keep: Keep | None) -> dict[Pair, Found]:
    made = {pair: _explained(study, pair) for pair in pairs}
    if keep is not None:
        remember(keep, {keys[pair]: found for pair, found in made.items()})
    return made


def own_reasons(
    evidence: Mapping[Pair, PairEvidence], slugs: Sequence[str], standing: Mapping[Pair, Collection[str]] | None = None
) -> dict[Pair, str]:
    """A reason for each end (place of the owner, place of the other), no two of them the same.

    ``standing`` holds, by end, what the links that stay say already, in whatever form: a library of which a part was
    written before gets what it would have got at once.
    """
    standing = standing or {}
    taken = {text for texts in standing.values() for text in texts}
    found: dict[Pair, str] = {}
    for left, right in sorted(evidence):
        one = evidence[left, right]
        for ends, offered in (((left, right), one.reasons_left), ((right, left), one.reasons_right)):
            fresh = (reason for reason in offered if reason not in taken)
            # Two pairs of the same titles and topics differ in their slugs alone.
            last = BOTH[way(one.details.get("signals", {}))]
            found[ends] = next(fresh, None) or last.format(own=slugs[ends[0]], other=slugs[ends[1]])
            if ends not in standing:
                taken.add(found[ends])
    return found


def _explained(study: Study, pair: Pair) -> Found:
    """What texts and names say of a pair."""
    shelf, ends = study.shelf, study.ends(*pair)
    topics = Common(ends, study.rarity, study.lexicon).topics()
    titles = (shelf.titles[pair[0]], shelf.titles[pair[1]])
    met = (named(ends.proses[0], titles[1], study.rarity), named(ends.proses[1], titles[0], study.rarity))
    left, right = _naming(study, ends, met, sure=any(topic.worded >= FAIR for topic in topics))
    ground = Ground(
        titles=titles,
        topics=tuple(topics),
        sentences=best_sentences(*ends.quotes, [topic.keys for topic in sorted(topics, key=lambda topic: -topic.rank)]),
        leads=(ends.quotes[0].leads(titles[0]), ends.quotes[1].leads(titles[1])),
        names=(left, right),
        naming=(naming(ends.quotes[0], titles[1]), naming(ends.quotes[1], titles[0])),
        lists=(listing(ends.proses[0], titles[1]).place, listing(ends.proses[1], titles[0]).place),
        apart=(apart(ends.proses[0], titles[1]), apart(ends.proses[1], titles[0])),
        says=(_clause(ends.proses[0], titles[1]), _clause(ends.proses[1], titles[0])),
        slugs=(shelf.slugs[pair[0]], shelf.slugs[pair[1]]),
    )
    labels = {entity.id: entity.label for entity in shelf.entities[pair[0]]}
    common = [labels[entity.id] for entity in shelf.entities[pair[1]] if entity.id in labels]
    return Found(
        reasons_left=reasons(ground),
        reasons_right=reasons(ground.turned()),
        terms=tuple(topic.text for topic in topics),
        entities=tuple(dict.fromkeys(common)),
        names=ground.names,
        sentences=ground.sentences or (),
        firm=ground.firm or any(met),
    )


def _naming(study: Study, ends: Ends, met: tuple[bool, bool], *, sure: bool) -> Iterator[bool]:
    """Whether each of two texts names the other, where it has the words of its title, and does not speak of itself.

    ``sure`` says that they share more.
    """
    for has, said, quotes, own, other in zip(
        met, ends.proses, ends.quotes, ends.titles, ends.titles[::-1], strict=True
    ):
        name = plain_name(other)
        spoken = has and not within(other, own)
        yield spoken and (called(quotes, name, study.rarity, own) or (worded(said, name) and not sure))


def _clause(said: Prose, title: str) -> str:
    """What a text says its pattern is to another, in its words, or nothing."""
    told = says(said, title)
    return f"{told.what} {told.after}" if told else ""


def _told(shelf: Shelf, pair: Pair, found: Found, shown: Mapping[str, Any]) -> PairEvidence:
    slugs = [shelf.slugs[place] for place in pair]
    details = {
        **shown,
        "terms": list(found.terms),
        "entities": list(found.entities),
        "names": [slug for slug, names in zip(slugs, found.names, strict=True) if names],
        "sentences": [
            {"pattern": slug, "role": sentence.role, "text": sentence.text}
            for slug, sentence in zip(slugs, found.sentences, strict=False)
        ],
        "texts": {shelf.slugs[place]: shelf.text_hashes[place] for place in pair},
    }
    alike = way(details["signals"])
    left, right = (tuple(truthful(said, alike)) for said in (found.reasons_left, found.reasons_right))
    idle = not found.firm and all(says_nothing(said[0]) for said in (left, right))
    return PairEvidence(left, right, details, found.firm, idle)


def _shown(names: Sequence[str], verdicts: Verdicts, place: int) -> dict[str, Any]:
    """One pair's signals, and how much of its score each gives."""
    return {
        "signals": {n: round(float(v), 2) for n, v in zip(names, verdicts.signals[place], strict=True)},
        "shares": {n: round(float(v), 2) for n, v in zip(names, verdicts.shares[place], strict=True)},
    }
