"""Runs killed in each stage, and two at once: no file half-written, no lock left, and the next run completes."""

import json
import os
import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL

from flows.tend import tend
from garden import library, workshop
from garden.library.writing import TEMPORARY
from tests.conftest import FakeEncoder
from tests.live.forge import Forge, Forked
from tests.live.killing import FILE, MOMENTS
from tests.live.server import ROOT, LiveServer, wait_for
from tests.test_flow_tend import asked, sample  # noqa: F401 - a fixture

pytestmark = pytest.mark.slow


def texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.md")}


def surroundings() -> dict[str, str]:
    return {**os.environ, "PREFECT_API_URL": str(PREFECT_API_URL.value()), "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def forge(prefect_server: None, live_server: LiveServer) -> Forge:
    """Forks of a process that has imported what a run needs, which tells the session's server of its flows."""
    assert live_server.forge is not None
    return live_server.forge


@contextmanager
def process(forge: Forge, moment: str, sample: Path, report: str = "report") -> Iterator[Forked]:  # noqa: F811
    """A run of the flow as a process of its own, against the session's server. It prints into a file."""
    words = (moment, str(sample), str(sample.parent / report))
    out = sample.parent / f"{report}.out"
    run = forge.start("tests.live.killing", *words, cwd=sample.parent, env=surroundings(), out=out)
    try:
        yield run
    finally:
        run.kill()


def outcome_of(run: Forked, sample: Path, report: str) -> dict[str, int]:  # noqa: F811
    """What a run that completed printed last."""
    assert run.wait(timeout=300) == 0
    return dict(json.loads((sample.parent / f"{report}.out").read_text(encoding="utf-8").splitlines()[-1]))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The sample library as a whole run leaves it."""
    from garden.run import Request  # noqa: PLC0415 - used here alone
    from garden.tend import tend as tell  # noqa: PLC0415

    root = Path(shutil.copytree(ROOT / "patterns", tmp_path_factory.mktemp("whole") / "sample"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "SentenceEncoder", lambda _: FakeEncoder())
        patch.setenv("SOURCE_DATE_EPOCH", "1795305600")
        request = Request(root=root, settings=workshop.settings_of(root), today="2026-11-22", write=True)
        tell(request, workshop.tools_for(request.settings, lambda *_: None))
    return texts(root)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_run_that_is_killed_leaves_every_file_old_or_new_and_the_next_completes(
    forge: Forge,
    sample: Path,  # noqa: F811
    written: dict[str, bytes],
    moment: str,
) -> None:
    before = texts(sample)
    with process(forge, moment, sample) as run:
        assert run.wait(timeout=300) == -signal.SIGKILL
    now = texts(sample)
    assert now.keys() == before.keys()
    assert [name for name, text in now.items() if text not in (before[name], written[name])] == []
    with library.locked(sample):
        pass
    outcome = tend(asked(sample, mode="write"))
    assert texts(sample) == written
    assert list(sample.rglob(f".*{TEMPORARY}")) == []
    assert outcome.files_changed == sum(now[name] != written[name] for name in now)
    assert tend(asked(sample, mode="write")).proposals == 0


def test_of_two_runs_at_once_the_second_waits_and_then_proposes_nothing(
    forge: Forge,
    sample: Path,  # noqa: F811
    written: dict[str, bytes],
) -> None:
    with process(forge, "held", sample, "first") as first:
        wait_for(lambda: list(sample.rglob(f".*{TEMPORARY}")), 300)
        with process(forge, "nothing happens", sample, "second") as second:
            (sample.parent / "go").touch()
            done = [outcome_of(first, sample, "first"), outcome_of(second, sample, "second")]
    assert done[0]["written"] == done[0]["files_changed"] > 0
    assert (done[1]["proposals"], done[1]["written"]) == (0, 0)
    assert texts(sample) == written


@pytest.fixture(scope="module")
def doomed(live_server: LiveServer) -> str:
    """A deployment whose runs stay in the middle of a file."""
    live_server.cli("--no-prompt", "deploy", "tests/live/killing.py:doomed", "--name", "doomed", "--pool", "garden")
    return str(live_server.deployment("doomed/doomed")["id"])


def held(live_server: LiveServer, doomed: str, root: Path) -> tuple[str, int]:
    """A run that stands in the middle of a file, and its process."""
    asked = {"path": str(root), "mode": "write", "today": "2026-11-22", "report": str(root.parent / "report")}
    start = {"parameters": {"parameters": asked}, "state": {"type": "SCHEDULED"}}
    before = texts(root)

    def stands() -> bool:
        # The run's record is written by way of such a file too, and so are the two files before.
        now = texts(root)
        written = sum(now[name] != before[name] for name in before)
        return written == FILE - 1 and bool(list(root.glob(f".*{TEMPORARY}")))

    run = str(live_server.post(f"/deployments/{doomed}/create_flow_run", start)["id"])
    wait_for(stands, 300)
    return run, int(str(live_server.get(f"/flow_runs/{run}")["infrastructure_pid"]).rsplit(":", 1)[-1])


def test_a_worker_that_is_killed_while_its_run_writes_leaves_nothing_to_do_by_hand(
    live_server: LiveServer, doomed: str, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(ROOT / "patterns", tmp_path / "sample"))
    before = texts(root)
    with live_server.process("doomed-worker", "worker", "start", "--pool", "garden", "--type", "process") as worker:
        _, pid = held(live_server, doomed, root)
        os.killpg(worker.pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        worker.wait()
    half = texts(root)
    assert 0 < sum(half[name] != before[name] for name in half) < len(half)
    next_one = ("worker", "start", "--pool", "garden", "--type", "process")
    with live_server.process("next-worker", *next_one, plain=True):
        again = live_server.start("tend/weekly", path=str(root), mode="write", today="2026-11-22")
        assert live_server.end_of(again)["state_type"] == "COMPLETED", live_server.log(again)
        after = live_server.start("tend/weekly", path=str(root), mode="write", today="2026-11-22")
        live_server.told(str(live_server.end_of(after)["id"]), "Nothing to do")
    assert list(root.rglob(f".*{TEMPORARY}")) == []


def test_a_run_whose_process_is_killed_has_crashed_and_says_what_it_left(
    live_server: LiveServer, doomed: str, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(ROOT / "patterns", tmp_path / "sample"))
    with live_server.process("doomed-worker", "worker", "start", "--pool", "garden", "--type", "process"):
        run, pid = held(live_server, doomed, root)
        os.kill(pid, signal.SIGKILL)
        assert live_server.end_of(run)["state_type"] == "CRASHED"
        log = live_server.told(run, "The library is not locked.")
        assert re.search(r"Crashed\. Run 2026-11-22-\w+ wrote 2 of \d+ files; the others are as they were", log)
        wait_for(lambda: "RUNNING" not in states(live_server, run).values(), 60)
    ended = states(live_server, run)
    assert ended["finish sample"] == "CRASHED"
    assert ended["read sample"] == "COMPLETED"
    stopped = {"event": {"name": ["garden.run.stopped"]}, "related": {"id": [f"prefect.flow-run.{run}"]}}
    assert wait_for(lambda: live_server.post("/events/filter", {"filter": stopped})["events"], 60)


def test_a_run_that_is_cancelled_while_it_writes_says_what_it_left(
    live_server: LiveServer, doomed: str, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(ROOT / "patterns", tmp_path / "sample"))
    with live_server.process("doomed-worker", "worker", "start", "--pool", "garden", "--type", "process"):
        run, _ = held(live_server, doomed, root)
        live_server.post(f"/flow_runs/{run}/set_state", {"state": {"type": "CANCELLING"}, "force": False})
        assert live_server.end_of(run)["state_type"] == "CANCELLED"
        log = live_server.told(run, "The library is not locked.")
    assert re.search(r"Cancelled\. Run 2026-11-22-\w+ wrote 2 of \d+ files; the others are as they were", log)
    assert states(live_server, run)["finish sample"] == "CRASHED"


def states(live_server: LiveServer, run: str) -> dict[str, str]:
    """The states of a run's tasks by their names."""
    found = live_server.post("/task_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})
    return {one["name"]: one["state_type"] for one in found}
