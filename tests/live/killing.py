"""A run of the flow that is killed, or held, at a chosen moment: python -m tests.live.killing MOMENT LIBRARY REPORT."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from prefect import flow

from flows.parameters import TendParameters
from flows.tend import Tended, tend
from garden import workshop
from garden.library import writing
from tests.conftest import FakeEncoder

TODAY = "2026-11-22"
FILE = 3  # The file in the middle of which a run is killed or held.

# The functions at whose beginning a run is killed.
BEGINNINGS = {
    "read": "garden.library:read",
    "recall": "garden.memory:recalled",
    "embed": "garden.vectors:soon",
    "judge": "garden.findings:choose_links",
    "prepare": "garden.tend:make_edits",
    "finish": "garden.tend:health",
    "write": "garden.aftermath:keep",
    "note what was written": "garden.records:complete",
    "remember decisions": "garden.ledger:add",
    "report": "flows.tend:write_report",
}
MOMENTS = (*BEGINNINGS, "in the middle of a file", "between two files")


def arm(moment: str, go: Path | None = None) -> None:
    """Sees to it that this process ends, or waits until the file ``go`` is there, when it comes to the moment."""
    if moment in BEGINNINGS:
        room, name = BEGINNINGS[moment].split(":")
        assert hasattr(import_module(room), name), f"{room} has no {name} any more"
        setattr(import_module(room), name, die)
    elif moment == "in the middle of a file":
        writing._put_beside = at_file(writing._put_beside, half_a_file)
    elif moment == "between two files":
        writing._put_beside = at_file(writing._put_beside, die)
    elif moment == "held":
        writing._put_beside = at_file(writing._put_beside, lambda *given: held(go, *given))


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def half_a_file(temporary: Path, raw: bytes, _: Path) -> None:
    temporary.write_bytes(raw[: len(raw) // 2])
    die()


def held(go: Path | None, temporary: Path, raw: bytes, _: Path) -> None:
    temporary.write_bytes(raw[: len(raw) // 2])
    while go is None or not go.exists():
        time.sleep(0.05)


def at_file(plain: Callable[..., None], instead: Callable[..., None]) -> Callable[..., None]:
    """The function, with something else before its third call."""
    calls = 0

    def put(*given: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == FILE:
            instead(*given)
        plain(*given)

    return put


def asked(path: str, report: str) -> TendParameters:
    return TendParameters.model_validate({"path": path, "mode": "write", "today": TODAY, "report": report})


def run(moment: str, path: str, report: str, go: Path | None = None) -> Tended:
    prepare(moment, go)
    return tend(asked(path, report))


def prepare(moment: str, go: Path | None = None) -> None:
    setattr(workshop, "SentenceEncoder", lambda _: FakeEncoder())  # noqa: B010 - a name that it imported
    arm(moment, go)


@flow(
    name="doomed",
    persist_result=False,
    on_crashed=tend.on_crashed_hooks,
    on_cancellation=tend.on_cancellation_hooks,
)
def doomed(parameters: TendParameters) -> Tended:
    """A deployed tending that stays in the middle of a file for ever; where it is killed, the hooks are tend's own."""
    prepare("held")
    return tend.fn(parameters)


if __name__ == "__main__":
    moment, path, report = sys.argv[1:]
    sys.stdout.write(f"{json.dumps(asdict(run(moment, path, report, Path(report).parent / 'go')))}\n")
