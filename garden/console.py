"""The terminal: progress on stderr, results on stdout, and one place where errors become exit codes."""

import os
import signal
import sys
import textwrap
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from shutil import get_terminal_size
from typing import NoReturn, Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from garden.errors import FULL, GardenError
from garden.report.words import escaped

FAILED, BUG, INTERRUPTED, READER_GONE = 1, 3, 130, 128 + signal.SIGPIPE
# What Typer puts in place of an output whose reader went away, before it ends with the code of a failure.
PACIFIED = "PacifyFlushWrapper"
STAGES = {
    "look": "Looking at files",
    "read": "Reading patterns",
    "embed": "Embedding texts",
    "splice": "Preparing edits",
    "write": "Writing files",
}


def guarded(action: Callable[[], None]) -> int:
    """Runs a command and gives its exit code: 1 for an expected failure, 3 for a bug, 130 for Ctrl-C, 141 for a reader
    that went away.
    """
    try:
        action()
    except GardenError as error:
        say(f"garden: {error}")
        return FAILED
    except SystemExit as ended:
        return _ended(ended.code if isinstance(ended.code, int) else 0)
    except KeyboardInterrupt:
        # It came before or after the time in which Typer makes an exit code of it.
        return _interrupted()
    except BrokenPipeError:
        # The reader of a pipe went away: not our failure, and not worth a word.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - kept open until the process ends
        return READER_GONE
    except Exception as error:  # noqa: BLE001 - the last handler of all
        return _failed(error)
    return 0


def _ended(code: int) -> int:
    if type(sys.stdout).__name__ == PACIFIED:
        return READER_GONE
    return _interrupted() if code == INTERRUPTED else code


def _failed(error: Exception) -> int:
    if isinstance(error, OSError) and error.errno in FULL:
        say(f"garden: {error.filename or 'output, or a disk'}: {error.strerror}; make room and run it again")
        return FAILED
    if isinstance(error, FileNotFoundError) and _adrift():
        say("garden: the folder where this was typed is there no more; go to another and run it again")
        return FAILED
    Console(stderr=True).print_exception(show_locals=False)
    say("garden: this is a bug in Graph Garden; please report it with the lines above")
    return BUG


def _adrift() -> bool:
    """Whether the current folder was deleted, so that no path can start from it."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


def _interrupted() -> int:
    say("garden: stopped; every file is as it was or wholly new, and the next run takes up from here")
    return INTERRUPTED


def leave(code: int) -> NoReturn:
    """Ends the process. What a run has made is not taken apart first: that can take longer than the rest of it."""
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    # Python has its own word and exit code for an output that cannot be written.
    sys.exit(code)


def say(line: str, stream: TextIO | None = None) -> None:
    """One line to stderr, in which nothing is obeyed by a terminal."""
    print(escaped(line), file=stream or sys.stderr, flush=True)


def told(text: str, stream: TextIO | None = None) -> str:
    """A paragraph as it is best shown: in lines that fit a terminal, elsewhere as one line."""
    if not (stream or sys.stdout).isatty():
        return text
    return textwrap.fill(text, get_terminal_size().columns - 1, break_long_words=False, break_on_hyphens=False)


class Bars:
    """Progress as a bar where stderr is a terminal, else one line when a stage ends. Made for ``with``."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._console = Console(stderr=True)
        self._tasks: dict[str, TaskID] = {}
        self._started: dict[str, float] = {}
        columns = (TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bars = Progress(
            *columns, console=self._console, transient=True, disable=quiet or not self._console.is_terminal
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Takes note that ``done`` of ``total`` is done."""
        label = STAGES.get(stage, stage)
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(label, total=total)
            self._started[stage] = time.monotonic()
        self._bars.update(self._tasks[stage], completed=done, total=total)
        if done >= total and not self._quiet and not self._console.is_terminal and total:
            say(f"{label}: {total:,} in {time.monotonic() - self._started[stage]:.1f} s")
