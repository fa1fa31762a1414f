"""Taking back a run, or one proposal of it; a file in which a person has changed the same lines is left and named.

What was written here is known from the library's records; what went by a branch from its commits, in any clone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from garden import ledger, library, records
from garden.config import Settings
from garden.edits import edit_between, located
from garden.errors import FrontMatterError, GardenError, SpliceRefused
from garden.library import Progress
from garden.models import Edit, Pattern, Problem
from garden.names import names_of
from garden.plan.decisions import LINK_KINDS, Matter, Said
from garden.plan.gone import on_texts_of_now
from garden.publish.base import library_prefix, repository_of
from garden.publish.gaps import gaps
from garden.publish.git import NoRepository
from garden.publish.recorded import Recorded, recorded
from garden.publish.versions import Versions
from garden.records import Record, RecordError
from garden.store import Store
from garden.takeback import without

LAST = "last"


@dataclass
class NothingToUndo(GardenError):
    """No run or proposal has this id, or it has been taken back already."""

    what: str
    reason: str

    def __str__(self) -> str:
        return f"{self.what}: {self.reason}"


@dataclass(frozen=True)
class Means:
    """What undoing works with: the library's settings, a store of what was read, and whom it tells how far it is."""

    settings: Settings
    store: Store
    progress: Progress


@dataclass(frozen=True)
class Undone:
    """What was taken back: the run, the files written, and those left alone with the reason.

    ``proposals`` are the ids of those of which nothing stands any more; ``taken`` are the ones among them that stood in
    the files written. The others never got there, or had gone before. ``passed`` are the records of other runs that
    cannot be read, in which a proposal was looked for in vain.
    """

    run: str
    proposals: tuple[str, ...]
    taken: tuple[str, ...]
    paths: tuple[str, ...]
    problems: tuple[Problem, ...]
    passed: tuple[Problem, ...] = ()


def undo(root: Path, what: str, said: Said, means: Means) -> Undone:
    """Takes back a run or one proposal, whichever id (or beginning of the id of a run written here) ``what`` is;
    ``last`` is the last run written here that still stands.

    A proposal about a link goes with its mates at the other end, all or none of them. It is remembered as rejected, by
    ``said``, of the texts as they are; a run is not, for it may have been the wrong day. Raises ``NothingToUndo``,
    ``RecordError``, ``LibraryLocked`` and, for a proposal, ``NotALibrary``.
    """
    with library.locked(root):
        found = _find(root, what, means.settings)
        run, ids, single = found.run, found.ids, what in found.ids
        record, gone = records.load(root, run), records.undone(root, run)
        asked = _Asked(record, gone, _with_mates(record, ids) - gone if single else ids, whole=single)
        # Before anything is written, for it may fail.
        patterns = library.read(root, means.settings, means.store, means.progress).patterns if single else ()
        done = _take_back(root, asked, means.progress)
        if single and done.proposals:
            _remember(root, _known(root, run, done.proposals), patterns, said)
        return replace(done, passed=found.passed)


@dataclass(frozen=True)
class _Found:
    """A run with those of its proposals that are meant, and the records that could not be looked at for them."""

    run: str
    ids: frozenset[str]
    passed: tuple[Problem, ...] = ()


def _find(root: Path, what: str, settings: Settings) -> _Found:
    known = records.runs(root)
    if what == LAST:
        what = next((run for run in reversed(known) if _ids(root, run) - records.undone(root, run)), "")
        if not what:
            raise NothingToUndo(LAST, "nothing that was written here is left to take back")
    named = [run for run in known if run == what] or [run for run in known if what and run.startswith(what)]
    if len(named) > 1:
        raise NothingToUndo(what, f"could be any of {', '.join(named)}; name one of them")
    if named:
        left = _ids(root, named[0]) - records.undone(root, named[0])
        if not left:
            raise NothingToUndo(what, "this run has been taken back already")
        return _Found(named[0], left)
    holding, passed = _holding(root, known, what)
    standing = next((run for run in holding if what not in records.undone(root, run)), None)
    if standing:
        return _Found(standing, frozenset((what,)), passed)
    if holding:
        raise NothingToUndo(what, "this proposal has been taken back already")
    return _adopted(root, what, settings, passed)


def _holding(root: Path, known: Sequence[str], what: str) -> tuple[list[str], tuple[Problem, ...]]:
    """The runs that hold a proposal, newest first, and the records that cannot be read."""
    holding: list[str] = []
    passed: list[Problem] = []
    for run in reversed(known):
        try:
            if what in _ids(root, run):
                holding.append(run)
        except RecordError as error:
            passed.append(records.passed_over(root, error))
    return holding, tuple(passed)


