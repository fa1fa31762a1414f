"""The approval of a plan over the API, as the form in the UI gives it: deployed, with a real worker."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect import flow
from prefect.exceptions import FlowPauseTimeout
from prefect.input import create_flow_run_input

from flows.approval import NobodyAnswered, waiting_name, was_answered
from flows.parameters import TendParameters
from flows.tend import tend
from garden import ledger, library, workshop
from garden.plan.decisions import Decision
from garden.records import RUNS
from garden.review.waiting import Waiting, keep, kept, sweep
from tests.conftest import FakeEncoder
from tests.live.server import ROOT, LiveServer, clean_environment, wait_for

DEPLOYMENT = "tend/by-approval"
TODAY = "2026-11-22"


@pytest.fixture(scope="module")
def worker(live_server: LiveServer) -> Iterator[LiveServer]:
    with live_server.process("approval-worker", "worker", "start", "--pool", "garden", "--type", "process"):
        yield live_server


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "patterns", tmp_path / "sample"))


def texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.md")}


def shown(worker: LiveServer, sample: Path, **asked: Any) -> tuple[str, list[dict[str, Any]]]:
    """A run that waits for its answer, and the proposals that it shows."""
    report = sample.parent / "report"
    run = worker.start(DEPLOYMENT, path=str(sample), mode="approve", today=TODAY, report=str(report), **asked)
    state = worker.paused(run)["state"]
    assert state["name"] == "Suspended"
    return run, json.loads((report / "plan.json").read_bytes())["proposals"]


def ended(worker: LiveServer, run: str, **given: Any) -> str:
    """The log of a run that was answered, which completed."""
    assert worker.answer(run, **given)["status"] == "ACCEPT"
    end = worker.end_of(run)
    assert end["state_type"] == "COMPLETED", worker.log(run)
    return worker.told(run, "Remembered: ")


def said(sample: Path) -> dict[str, Decision]:
    return {one.proposal: one for one in ledger.read(sample).decisions}


def test_a_run_that_waits_holds_no_process_and_no_lock_and_all_of_it_can_be_accepted(
    worker: LiveServer, sample: Path
) -> None:
    before = texts(sample)
    run, proposals = shown(worker, sample)
    pid = worker.get(f"/flow_runs/{run}")["infrastructure_pid"]
    wait_for(lambda: not alive(pid), 60)
    with library.locked(sample):
        assert texts(sample) == before
    log = ended(worker, run, accept="all", who="Ada", note="fine")
    assert f"Remembered: {len(proposals):,} decisions." in log
    assert {one.verdict for one in said(sample).values()} == {"accepted"}
    assert {(one.who, one.why, one.where) for one in said(sample).values()} == {("Ada", "fine", f"flow run {run}")}
    assert list((sample / RUNS).glob("*.waiting")) == []
    assert "answer-sample" in worker.artifacts(run)
    after = texts(sample)
    again = worker.end_of(worker.start("tend/weekly", path=str(sample), mode="write", today=TODAY))
    worker.told(again["id"], "Nothing to do")
    assert texts(sample) == after != before


def alive(pid: str) -> bool:
    # The worker tells of a process as host:pid.
    try:
        os.kill(int(str(pid).rsplit(":", 1)[-1]), 0)
    except ProcessLookupError:
        return False
    return True


def test_some_are_accepted_some_rejected_and_what_no_longer_fits_is_named(worker: LiveServer, sample: Path) -> None:
    before = texts(sample)
    run, proposals = shown(worker, sample)
    links = [one for one in proposals if one["kind"] == "add_link"]
    no = links[0]
    stale = next(one for one in links if {one["pattern"], one["target"]}.isdisjoint({no["pattern"], no["target"]}))
    (sample / stale["path"]).unlink()
    log = ended(worker, run, accept="above", above=0.5, reject=[no["id"]], rest="later")
    decisions = said(sample)
    assert decisions[no["id"]].verdict == "rejected"
    assert f"{stale['id']}: the library has been changed since the plan was made" in log
    assert stale["id"] not in decisions
    for one in proposals:
        if one["id"] in decisions and one["confidence"] < 0.5:
            assert decisions[one["id"]].verdict in ("snoozed", "rejected")
    assert {one.verdict for one in decisions.values()} == {"accepted", "rejected", "snoozed"}
    after = texts(sample)
    assert no["target"].encode() not in after[no["path"]].split(b"graph_garden:")[1]
    assert {name for name in after if after[name] != before[name]}


def test_all_can_be_rejected_and_is_not_proposed_again(worker: LiveServer, sample: Path) -> None:
    before = texts(sample)
    run, proposals = shown(worker, sample)
    ended(worker, run, accept="none", rest="no", note="not now")
    assert texts(sample) == before
    assert {one.verdict for one in said(sample).values()} == {"rejected"}
    again = worker.end_of(
        worker.start("tend/weekly", path=str(sample), today=TODAY, report=str(sample.parent / "again"))
    )
    assert again["state_type"] == "COMPLETED"
    left = json.loads((sample.parent / "again" / "plan.json").read_bytes())["proposals"]
    assert {one["id"] for one in left}.isdisjoint(one["id"] for one in proposals)


def test_an_answer_out_of_bounds_is_refused_and_the_run_waits_on(worker: LiveServer, sample: Path) -> None:
    run, proposals = shown(worker, sample)
    none, one = "0" * 12, proposals[0]["id"]
    for wrong in (
        {},
        {"accept": "some"},
        {"accept": "above", "above": 2},
        {"accept": "all", "reject": ["x"]},
        {"accept": "all", "reject": [one, none]},
    ):
        assert worker.answer(run, **wrong)["status"] in ("REJECT", "ABORT"), wrong
    assert worker.get(f"/flow_runs/{run}")["state_type"] == "PAUSED"
    worker.post(f"/flow_runs/{run}/set_state", {"state": {"type": "CANCELLED"}})


def test_an_answer_that_could_not_be_carried_out_is_carried_out_when_the_run_is_tried_again(
    worker: LiveServer, sample: Path
) -> None:
    before = texts(sample)
    run, proposals = shown(worker, sample)
    away = sample.rename(sample.parent / "away")
    assert worker.answer(run, accept="all", who="Ada")["status"] == "ACCEPT"
    assert worker.end_of(run)["state_type"] == "FAILED"
    away.rename(sample)
    assert texts(sample) == before
    tried_again(worker, run)
    end = wait_for(lambda: worker.get(f"/flow_runs/{run}") if said(sample) else None)
    assert worker.end_of(run)["state_type"] == "COMPLETED", end
    assert {one.who for one in said(sample).values()} == {"Ada"}
    assert len(said(sample)) == len(proposals)
    assert texts(sample) != before


def test_an_answer_goes_with_the_plan_that_it_was_given_to_and_no_later_one(worker: LiveServer, sample: Path) -> None:
    run, _ = shown(worker, sample)
    for plan in (sample / RUNS).glob("*.waiting"):
        plan.unlink()
    before = texts(sample)
    assert worker.answer(run, accept="all")["status"] == "ACCEPT"
    wait_for(lambda: list((sample / RUNS).glob("*.waiting")), 300)
    wait_for(lambda: worker.get(f"/flow_runs/{run}")["state_type"] == "PAUSED", 300)
    assert (texts(sample), said(sample)) == (before, {})
    assert "Remembered: " in ended(worker, run, accept="none", rest="again")
    assert texts(sample) == before


def test_a_run_that_is_tried_again_after_nobody_answered_asks_again(worker: LiveServer, sample: Path) -> None:
    run, proposals = shown(worker, sample, hours=0.002)
    assert worker.end_of(run)["state_type"] == "FAILED"
    tried_again(worker, run)
    asked = f"{len(proposals)} proposals wait for an answer until"
    log = wait_for(lambda: log if (log := worker.log(run)).count(asked) == 2 else None, 300)
    assert "Traceback" not in log
    worker.post(f"/flow_runs/{run}/set_state", {"state": {"type": "CANCELLED"}})


def tried_again(worker: LiveServer, run: str) -> None:
    """What the page's button to retry does."""
    state = {"type": "SCHEDULED", "name": "AwaitingRetry"}
    assert worker.post(f"/flow_runs/{run}/set_state", {"state": state, "force": True})["status"] == "ACCEPT"


