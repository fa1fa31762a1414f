"""The main job as a story: read, embed, judge, plan, splice, write.

Each chapter is a plain function, so that a command and a Prefect flow tell the very same story.
"""

import difflib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

from garden import __version__, entities, library, vectors
from garden.edits import Change, Edits, make_edits
from garden.encoder import Encoder
from garden.errors import UnknownPattern
from garden.health import health
from garden.library import Library, Progress
from garden.links import Shelf, Vectors, explain_pairs, rank
from garden.links.choose import choose
from garden.names import Names, names_of
from garden.plan import Judgement, Plan, make_plan, plan_of
from garden.plan.entities import kept_entities
from garden.plan.links import curated_pairs, standing_pairs
from garden.plan.place import section_place
from garden.run import Request, Run
from garden.store import Store, digest


@dataclass
class Tools:
    """What a run works with. ``clock`` gives seconds; ``progress`` is told of a stage, how far it is, and of how much."""

    encoder: Encoder
    store: Store
    clock: Callable[[], float]
    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Takes the time of one chapter."""
        start = self.clock()
        yield
        self.seconds[name] = round(self.clock() - start, 2)


def tend(request: Request, tools: Tools) -> Run:
    """Tends a library. Without ``request.write`` nothing is written: the run holds the very edits that would be.

    Raises ``LibraryLocked`` where another run is writing, ``NotALibrary``, ``UnknownPattern``, and ``EncoderError``.
    """
    with library.locked(request.root) if request.write else nullcontext():
        shelf = read(request, tools)
        names = names_of(shelf.patterns, shelf.unreadable)
        judgement = judge(request, shelf, names, embed(request, shelf, tools), tools)
        plan, edits = prepare(request, shelf, names, judgement, tools)
        return finish(request, shelf, names, plan, edits, tools)


def read(request: Request, tools: Tools) -> Library:
    """The library, whole."""
    with tools.stage("read"):
        shelf = library.read(request.root, request.settings, tools.store, tools.progress)
        _known_slugs(shelf, request.only)
        return shelf


def embed(request: Request, shelf: Library, tools: Tools) -> Vectors:
    """One unit vector for each pattern's passage, in slug order."""
    with tools.stage("embed"):
        passages = [reading.prose.passage for reading in shelf.readings]
        return vectors.embed(passages, tools.encoder, tools.store, lambda done, of: tools.progress("embed", done, of))


def judge(request: Request, shelf: Library, names: Names, passages: Vectors, tools: Tools) -> Judgement:
    """What belongs together, and what the texts no longer bear."""
    settings, patterns = request.settings, shelf.patterns
    proses = [reading.prose for reading in shelf.readings]
    with tools.stage("entities"):
        verdicts = entities.judge(patterns, proses)
        kept = [kept_entities(p, v, settings.entities) for p, v in zip(patterns, verdicts, strict=True)]
    with tools.stage("rank"):
        curated, standing = curated_pairs(patterns, names), standing_pairs(patterns, names)
        books = Shelf.of(patterns, proses, kept)
        ranking = rank(books, passages, sorted(curated), settings.links)
        existing = {pair: ranking.confidence_of(*pair) for pair in standing if pair not in curated}
        candidates = ranking.confidences()
        chosen = choose(candidates, existing, (), settings.links)
    with tools.stage("evidence"):
        new = sorted(pair for pair in chosen.pairs if len(standing.get(pair, ())) < 2)
        evidence = explain_pairs(books, ranking, new)
    return Judgement(chosen, {**candidates, **existing}, evidence, curated, verdicts)


def prepare(
    request: Request, shelf: Library, names: Names, judgement: Judgement, tools: Tools
) -> tuple[Plan, Edits]:
    """The plan and the edits that it comes to. What a file refuses leaves the plan, and is named."""
    patterns, settings = shelf.patterns, request.settings
    with tools.stage("plan"):
        plan = make_plan(patterns, names, judgement, settings, request.today)
        if request.only:
            plan = plan_of(patterns, [p for p in plan.proposals if p.pattern in request.only], request.today)
    with tools.stage("splice"):
        place = section_place(patterns, settings.section.key)
        by_slug = {pattern.slug: pattern for pattern in patterns}
        changes = [Change(by_slug[slug], wanted, place.anchor, place.banner) for slug, wanted in plan.wanted.items()]
        edits = make_edits(request.root, changes, settings, tools.store, tools.progress)
        if edits.refused:
            refused = {problem.path for problem in edits.refused}
            plan = plan_of(patterns, [p for p in plan.proposals if p.path not in refused], request.today)
    return plan, edits


def finish(
    request: Request, shelf: Library, names: Names, plan: Plan, edits: Edits, tools: Tools
) -> Run:
    """Takes the figures before and after, and writes the files where that is asked for."""
    settings = request.settings
    with tools.stage("health"):
        before = health(shelf.patterns, names, settings.vocabulary)
        after = health(shelf.patterns, names, settings.vocabulary, plan.sections)
    written = None
    if request.write:
        with tools.stage("write"):
            written = library.write(request.root, edits.edits, tools.progress)
    skipped = written.skipped if written else ()
    return Run(
        id=run_id(request, shelf),
        request=request,
        library=shelf,
        plan=plan,
        edits=edits,
        before=before,
        after=after,
        problems=(*shelf.problems, *edits.refused, *skipped),
        written=written,
        seconds=dict(tools.seconds),
    )


def run_id(request: Request, shelf: Library) -> str:
    """The date and eight digits made from all that the run rests on: the same input gives the same id."""
    rests_on = [__version__, request.settings.model_dump_json(), *request.only]
    rests_on += [f"{pattern.path} {pattern.file_hash}" for pattern in shelf.patterns]
    return f"{request.today}-{digest(chr(0).join(rests_on).encode()).hex()[:8]}"


def _known_slugs(shelf: Library, asked: tuple[str, ...]) -> None:
    slugs = [pattern.slug for pattern in shelf.patterns]
    for slug in asked:
        if slug not in slugs:
            raise UnknownPattern(slug, tuple(difflib.get_close_matches(slug, slugs, n=3)))
