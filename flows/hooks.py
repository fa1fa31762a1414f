"""What a run left behind that failed, was killed or cancelled, in its log and as an event; its open tasks are ended.

Nothing has to be released: the library's lock is the kernel's and ends with the process, and files are written
whole, one after the other.
"""

from pathlib import Path
from typing import Any

from prefect import Flow
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.logging.loggers import flow_run_logger

from flows import broken, events
from flows.stages import library_name
from garden import library, records
from garden.errors import GardenError, LibraryLocked
from garden.library.writing import TEMPORARY
from garden.publish.clone import is_address
from garden.report.words import counted

WRITING = ("write", "approve")


def say_what_was_left(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """A hook for runs that failed, crashed, or were cancelled."""
    asked = flow_run.parameters.get("parameters") or {}
    values = asked if isinstance(asked, dict) else asked.model_dump()
    left = left_behind(values.get("path", ""), values.get("mode", ""))
    # Its hooks are called while a run is still being cancelled.
    how = "Cancelled" if state.type is StateType.CANCELLING else state.name
    flow_run_logger(flow_run, flow).error("%s. %s", how, left)
    events.run_stopped(library_name({"parameters": {"path": ".", **values}}), str(flow_run.id), left)


def end_open_tasks(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ARG001 - a hook
    """A hook for runs that crashed or were cancelled: the task at work ended with the process, which could not tell."""
    broken.end(broken.unended(flow_run.id), "Its process ended before it did.")


def left_behind(path: str, mode: str) -> str:
    """What a run in ``mode`` on the library at ``path`` has left, in a sentence or two."""
    if is_address(path) or mode in ("branch", "pull-request"):
        return "No file of the library was changed. Branches are old or new, and the next run takes up from here."
    if mode not in WRITING:
        return "Nothing was written."
    root = Path(path)
    if not root.is_dir():
        return f"There is no folder {path}: nothing was written."
    return f"{_files(root)} {_lock(root)}"


def _files(root: Path) -> str:
    run = records.unfinished(root)
    if run is None:
        return "No file was left half done: each is as it was, or wholly new."
    try:
        files = records.load(root, run).files
        new = sum((root / file.path).read_bytes().startswith(file.new) for file in files)
    except (GardenError, OSError) as error:
        return f"Run {run} did not come to its end, and what it did cannot be told ({error})."
    strays = len(list(root.rglob(f".*{TEMPORARY}")))
    swept = f" The next run that writes sweeps away {counted(strays, 'temporary file')}." if strays else ""
    return (
        f"Run {run} wrote {new:,} of {len(files):,} files; the others are as they were, and none is half done. "
        f"The next run does the rest, or take back what is done: garden undo {run} {root}.{swept}"
    )


def _lock(root: Path) -> str:
    try:
        with library.locked(root):
            return "The library is not locked."
    except LibraryLocked:
        return "Another run is at work in the library."
