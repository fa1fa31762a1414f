"""What a run will most likely need, started before the program has loaded itself.

Where a file is younger than all that is kept of earlier runs, there is something to encode and to judge. Loading what
does that takes seconds of a core, and one is idle while the program loads. This is a guess from dates, and results
never rest on it: who needs a process starts one where none is ready, and what nobody takes is ended.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from garden.errors import StoreError
from garden.processes import helper
from garden.store import FILE, cache_folder

# As in ``garden.processes.second`` and ``garden.vectors``, which take long to load.
LARGE, FEW = 1000, 64


def begin(arguments: Sequence[str]) -> None:
    """Starts the processes that will be needed, as far as the arguments of a command and dates of files tell."""
    folder = next(filter(os.path.isdir, arguments[1:]), None)
    if arguments[:1] != ["tend"] or folder is None or not helper.two_cores():
        return
    written = _last_write()
    if written is None:
        return
    dates = list(_dates(folder))
    young = sum(date > written for date in dates)
    if 0 < young <= FEW:
        helper.ready("garden.processes.encoding")
    if young and len(dates) >= LARGE:
        helper.ready("garden.processes.second")


def _last_write() -> float | None:
    """When a run last kept something, or needed to keep nothing; None where nothing is kept."""
    dates = []
    for suffix in ("", "-wal"):
        with suppress(OSError, StoreError):
            dates.append((cache_folder() / f"{FILE}{suffix}").stat().st_mtime)
    return max(dates, default=None)


def _dates(folder: str) -> Iterator[float]:
    """When each Markdown file below a folder was last written."""
    for inside, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if name.endswith(".md"):
                with suppress(OSError):
                    yield Path(inside, name).stat().st_mtime