def test_a_plan_that_nobody_answers_is_given_up_and_changes_nothing(worker: LiveServer, sample: Path) -> None:
    before = texts(sample)
    run, _ = shown(worker, sample, hours=0.002)
    end = worker.end_of(run)
    assert (end["state_type"], end["state"]["message"]) == ("FAILED", "The flow was paused and never resumed.")
    assert texts(sample) == before
    assert said(sample) == {}
    with library.locked(sample):
        pass
    other, _ = shown(worker, sample)
    worker.told(other, "Nobody answered the plan of run")
    worker.post(f"/flow_runs/{other}/set_state", {"state": {"type": "CANCELLED"}})


@flow
def asking() -> str:
    """A run that has asked, as its plan's file is called."""
    return waiting_name()


def test_an_answer_given_in_time_keeps_its_plan_until_it_is_carried_out(prefect_server: None, tmp_path: Path) -> None:
    given, missed, unknown = asking(), asking(), f"flow-run-{UUID(int=1)}"
    for name in (given, missed, unknown, "somebody's"):
        keep(tmp_path, name, Waiting(run=f"run of {name}", until="2026-11-22T12:00:00Z", proposals=()))
    create_flow_run_input(
        "suspended-approval-2026-11-22t12-00-00z-response", {"accept": "all"}, UUID(given.removeprefix("flow-run-"))
    )
    gone = sweep(tmp_path, "2026-11-22T12:00:01Z", was_answered)
    assert sorted(gone) == sorted(f"run of {name}" for name in (missed, unknown, "somebody's"))
    assert kept(tmp_path, given) is not None


