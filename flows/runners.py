"""Shards as tasks: where ``garden.processes.runners`` works on them, by Prefect's task runners: each shard is seen.

A shard's task gets names of files, not values, wherever it leaves the process.
"""

import os
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from contextvars import Context, copy_context
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner
from prefect.utilities.annotations import quote

from flows import broken
from garden.config import RunnerSettings
from garden.processes.runners import Bench, Call, Pool, Promise, shards_for, share_processors
from garden.shards import Shards


@task(task_run_name="{name}", cache_policy=NO_CACHE, persist_result=False)
def shard(name: str, call: Call) -> Any:  # noqa: ARG001 - the name is the task run's
    """Works on one shard."""
    return call()


@dataclass(frozen=True)
class _OnRunner:
    """Takes calls as tasks of the flow, not of the stage that cuts the work: a task's context holds its library."""

    runner: TaskRunner[Any]
    flow: Context
    lost: list[UUID]

    def submit(self, name: str, call: Call) -> Promise:
        # A call in this process holds all that is shared, which need not be searched for futures; Dask takes no quotes.
        asked = {"name": name, "call": quote(call) if isinstance(self.runner, ThreadPoolTaskRunner) else call}
        return _Submitted(self.flow.copy().run(self.runner.submit, shard, asked), self.lost)


@dataclass(frozen=True)
class _Submitted:
    """A shard's task. Where its process is killed, the task is noted among the ``lost``."""

    future: PrefectFuture[Any]
    lost: list[UUID]

    def result(self) -> Any:
        try:
            return self.future.result()
        except BrokenExecutor:
            self.lost.append(self.future.task_run_id)
            raise


def task_shards(settings: RunnerSettings, cache: Path) -> Shards:
    """The place that the settings name, each shard a task of the flow that calls this.

    Raises ``SettingsError`` where Dask is asked for and not installed.
    """
    plain = shards_for(settings, cache)
    if not isinstance(plain, Pool):
        return plain
    opens = partial(_started, settings, copy_context())
    return Pool(opens, plain.workers, plain.most, plain.depot)


@contextmanager
def _started(settings: RunnerSettings, flow: Context, workers: int) -> Iterator[Bench]:
    lost: list[UUID] = []
    try:
        with _runner(settings, workers) as runner:
            yield _OnRunner(runner, flow, lost)
    finally:
        # At the end, when the server has heard that these tasks began.
        if lost:
            broken.end(lost, "Its process was killed. The shard is tried again alone.")


def _runner(settings: RunnerSettings, workers: int) -> TaskRunner[Any]:
    if settings.kind == "threads":
        return ThreadPoolTaskRunner(max_workers=workers)
    if settings.kind == "processes":
        share = max(1, (os.cpu_count() or 1) // workers)
        return ProcessPoolTaskRunner(max_workers=workers, initializer=share_processors, initargs=(share,))
    dask: Any = import_module("prefect_dask")
    if settings.address:
        return dask.DaskTaskRunner(address=settings.address)  # type: ignore[no-any-return]
    local = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    return dask.DaskTaskRunner(cluster_kwargs=local)  # type: ignore[no-any-return]
