"""Which files of a folder are patterns.

Reports are not, wherever they lie: who stands in a library and tends it has them in there.
"""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import cache
from itertools import groupby
from pathlib import Path, PurePosixPath

from garden.config import ReadSettings
from garden.errors import NotALibrary
from garden.models import Problem

# What a folder has that a report was written into.
REPORT = frozenset(("plan.json", "changes.patch", "report.md"))
LOOKED_AT = 1000  # So many entries of a folder outside are looked at for patterns.


def pattern_files(root: Path, settings: ReadSettings) -> tuple[list[str], list[Problem]]:
    """The relative paths of all pattern files, sorted, and problems: folders that cannot be read, links that lead out.

    Raises ``NotALibrary`` where ``root`` itself cannot be read.
    """
    names: list[str] = []
    problems: list[Problem] = []
    real_root = root.resolve()

    def unread(error: OSError) -> None:
        folder = Path(error.filename)
        if folder == root:
            raise NotALibrary(str(root), (error.strerror or str(error)).lower()) from error
        problems.append(_folder_problem(folder.relative_to(root).as_posix(), error))

    # Strings, not paths: this is done for every file at every run.
    for folder, folders, files in os.walk(root, onerror=unread):
        inside = Path(folder).relative_to(root).as_posix()
        prefix = "" if inside == "." else f"{inside}/"
        if prefix and REPORT.issubset(files):
            folders.clear()
            continue
        problems.extend(_misnamed(prefix, files, folders, settings))
        said = set(filter(_is_utf8, files))
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and _is_utf8(name) and not _all_left_out(prefix + name, settings)
        )
        links = [name for name in (*said, *folders) if os.path.islink(f"{folder}/{name}")]  # noqa: PTH114
        for name in links:
            problems.extend(_link_problem(Path(folder, name), prefix + name, real_root, settings))
        names += [prefix + name for name in said.difference(links) if is_pattern(prefix + name, settings)]
    return sorted(names), problems


def reports_among(paths: Iterable[str]) -> tuple[str, ...]:
    """The folders that reports were written into, each ending in a slash, of files at paths relative to the library."""
    held: defaultdict[str, set[str]] = defaultdict(set)
    for path in paths:
        folder, _, name = path.rpartition("/")
        if folder and name in REPORT:
            held[folder].add(name)
    return tuple(f"{folder}/" for folder, names in held.items() if names == REPORT)


def is_pattern(relative: str, settings: ReadSettings) -> bool:
    """Whether a path, relative to the library, is that of a pattern. Hidden ones are an editor's or a system's own."""
    parts = relative.split("/")
    if any(part.startswith(".") for part in parts):
        return False
    return _matches(parts, settings.include) and not _matches(parts, settings.exclude)


def _left_out(folder: str, settings: ReadSettings) -> bool:
    """Whether a folder, or a link to one, is left out by its name or with all that lies below it."""
    return _matches(folder.split("/"), settings.exclude) or _all_left_out(folder, settings)


def _all_left_out(folder: str, settings: ReadSettings) -> bool:
    """Whether nothing below a folder, relative to the library, can be a pattern."""
    below = [*folder.split("/"), ""]
    return any(glob.below and _fits(below, glob.runs) for glob in map(_compiled, settings.exclude))


