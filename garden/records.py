"""What is kept of each write, so that it can be taken back: the texts before and after, and the proposals between.

Records lie in the library's ``.garden/runs``, which hides itself from git: they serve the machine that wrote. What
went by a branch is recorded by its commits instead, and travels with them.
"""

import gzip
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from garden import ledger
from garden.config import ReadSettings, Settings
from garden.errors import ChangedMeanwhile, FrontMatterError, GardenError
from garden.frontmatter import decode, parse
from garden.ledger import FOLDER, Ledger, allowed, put
from garden.library import as_read
from garden.models import Edit, Pattern, Problem, Proposal
from garden.plan.decisions import Matter, Said, matter
from garden.plan.gone import Written, put_back, removed_by_hand

RUNS = f"{FOLDER}/runs"
KEPT = 50  # The oldest records beyond these are dropped: what is older has been committed or is not missed.
FORMAT = 1
PUT_BACK = "put back"  # Apart from what was undone: git may bring it back, and then it can still be taken back.
BY_HAND = "by hand"  # Where a decision was made that the files alone tell of.


@dataclass
class RecordError(GardenError):
    """A record of a run cannot be read."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}; undo this run by git, or by hand"


@dataclass(frozen=True)
class FileRecord:
    """One file of a run: its head before, its head after (see ``head_of``), and the proposals between."""

    path: str
    old: bytes
    new: bytes
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True)
class Record:
    """One run. ``anchor`` and ``banner`` say where a section was made that was missing."""

    run: str
    today: str
    settings: Settings
    anchor: tuple[str, ...]
    banner: str
    files: tuple[FileRecord, ...]


def keep(root: Path, record: Record, patterns: Sequence[Pattern]) -> None:
    """Writes a record. To be called before the files are written, so that no kill leaves a write without one.

    ``patterns`` are in slug order, as they were read. What earlier runs wrote into the same files and is there no more,
    the file being as it was before, is taken note of: after this run, it would seem to have been taken out by hand.
    """
    paths = {file.path for file in record.files}
    # The days that a file may have been put back on to the state of the same day.
    days = {one.section.last_pruned for one in patterns if one.path in paths and one.section}
    standing = _standing(root)[0]
    for run, earlier in standing:
        if run == record.run:
            continue
        missing = removed_by_hand([earlier], patterns) if earlier.today in days else ()
        if gone := put_back(earlier, patterns, paths) | _discarded(root, standing, missing, patterns):
            _mark(root, run, PUT_BACK, gone)
    by_slug = {pattern.slug: pattern for pattern in patterns}
    adopt(root, record, [matter(p, by_slug) for file in record.files for p in file.proposals])


def adopt(root: Path, record: Record, about: Sequence[Matter]) -> None:
    """The same with what the proposals were about given: so a run that went by a branch is taken in."""
    put(root / RUNS / ".gitignore", b"*\n")
    matters = [one.lean() for one in about]
    # The same run may have been made and taken back before.
    _drop(_state_file(root, record.run))
    put(_texts(root, record.run), _packed([_head(record), *map(_file, record.files)]))
    # Last, for a run is known by it.
    put(_matters(root, record.run), _packed(matters))
    for run in runs(root)[:-KEPT]:
        for path in (_matters(root, run), _texts(root, run), _state_file(root, run)):
            _drop(path)


def _drop(path: Path) -> None:
    with allowed(path):
        path.unlink(missing_ok=True)


def head_of(raw: bytes, limits: ReadSettings) -> bytes:
    """The bytes of a file up to the end of its front matter: all that a run may change. Raises FrontMatterError."""
    text = decode(raw)
    return text[: parse(text, limits).body_start].encode()


def file_records(
    edits: Iterable[Edit], proposals: Iterable[Proposal], root: Path, limits: ReadSettings
) -> tuple[FileRecord, ...]:
    """What ``edits`` are about to do to the files below ``root``, but for one that is not as it was read."""
    by_path: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        by_path.setdefault(proposal.path, []).append(proposal)
    found: list[FileRecord] = []
    for edit in edits:
        try:
            head = head_of(as_read(root, edit.path, edit.old_hash), limits)
        except (OSError, ChangedMeanwhile):
            # Whoever writes meets the same, and names it.
            continue
        found.append(FileRecord(edit.path, head, edit.applied_to(head), tuple(by_path.get(edit.path, ()))))
    return tuple(found)


def runs(root: Path) -> list[str]:
    """The ids of the runs that are recorded, oldest first."""
    found = (root / RUNS).glob("*.proposals.gz")
    times = sorted((path.stat().st_mtime_ns, path.name.removesuffix(".proposals.gz")) for path in found)
    return [name for _, name in times]


def matters(root: Path, run: str) -> tuple[Matter, ...]:
    """What the proposals of a run were about. Raises ``RecordError``."""
    path = _matters(root, run)
    try:
        return tuple(Matter.model_validate(values) for values in _unpacked(path))
    except ValidationError as error:
        raise RecordError(str(path), f"is damaged ({error.errors()[0]['msg']})") from error


def load(root: Path, run: str) -> Record:
    """The record of a run. Raises ``RecordError``."""
    path = _texts(root, run)
    head, *files = _unpacked(path)
    if head.get("format") != FORMAT:
        raise RecordError(str(path), "was written by another version")
    return Record(
        run=head["run"],
        today=head["today"],
        settings=Settings.model_validate(head["settings"]),
        anchor=tuple(head["anchor"]),
        banner=head["banner"],
        files=tuple(_read_file(values) for values in files),
    )


def complete(root: Path, record: Record, skipped: Iterable[str]) -> None:
    """Takes note that all files of a run have been written but those at the paths ``skipped``."""
    left = set(skipped)
    ids = [proposal.id for file in record.files if file.path in left for proposal in file.proposals]
    _note(root, record.run, {"complete": record.today, "undone": sorted(ids)})


def unfinished(root: Path) -> str | None:
    """The newest run, where it was stopped before all its files were written."""
    newest = runs(root)[-1:]
    return next((run for run in newest if not _state_file(root, run).exists()), None)


def _standing(root: Path) -> tuple[list[tuple[str, Written]], list[Problem]]:
    """What the runs that came to their end wrote and did not take back again, by the run's id, oldest first, and the
    records among them that cannot be read.
    """
    found: list[tuple[str, Written]] = []
    problems: list[Problem] = []
    for run in runs(root):
        try:
            found += [(run, one) for one in _written(root, run)]
        except RecordError as error:
            problems.append(passed_over(root, error))
    return found, problems


def _written(root: Path, run: str) -> list[Written]:
    state = _state(root, run)
    if not state.get("complete"):
        return []
    gone = {*state.get("undone", ()), *state.get(PUT_BACK, ())}
    return [Written(state["complete"], tuple(m for m in matters(root, run) if m.proposal not in gone))]


def passed_over(root: Path, error: RecordError) -> Problem:
    """How a record that cannot be read is named where the rest goes on without it."""
    path = Path(error.path).relative_to(root).as_posix()
    lost = "a link of this run that someone took out by hand may be proposed again"
    message = f"{error.reason}; {lost}, and the run cannot be undone. Delete this file to hear no more of it"
    return Problem(path=path, line=1, column=1, code="record", message=message)


def recalled(root: Path, patterns: Sequence[Pattern], today: str) -> Ledger:
    """The ledger, and what else reviewers have let us know: links of ours that they took out by hand.

    ``patterns`` are in slug order; ``today`` is the ISO date on which that was seen. Nothing is written. A record that
    cannot be read is passed over, and named among the problems.
    """
    known, (standing, damaged) = ledger.read(root), _standing(root)
    by_hand = Said(who="", when=f"{today}T00:00:00Z", where=BY_HAND)
    gone = removed_by_hand(_unmissed((run for _, run in standing), known), patterns)
    discarded = _discarded(root, standing, gone, patterns)
    whole = known.with_(matter.decided("rejected", by_hand) for matter in gone if matter.proposal not in discarded)
    return replace(whole, problems=(*whole.problems, *damaged))


def _discarded(
    root: Path, standing: Sequence[tuple[str, Written]], gone: Sequence[Matter], patterns: Sequence[Pattern]
) -> frozenset[str]:
    """The ids among ``gone`` of what git put back on the day of its run: the date of pruning does not tell that then.

    Their file is to the byte what it was before that run, or another of the day before it.
    """
    if not gone:
        return frozenset()
    by_slug = {pattern.slug: pattern for pattern in patterns}
    last_by = {one.proposal: place for place, (_, run) in enumerate(standing) for one in run.matters}
    stands_before = _heads_before(root)
    found: set[str] = set()
    for one in gone:
        pattern, last = by_slug.get(one.ends[0].slug), last_by[one.proposal]
        today = standing[last][1].today
        if pattern and pattern.section and pattern.section.last_pruned == today:
            same_day = [run for run, what in standing[: last + 1] if what.today == today]
            if any(stands_before(run, pattern.path) for run in same_day):
                found.add(one.proposal)
    return frozenset(found)


def _heads_before(root: Path) -> Callable[[str, str], bool]:
    """Whether a file's head is what it was before a run wrote it. Records are large: each is read once."""

    @cache
    def before(run: str) -> tuple[ReadSettings, dict[str, bytes]]:
        record = load(root, run)
        return record.settings.read, {file.path: file.old for file in record.files}

    @cache
    def stands(run: str, path: str) -> bool:
        try:
            settings, heads = before(run)
            return path in heads and head_of((root / path).read_bytes(), settings) == heads[path]
        except (RecordError, OSError, FrontMatterError):
            # A record that is damaged does not tell, nor does a file that went while it was looked at.
            return False

    return stands


