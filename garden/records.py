"""What is kept of each write, so that it can be taken back: the texts before and after, and the proposals between.

Records lie in the library's ``.garden/runs``, which hides itself from git: they serve the machine that wrote. What
went by a branch is recorded by its commits instead, and travels with them.
"""

import gzip
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from garden.config import ReadSettings, Settings
from garden.errors import ChangedMeanwhile, GardenError
from garden.frontmatter import decode, parse
from garden.ledger import FOLDER, allowed, put
from garden.library import as_read
from garden.models import Edit, Problem, Proposal
from garden.plan.decisions import Matter
from garden.plan.gone import Written

RUNS = f"{FOLDER}/runs"
KEPT = 50  # The oldest records beyond these are dropped: what is older has been committed or is not missed.
FORMAT = 1
PUT_BACK = "put back"  # Apart from what was undone: git may bring it back, and then it can still be taken back.


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


def adopt(root: Path, record: Record, about: Sequence[Matter]) -> None:
    """Writes a record, with what its proposals are ``about``. To be called before the files are written, so that no
    kill leaves a write without one. A run that went by a branch is taken in so, too.
    """
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


def standing(root: Path) -> tuple[list[tuple[str, Written]], list[Problem]]:
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


def undone(root: Path, run: str) -> frozenset[str]:
    """The ids of a run's proposals that have been taken back, or never got into their file."""
    return frozenset(_state(root, run).get("undone", ()))


def mark_undone(root: Path, run: str, ids: Iterable[str]) -> None:
    """Takes note that proposals of a run have been taken back."""
    _mark(root, run, "undone", ids)


def mark_put_back(root: Path, run: str, ids: Iterable[str]) -> None:
    """Takes note that git has put back what proposals of a run wrote."""
    _mark(root, run, PUT_BACK, ids)


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