def _is_utf8(name: str) -> bool:
    """Whether a name is text; bytes that are none come as surrogates."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _misnamed(prefix: str, files: Iterable[str], folders: Iterable[str], settings: ReadSettings) -> Iterator[Problem]:
    """The problems of patterns, and of folders that may hold some, whose names are no text."""
    names = [name for name in files if is_pattern(prefix + name, settings)]
    names += [name for name in folders if not name.startswith(".") and not _left_out(prefix + name, settings)]
    yield from (_name_problem(prefix + name) for name in names if not _is_utf8(name))


def as_text(path: str | Path) -> str:
    """A path, or a part of one, as text that can be written anywhere: bytes that are not UTF-8 by their number."""
    return os.fsencode(path).decode(errors="backslashreplace")


def _name_problem(relative: str) -> Problem:
    shown = as_text(relative)
    message = "this name is not UTF-8, so nothing here can say it; give it another, or leave it out with read.exclude"
    return Problem(path=shown, line=1, column=1, code="name-not-utf8", message=message)


def _folder_problem(relative: str, error: OSError) -> Problem:
    message = f"this folder cannot be read: {error.strerror or error}; allow reading it, or move it out of the library"
    return Problem(path=relative, line=1, column=1, code="unreadable", message=message)


_Run = Sequence[Callable[[str], object]]


@dataclass(frozen=True)
class _Glob:
    """The parts of a glob between its ``**``, each part as what tells whether a name fits it.

    ``below`` tells that all that lies below what stands before it fits, however deep.
    """

    runs: tuple[_Run, ...]
    below: bool


@cache
def _compiled(glob: str) -> _Glob:
    """A glob as people write it: ``**`` is any number of folders, ``name/`` and ``name/**`` are all below a folder."""
    parts = PurePosixPath(glob).parts
    if glob.endswith("/") or parts[-1:] == ("**",):
        parts = (*parts, "**", "*")
    runs = [tuple(run) for stars, run in groupby(parts, "**".__eq__) if not stars]
    return _Glob(tuple(tuple(re.compile(translate(p)).match for p in run) for run in runs), runs[-1:] == [("*",)])


def _matches(parts: Sequence[str], globs: Sequence[str]) -> bool:
    return any(_fits(parts, _compiled(glob).runs) for glob in globs)


def _fits(parts: Sequence[str], runs: Sequence[_Run]) -> bool:
    """Whether a path ends in the last run, and the others stand before it in their order, each at any depth.

    One run alone is how ``PurePath.match`` takes a glob.
    """
    if not runs or not _ends(parts, runs[-1]):
        return False
    start = 0
    # Of the places where a run could stand the first leaves most to those behind it.
    for run in runs[:-1]:
        start = next((end for end in range(start + len(run), len(parts)) if _ends(parts[:end], run)), len(parts))
    return start + len(runs[-1]) <= len(parts)


def _ends(parts: Sequence[str], run: _Run) -> bool:
    start = len(parts) - len(run)
    return start >= 0 and all(fits(part) for fits, part in zip(run, parts[start:], strict=True))


def _link_problem(path: Path, relative: str, real_root: Path, settings: ReadSettings) -> list[Problem]:
    if not path.exists():
        message = "this symbolic link leads nowhere; mend it, remove it, or leave it out with read.exclude"
        return [_problem_of_link(relative, "link-nowhere", message)] if is_pattern(relative, settings) else []
    # A link to a file inside the library is read once, at its own place.
    inside = path.resolve().is_relative_to(real_root)
    if inside or not (_may_hold_patterns(path, relative, settings) or is_pattern(relative, settings)):
        return []
    message = (
        "this symbolic link leads out of the library, so it is not followed; copy what it leads to here, remove the"
        " link, or leave it out with read.exclude"
    )
    return [_problem_of_link(relative, "link-outside", message)]


def _problem_of_link(relative: str, code: str, message: str) -> Problem:
    return Problem(path=relative, line=1, column=1, code=code, message=message)


def _may_hold_patterns(outside: Path, relative: str, settings: ReadSettings) -> bool:
    """Whether what a link leads to is a folder in which there are pattern files, or may be some that cannot be seen."""
    if not outside.is_dir() or _left_out(relative, settings):
        return False
    unseen: list[OSError] = []
    looked = 0
    for folder, folders, files in os.walk(outside, onerror=unseen.append):
        prefix = PurePosixPath(relative, Path(folder).relative_to(outside).as_posix()).as_posix()
        looked += len(folders) + len(files)
        # What a link leads to is not looked into.
        linked = any(Path(folder, name).is_symlink() for name in folders)
        if linked or looked > LOOKED_AT or any(is_pattern(f"{prefix}/{name}", settings) for name in files):
            return True
    return bool(unseen)