def _unmissed(runs: Iterable[Written], known: Ledger) -> list[Written]:
    """The runs without what is known to have gone since: told anew, it would go before what was said after it."""
    told: dict[str, str] = {}
    for one in known.decisions:
        if one.where == BY_HAND:
            told[one.proposal] = max(one.when[:10], told.get(one.proposal, ""))
    return [
        replace(run, matters=tuple(one for one in run.matters if told.get(one.proposal, "") < run.today))
        for run in runs
    ]


def undone(root: Path, run: str) -> frozenset[str]:
    """The ids of a run's proposals that have been taken back, or never got into their file."""
    return frozenset(_state(root, run).get("undone", ()))


def mark_undone(root: Path, run: str, ids: Iterable[str]) -> None:
    """Takes note that proposals of a run have been taken back."""
    _mark(root, run, "undone", ids)


def _mark(root: Path, run: str, name: str, ids: Iterable[str]) -> None:
    state = _state(root, run)
    _note(root, run, {**state, name: sorted({*state.get(name, ()), *ids})})


def _state(root: Path, run: str) -> dict[str, Any]:
    path = _state_file(root, run)
    try:
        state = dict(orjson.loads(path.read_bytes())) if path.is_file() else {}
        # Both are texts and lists of them, or joining fails.
        "".join((state.get("complete", ""), *state.get("undone", ()), *state.get(PUT_BACK, ())))
        return state
    except (OSError, ValueError, TypeError) as error:
        raise RecordError(str(path), f"is damaged ({error})") from error


