import os
import sys
from pathlib import Path

import pytest

from garden.processes import helper


@pytest.fixture(autouse=True)
def _none_left():
    yield
    helper.forgo()


def test_a_process_that_is_ready_is_taken_once():
    helper.ready("garden.processes.second")
    waiting = helper._ready["garden.processes.second"]
    taken, another = helper.opened("garden.processes.second"), helper.opened("garden.processes.second")
    assert taken is waiting
    assert another is not None
    assert another is not waiting
    helper.stop(waiting)
    helper.stop(another)


def test_a_process_that_has_ended_before_it_is_taken_is_started_anew(monkeypatch):
    program = sys.executable
    monkeypatch.setattr(sys, "executable", "/bin/false")
    helper.ready("garden.processes.second")
    waiting = helper._ready["garden.processes.second"]
    waiting.wait()
    monkeypatch.setattr(sys, "executable", program)
    taken = helper.opened("garden.processes.second")
    assert taken is not None
    assert taken is not waiting
    helper.stop(taken)


def test_nothing_of_the_folder_where_one_stands_is_run_and_no_token_is_handed_on(tmp_path, monkeypatch):
    for name in ("signal.py", "garden.py"):
        (tmp_path / name).write_text("import pathlib; pathlib.Path('ran').touch()")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("GARDEN_TOKEN", "secret")
    helper.ready("garden.processes.second")
    waiting = helper._ready["garden.processes.second"]
    around = Path(f"/proc/{waiting.pid}/environ")
    assert not around.exists() or b"secret" not in around.read_bytes()
    helper.close(waiting)
    waiting.wait(timeout=60)
    assert not (tmp_path / "ran").exists()


def test_what_nobody_took_is_ended():
    helper.ready("garden.processes.second")
    waiting = helper._ready["garden.processes.second"]
    helper.forgo()
    assert waiting.returncode is not None
    assert not helper._ready


def test_a_process_that_cannot_be_started_is_not_ready(monkeypatch):
    monkeypatch.setattr(sys, "executable", "no-such-program")
    helper.ready("garden.processes.second")
    assert not helper._ready


def test_a_process_whose_starter_is_gone_ends_by_itself():
    helper.ready("garden.processes.second")
    waiting = helper._ready.pop("garden.processes.second")
    assert waiting.stdin is not None
    waiting.stdin.close()
    waiting.stdin = None
    assert waiting.wait(timeout=60) != 0
    helper.stop(waiting)
