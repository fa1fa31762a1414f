"""Where shards are worked on: in threads or processes of this machine, or on a Dask cluster.

The values are the same wherever they are made. A shard that fails, or whose process is killed, is tried again alone.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from logging import ERROR
from multiprocessing import connection
from pathlib import Path
from threading import Thread
from typing import Any, Protocol

from garden.config import RunnerSettings
from garden.errors import GardenError, SettingsError, ShardFailed
from garden.processes.depot import Depot, opened, shared
from garden.shards import HERE, Done, Part, Shards, Shared

THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")

Call = Callable[[], Any]


class Promise(Protocol):
    """What a bench gives for a call that it took."""

    def result(self) -> Any:
        """What the call made; waits for it, and raises what it raised."""


class Bench(Protocol):
    """Where calls are taken while it is open. ``name`` is the call's, for a reader."""

    def submit(self, name: str, call: Call) -> Promise:
        """Takes a call."""


Open = Callable[[int], AbstractContextManager[Bench]]


@dataclass(frozen=True)
class Pool:
    """Shards on a bench of so many workers. ``depot`` is where values are left, None where nothing need travel."""

    open: Open
    workers: int
    most: int
    depot: Path | None = None

    def map(
        self, what: str, work: Callable[[Shared, Part], Done], shared: Shared, parts: Sequence[Part]
    ) -> Iterator[Done]:
        """See ``Shards``. Raises ``ShardFailed`` where a shard fails twice, and any ``GardenError`` as it is."""
        if len(parts) < 2:
            # What is one piece is done sooner than it is sent.
            yield from HERE.map(what, work, shared, parts)
            return
        with opened(self.depot) if self.depot else nullcontext() as depot:
            calls = _calls(depot, work, shared, parts)
            with self.open(min(self.workers, len(parts))) as bench:
                names = [f"{what}, shard {number} of {len(parts)}" for number in range(1, len(parts) + 1)]
                promises = [bench.submit(name, call) for name, call in zip(names, calls, strict=True)]
                for name, call, promise in zip(names, calls, promises, strict=True):
                    made = self._kept(name, call, promise)
                    yield made if depot is None else _fetched(depot, made)

    def _kept(self, name: str, call: Call, promise: Promise) -> Any:
        try:
            return promise.result()
        except GardenError:
            raise
        except Exception:  # noqa: BLE001 - whatever ended a shard, it has another try
            return self._alone(name, call)

    def _alone(self, name: str, call: Call) -> Any:
        try:
            with self.open(1) as bench:
                return bench.submit(f"{name}, again", call).result()
        except GardenError:
            raise
        except Exception as error:
            raise ShardFailed(name, f"{type(error).__name__}: {error}".rstrip(": ")) from error


def shards_for(settings: RunnerSettings, cache: Path) -> Shards:
    """The place that the settings name. ``cache`` is the folder for what travels where they name none.

    Raises ``SettingsError`` where Dask is asked for and not installed.
    """
    if settings.kind == "here":
        return HERE
    workers = settings.workers or os.cpu_count() or 1
    if settings.kind == "threads":
        return Pool(_threads, workers, settings.shards)
    folder = Path(settings.folder) if settings.folder else cache
    opens = _processes if settings.kind == "processes" else _dask_at(settings.address)
    return Pool(opens, workers, settings.shards, folder)


def _calls(depot: Depot | None, work: Callable[..., Any], shared: Any, parts: Sequence[Any]) -> list[Call]:
    if depot is None:
        return [partial(work, shared, part) for part in parts]
    left = depot.leave((work, shared))
    return [partial(carried, depot, left, depot.leave(part), number) for number, part in enumerate(parts)]


def carried(depot: Depot, left: str, part: str, number: int) -> str:
    """Works on one shard in another process: takes it from the depot and leaves there what it makes.

    The shard's ``number`` goes with it: where two shards make the same, each has a file of its own to be fetched.
    """
    work, with_ = shared(depot, left)
    return depot.leave((number, work(with_, depot.take(part))))


def _fetched(depot: Depot, name: str) -> Any:
    _, value = depot.take(name)
    depot.drop(name)
    return value


@dataclass(frozen=True)
class _OnExecutor:
    executor: Executor

    def submit(self, name: str, call: Call) -> Promise:  # noqa: ARG002 - executors take no names
        return self.executor.submit(call)


@contextmanager
def _threads(workers: int) -> Iterator[Bench]:
    with ThreadPoolExecutor(workers) as executor:
        yield _OnExecutor(executor)


@contextmanager
def _processes(workers: int) -> Iterator[Bench]:
    # A forked copy of a process whose libraries have threads may hang.
    context = multiprocessing.get_context("spawn")
    share = max(1, (os.cpu_count() or 1) // workers)
    with ProcessPoolExecutor(workers, context, share_processors, (share,)) as executor:
        yield _OnExecutor(executor)


def share_processors(threads: int) -> None:
    """Lets the libraries of a new process use so many threads, so that processes do not fight for processors.

    The process ends with the one that started it, which may be killed and then tells nobody.
    """
    for name in THREADS:
        os.environ.setdefault(name, str(threads))
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _dask_at(address: str) -> Open:
    try:
        dask: Any = import_module("distributed")
    except ImportError as error:
        raise SettingsError("runner", "kind", "dask is not installed: pip install 'graph-garden[dask]'") from error

    @contextmanager
    def start(workers: int) -> Iterator[Bench]:
        here = partial(
            dask.LocalCluster, workers, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=ERROR
        )
        with nullcontext(address) if address else here() as place, dask.Client(place) as client:
            yield _OnExecutor(client.get_executor())

    return start
