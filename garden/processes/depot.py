"""What travels between processes travels as files named by their content: values are left, and names handed over.

Each piece of work has a folder of its own, held by a lock of the kernel while the work lasts. Folders whose holder is
gone, however it ended, are removed by the next piece of work.
"""

import fcntl
import os
import pickle
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from garden.store import digest

PREFIX = "shards-"
PROTOCOL = 5


@dataclass(frozen=True)
class Depot:
    """A folder of values by the hash of what they are made of."""

    folder: Path

    def leave(self, value: Any) -> str:
        """Keeps a value whole or not at all, and gives its name."""
        raw = pickle.dumps(value, protocol=PROTOCOL)
        name = digest(raw).hex()
        handle, temporary = tempfile.mkstemp(dir=self.folder)
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
        Path(temporary).replace(self.folder / name)
        return name

    def take(self, name: str) -> Any:
        """The value of that name. Raises ``OSError`` where it is not there, or is not what was left."""
        raw = (self.folder / name).read_bytes()
        if digest(raw).hex() != name:
            raise OSError(f"{self.folder / name}: is damaged")
        return pickle.loads(raw)  # noqa: S301 - made by this program a moment ago, in a folder of the user's own

    def drop(self, name: str) -> None:
        """Gives the room back."""
        (self.folder / name).unlink(missing_ok=True)


@lru_cache(maxsize=1)
def shared(depot: Depot, name: str) -> Any:
    """A value that many shards of one piece of work take: read once by each process."""
    return depot.take(name)


@contextmanager
def opened(parent: Path) -> Iterator[Depot]:
    """A new depot below ``parent``, gone with all that is in it when the work is done."""
    parent.mkdir(parents=True, exist_ok=True)
    _sweep(parent)
    folder, handle = _claimed(parent)
    try:
        yield Depot(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _claimed(parent: Path) -> tuple[Path, int]:
    """A new folder with the lock that holds it."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        handle = os.open(folder, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if folder.exists():  # Between the two steps another run may have swept it.
            return folder, handle
        os.close(handle)


def _sweep(parent: Path) -> None:
    for folder in sorted(parent.glob(f"{PREFIX}*")):
        with suppress(FileNotFoundError):  # Another run has swept it.
            handle = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            except BlockingIOError:
                continue  # Its work goes on.
            finally:
                os.close(handle)
