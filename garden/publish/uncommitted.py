"""What of the ledger is not committed, where that keeps git from merging or checking out a branch of ours."""

from collections.abc import Iterator
from pathlib import Path

from garden.config import Settings
from garden.ledger import ATTRIBUTES, LEDGER
from garden.publish.base import library_prefix
from garden.publish.git import NoRepository, Repository
from garden.publish.refs import refs_at


def uncommitted(root: Path, settings: Settings) -> tuple[str, ...]:
    """A line on what to commit before a branch that carries decisions can be merged here; none where nothing is.

    Raises ``GitError``.
    """
    try:
        repository = Repository.of(root)
    except NoRepository:
        return ()
    prefix = library_prefix(repository, root)
    waiting = [path for path in (ATTRIBUTES, LEDGER) if _is_dirty(repository, f"{prefix}{path}")]
    tips = list(_tips(repository, settings)) if waiting else []
    blocking = [path for path in waiting if any(_carries(repository, tip, f"{prefix}{path}") for tip in tips)]
    if not blocking:
        return ()
    names = " and ".join(blocking)
    return (f"Commit {names}: until then git refuses to merge or check out a branch that brings decisions",)


def _tips(repository: Repository, settings: Settings) -> Iterator[str]:
    """The ends of our branches, here and as they were last seen at the remote."""
    for remote in ("", settings.publish.remote):
        yield from refs_at(repository, settings.publish.prefix, remote).tips().values()


def _is_dirty(repository: Repository, path: str) -> bool:
    """Whether git sees a file that differs from what is committed. One that it is told to ignore is none of its."""
    return bool(repository.text("status", "--porcelain", "--untracked-files=all", "--", f":(top,literal){path}"))


def _carries(repository: Repository, tip: str, path: str) -> bool:
    blob = repository.blob_of(tip, path)
    return blob is not None and blob != repository.blob_of("HEAD", path)
