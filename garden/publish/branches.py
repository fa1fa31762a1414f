"""Branch mode: a run's batches as commits on branches of their own, for a reviewer to look at and merge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from garden import ledger
from garden.config import ReadSettings
from garden.edits import Change, make_edits
from garden.errors import FrontMatterError
from garden.frontmatter import decode, parse
from garden.library import Progress
from garden.models import Problem
from garden.plan import plan_of
from garden.plan.batches import Batch, cut
from garden.plan.decisions import Matter, matter
from garden.plan.place import section_place
from garden.publish.base import Base
from garden.publish.git import Signature
from garden.publish.message import Origin, message
from garden.publish.refs import LocalRefs, Refs, refs_at
from garden.publish.topics import Outcome, Topic, Wanted, bring_up, open_topics, stands
from garden.run import Request, Run
from garden.store import Store


@dataclass(frozen=True)
class Options:
    """What publishing needs beside the run.

    ``seconds`` is the time of the commits, since 1970 in UTC. ``extra`` files, by path in the library, travel with one
    branch, as the ledger does.
    """

    store: Store
    progress: Progress
    seconds: int
    extra: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Branch:
    """What became of one batch. ``note`` says why a branch was left; ``topic`` is what was there before."""

    name: str
    outcome: Outcome
    batch: Batch
    commit: str | None
    note: str = ""
    topic: Topic | None = None


@dataclass(frozen=True)
class Published:
    """The branches of this run, ``waiting`` proposals that come later, branches in which nothing is left to do."""

    branches: tuple[Branch, ...]
    waiting: int
    spent: tuple[Topic, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Desk:
    """All that the batches of one run are published with. ``topics`` are the branches that are there, by topic."""

    run: Run
    base: Base
    options: Options
    refs: Refs
    topics: Mapping[str, Topic]


def beside_review(request: Request, base: Base, remote: str) -> Request:
    """A request for a part of the plan that keeps what reviewers have before them, of whatever pattern.

    Without it, their branches would look as if nothing were left in them. ``remote`` is where they are, as for a base.
    """
    if not request.partial:
        return request
    prefix = request.settings.publish.prefix
    topics = open_topics(base, refs_at(base.repository, prefix, remote), prefix)
    return replace(request, under_review=frozenset(one for topic in topics.values() for one in topic.ids))


def publish_branches(run: Run, base: Base, options: Options, refs: Refs | None = None) -> Published:
    """Puts a run's proposals on branches ``<prefix>/<topic>`` that start from the base; the work tree is not looked at.

    ``run`` is a dry run over ``base.folder``, of a request for a part as ``beside_review`` gives it. Doing it again
    changes nothing; a kill leaves each branch old or new.
    """
    settings = run.request.settings.publish
    refs = refs or LocalRefs(base.repository, settings.prefix)
    desk = Desk(run, base, options, refs, open_topics(base, refs, settings.prefix))
    known = {proposal.id for proposal in run.plan.proposals}
    reviewed = {
        name: [one for one in topic.proposed if one in known]
        for name, topic in desk.topics.items()
        if topic.ids & known
    }
    batches = cut(run.plan.proposals, run.library.patterns, settings, reviewed)
    carrier = _carrier(base, [batch.topic for batch in batches.now], desk.topics)
    done = [_publish_one(desk, batch, carries=batch.topic == carrier) for batch in batches.now]
    return Published(
        branches=tuple(branch for branch, _ in done),
        waiting=len(batches.waiting),
        spent=tuple(topic for topic in desk.topics.values() if topic.ids and not topic.ids & known),
        problems=tuple(problem for _, refused in done for problem in refused),
    )


def _carrier(base: Base, now: Sequence[str], topics: Mapping[str, Topic]) -> str:
    """The one branch that brings the ledger along: the one that does already, else the first that is all ours."""
    there = _ledger_at(base, base.commit)
    free = [name for name in now if name not in topics or not topics[name].foreign]
    lasts = {name: topics[name].last for name in free if name in topics}
    nothing = (None, None)
    carrying = [name for name, last in lasts.items() if last and _ledger_at(base, last.sha) not in (nothing, there)]
    return next(iter([*carrying, *free]), "")


def _ledger_at(base: Base, commit: str) -> tuple[str | None, ...]:
    """The blobs of the ledger and of what says how it merges, as a commit has them."""
    return tuple(base.repository.blob_of(commit, f"{base.prefix}{path}") for path in (ledger.LEDGER, ledger.ATTRIBUTES))


def _publish_one(desk: Desk, batch: Batch, *, carries: bool) -> tuple[Branch, tuple[Problem, ...]]:
    topic = desk.topics.get(batch.topic)
    name = f"{desk.run.request.settings.publish.prefix}/{batch.topic}"
    by_slug = {pattern.slug: pattern for pattern in desk.run.library.patterns}
    proposed = tuple(matter(proposal, by_slug) for proposal in batch.proposals)
    if topic and topic.asks(proposed):
        # Another day is no news: a reviewer's host would run its checks, and drop approvals, for a date alone.
        wanted, refused = _wanted(desk, batch, proposed, topic.day, carries=carries)
        if stands(desk.base, topic, wanted):
            return Branch(name, "unchanged", batch, None, "", topic), refused
    wanted, refused = _wanted(desk, batch, proposed, desk.run.request.today, carries=carries)
    move = bring_up(desk.base, topic, wanted)
    note = desk.refs.move(name, move.commit, topic.tip if topic else None) if move.commit else move.note
    if move.commit and note:
        return Branch(name, "left", batch, None, note, topic), refused
    return Branch(name, move.outcome, batch, move.commit, note, topic), refused


def _wanted(
    desk: Desk, batch: Batch, proposed: tuple[Matter, ...], day: str, *, carries: bool
) -> tuple[Wanted, tuple[Problem, ...]]:
    """What a batch's branch should say, its sections pruned on ``day``, and the patterns that refused their changes."""
    run, settings = desk.run, desk.run.request.settings.publish
    files, refused = _patterns_of(desk, batch, day)
    if carries:
        files |= {**desk.options.extra, **_ledger(desk)}
    wanted = Wanted(
        run=run.id,
        topic=batch.topic,
        proposed=proposed,
        files={f"{desk.base.prefix}{path}": raw for path, raw in files.items()},
        readable=partial(_readable, run.request.settings.read),
        message=partial(message, Origin(run.id, desk.base.commit), batch, proposed),
        signature=Signature(settings.author, settings.email, desk.options.seconds),
    )
    return wanted, refused


