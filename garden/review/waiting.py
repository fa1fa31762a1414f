"""A plan that waits for an answer given elsewhere: kept beside the records of runs, which hide themselves from git."""

import zlib
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from garden.errors import GardenError
from garden.ledger import put
from garden.models import Proposal, Value
from garden.records import RUNS

SUFFIX = ".waiting"


class NothingWaits(GardenError):
    """The plan that was shown is not there any more."""

    def __str__(self) -> str:
        return "the plan that was shown cannot be found in the library's .garden/runs; nothing was written, run again"


class Waiting(Value):
    """The proposals of a run as they were shown; ``until`` is an ISO time in UTC after which nobody waits."""

    run: str
    until: str
    proposals: tuple[Proposal, ...]


def keep(root: Path, name: str, waiting: Waiting) -> None:
    """Keeps a plan under a name until it is dropped."""
    put(root / RUNS / ".gitignore", b"*\n")
    put(_file(root, name), zlib.compress(waiting.model_dump_json().encode(), level=1))


def kept(root: Path, name: str) -> Waiting | None:
    """The plan of that name, None where there is none. Raises ``NothingWaits`` where it is damaged."""
    file = _file(root, name)
    try:
        return Waiting.model_validate_json(zlib.decompress(file.read_bytes())) if file.is_file() else None
    except (zlib.error, ValidationError) as error:
        raise NothingWaits from error


def drop(root: Path, name: str) -> None:
    """Forgets a plan: it was answered."""
    _file(root, name).unlink(missing_ok=True)


def sweep(root: Path, now: str, answered: Callable[[str, Waiting], bool] = lambda name, waiting: False) -> list[str]:
    """Forgets the plans for which nobody waits any more at the ISO time ``now``, and gives their runs.

    One that was ``answered`` in time stays until that has been carried out, however late.
    """
    found: list[str] = []
    for file in sorted((root / RUNS).glob(f"*{SUFFIX}")):
        name = file.name.removesuffix(SUFFIX)
        try:
            waiting = kept(root, name)
        except NothingWaits:
            waiting = None
        if waiting is None or (waiting.until <= now and not answered(name, waiting)):
            found.append(waiting.run if waiting else name)
            drop(root, name)
    return found


def _file(root: Path, name: str) -> Path:
    return root / RUNS / f"{name}{SUFFIX}"