def test_an_answer_that_comes_as_the_time_ends_is_carried_out(
    prefect_server: None, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends_as_it_is_answered(*, key: str, **_: Any) -> None:
        create_flow_run_input(f"paused-{key}-response", {"accept": "all", "who": "Ada"})
        raise FlowPauseTimeout

    monkeypatch.setattr(workshop, "SentenceEncoder", lambda _: FakeEncoder())
    monkeypatch.setattr("flows.approval.pause_flow_run", ends_as_it_is_answered)
    asked = {"path": str(sample), "mode": "approve", "today": TODAY, "report": str(sample.parent / "r")}
    assert tend(TendParameters.model_validate(asked)).written
    assert {one.who for one in said(sample).values()} == {"Ada"}


def alone(sample: Path, around: dict[str, str]) -> subprocess.Popen[str]:
    """A run in a process of its own, without a deployment."""
    command = [sys.executable, "-m", "flows.tend", str(sample), "--mode", "approve", "--today", TODAY]
    command += ["--report", str(sample.parent / "report")]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=sample.parent, env=around, stdout=pipe, stderr=pipe, text=True)


def test_without_a_server_that_stays_there_is_nobody_to_ask_and_it_says_what_to_do(
    sample: Path, tmp_path: Path
) -> None:
    around = {**clean_environment(), "PREFECT_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
    with alone(sample, around) as run:
        out, err = run.communicate(timeout=300)
    assert (run.returncode, out) == (1, "")
    assert "approve needs a Prefect server that stays (PREFECT_API_URL); without one: garden review PATH" in err
    # It is said before a server is started that would end with the run.
    assert list(tmp_path.rglob("prefect.db")) == []


def test_without_a_deployment_the_run_waits_in_its_own_process_for_the_same_answer(
    live_server: LiveServer, sample: Path
) -> None:
    with alone(sample, live_server.environment) as process:
        run = wait_for(lambda: waiting(live_server), 300)
        assert process.poll() is None
        assert live_server.answer(run, accept="all", who="Ada")["status"] == "ACCEPT"
        out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    proposals = json.loads((sample.parent / "report" / "plan.json").read_bytes())["proposals"]
    assert json.loads(out)["written"] > 0
    assert {one.verdict for one in said(sample).values()} == {"accepted"}
    assert len(said(sample)) == len(proposals)


def waiting(server: LiveServer) -> str | None:
    """The one run that waits without a deployment."""
    asked = {"flow_runs": {"state": {"name": {"any_": ["Paused"]}}, "deployment_id": {"is_null_": True}}}
    return next((str(run["id"]) for run in server.post("/flow_runs/filter", asked)), None)


@pytest.mark.slow
def test_without_a_deployment_a_run_gives_up_by_itself_and_says_so(
    prefect_server: None, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workshop, "SentenceEncoder", lambda _: FakeEncoder())
    before = texts(sample)
    asked = {"path": str(sample), "mode": "approve", "today": TODAY, "hours": 0.001, "report": str(sample.parent / "r")}
    with pytest.raises(NobodyAnswered, match="nothing was written, and the next run proposes it again"):
        tend(TendParameters.model_validate(asked))
    assert texts(sample) == before
    assert list((sample / RUNS).glob("*.waiting")) == []
