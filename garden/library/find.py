"""Which files of a folder are patterns.

Reports are not, wherever they lie: who stands in a library and tends it has them in there.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache
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
        folders[:] = sorted(name for name in folders if not name.startswith(".") and _is_utf8(name))
        links = [name for name in (*said, *folders) if os.path.islink(f"{folder}/{name}")]  # noqa: PTH114
        for name in links:
            problems.extend(_link_problem(Path(folder, name), prefix + name, real_root, settings))
        names += [prefix + name for name in said.difference(links) if is_pattern(prefix + name, settings)]
    return sorted(names), problems


def is_pattern(relative: str, settings: ReadSettings) -> bool:
    """Whether a path, relative to the library, is that of a pattern."""
    parts = relative.split("/")
    return _matches(parts, settings.include) and not _matches(parts, settings.exclude)


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
    names += [
        name
        for name in folders
        if not name.startswith(".") and not _matches([*prefix.split("/"), name], settings.exclude)
    ]
    yield from (_name_problem(prefix + name) for name in names if not _is_utf8(name))


def _name_problem(relative: str) -> Problem:
    shown = os.fsencode(relative).decode(errors="backslashreplace")
    message = "this name is not UTF-8, so nothing here can say it; give it another, or leave it out with read.exclude"
    return Problem(path=shown, line=1, column=1, code="name-not-utf8", message=message)


def _folder_problem(relative: str, error: OSError) -> Problem:
    message = f"this folder cannot be read: {error.strerror or error}; allow reading it, or move it out of the library"
    return Problem(path=relative, line=1, column=1, code="unreadable", message=message)


def _matches(parts: Sequence[str], globs: Sequence[str]) -> bool:
    return any(_fits(parts, _parts(glob)) for glob in globs)


def _fits(parts: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether the last parts of a path are as wanted, which is how ``PurePath.match`` takes a glob."""
    count = len(wanted)
    return 0 < count <= len(parts) and all(map(fnmatchcase, parts[len(parts) - count :], wanted))


@cache
def _parts(glob: str) -> tuple[str, ...]:
    # A leading **/ is what people write, and means any depth, which is what a glob means without it.
    return PurePosixPath(glob.removeprefix("**/")).parts


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
    if not outside.is_dir() or _matches(relative.split("/"), settings.exclude):
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
