"""What flows share: chapters of the story as tasks, their names, progress as a log, keys of artifacts."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from prefect import runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.utilities.annotations import quote

P = ParamSpec("P")
R = TypeVar("R")

SECONDS_BETWEEN_LINES = 15.0


def stage(verb: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Makes a function a task named "verb library".

    Arguments and result are handed on as they are: not stored, not hashed, not searched for futures, which would take
    longer than the work where a whole library is passed.
    """

    def as_task(function: Callable[P, R]) -> Callable[P, R]:
        made = task(
            name=verb,
            task_run_name=lambda: f"{verb} {library_name(runtime.flow_run.parameters)}",
            cache_policy=NO_CACHE,
            persist_result=False,
        )(cast("Callable[..., R]", function))

        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            return made(*map(quote, args), **{name: quote(value) for name, value in kwargs.items()})

        return run

    return as_task


def library_name(parameters: dict[str, Any]) -> str:
    """The name of the folder that a flow's parameters ask for; parameters are a model here, a mapping from a server."""
    asked = parameters["parameters"]
    path = asked["path"] if isinstance(asked, dict) else asked.path
    return Path(path).resolve().name or str(path)


def artifact_key(*parts: str) -> str:
    """A key of the letters that Prefect allows; runs on libraries of one name are versions of one artifact."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")


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
            self._write(f"{stage}: {done:,} of {total:,}")
