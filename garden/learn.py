"""Learning what reviewers decided: from a host's pull requests, from git's history, and from what went by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from garden import aftermath, ledger, library
from garden.config import Settings
from garden.ledger import Ledger
from garden.models import Pattern, Problem
from garden.plan.decisions import Decision
from garden.publish.base import base_name, library_prefix, repository_of
from garden.publish.feedback import Feedback, Round, collect, kept_at
from garden.publish.gaps import gaps
from garden.publish.git import NoRepository, Repository
from garden.publish.history import decisions_in
from garden.publish.host import Host
from garden.publish.refs import RemoteRefs, refs_at
from garden.publish.squashed import deleted, squashed_decisions
from garden.publish.versions import Versions


@dataclass(frozen=True)
class Learned:
    """All decisions known by now, those among them that are new, and what could not be understood.

    ``notes`` are lines on what could not be told at all, and the way out.
    """

    ledger: Ledger
    new: tuple[Decision, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """Where to learn from: the library and its patterns, ``now`` as an ISO time in UTC, and a host with its token.

    ``pushed`` says that the library is handed over through its remote, also where no host is spoken to.
    """

    root: Path
    settings: Settings
    patterns: Sequence[Pattern]
    now: str
    host: Host | None = None
    token: str = ""
    pushed: bool = False

    @property
    def remote(self) -> str:
        """The git remote whose branches count, empty where the local ones do."""
        return self.settings.publish.remote if self.host or self.pushed else ""


def learn(lesson: Lesson) -> Learned:
    """Collects decisions without writing anything. A library outside git teaches by what went by hand alone.

    Raises ``HostError`` and ``GitError`` where a host was given and cannot be asked, and ``NoBase``.
    """
    known = aftermath.recalled(lesson.root, lesson.patterns, lesson.now[:10])
    before = {ledger.line(one) for one in ledger.read(lesson.root).decisions}
    try:
        repository = repository_of(lesson.root, lesson.remote, lesson.token)
    except NoRepository:
        return Learned(known, tuple(one for one in known.decisions if ledger.line(one) not in before), known.problems)
    versions = Versions(repository, library_prefix(repository, lesson.root), lesson.settings)
    were = _tips(lesson, repository)
    base = _base(lesson, repository)
    if base is None:
        return Learned(known, tuple(one for one in known.decisions if ledger.line(one) not in before), known.problems)
    now = _tips(lesson, repository)
    tips = list(now.values())
    lost = {branch: tip for branch, tip in were.items() if branch not in now}
    known = known.with_(kept for commit in (base, *tips) for kept in kept_at(versions, commit))
    found = _asked(lesson, versions, base, known)
    in_git = [*decisions_in(versions, base), *squashed_decisions(versions, base, [*tips, *lost.values()])]
    told = [*_unless_told(in_git, found.decisions), *found.decisions]
    whole = known.with_(_unless_told(told, known.decisions))
    new = tuple(one for one in whole.decisions if ledger.line(one) not in before)
    # A host tells of each branch what became of it.
    notes = (*gaps(repository), *([] if lesson.host else deleted(versions, base, lost)))
    return Learned(whole, new, (*known.problems, *found.problems), notes)


def _asked(lesson: Lesson, versions: Versions, base: str, known: Ledger) -> Feedback:
    if lesson.host is None:
        return Feedback(())
    return collect(Round(lesson.host, versions, lesson.settings.publish.remote, base, lesson.now, known))


def _tips(lesson: Lesson, repository: Repository) -> dict[str, str]:
    """The ends of our branches, by name: what was decided on them has not come to the base yet."""
    return refs_at(repository, lesson.settings.publish.prefix, lesson.remote).tips()


def remember(root: Path, learned: Learned) -> None:
    """Writes what was learned into the library's ledger. Raises ``LibraryLocked``."""
    with library.locked(root):
        ledger.add(root, learned.ledger.decisions)


def _base(lesson: Lesson, repository: Repository) -> str | None:
    """The commit whose history counts: the remote's base branch, freshly fetched, or the local one."""
    publish = lesson.settings.publish
    remote = lesson.remote
    name = base_name(repository, publish, remote)
    if not remote:
        return repository.commit_of(f"refs/heads/{name}" if name else "HEAD")
    RemoteRefs(repository, publish.prefix, remote).fetch(name)
    return repository.commit_of(f"refs/remotes/{remote}/{name}")


def _unless_told(told: Sequence[Decision], known: Sequence[Decision]) -> list[Decision]:
    """Those of ``told`` that no other source has told already: a merge is seen at the host and in git's history."""
    said: dict[tuple[str, ...], list[Decision]] = {}
    others: dict[tuple[str, ...], list[Decision]] = {}
    for one in known:
        said.setdefault(ledger.statement(one), []).append(one)
    for one in (*known, *told):
        others.setdefault(ledger.matter_of(one), []).append(one)

    def is_told(one: Decision) -> bool:
        return ledger.repeats(one, said.get(ledger.statement(one), ()), others[ledger.matter_of(one)])

    return [one for one in told if one.verdict == "closed" or not is_told(one)]
