"""Which files of a folder are patterns."""

import os
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path, PurePosixPath

from garden.config import ReadSettings
from garden.errors import NotALibrary
from garden.models import Problem


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
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        inside = Path(folder).relative_to(root).as_posix()
        prefix = "" if inside == "." else f"{inside}/"
        links = [name for name in (*files, *folders) if os.path.islink(f"{folder}/{name}")]  # noqa: PTH114
        for name in links:
            problems.extend(_link_problem(Path(folder, name), prefix + name, real_root, settings))
        names += [prefix + name for name in set(files) - set(links) if is_pattern(prefix + name, settings)]
    return sorted(names), problems


def is_pattern(relative: str, settings: ReadSettings) -> bool:
    """Whether a path, relative to the library, is that of a pattern."""
    parts = relative.split("/")
    return _matches(parts, settings.include) and not _matches(parts, settings.exclude)


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
    # A link to a file inside the library is read once, at its own place.
    inside = path.resolve().is_relative_to(real_root)
    counts = path.is_dir() or is_pattern(relative, settings)
    if inside or not counts:
        return []
    message = (
        "this symbolic link leads out of the library, so it is not followed; copy the file here or remove the link"
    )
    return [Problem(path=relative, line=1, column=1, code="link-outside", message=message)]
