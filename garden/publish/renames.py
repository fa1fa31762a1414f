"""Which pattern files git has seen renamed: a link to an old name can be mended."""

import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from garden.names import slugify
from garden.publish.git import GitError, NoRepository, Repository


def renames(root: Path) -> Mapping[str, str]:
    """The path below ``root`` at which each renamed file is now, by its old name without ending, as a slug.

    Empty where the library is in no repository, or in one that holds a part of its history or of its files alone:
    what git would have to fetch, or cannot see, is left out.
    """
    try:
        repository = Repository.of(root)
        if not repository.commit_of("HEAD") or _partial(repository):
            return {}
        here = Repository(root)
        raw = here.run(
            "log", "--no-merges", "--diff-filter=R", "-M", "--name-status", "-z", "--format=", "--relative", "--", "."
        )
    except (NoRepository, GitError):
        return {}
    return _latest(raw)


def _partial(repository: Repository) -> bool:
    return repository.is_shallow() or repository.says("config", "--get-regexp", r"^remote\..*\.promisor$")


def _latest(raw: bytes) -> dict[str, str]:
    """Where each old path is now; the newest renames come first, so that a file renamed twice is followed."""
    fields = [os.fsdecode(field).lstrip("\n") for field in raw.split(b"\0")]
    now: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for place in range(0, len(fields) - 2, 3):
        old, new = fields[place + 1], fields[place + 2]
        now.setdefault(old, now.get(new, new))
        by_name.setdefault(slugify(PurePosixPath(old).stem), now[old])
    return by_name
