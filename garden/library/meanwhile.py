"""A pattern file that others may have touched since it was read: its bytes, or what became of it."""

from pathlib import Path, PurePosixPath

from garden.errors import ChangedMeanwhile
from garden.models import Problem
from garden.store import digest

GONE = (FileNotFoundError, NotADirectoryError, IsADirectoryError)


def file_hash(raw: bytes) -> str:
    """The hash of a file's bytes, in hexadecimal."""
    return digest(raw).hex()


def as_read(root: Path, path: str, was: str) -> bytes:
    """The bytes of a file of the library, which had the hash ``was`` when it was read.

    Raises ``ChangedMeanwhile`` where it is not that file any more, and ``OSError`` where it cannot be read.
    """
    # Reading does not follow links, so writing must not either.
    inside = PurePosixPath(path)
    if any((root / part).is_symlink() for part in (inside, *inside.parents) if part.name):
        raise ChangedMeanwhile("a symbolic link has taken its place")
    try:
        raw = (root / path).read_bytes()
    except GONE as error:
        raise ChangedMeanwhile(fate(root / path)) from error
    if file_hash(raw) != was:
        raise ChangedMeanwhile("was changed by someone else")
    return raw


def fate(place: Path) -> str:
    """What became of a file that is no file any more."""
    return "a folder has taken its place" if place.is_dir() else "was deleted, renamed or moved"


def changed(path: str, error: ChangedMeanwhile) -> Problem:
    """How such a file is named."""
    message = f"{error}, so it is left as it is; run again"
    return Problem(path=path, line=1, column=1, code="changed-meanwhile", message=message)
