"""The same values wherever the shards are worked on, and what happens where a shard fails or its process is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from garden import vectors
from garden.config import RunnerSettings
from garden.errors import EncoderError, SettingsError, ShardFailed
from garden.links import field as fields
from garden.links.field import Field
from garden.links.signals import text_signals
from garden.processes import runners
from garden.processes.runners import shards_for
from garden.shards import HERE, Shards
from garden.store import Store
from tests.conftest import FakeEncoder
from tests.live.server import ROOT, wait_for
from tests.shelves import topical_shelf, vectors_of

KINDS = ("threads", "processes", "dask")


@pytest.fixture(params=KINDS)
def pool(request, tmp_path: Path):
    return pool_of(request.param, tmp_path / "depot")


def pool_of(kind: str, folder: Path) -> Shards:
    return shards_for(RunnerSettings.model_validate({"kind": kind, "workers": 2, "shards": 4}), folder)


@pytest.fixture
def processes(tmp_path: Path):
    return pool_of("processes", tmp_path / "depot")


def added(shared: int, part: int) -> int:
    return shared + part


def alike(shared: str, part: int) -> str:
    return shared


def flaky(marks: Path, part: int) -> int:
    """Fails on part 2 the first time."""
    mark = marks / str(part)
    if part == 2 and not mark.exists():
        mark.touch()
        raise OSError("no room")
    return part


def failing(shared: str, part: int) -> int:
    if part == 2:
        raise OSError(shared)
    return part


def refusing(shared: str, part: int) -> int:
    raise EncoderError(shared, "cannot be loaded")


def killed(marks: Path, part: int) -> int:
    """Its process is killed on part 2 the first time."""
    mark = marks / str(part)
    if part == 2 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return part


def process_id(_: None, __: int) -> int:
    return os.getpid()


def test_values_come_in_the_order_of_the_parts_and_nothing_is_left(pool, tmp_path: Path):
    assert list(pool.map("add", added, 10, range(7))) == list(range(10, 17))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_is_one_piece_is_done_here(pool):
    assert list(pool.map("ask", process_id, None, [1])) == [os.getpid()]
    assert list(pool.map("ask", process_id, None, [])) == []


def test_other_processes_do_the_work(processes):
    assert os.getpid() not in list(processes.map("ask", process_id, None, range(3)))


def test_shards_that_make_the_same_are_each_told(processes):
    assert list(processes.map("say", alike, "same", range(4))) == ["same"] * 4


def test_a_shard_that_fails_is_tried_again_alone(pool, tmp_path: Path):
    assert list(pool.map("count", flaky, tmp_path, range(4))) == [0, 1, 2, 3]
    assert (tmp_path / "2").exists()


@pytest.mark.parametrize("kind", KINDS[:2])
def test_a_shard_that_fails_twice_is_named(kind: str, tmp_path: Path):
    with pytest.raises(ShardFailed) as caught:
        list(pool_of(kind, tmp_path).map("embed", failing, "no room", range(4)))
    assert str(caught.value).startswith("embed, shard 3 of 4 failed twice: OSError: no room")
    assert list(tmp_path.iterdir()) == []


def test_an_expected_failure_is_not_tried_again_and_keeps_its_words(processes):
    with pytest.raises(EncoderError, match="some model: cannot be loaded"):
        list(processes.map("embed", refusing, "some model", range(3)))


def test_a_shard_whose_process_is_killed_is_tried_again_and_so_are_those_that_it_took_along(processes, tmp_path: Path):
    assert list(processes.map("count", killed, tmp_path, range(6))) == list(range(6))
    assert (tmp_path / "2").exists()


def test_vectors_are_the_same_wherever_they_are_made(pool, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(vectors, "CHUNK", 3)
    monkeypatch.setattr(vectors, "CHUNK_SHORT", 3)
    texts = [f"text {number} on rota and review number {number % 3}" for number in range(20)]
    told: list[tuple[int, int]] = []
    stores = [Store(tmp_path / name) for name in ("here.sqlite", "there.sqlite")]
    here = vectors.embed(texts, FakeEncoder(), stores[0], lambda *_: None)
    there = vectors.embed(texts, FakeEncoder(), stores[1], lambda *n: told.append(n), pool)
    assert np.array_equal(here, there)
    assert told == [(0, 20), (6, 20), (12, 20), (18, 20), (20, 20)]


@pytest.mark.parametrize("kept", [5_000, 0], ids=["kept", "computed twice"])
def test_similarity_is_the_same_to_the_bit_wherever_it_is_worked_out(pool, monkeypatch, kept: int):
    shelf = topical_shelf()
    monkeypatch.setattr(fields, "KEPT", kept)
    monkeypatch.setattr(fields, "BLOCK", 5)
    signals = list(text_signals(shelf, vectors_of(shelf)))
    here, there = Field(signals, len(shelf), HERE), Field(signals, len(shelf), pool)
    for one, other in zip(here.spreads, there.spreads, strict=True):
        assert np.array_equal(one.mean, other.mean)
        assert np.array_equal(one.deviation, other.deviation)
    assert np.array_equal(here.nearest(6), there.nearest(6))
    assert np.array_equal(here.pairs(*here.nearest(6)), there.pairs(*here.nearest(6)))


def test_dask_that_is_not_installed_is_named_with_what_to_do(monkeypatch, tmp_path: Path):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SettingsError, match=r"dask is not installed: pip install 'graph-garden\[dask\]'"):
        shards_for(RunnerSettings(kind="dask"), tmp_path)


def test_processes_share_the_processors(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "")
    monkeypatch.delenv("OMP_NUM_THREADS")
    monkeypatch.setenv("MKL_NUM_THREADS", "7")
    runners.share_processors(2)
    assert os.environ["OMP_NUM_THREADS"] == "2"
    assert os.environ["MKL_NUM_THREADS"] == "7"
    monkeypatch.delenv("OMP_NUM_THREADS")


# Notes its process and is then at work for longer than any test.
AT_WORK = """
import os, sys, time
from pathlib import Path
from garden.config import RunnerSettings
from garden.processes.runners import shards_for

def busy(folder, part):
    (folder / str(os.getpid())).touch()
    time.sleep(600)

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    list(shards_for(RunnerSettings(kind="processes", workers=2), folder / "depot").map("busy", busy, folder, [1, 2]))
"""


def test_processes_end_with_the_one_that_started_them_even_where_that_is_killed(tmp_path: Path):
    (tmp_path / "program.py").write_text(AT_WORK)
    around = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(tmp_path / "program.py"), str(tmp_path)]

    def at_work() -> bool:
        return len([path for path in tmp_path.iterdir() if path.name.isdecimal()]) == 2

    with subprocess.Popen(command, env=around, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as started:
        try:
            wait_for(at_work)
        finally:
            started.kill()
        # What they all write to is at its end once the last of them has ended.
        assert started.communicate(timeout=60)[0] == b""
