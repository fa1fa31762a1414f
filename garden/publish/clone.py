"""A library at a git address: fetched into a bare clone of ours, which is kept for the next time.

The clone has no files, so runs never meet in it: each takes the library out of it into a folder of its own (see
``garden.publish.base``). The token is told to git by its environment alone.
"""

import errno
import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

from garden.errors import GardenError
from garden.publish.git import GitError, Repository
from garden.publish.refs import main_branch

REMOTE = "origin"
SCHEMES = ("https", "http", "ssh", "git", "file")
# A remote that is silent for a minute is dead, and nobody is there to answer a question.
SETTINGS = {
    "http.lowSpeedLimit": "1",
    "http.lowSpeedTime": "60",
    "core.sshCommand": "ssh -o BatchMode=yes -o ConnectTimeout=30",
    "gc.autoDetach": "false",
}
_SCP = re.compile(r"^[\w.-]+@[\w.-]+:(?!//)\S+$")


@dataclass
class CloneError(GardenError):
    """A git address cannot be used."""

    address: str
    reason: str

    def __str__(self) -> str:
        return f"{self.address}: {self.reason}"


@dataclass(frozen=True)
class Source:
    """Where to clone from. An empty ``branch`` means the repository's main one, an empty ``inside`` its top."""

    address: str
    branch: str = ""
    inside: str = ""
    token: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """What the library is called: its folder, or the repository."""
        return name_of(self.address, self.inside)


@dataclass(frozen=True)
class Clone:
    """A clone as of now. ``root`` stands for the library's folder and holds no patterns; ``branch`` has a name."""

    repository: Repository
    root: Path
    branch: str

    @property
    def at(self) -> str:
        """What git calls the branch as it was fetched."""
        return f"{REMOTE}/{self.branch}"

    def text(self, path: str) -> str | None:
        """A file of the library as the branch has it, None where it has none."""
        inside = self.root.relative_to(self.repository.folder) / path
        raw = self.repository.file(f"refs/remotes/{self.at}", inside.as_posix())
        return None if raw is None else raw.decode()


def is_address(path: str) -> bool:
    """Whether ``path`` names a git repository elsewhere and not a folder here."""
    return path.partition("://")[0].lower() in SCHEMES if "://" in path else bool(_SCP.match(path))


def name_of(address: str, inside: str = "") -> str:
    """What a library at an address is called."""
    path = address.rpartition("://")[2].replace(":", "/")
    return [part for part in f"{path.removesuffix('/').removesuffix('.git')}/{inside}".split("/") if part][-1]


def clone_folder(source: Source, shelf: Path) -> Path:
    """Where the clone of a source is kept below ``shelf``."""
    digest = blake2b(source.address.encode(), digest_size=8).hexdigest()
    return shelf / digest / name_of(source.address)


@contextmanager
def cloned(source: Source, shelf: Path, *, whole: bool = False) -> Iterator[Clone]:
    """A clone below ``shelf``, brought up to date: the newest commit alone, or the whole history where it is needed.

    The history is there for good once it was. While the block runs no other process tidies the clone up. Raises
    ``CloneError`` and ``GitError``, which name the address.
    """
    folder = clone_folder(source, shelf)
    repository = Repository(folder, source.token, source.address)
    _made(repository)
    with _in_use(folder):
        branch = source.branch or _main_branch(repository)
        _fetch(repository, branch, whole=whole)
        root = folder / source.inside
        root.mkdir(parents=True, exist_ok=True)
        yield Clone(repository, root, branch)


def _made(repository: Repository) -> None:
    """An empty repository that knows its remote, whole or not there."""
    folder = repository.folder
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as scratch:
        fresh = replace(repository, folder=Path(scratch, folder.name))
        fresh.folder.mkdir()
        fresh.run("init", "--quiet")
        for key, value in {**SETTINGS, f"remote.{REMOTE}.url": repository.remote_url}.items():
            fresh.run("config", key, value)
        # Where another run was first, its clone is as good.
        try:
            fresh.folder.rename(folder)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise


@contextmanager
def _in_use(folder: Path) -> Iterator[None]:
    """Says to the kernel that the clone is in use. Whoever finds it free removes the locks that a kill left git."""
    # The library's own lock may be on the folder itself, so this one is on git's.
    handle = os.open(folder / ".git", os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass  # In use: so no lock is known to be a leftover.
        else:
            for left in sorted((folder / ".git").rglob("*.lock")):
                left.unlink()
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def _main_branch(repository: Repository) -> str:
    try:
        found = main_branch(repository, REMOTE)
    except GitError as error:
        raise CloneError(repository.remote_url, f"cannot be reached: {error.reason}") from error
    if not found:
        raise CloneError(repository.remote_url, "it has no main branch; name one, or commit a library first")
    return found


def _fetch(repository: Repository, branch: str, *, whole: bool) -> None:
    shallow = repository.is_shallow()
    fresh = not repository.refs(f"refs/remotes/{REMOTE}/")
    depth = (["--unshallow"] if shallow else []) if whole else (["--depth=1"] if shallow or fresh else [])
    spec = f"+refs/heads/{branch}:refs/remotes/{REMOTE}/{branch}"
    try:
        repository.run("fetch", "--quiet", "--no-tags", *depth, REMOTE, spec)
    except GitError as error:
        raise CloneError(repository.remote_url, f"branch {branch} cannot be fetched: {error.reason}") from error
