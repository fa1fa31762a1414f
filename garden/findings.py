"""What is found out about a library: which entities its texts bear, which patterns belong together, and why.

These are the chapters of the story that take long. Two are told at a time where two cores can.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from garden import entities, vectors
from garden.communities import Communities, Edges
from garden.config import Settings
from garden.encoder import Encoder
from garden.health import Aside
from garden.library import Library
from garden.linking import (
    Linking,
    Ranked,
    choose_links,
    joined_pairs,
    learned_types,
    meanings_of,
    ranked,
    told_of_new,
    with_evidence,
    words_of_new,
)
from garden.links import Pair, PairEvidence, Tie, Vectors, studied
from garden.models import Section
from garden.names import names_of
from garden.plan import Judgement
from garden.processes.together import together
from garden.prose import Prose
from garden.run import Known, Request
from garden.store import Store
from garden.tools import Tools


def introduce(request: Request, known: Known, tools: Tools) -> None:
    """Lets a second process get to know a large library; where much is encoded first, it is told after that."""
    if len(known.library.new) <= vectors.FEW:
        # As bytes, where they are: to read them takes as long here as there.
        said = [reading.said for reading in known.library.readings]
        tools.second.tell(_shelf(request, known, tools, ()), said)


@dataclass(frozen=True)
class Embedded:
    """Vectors of so many patterns that may still be on their way, so ask for them late.

    ``passages`` gives a unit row for each pattern in slug order, ``labels`` the unit vector of each label of an entity
    that could be judged by it. ``doubtful`` are the entities whose labels these are.
    """

    patterns: int
    doubtful: entities.Held
    passages: Callable[[], Vectors]
    labels: Callable[[], dict[str, Vectors]]

    def __len__(self) -> int:
        return self.patterns


def embed(known: Known, tools: Tools) -> Embedded:
    """Vectors of passages and labels. Where only a few are missing, they are made while the story goes on."""
    with tools.stage("embed"):
        vectors.expect(len(known.library.new), tools.encoder, tools.shards)
        proses = [reading.prose for reading in known.library.readings]
        doubtful = entities.doubtful_in(known.library.patterns, proses)
        names = entities.labels_of(known.library.patterns, proses, doubtful)
        # What words mean is asked by evidence, late, so that what new files say is encoded with the rest.
        texts = [*(prose.passage for prose in proses), *names, *words_of_new(known)]
        progress = partial(tools.progress, "embed")
        rows = vectors.soon(texts, tools.encoder, tools.store, progress, tools.shards)
    return Embedded(
        patterns=len(proses),
        doubtful=doubtful,
        passages=lambda: rows()[: len(proses)],
        labels=lambda: dict(zip(names, rows()[len(proses) :], strict=False)),
    )


@dataclass(frozen=True, eq=False)
class Findings:
    """What was found out about entities and links, and about communities where that was asked.

    ``evidence`` is that of the pairs to link that some file lacks.
    """

    entities: entities.Wanted
    ranked: Ranked
    linking: Linking
    evidence: Mapping[Pair, PairEvidence]
    types: Mapping[Pair, Tie]
    communities: Communities | None = None


def find(request: Request, known: Known, embedded: Embedded, tools: Tools, *, communities: bool = False) -> Findings:
    """Which entities the texts bear, and which patterns to link; where asked, which communities these form."""
    asked = (request, known, embedded, tools)
    try:
        (found, linking, told), judged = together(partial(_rank, *asked), partial(_want, *asked))
        group = partial(_group, request, known, found, tools) if communities else lambda: None
        grouped, (linking, evidence, learned) = together(
            group, partial(_explain, request, found.bearing(judged.standing), linking, embedded, tools)
        )
    finally:
        tools.second.leave()
    return Findings(judged, found, linking, evidence, told | learned, grouped)


def _rank(request: Request, known: Known, embedded: Embedded, tools: Tools) -> tuple[Ranked, Linking, dict[Pair, Tie]]:
    with tools.stage("rank"):
        found = ranked(request, known, embedded.passages, tools.shards)
        linking = choose_links(request, known, found)
        # Entities take longer, so what evidence and types ask of the words alone is found meanwhile, too.
        studied(found.shelf.proses)
        return found, linking, told_of_new(request, known, found, linking)


def _want(request: Request, known: Known, embedded: Embedded, tools: Tools) -> entities.Wanted:
    with tools.stage("entities"):
        shelf = _shelf(request, known, tools)
        joined = joined_pairs(shelf.patterns, known.names, request.settings)
        shelf = replace(shelf, joined=joined, doubtful=embedded.doubtful)
        return tools.second.wanted(shelf, request.settings.entities, lambda: (embedded.passages(), embedded.labels()))


def _group(request: Request, known: Known, found: Ranked, tools: Tools) -> Communities | None:
    with tools.stage("communities"):
        ranking = found.ranking
        edges = Edges(ranking.left, ranking.right, ranking.confidence)
        return tools.second.communities(_shelf(request, known, tools), edges, found.joined, request.settings)


def _explain(
    request: Request, found: Ranked, linking: Linking, embedded: Embedded, tools: Tools
) -> tuple[Linking, dict[Pair, PairEvidence], dict[Pair, Tie]]:
    with tools.stage("evidence"):
        meanings = meanings_of(found, tools.encoder, tools.store)
        linking, evidence = with_evidence(found, linking, meanings, tools.store.drawer("evidence"))
        return linking, evidence, learned_types(request, found, embedded.passages(), linking.chosen.pairs)


def judge(request: Request, known: Known, embedded: Embedded, tools: Tools) -> Judgement:
    """What belongs together, and what the texts no longer bear."""
    return judgement_of(find(request, known, embedded, tools, communities=True))


def judgement_of(found: Findings) -> Judgement:
    """What was found out, as a plan takes it."""
    linking, curated = found.linking, found.ranked.curated
    return Judgement(
        chosen=linking.chosen,
        confidence=linking.confidence,
        evidence=found.evidence,
        curated=curated,
        entities=found.entities,
        types=found.types,
        communities=found.communities,
        tested=found.ranked.ranking.tested,
    )


def said_by_texts(shelf: Library, sections: Mapping[str, Section]) -> tuple[int, int]:
    """Of how many entities the text has the label, as the library stands, and with these sections by slug."""
    standing = [(pattern.section, sections.get(pattern.slug, pattern.section)) for pattern in shelf.patterns]
    before, after = ([one.entities if one else () for one in version] for version in zip(*standing, strict=True))
    said = entities.count_said((before, after), [reading.prose for reading in shelf.readings])
    return said[0], said[1]


def aside_of(shelf: Library, settings: Settings, encoder: Encoder, store: Store, today: str) -> Aside:
    """What the health of a library needs to know that its sections do not tell. Nothing is encoded."""
    looked = entities.look(shelf.patterns, [reading.prose for reading in shelf.readings])
    return Aside(
        today=today,
        problems=len(shelf.problems),
        stale=stale_entities(shelf, settings, encoder, store, looked.doubtful),
        said=looked.said,
        seed=settings.health.seed,
    )


def stale_entities(
    shelf: Library, settings: Settings, encoder: Encoder, store: Store, doubtful: entities.Held | None = None
) -> int | None:
    """How many entities are stale, None where that needs a vector that no run has made: then nothing is encoded.

    ``doubtful`` are those about which ``entities.look`` found no more, where that was asked.
    """
    proses = [reading.prose for reading in shelf.readings]
    names = entities.labels_of(shelf.patterns, proses, doubtful)
    passages = vectors.kept([prose.passage for prose in proses], encoder, store)
    labels = vectors.kept(names, encoder, store)
    if passages is None or labels is None:
        return None
    joined = joined_pairs(shelf.patterns, names_of(shelf.patterns, shelf.unreadable), settings)
    by_name = dict(zip(names, labels, strict=True))
    asked = entities.Library(shelf.patterns, proses, passages, by_name, joined=joined)
    return entities.count_stale(asked, settings.entities, doubtful)


def _shelf(request: Request, known: Known, tools: Tools, proses: Sequence[Prose] | None = None) -> entities.Library:
    """The library as it is asked about its entities, with its texts unless others are given."""
    return entities.Library(
        patterns=known.library.patterns,
        proses=[reading.prose for reading in known.library.readings] if proses is None else proses,
        creates=request.settings.section.missing == "create",
        keep=tools.store.drawer("sayings"),
    )