def _note(root: Path, run: str, state: Mapping[str, Any]) -> None:
    put(_state_file(root, run), orjson.dumps(state, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE))


def _texts(root: Path, run: str) -> Path:
    return root / RUNS / f"{run}.texts.gz"


def _matters(root: Path, run: str) -> Path:
    return root / RUNS / f"{run}.proposals.gz"


def _state_file(root: Path, run: str) -> Path:
    return root / RUNS / f"{run}.state"


def _head(record: Record) -> Mapping[str, Any]:
    return {
        "format": FORMAT,
        "run": record.run,
        "today": record.today,
        "settings": record.settings.model_dump(mode="json"),
        "anchor": list(record.anchor),
        "banner": record.banner,
    }


def _file(file: FileRecord) -> Mapping[str, Any]:
    # Both heads whole: packed, the second costs next to nothing. They are UTF-8, or they would not have been read.
    proposals = [proposal.model_dump(mode="json") for proposal in file.proposals]
    return {"path": file.path, "old": file.old.decode(), "new": file.new.decode(), "proposals": proposals}


def _read_file(values: Mapping[str, Any]) -> FileRecord:
    proposals = tuple(map(Proposal.model_validate, values["proposals"]))
    return FileRecord(values["path"], values["old"].encode(), values["new"].encode(), proposals)


def _packed(lines: Iterable[Mapping[str, Any]]) -> bytes:
    raw = b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines)
    return gzip.compress(raw, compresslevel=1, mtime=0)


def _unpacked(path: Path) -> list[dict[str, Any]]:
    try:
        return [orjson.loads(line) for line in gzip.decompress(path.read_bytes()).split(b"\n") if line]
    except FileNotFoundError as error:
        raise RecordError(str(path), "there is no such record") from error
    except (OSError, EOFError, zlib.error, orjson.JSONDecodeError) as error:
        raise RecordError(str(path), f"is damaged ({error})") from error
