"""The main job as a story: read, embed, judge, plan, splice, write.

Each chapter is a plain function, so that a command and a Prefect flow tell the very same story. The two that take long
are in ``garden.findings``.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial

from garden import __version__, aftermath, ledger, library, memory, records, vectors
from garden.edits import Change, make_edits
from garden.errors import NothingReadable
from garden.findings import embed, introduce, judge, said_by_texts
from garden.health import Aside, health
from garden.heirs import heirs_of, lost_curated, lost_targets
from garden.history import remember_health
from garden.library import Library, Written
from garden.names import Names, composed, names_of, unknown
from garden.plan import Judgement, Plan, plan_of, propose
from garden.plan.believed import believed
from garden.plan.decisions import withheld
from garden.plan.outcomes import learning, outcomes, reliability
from garden.plan.place import section_place
from garden.processes import helper
from garden.processes.together import together
from garden.publish.renames import renames
from garden.run import Known, Prepared, Request, Run
from garden.store import digest
from garden.tools import Tools


def tend(request: Request, tools: Tools) -> Run:
    """Tends a library. Without ``request.write`` nothing is written: the run holds the very edits that would be.

    Raises ``LibraryLocked`` where another run is writing, ``NotALibrary``, ``NothingReadable``, ``UnknownPattern``, and
    ``EncoderError``.
    """
    with begun(request, tools):
        known = read(request, tools, ahead=True)
        prepared = recall(request, known, tools)
        if prepared is None:
            judgement = judge(request, known, embed(known, tools), tools)
            prepared = prepare(request, known, judgement, tools)
        return finish(request, known, prepared, tools)


@contextmanager
def begun(request: Request, tools: Tools) -> Iterator[None]:
    """A run: it holds the library's lock where it writes, and what it started ahead ends with it.

    Raises ``LibraryLocked`` where another run is writing.
    """
    with library.locked(request.root, request.patience) if request.write else nullcontext():
        try:
            yield
        finally:
            tools.second.leave()
            vectors.leave(tools.encoder)
            helper.forgo()


def read(request: Request, tools: Tools, *, ahead: bool = False) -> Known:
    """The library, whole, what its names mean, and what reviewers have said of it.

    ``ahead`` tells that it is to be judged, so that other processes may begin to load as soon as a new file is met.
    Raises ``NotALibrary``, ``NothingReadable`` and ``UnknownPattern``.
    """

    def met(new: int, files: int) -> None:
        if ahead:
            vectors.expect(new, tools.encoder, tools.shards)
            tools.second.expect(files)

    with tools.stage("read"):
        shelf = library.read(request.root, request.settings, tools.store, tools.progress, met)
        if not shelf.readings:
            raise NothingReadable(str(request.root), len(shelf.problems))
        _refuse_unknown(request.only, shelf)
        said = aftermath.recalled(request.root, shelf.patterns, request.today)
        return Known(shelf, _names(request, shelf), said)


def _names(request: Request, shelf: Library) -> Names:
    """What the names in the files mean. git is asked only where one of them is dead."""
    names = names_of(shelf.patterns, shelf.unreadable, whole=shelf.whole)
    lost, curated = lost_targets(shelf.patterns, names), lost_curated(shelf.patterns, names)
    if not lost and not curated:
        return names
    return replace(names, heirs=heirs_of(lost, shelf.patterns, renames(request.root), curated))


def recall(request: Request, known: Known, tools: Tools) -> Prepared | None:
    """What an earlier run prepared for the very same input.

    None where there was none; a second process then gets to know a large library.
    """
    with tools.stage("recall"):
        made = memory.recalled(tools.store, memory.input_digest(request, known, tools.encoder.name))
        plan = None if made is None else plan_of(known.library.patterns, made.proposals, request.today)
    if made is None or plan is None:
        introduce(request, known, tools)
        helper.forgo()
        return None
    tools.second.leave()
    vectors.leave(tools.encoder)
    helper.forgo()
    tools.store.touch()
    return edit(request, known, plan, tools, made)


def prepare(request: Request, known: Known, judgement: Judgement, tools: Tools) -> Prepared:
    """The plan and the edits that it comes to."""
    with tools.stage("plan"):
        plan = planned(request, known, judgement)
        said = said_by_texts(known.library, plan.sections)
        made = memory.Remembered(proposals=plan.proposals, said=said, tested=judgement.tested)
        key = memory.input_digest(request, known, tools.encoder.name)
    # Most of remembering is packing, during which Python lets another thread go on.
    _, prepared = together(
        partial(memory.remember, tools.store, key, made),
        partial(edit, request, known, plan, tools, made),
    )
    return prepared


def planned(request: Request, known: Known, judgement: Judgement) -> Plan:
    """The plan without what reviewers have answered, and for the patterns asked for alone."""
    patterns = known.library.patterns
    proposals = propose(patterns, known.names, judgement, request.settings, request.today)
    quiet = withheld(proposals, known.ledger.decisions, patterns, request.today)
    asked = [p for p in proposals if p.id not in quiet and request.wants(p)]
    return plan_of(patterns, believed(asked, known.ledger.decisions), request.today)


def edit(request: Request, known: Known, plan: Plan, tools: Tools, made: memory.Remembered) -> Prepared:
    """The edits that a plan comes to. What a file refuses leaves the plan, and is named."""
    patterns, settings = known.library.patterns, request.settings
    with tools.stage("splice"):
        place = section_place(patterns, settings.section.key)
        by_slug = {pattern.slug: pattern for pattern in patterns}
        changes = [Change(by_slug[slug], wanted, place.anchor, place.banner) for slug, wanted in plan.wanted.items()]
        edits, said = make_edits(request.root, changes, settings, tools.store, tools.progress), made.said
        if edits.refused:
            refused = {problem.path for problem in edits.refused}
            plan = plan_of(patterns, [p for p in plan.proposals if p.path not in refused], request.today)
            said = said_by_texts(known.library, plan.sections)
    return Prepared(plan, edits, said, made.tested)


def finish(request: Request, known: Known, prepared: Prepared, tools: Tools) -> Run:
    """Takes the figures before and after, and writes the files where that is asked for."""
    patterns, vocabulary = known.library.patterns, request.settings.vocabulary
    plan, edits, run = prepared.plan, prepared.edits, run_id(request, known)
    with tools.stage("health"):
        aside = Aside(
            today=request.today,
            problems=len(known.library.problems),
            stale=_stale(request, plan),
            said=prepared.said[0],
            seed=request.settings.health.seed,
        )
        before = health(patterns, known.names, vocabulary, aside=aside)
        # Every stale entity is proposed for removal, so none is left.
        aside = replace(aside, stale=None if aside.stale is None else 0, said=prepared.said[1])
        after = health(patterns, known.names, vocabulary, plan.sections, aside)
    written = None
    if request.write:
        with tools.stage("write"):
            written = _write(run, request, known, prepared, tools)
            if written.paths:
                remember_health(request.root, after, request.today)
    return Run(
        id=run,
        request=request,
        library=known.library,
        plan=plan,
        edits=edits,
        before=before,
        after=after,
        problems=(
            *known.library.problems,
            *known.ledger.problems,
            *edits.refused,
            *(written.skipped if written else ()),
        ),
        written=written,
        seconds=dict(tools.seconds),
        reliability=(*filter(None, [prepared.tested]), reliability(outcomes(known.ledger.decisions))),
        learning=learning(outcomes(known.ledger.decisions)),
    )


def _stale(request: Request, plan: Plan) -> int | None:
    """How many entities the run found stale, None where it was asked for a part of the plan."""
    if request.partial:
        return None
    return len([p for p in plan.proposals if p.kind == "remove_entity" and p.evidence.get("cause") == "stale"])


def _write(run: str, request: Request, known: Known, prepared: Prepared, tools: Tools) -> Written:
    """Writes the files, with a record from which the run can be taken back."""
    root, patterns = request.root, known.library.patterns
    place = section_place(patterns, request.settings.section.key)
    files = records.file_records(prepared.edits.edits, prepared.plan.proposals, root, request.settings.read)
    record = records.Record(run, request.today, request.settings, place.anchor, place.banner, files)
    if files:
        aftermath.keep(root, record, patterns)
    written = library.write(root, prepared.edits.edits, tools.progress)
    if files:
        records.complete(root, record, [problem.path for problem in written.skipped])
    ledger.add(root, known.ledger.decisions)
    return written


def run_id(request: Request, known: Known) -> str:
    """The date and eight digits made from all that the run rests on: the same input gives the same id."""
    rests_on = [__version__, str(request.settings.deciding()), *request.part, *sorted(request.under_review)]
    rests_on += [f"{pattern.path} {pattern.file_hash}" for pattern in known.library.patterns]
    rests_on += [said.model_dump_json() for said in known.ledger.decisions]
    return f"{request.today}-{digest(chr(0).join(rests_on).encode()).hex()[:8]}"


def _refuse_unknown(asked: tuple[str, ...], shelf: Library) -> None:
    known = {composed(pattern.slug) for pattern in shelf.patterns} if asked else set()
    for slug in asked:
        if composed(slug) not in known:
            raise unknown(slug, shelf.patterns, shelf.problems)
