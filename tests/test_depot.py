import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from garden.processes.depot import Depot, opened

ROOT = Path(__file__).resolve().parents[1]
HOLDING = """
import pathlib, sys
from garden.processes.depot import opened
with opened(pathlib.Path(sys.argv[1])) as depot:
    depot.leave(1)
    print(depot.folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path):
    """Another process at work with a depot below tmp_path."""
    command = [sys.executable, "-c", HOLDING, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_a_value_is_taken_as_it_was_left(tmp_path: Path):
    with opened(tmp_path / "new" / "folder") as depot:
        value = {"rows": np.arange(5, dtype=np.float32)}
        taken = depot.take(depot.leave(value))
        assert np.array_equal(taken["rows"], value["rows"])


def test_the_same_value_has_the_same_name(tmp_path: Path):
    assert Depot(tmp_path).leave([1, 2]) == Depot(tmp_path).leave([1, 2])
    assert len(list(tmp_path.iterdir())) == 1


def test_a_damaged_value_is_not_taken(tmp_path: Path):
    depot = Depot(tmp_path)
    name = depot.leave("a value")
    (tmp_path / name).write_bytes(b"something else")
    with pytest.raises(OSError, match="is damaged"):
        depot.take(name)


def fails_at_work(parent: Path) -> None:
    with opened(parent) as depot:
        depot.leave("a value")
        raise KeyError


def test_nothing_is_left_where_the_work_failed(tmp_path: Path):
    with pytest.raises(KeyError):
        fails_at_work(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_depot_at_work_is_left_alone_and_one_whose_process_was_killed_is_removed(tmp_path: Path, holder):
    process, folder = holder
    with opened(tmp_path):
        assert folder.exists()
    process.send_signal(signal.SIGKILL)
    process.wait()
    with opened(tmp_path):
        assert not folder.exists()
