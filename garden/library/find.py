"""Which files of a folder are patterns."""

import os
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

    for folder, folders, files in os.walk(root, onerror=unread):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted([*files, *folders]):
            path = Path(folder, name)
            relative = path.relative_to(root).as_posix()
            if path.is_symlink():
                problems.extend(_link_problem(path, relative, real_root, settings))
            elif name in files and is_pattern(relative, settings):
                names.append(relative)
    return sorted(names), problems


def is_pattern(relative: str, settings: ReadSettings) -> bool:
    """Whether a path, relative to the library, is that of a pattern."""
    path = PurePosixPath(relative)
    return _matches(path, settings.include) and not _matches(path, settings.exclude)


def _folder_problem(relative: str, error: OSError) -> Problem:
    message = f"this folder cannot be read: {error.strerror or error}; allow reading it, or move it out of the library"
    return Problem(path=relative, line=1, column=1, code="unreadable", message=message)


def _matches(path: PurePosixPath, globs: tuple[str, ...]) -> bool:
    # PurePath.match before 3.13 takes ** for one folder: a leading **/ is what people write, and means any depth.
    return any(path.match(glob.removeprefix("**/")) for glob in globs)


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
