"""Runs whose shards are tasks, on each of Prefect's task runners."""

import json
import signal
from os import getpid, kill
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect import flow, runtime
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId, TaskRunFilter, TaskRunFilterId
from prefect.client.schemas.objects import StateType

from flows.runners import task_shards
from flows.tend import tend
from garden import vectors
from garden.config import RunnerSettings
from garden.errors import EncoderError
from garden.links import field
from tests.live.server import wait_for
from tests.test_flow_tend import asked, sample, texts  # noqa: F401 - a fixture

# Processes are tried below, on less: each takes seconds to import Prefect.
KINDS = ("threads", "dask")


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards small enough that the sample library has several."""
    monkeypatch.setattr(vectors, "CHUNK", 16)
    monkeypatch.setattr(field, "BLOCK", 16)


def plans(folder: Path) -> tuple[bytes, bytes]:
    return (folder / "plan.json").read_bytes(), (folder / "changes.patch").read_bytes()


def task_names(flow_run: Any) -> list[str]:
    of_run = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run]))
    with get_client(sync_client=True) as client:
        return sorted(run.name for run in client.read_task_runs(flow_run_filter=of_run))


@pytest.mark.parametrize("kind", KINDS)
def test_the_plan_is_the_same_bytes_whichever_runner_makes_it(
    prefect_server: None,
    sample: Path,  # noqa: F811
    small_shards: None,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    here = tend(asked(sample, report="here"))
    monkeypatch.setenv("GARDEN_CACHE", "another-cache")
    monkeypatch.setenv("GARDEN_RUNNER__KIND", kind)
    monkeypatch.setenv("GARDEN_RUNNER__WORKERS", "2")
    state = tend(asked(sample, report="there"), return_state=True)
    there = state.result()
    assert (there.run, there.proposals) == (here.run, here.proposals)
    assert plans(Path("there")) == plans(Path("here"))
    assert json.loads(Path("there", "plan.json").read_bytes())["proposals"]
    names = task_names(state.state_details.flow_run_id)
    assert {f"embed, shard {n} of 4" for n in (1, 2, 3, 4)} <= set(names)
    assert {f"similarity, shard {n} of 3" for n in (1, 2, 3)} <= set(names)
    assert texts(Path("another-cache")).keys() == {"store.sqlite"}


def killed_once(marks: Path, part: int) -> int:
    """Its process is killed on part 2 the first time, once the server knows of its task."""
    mark = marks / str(part)
    if part == 2 and not mark.exists():
        mark.touch()
        wait_for(lambda: known(runtime.task_run.id), 60)
        kill(getpid(), signal.SIGKILL)
    return part


def known(task_run: str) -> bool:
    with get_client(sync_client=True) as client:
        wanted = TaskRunFilter(id=TaskRunFilterId(any_=[UUID(task_run)]))
        return bool(client.read_task_runs(task_run_filter=wanted))


def refusing(shared: str, part: int) -> int:
    raise EncoderError(shared, "cannot be loaded")


@flow
def counting(work: Any, shared: Any, folder: Path) -> list[int]:
    shards = task_shards(RunnerSettings(kind="processes", workers=2), folder)
    return list(shards.map("count", work, shared, [1, 2, 3]))


def test_a_shard_whose_process_is_killed_is_another_task_alone(prefect_server: None, tmp_path: Path) -> None:
    state = counting(killed_once, tmp_path, tmp_path / "depot", return_state=True)
    flow_run = state.state_details.flow_run_id
    assert flow_run is not None
    assert state.result() == [1, 2, 3]
    assert (tmp_path / "2").exists()
    # A process that is gone cannot tell of its task: the flow does, and none stays Running for ever.
    of_run = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run]))
    ended = wait_for(lambda: all_ended(of_run), 60)
    assert ended["count, shard 2 of 3, again"] == StateType.COMPLETED
    assert {ended[name] for name in ended if not name.endswith("again")} <= {StateType.COMPLETED, StateType.CRASHED}
    assert StateType.CRASHED in ended.values()


def all_ended(of_run: FlowRunFilter) -> dict[str, StateType | None] | None:
    """The states of a run's tasks by their names, once each has ended."""
    with get_client(sync_client=True) as client:
        found = {run.name: run.state_type for run in client.read_task_runs(flow_run_filter=of_run)}
    open_ = {StateType.RUNNING, StateType.PENDING}
    return found if "count, shard 2 of 3, again" in found and open_.isdisjoint(found.values()) else None


def test_an_expected_failure_in_a_shard_ends_the_flow_with_its_own_words(prefect_server: None, tmp_path: Path) -> None:
    state = counting(refusing, "some model", tmp_path / "depot", return_state=True)
    with pytest.raises(EncoderError, match="some model: cannot be loaded"):
        state.result()
    assert list((tmp_path / "depot").iterdir()) == []