def _patterns_of(desk: Desk, batch: Batch, day: str) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """The new contents of a batch's patterns, by path in the library, and those that refused theirs."""
    run, folder = desk.run, desk.base.folder
    patterns, settings = run.library.patterns, run.request.settings
    plan = plan_of(patterns, batch.proposals, day)
    place = section_place(patterns, settings.section.key)
    by_slug = {pattern.slug: pattern for pattern in patterns}
    changes = [Change(by_slug[slug], wanted, place.anchor, place.banner) for slug, wanted in plan.wanted.items()]
    edits = make_edits(folder, changes, settings, desk.options.store, desk.options.progress)
    return {edit.path: edit.applied_to((folder / edit.path).read_bytes()) for edit in edits.edits}, edits.refused


def _readable(limits: ReadSettings, raw: bytes) -> bool:
    try:
        parse(decode(raw), limits)
    except FrontMatterError:
        return False
    return True


def _ledger(desk: Desk) -> dict[str, bytes]:
    """The ledger, where more is known than the base says, and how it is merged, where the base does not say.

    That comes with the first branch of all, ahead of any decision: two branches that bring a ledger each then merge.
    """
    git, base = desk.base.repository, desk.base
    there = git.file(base.commit, f"{base.prefix}{ledger.LEDGER}")
    whole = ledger.read(base.folder)
    known = {} if whole.decisions == ledger.parse(there or b"").decisions else {ledger.LEDGER: ledger.text(whole)}
    told = git.blob_of(base.commit, f"{base.prefix}{ledger.ATTRIBUTES}") is not None
    return known if told else {**known, ledger.ATTRIBUTES: ledger.ATTRIBUTES_TEXT.encode()}
