"""What can go wrong, said so that a person knows what to do next.

Each error keeps its fields and composes its message in ``__str__``. ``GardenError`` is an expected failure: a face
prints it and exits with 1. Anything else that escapes is a bug.
"""

import errno
from dataclasses import dataclass
from shlex import quote

FULL = (errno.ENOSPC, errno.EDQUOT)  # No room is left, or none of what one may take.


class GardenError(Exception):
    """An expected failure: its text is the message for the user."""


@dataclass
class FrontMatterError(GardenError):
    """One file's front matter cannot be read. ``line`` and ``column`` count from 1."""

    code: str
    message: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.message} [{self.code}]"


@dataclass
class SpliceRefused(GardenError):
    """A file's section cannot be changed without risk to other bytes, so the file is left alone.

    ``way_out`` is what to do about it; as it stands it serves what only a fault of the program can cause. ``index`` is
    the place in the file's text, None where it is not known.
    """

    reason: str
    way_out: str = "leave the file as it is, and report this"
    index: int | None = None

    def __str__(self) -> str:
        return f"cannot be changed safely: {self.reason}; {self.way_out}"


@dataclass
class ChangedMeanwhile(GardenError):
    """A file is not any more what it was when the run read it, so the file is left alone."""

    reason: str

    def __str__(self) -> str:
        return f"{self.reason} during the run"


@dataclass
class NotALibrary(GardenError):
    """The path is not a folder that holds patterns."""

    path: str
    reason: str
    way: str = "name a folder that holds Markdown patterns with YAML front matter"

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}; {self.way}"


@dataclass
class NothingReadable(GardenError):
    """The library has pattern files, and none of them can be read."""

    path: str
    problems: int

    @property
    def reason(self) -> str:
        """What is the matter, without saying where."""
        none = "its one file could not" if self.problems == 1 else f"none of its {self.problems:,} files could"
        return f"{none} be read"

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}; garden check {quote(self.path)} says why"


@dataclass
class LibraryLocked(GardenError):
    """Another run is writing to the library."""

    path: str

    def __str__(self) -> str:
        return f"{self.path}: another run is at work in this library; wait for it to end, then run again"


@dataclass
class NotKept(GardenError):
    """What a run keeps in the library for the next ones, or for ``undo``, cannot be written."""

    path: str
    reason: str
    way_out: str = "allow writing there"

    def __str__(self) -> str:
        return f"{self.path}: cannot be written: {self.reason}; {self.way_out}"


@dataclass
class LedgerRefused(GardenError):
    """Something is there for the ledger, and what reviewers decided cannot be read from it."""

    path: str
    reason: str

    def __str__(self) -> str:
        back = "put the file back that was there, allow reading it, or remove this to begin without decisions"
        return f"{self.path}: what reviewers decided cannot be read: {self.reason}; {back}"


@dataclass
class NotWritten(GardenError):
    """So many ``files`` that were to be changed cannot be written; ``example`` says what is wrong with one."""

    files: int
    example: str

    def __str__(self) -> str:
        what = "1 file was" if self.files == 1 else f"{self.files:,} files were"
        return f"{what} to be changed and could not be: {self.example}; the next run tries again"


@dataclass
class SettingsError(GardenError):
    """A setting has a wrong name or value. ``line`` and ``column`` count from 1; 0 where they are not known."""

    source: str
    setting: str
    message: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = f"{self.source}:{self.line}:{self.column}" if self.line else self.source
        return f"{place}: {self.setting}: {self.message}"


@dataclass
class EncoderError(GardenError):
    """The embedding model cannot be loaded or is not the one expected."""

    model: str
    reason: str

    def __str__(self) -> str:
        return f"embedding model {self.model}: {self.reason}"


@dataclass
class InputError(GardenError):
    """What is given on the command line cannot be used. ``line`` counts from 1; 0 where it is no file."""

    path: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}" if self.line else f"{self.path}: {self.reason}"


@dataclass
class UnknownPattern(GardenError):
    """A slug given on the command line is no pattern's. ``unread`` says why its file is not read, if that is so."""

    slug: str
    near: tuple[str, ...] = ()
    unread: str = ""

    def __str__(self) -> str:
        if self.unread:
            return f"{self.slug!r} cannot be read: {self.unread}"
        hint = f"; near it: {', '.join(self.near)}" if self.near else ""
        return f"no pattern has the slug {self.slug!r}{hint}"


@dataclass
class StoreError(GardenError):
    """The cache cannot be read or written."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"cache {self.path}: {self.reason}; free or allow the place, or name another folder in GARDEN_CACHE"


@dataclass
class ReportRefused(GardenError):
    """The report cannot be written where it was asked for."""

    folder: str
    reason: str

    def __str__(self) -> str:
        return f"{self.folder}: the report cannot be written: {self.reason}; name another folder with --report"


@dataclass
class OutputRefused(GardenError):
    """A file that was asked for on the command line cannot be written."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: cannot be written: {self.reason}; name another file with --out"


@dataclass
class ShardFailed(GardenError):
    """One shard of a piece of work failed, and failed again when it was tried alone."""

    shard: str
    reason: str

    def __str__(self) -> str:
        return f'{self.shard} failed twice: {self.reason}; runner = "here" works without other processes'
