"""What flows share: chapters of the story as tasks, their names, progress as a log, keys of artifacts."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from prefect import runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.tasks import exponential_backoff
from prefect.utilities.annotations import quote

from garden.console import STAGES
from garden.publish.clone import CloneError, is_address, name_of
from garden.publish.git import GitError
from garden.publish.host import HostError

P = ParamSpec("P")
R = TypeVar("R")

SECONDS_BETWEEN_LINES = 15.0
# Each wait is twice the one before, in seconds, and up to half as long again by chance, so that many runs that lost
# the same host do not come back to it all at once.
TRIES_AGAIN = 4
FIRST_WAIT = 2.0
JITTER = 0.5


def stage(verb: str, *, network: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Makes a function a task named "verb library". One that touches the ``network`` is tried again where that failed.

    Arguments and result are handed on as they are: not stored, not hashed, not searched for futures, which would take
    longer than the work where a whole library is passed.
    """
    again: dict[str, Any] = {
        "retries": TRIES_AGAIN,
        "retry_delay_seconds": exponential_backoff(FIRST_WAIT),
        "retry_jitter_factor": JITTER,
        "retry_condition_fn": may_pass,
    }

    def as_task(function: Callable[P, R]) -> Callable[P, R]:
        made = task(
            name=verb,
            task_run_name=lambda: f"{verb} {library_name(runtime.flow_run.parameters)}",
            cache_policy=NO_CACHE,
            persist_result=False,
            **(again if network else {}),
        )(cast("Callable[..., R]", function))

        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            return made(*map(quote, args), **{name: quote(value) for name, value in kwargs.items()})

        return run

    return as_task


def telling(says: Callable[[R], str], chapter: Callable[P, R]) -> Callable[P, R]:
    """A chapter whose result, in the words of ``says``, becomes a line of the run's log."""

    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        result = chapter(*args, **kwargs)
        get_run_logger().info("%s", says(result))
        return result

    return run


def may_pass(_: object, __: object, state: State[Any]) -> bool:
    """Whether what failed is of the kind that a network mends by itself."""
    return isinstance(state.data, GitError | CloneError | HostError)


def library_name(parameters: dict[str, Any]) -> str:
    """The name of the library that a flow's parameters ask for; these are a model here, a mapping from a server."""
    asked = parameters["parameters"]
    values = asked if isinstance(asked, dict) else asked.model_dump()
    path = values["path"]
    if is_address(path):
        return name_of(path, values.get("folder", ""))
    return Path(path).resolve().name or str(path)


class Narrator:
    """Progress as lines of a log: one when a stage ends, and one now and then while it lasts."""

    def __init__(self, write: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._write = write
        self._clock = clock
        self._last = clock()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Takes note that ``done`` of ``total`` is done."""
        now = self._clock()
        if total and (done >= total or now - self._last >= SECONDS_BETWEEN_LINES):
            self._last = now
            self._write(f"{STAGES.get(stage, stage)}: {done:,} of {total:,}")
