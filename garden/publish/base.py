"""The library as it stands on the base branch, whatever the user's work tree looks like."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from garden.config import Settings
from garden.errors import GardenError
from garden.ledger import FOLDER
from garden.library import SETTINGS_FILE
from garden.library.find import is_pattern
from garden.publish.git import GitError, Repository

REGULAR = ("100644", "100755")


@dataclass
class NoBase(GardenError):
    """The branch that changes are meant for cannot be found."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"base branch {self.name!r}: {self.reason}; name one in publish.base of garden.toml"


@dataclass(frozen=True)
class Base:
    """The commit that branches start from. ``name`` is its branch, empty for a detached head.

    ``prefix`` is the library's folder in the repository, empty or ending in a slash; ``folder`` holds a copy of the
    library as that commit has it.
    """

    repository: Repository
    name: str
    commit: str
    prefix: str
    folder: Path


@contextmanager
def base_of(root: Path, settings: Settings, repository: Repository | None = None, remote: str = "") -> Iterator[Base]:
    """The library at ``root`` as its base branch has it, in a folder of its own for as long as the block runs.

    With ``remote``, the branch is the remote's. Bytes are those that git keeps: no line ends or filters are applied.
    Raises ``NoRepository`` and ``NoBase``.
    """
    repository = repository or Repository.of(root)
    name, commit = _base(repository, settings.publish.base, remote)
    inside = root.resolve().relative_to(repository.folder.resolve()).as_posix()
    prefix = "" if inside == "." else f"{inside}/"
    with tempfile.TemporaryDirectory(prefix="graph-garden-") as scratch:
        # Reports name the library by its folder.
        folder = Path(scratch, root.resolve().name)
        folder.mkdir()
        _export(repository, commit, prefix, folder, settings)
        yield Base(repository, name, commit, prefix, folder)


def _base(repository: Repository, asked: str, remote: str) -> tuple[str, str]:
    name = asked or _current(repository, remote)
    full = f"refs/remotes/{remote}/{name}" if remote else (f"refs/heads/{name}" if name else "HEAD")
    commit = repository.commit_of(full)
    if commit is None and asked and not remote:
        commit = repository.commit_of(asked)
    if commit is None:
        raise NoBase(name or "HEAD", "there is no such branch" + (f" at {remote}" if remote else ", or no commit yet"))
    return name, commit


def _current(repository: Repository, remote: str) -> str:
    """The branch that is checked out, or the remote's own main one; empty for a detached head."""
    for ref, lead in ([(f"refs/remotes/{remote}/HEAD", f"{remote}/")] if remote else []) + [("HEAD", "")]:
        try:
            return repository.text("symbolic-ref", "--short", ref).removeprefix(lead)
        except GitError:
            continue
    return ""


def _export(repository: Repository, commit: str, prefix: str, folder: Path, settings: Settings) -> None:
    wanted = []
    for entry in repository.entries(commit, prefix):
        path = entry.path.removeprefix(prefix)
        ours = path == SETTINGS_FILE or path.startswith(f"{FOLDER}/") or is_pattern(path, settings.read)
        if ours and entry.mode in REGULAR and ".." not in PurePosixPath(path).parts:
            wanted.append((path, entry.blob))
    for (path, _), raw in zip(wanted, repository.blobs([blob for _, blob in wanted]), strict=True):
        target = folder / path
        os.makedirs(target.parent, exist_ok=True)  # noqa: PTH103 - thousands of times, and pathlib's is slower
        target.write_bytes(raw)
