"""The library as it stands on the base branch, whatever the user's work tree looks like."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from garden import ledger
from garden.config import PublishSettings, Settings
from garden.errors import GardenError, NothingReadable
from garden.ledger import FOLDER
from garden.library import SETTINGS_FILE
from garden.library.find import is_pattern, reports_among
from garden.plan.decisions import Decision
from garden.publish.git import GitError, Repository
from garden.publish.refs import RemoteRefs, main_branch

REGULAR = ("100644", "100755")


@dataclass
class NoBase(GardenError):
    """The branch that changes are meant for cannot be found. ``way`` is a way out besides naming one."""

    name: str
    reason: str
    way: str = ""

    def __str__(self) -> str:
        ways = f"{self.way}, or name" if self.way else "name"
        return f"base branch {self.name!r}: {self.reason}; {ways} one in publish.base of garden.toml"


@dataclass
class UnreadableBase(GardenError):
    """Nothing of the library can be read as its base has it; ``name`` is what git calls the base."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"the library on {self.name}: {self.reason}; garden check says why where {self.name} is checked out"


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
def base_of(
    root: Path, settings: Settings, decisions: Iterable[Decision] = (), remote: str = "", token: str = ""
) -> Iterator[Base]:
    """The library at ``root`` as its base branch has it, in a folder of its own for as long as the block runs.

    Its ledger there also holds ``decisions`` and what the work tree's says. With ``remote``, the branch is the
    remote's, which is fetched, by ``token`` where one is needed. Bytes are those that git keeps: no line ends or
    filters are applied. Raises ``NoRepository``, ``GitError`` and ``NoBase``, that too where none of the library's
    patterns is committed, and ``UnreadableBase`` where the block finds nothing there that can be read.
    """
    repository = repository_of(root, remote, token)
    name = base_name(repository, settings.publish, remote)
    if remote:
        RemoteRefs(repository, settings.publish.prefix, remote).fetch(name)
    commit = _commit(repository, name, remote)
    prefix = library_prefix(repository, root)
    with tempfile.TemporaryDirectory(prefix="graph-garden-") as scratch:
        # Reports name the library by its folder.
        folder = Path(scratch, root.resolve().name)
        folder.mkdir()
        if not _export(repository, commit, prefix, folder, settings):
            raise _nothing_committed(name, remote)
        ledger.add(folder, [*ledger.read(root).decisions, *decisions])
        try:
            yield Base(repository, name, commit, prefix, folder)
        except NothingReadable as error:
            # The folder is gone by the time at which anybody could look into it.
            raise UnreadableBase(f"{remote}/{name}" if remote else name or "HEAD", error.reason) from error


def repository_of(root: Path, remote: str = "", token: str = "") -> Repository:
    """The repository of a library, ready to speak to its remote with a token. Raises ``NoRepository``, ``GitError``."""
    repository = Repository.of(root)
    if not remote:
        return repository
    try:
        url = repository.text("remote", "get-url", remote)
    except GitError as error:
        if "No such remote" not in error.reason:
            raise
        ways = f"add one with git remote add {remote} URL; --branch and --write need none"
        raise GitError("remote", f"there is no remote {remote!r}; {ways}") from error
    return replace(repository, token=token, remote_url=url)


def library_prefix(repository: Repository, root: Path) -> str:
    """The library's folder in the repository: empty, or ending in a slash."""
    inside = root.resolve().relative_to(repository.folder.resolve()).as_posix()
    return "" if inside == "." else f"{inside}/"


def _commit(repository: Repository, name: str, remote: str) -> str:
    branch = f"refs/remotes/{remote}/{name}" if remote else f"refs/heads/{name}"
    commit = repository.commit_of(branch if name else "HEAD")
    if commit is None and name and not remote:
        commit = repository.commit_of(name)
    if commit is None:
        raise NoBase(
            name or "HEAD",
            f"there is no such branch at {remote}" if remote else "there is no such branch, or no commit yet",
        )
    return commit


def base_name(repository: Repository, publish: PublishSettings, remote: str) -> str:
    """The branch that changes are meant for, empty for a detached head.

    Raises ``NoBase`` where that would be a branch under review, which somebody has checked out to look at.
    """
    name = publish.base or _current_branch(repository, remote)
    if not publish.base and name.startswith(f"{publish.prefix}/"):
        # As a base it would be taken for merged, and all other branches would be built on it.
        raise NoBase(name, "it is under review and checked out", "switch back to your own branch")
    return name


def _current_branch(repository: Repository, remote: str) -> str:
    """The branch that is checked out, or the remote's own main one; empty for a detached head."""
    if remote:
        # What git remembers of the remote is as old as the clone. Out of its reach that must do.
        with suppress(GitError):
            if name := main_branch(repository, remote):
                return name
    for ref, lead in ([(f"refs/remotes/{remote}/HEAD", f"{remote}/")] if remote else []) + [("HEAD", "")]:
        try:
            return repository.text("symbolic-ref", "--short", ref).removeprefix(lead)
        except GitError:
            continue
    return ""


def _nothing_committed(name: str, remote: str) -> NoBase:
    way = "commit and push the library" if remote else "commit the library"
    return NoBase(name or "HEAD", "it holds no pattern of this library yet", way)


def _export(repository: Repository, commit: str, prefix: str, folder: Path, settings: Settings) -> int:
    """Takes the library out of a commit, and tells how many of its files are patterns."""
    wanted, patterns = [], 0
    entries = {entry.path.removeprefix(prefix): entry for entry in repository.entries(commit, prefix)}
    reports = reports_among(entries)
    for path, entry in entries.items():
        pattern = is_pattern(path, settings.read) and not path.startswith(reports)
        ours = pattern or path == SETTINGS_FILE or path.startswith(f"{FOLDER}/")
        if ours and entry.mode in REGULAR and ".." not in PurePosixPath(path).parts:
            wanted.append((path, entry.blob))
            patterns += pattern
    for (path, _), raw in zip(wanted, repository.blobs([blob for _, blob in wanted]), strict=True):
        target = folder / path
        os.makedirs(target.parent, exist_ok=True)  # noqa: PTH103 - thousands of times, and pathlib's is slower
        target.write_bytes(raw)
    return patterns