def _adopted(root: Path, what: str, settings: Settings, passed: tuple[Problem, ...]) -> _Found:
    """A run that was merged from a branch, taken in from its commits."""
    found, missing = _in_git(root, what, settings)
    if found is None:
        known = ", ".join(records.runs(root)[-5:]) or "none"
        reason = "no run or proposal that was written here or merged from a branch of ours has this id; written here: "
        damaged = [f"It may be in {problem.path}, which cannot be read" for problem in passed]
        others = ". ".join([*damaged, "Other runs are known where they were written, and to git revert", *missing])
        raise NothingToUndo(what, f"{reason}{known}. {others}")
    records.adopt(root, found.record, found.matters)
    ids = _ids(root, found.record.run)
    return _Found(found.record.run, frozenset((what,)) if what in ids else ids, passed)


def _in_git(root: Path, what: str, settings: Settings) -> tuple[Recorded | None, tuple[str, ...]]:
    """What git's history tells of a run or proposal, and lines on what of the history is missing."""
    try:
        repository = repository_of(root)
    except NoRepository:
        return None, ()
    commit = repository.commit_of("HEAD")
    versions = Versions(repository, library_prefix(repository, root), settings)
    return (recorded(versions, commit, what) if commit else None), gaps(repository)


def _ids(root: Path, run: str) -> frozenset[str]:
    return frozenset(one.proposal for one in records.matters(root, run))


@dataclass(frozen=True)
class _Asked:
    """What to take back of a record: the proposals ``ids``, where ``gone`` were before; ``whole`` says all or none."""

    record: Record
    gone: frozenset[str]
    ids: frozenset[str]
    whole: bool


def _with_mates(record: Record, ids: frozenset[str]) -> frozenset[str]:
    """The ids, and those of what was done to the same links at their other ends."""
    proposals = [proposal for file in record.files for proposal in file.proposals]
    groups = {p.group for p in proposals if p.id in ids and p.kind in LINK_KINDS}
    return ids | {p.id for p in proposals if p.group in groups}


def _take_back(root: Path, asked: _Asked, progress: Progress) -> Undone:
    record, gone, ids = asked.record, asked.gone, asked.ids
    files = [file for file in record.files if any(proposal.id in ids for proposal in file.proposals)]
    edits: list[Edit] = []
    problems: list[Problem] = []
    for file in files:
        head = b""
        try:
            current = (root / file.path).read_bytes()
            head = records.head_of(current, record.settings.read)
            new = without(record, file, head, gone, ids) + current[len(head) :]
        except (OSError, FrontMatterError, SpliceRefused) as error:
            problems.append(_refusal(root, file.path, head, error))
            continue
        if new != current:
            edits.append(edit_between(file.path, current, new))
    if asked.whole and problems:
        return Undone(record.run, (), (), (), tuple(problems))
    written = library.write(root, edits, progress)
    problems += written.skipped
    left = {problem.path for problem in problems}
    gone_now = sorted({p.id for file in files if file.path not in left for p in file.proposals} & ids)
    records.mark_undone(root, record.run, gone_now)
    taken = {p.id for file in files if file.path in written.paths for p in file.proposals}.intersection(gone_now)
    return Undone(record.run, tuple(gone_now), tuple(sorted(taken)), written.paths, tuple(problems))


def _refusal(root: Path, path: str, head: bytes, error: OSError | FrontMatterError | SpliceRefused) -> Problem:
    """Why a file with this head is left alone, in words."""
    line, column, reason = located(error, head)
    if isinstance(error, library.GONE):
        reason = f"{library.fate(root / path)} since; put it back to take back what was written to it"
    elif isinstance(error, OSError):
        reason = f"cannot be read: {error.strerror or error}; allow reading it, then undo again"
    return Problem(path=path, line=line, column=column, code="undo-refused", message=reason)


def _known(root: Path, run: str, taken: Collection[str]) -> list[Matter]:
    return [one for one in records.matters(root, run) if one.proposal in taken]


def _remember(root: Path, known: Sequence[Matter], patterns: Sequence[Pattern], said: Said) -> None:
    """Who takes something back has the texts of now before them, not those of the day of the write."""
    names = names_of(patterns)
    ledger.add(root, [on_texts_of_now(one, patterns, names).decided("rejected", said) for one in known])
