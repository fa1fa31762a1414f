"""Writing changed files atomically, and the lock that keeps runs apart."""

import fcntl
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from garden.errors import FULL, ChangedMeanwhile, LibraryLocked, NotALibrary, NotWritten
from garden.library import rights
from garden.library.meanwhile import GONE, as_read, changed, fate
from garden.library.reading import Progress
from garden.models import Edit, Problem
from garden.store import digest

TEMPORARY = ".garden-tmp"
UNWRITABLE = "unwritable"  # The code of a file that is as it was because writing it failed.
BETWEEN_LOOKS = 0.2  # Seconds between two looks at a lock that is held.


@dataclass(frozen=True)
class Written:
    """What a write did: the files that have their new text, and those left alone with the reason."""

    paths: tuple[str, ...]
    skipped: tuple[Problem, ...]


def unwritten(problems: Iterable[Problem]) -> NotWritten | None:
    """What to fail with where some of the ``problems`` are files that cannot be written, None where none is.

    One that was changed meanwhile is no failure: the next run takes it up.
    """
    refused = [problem for problem in problems if problem.code == UNWRITABLE]
    return NotWritten(len(refused), f"{refused[0].path} {refused[0].message}") if refused else None


def write(root: Path, edits: Sequence[Edit], progress: Progress) -> Written:
    """Puts each edit's new text in place of its file, atomically and durably, one after the other.

    A file that is no longer what the edit was made from is skipped and named; a kill at any moment leaves every file
    old or new. The caller holds the library's lock.
    """
    _sweep(root)
    written: list[str] = []
    skipped: list[Problem] = []
    for done, edit in enumerate(edits):
        progress("write", done, len(edits))
        problem = _write_one(root, edit)
        if problem:
            skipped.append(problem)
        else:
            written.append(edit.path)
    progress("write", len(edits), len(edits))
    return Written(tuple(written), tuple(skipped))


@contextmanager
def locked(root: Path, patience: float = 0.0) -> Iterator[None]:
    """Holds the library for one run. The lock is the kernel's, on the folder itself: it ends with the process.

    Raises ``LibraryLocked`` where another process holds it, and still does after ``patience`` seconds, ``NotALibrary``
    where the folder cannot be opened.
    """
    try:
        handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise NotALibrary(str(root), (error.strerror or str(error)).lower()) from error
    end = time.monotonic() + patience
    try:
        while not _claimed(handle):
            if time.monotonic() >= end:
                raise LibraryLocked(str(root))
            time.sleep(BETWEEN_LOOKS)
        yield
    finally:
        os.close(handle)


def temporary_of(path: Path) -> Path:
    """Where the new text of a file stands until it takes its place: beside it, by a name that is short for any file."""
    return path.with_name(f".{digest(os.fsencode(path.name)).hex()}{TEMPORARY}")


def _claimed(handle: int) -> bool:
    # The kernel could wait for us, but not with a limit.
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sweep(root: Path) -> None:
    # Left by a run that was killed while writing; the lock says that no other is at it.
    for stray in sorted(root.rglob(f".*{TEMPORARY}")):
        # One in a folder that may not be written is in nobody's way.
        with suppress(OSError):
            stray.unlink()


def _write_one(root: Path, edit: Edit) -> Problem | None:
    path = root / edit.path
    temporary = temporary_of(path)
    try:
        raw = as_read(root, edit.path, edit.old_hash)
        _put_beside(temporary, edit.applied_to(raw), path)
        as_read(root, edit.path, edit.old_hash)
        temporary.replace(path)
        _sync_folder(path.parent)
    except ChangedMeanwhile as error:
        return changed(edit.path, error)
    except GONE:
        return changed(edit.path, ChangedMeanwhile(fate(path)))
    except OSError as error:
        room = "make room, " if error.errno in FULL else ""
        message = f"cannot be written: {error.strerror or error}; {room}the file is as it was"
        return Problem(path=edit.path, line=1, column=1, code=UNWRITABLE, message=message)
    finally:
        # Where its folder went meanwhile it went along, and what else is left the next run sweeps away.
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return None


def _put_beside(temporary: Path, raw: bytes, path: Path) -> None:
    with open(temporary, "wb", opener=rights.private) as handle:
        handle.write(raw)
        rights.keep(handle.fileno(), path)
        handle.flush()
        os.fsync(handle.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
