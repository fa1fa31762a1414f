"""Taking back a run, or one proposal of it, by text, so that what has been changed since stays.

The text after the run, the text that it should have been, and the text that is there now are brought together line by
line. Where a person has changed the lines that would go, the file is left alone and named.

What was written here is known from the library's records; what went by a branch from its commits, in any clone.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from garden import ledger, library, records, shapes
from garden.config import Settings
from garden.edits import edit_between
from garden.errors import FrontMatterError, GardenError, SpliceRefused
from garden.frontmatter import decode, parse
from garden.library import Progress, file_hash
from garden.models import Edit, Pattern, Problem, Proposal, Section
from garden.plan import plan_of
from garden.plan.decisions import LINK_KINDS, Said
from garden.plan.inverse import inverse
from garden.plan.sections import wanted_section
from garden.publish.base import library_prefix, repository_of
from garden.publish.gaps import gaps
from garden.publish.git import NoRepository
from garden.publish.recorded import Recorded, recorded
from garden.publish.versions import Versions
from garden.records import FileRecord, Record, RecordError
from garden.splice import splice
from garden.splice.check import Before, outside, read_again, same_data, same_elsewhere
from garden.splice.merge import merge
from garden.splice.sections import section_of

LAST = "last"
_DATE = re.compile(r"^[ \t]+last_pruned:.*$", re.MULTILINE)


@dataclass
class NothingToUndo(GardenError):
    """No run or proposal has this id, or it has been taken back already."""

    what: str
    reason: str

    def __str__(self) -> str:
        return f"{self.what}: {self.reason}"


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


def undo(root: Path, what: str, said: Said, settings: Settings, progress: Progress) -> Undone:
    """Takes back a run or one proposal, whichever id (or beginning of the id of a run written here) ``what`` is;
    ``last`` is the last run written here that still stands.

    A proposal about a link goes with its mates at the other end, all or none of them. It is remembered as rejected, by
    ``said``; a run is not, for it may have been the wrong day. Raises ``NothingToUndo``, ``RecordError`` and
    ``LibraryLocked``.
    """
    with library.locked(root):
        found = _find(root, what, settings)
        run, ids, single = found.run, found.ids, what in found.ids
        record, gone = records.load(root, run), records.undone(root, run)
        asked = _Asked(record, gone, _with_mates(record, ids) - gone if single else ids, whole=single)
        done = _take_back(root, asked, progress)
        if single and done.proposals:
            _remember(root, record, done.proposals, said)
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
        try:
            current = (root / file.path).read_bytes()
            head = records.head_of(current, record.settings.read)
            new = without(record, file, head, gone, ids) + current[len(head) :]
        except (OSError, FrontMatterError, SpliceRefused) as error:
            problems.append(_refusal(root / file.path, file.path, error))
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


def _refusal(place: Path, path: str, error: OSError | FrontMatterError | SpliceRefused) -> Problem:
    """Why a file is left alone, in words."""
    line, column, reason = 1, 1, str(error)
    if isinstance(error, FrontMatterError):
        line, column, reason = error.line, error.column, error.message
    elif isinstance(error, library.GONE):
        reason = f"{library.fate(place)} since; put it back to take back what was written to it"
    elif isinstance(error, OSError):
        reason = f"cannot be read: {error.strerror or error}; allow reading it, then undo again"
    return Problem(path=path, line=line, column=column, code="undo-refused", message=reason)


def without(record: Record, file: FileRecord, current: bytes, gone: Collection[str], ids: Collection[str]) -> bytes:
    """The head ``current`` without the proposals ``ids`` of a recorded file; ``gone`` had been taken back before.

    Raises ``SpliceRefused`` where a person has changed the same lines since.
    """
    stood = [proposal for proposal in file.proposals if proposal.id not in gone]
    left = [proposal for proposal in stood if proposal.id not in ids]
    base, target = _made(record, file, stood), _made(record, file, left)
    if current in (base, target):
        return target
    text = _by_lines(record.settings, decode(base), decode(current), decode(target))
    if text is None:
        text = _by_items(record, file, current, [proposal for proposal in stood if proposal.id in ids])
    return text.encode()


def _by_lines(settings: Settings, base: str, current: str, target: str) -> str | None:
    """The current text with what makes ``target`` of ``base`` done to its section; None where lines do not tell how."""
    front = parse(current, settings.read)
    section = section_of(front, settings.section.key)
    if section is None:
        return None
    text = merge(base, current, _dated(target, base, current))
    before = Before(current, front, outside(current, section))
    return text if text is not None and _holds(before, text, (base, target), settings) else None


def _by_items(record: Record, file: FileRecord, current: bytes, proposals: Sequence[Proposal]) -> str:
    """The current text with single items put back, where lines alone do not tell how."""
    text, settings = decode(current), record.settings
    pattern = _pattern(text, file.path, settings)
    opposite = inverse(pattern.section or Section(), proposals)
    if opposite is None or pattern.section is None:
        raise SpliceRefused("these lines have been changed by someone since; take them back by hand")
    # The date stays: it is that of the last change of the section, whoever made it.
    wanted = wanted_section(pattern.section, opposite, record.today).model_copy(update={"last_pruned": None})
    return splice(text, wanted, settings, record.anchor, record.banner)


def _dated(target: str, base: str, current: str) -> str:
    """``target`` with the date of ``base`` where a later run has set another: that date is the later run's to keep."""
    dates = [_DATE.search(text) for text in (target, base, current)]
    if not all(dates):
        return target
    mine, theirs, now = (date.group() for date in dates if date)
    return target if now in (mine, theirs) else target.replace(mine, theirs, 1)


def _made(record: Record, file: FileRecord, proposals: Sequence[Proposal]) -> bytes:
    """What the file would be, had the run made just these of its proposals."""
    if len(proposals) == len(file.proposals):
        return file.new
    if not proposals:
        return file.old
    # Proves that this version of the program still makes of all proposals what was written then.
    if _spliced(record, file, file.proposals) != file.new:
        raise SpliceRefused("the run was made by another version of the program; take back the whole run, or use git")
    return _spliced(record, file, proposals)


def _spliced(record: Record, file: FileRecord, proposals: Sequence[Proposal]) -> bytes:
    text, settings = decode(file.old), record.settings
    pattern = _pattern(text, file.path, settings)
    wanted = plan_of([pattern], proposals, record.today).wanted[pattern.slug]
    return splice(text, wanted, settings, record.anchor, record.banner).encode()


def _pattern(text: str, path: str, settings: Settings) -> Pattern:
    return shapes.pattern_from(parse(text, settings.read), text, path, file_hash(text.encode()), settings)


def _holds(before: Before, after: str, undone: tuple[str, str], settings: Settings) -> bool:
    """Whether a text made line by line, without knowing YAML, is what it was but for the machine's section.

    ``undone`` are the texts with what is taken back and without it.
    """
    try:
        front = read_again(after, settings)
        if section_of(front, settings.section.key):
            same_elsewhere(before, after, settings)
            return True
        same_data(before.front, front, settings)
    except SpliceRefused:
        return False
    # A section that goes altogether takes with it what was written around it, and nothing else.
    made = edit_between("", undone[1].encode(), undone[0].encode())
    return not made.old and after == before.text.replace(made.new.decode(), "", 1)


def _remember(root: Path, record: Record, taken: Collection[str], said: Said) -> None:
    known = [one for one in records.matters(root, record.run) if one.proposal in taken]
    if known:
        ledger.add(root, [one.decided("rejected", said) for one in known])
