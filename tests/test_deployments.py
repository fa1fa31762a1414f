"""prefect.yaml deployed to a real server, with a real worker on a process work pool."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.live.server import ROOT, LiveServer, wait_for

NAMES = ("tend/weekly", "health/daily", "learn/half-hourly")


@pytest.fixture(scope="module")
def worker(live_server: LiveServer) -> Iterator[LiveServer]:
    """The server with a worker at work."""
    with live_server.process("worker", "worker", "start", "--pool", "garden", "--type", "process"):
        yield live_server


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(ROOT / "patterns", tmp_path_factory.mktemp("deployed") / "sample"))


def texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.md")}


@pytest.mark.parametrize("name", NAMES)
def test_scheduled_runs_exist(live_server: LiveServer, name: str) -> None:
    def scheduled() -> list[dict[str, Any]]:
        return [run for run in live_server.runs(name.split("/")[1]) if run["state_type"] == "SCHEDULED"]

    runs = wait_for(scheduled)
    assert all(run["auto_scheduled"] for run in runs)


@pytest.mark.parametrize(
    ("name", "cron"),
    [("tend/weekly", "0 5 * * 1"), ("health/daily", "0 6 * * *"), ("learn/half-hourly", "*/30 * * * *")],
)
def test_each_deployment_has_its_clock_its_tags_and_one_run_at_a_time(
    live_server: LiveServer, name: str, cron: str
) -> None:
    deployment = live_server.deployment(name)
    (schedule,) = deployment["schedules"]
    assert (schedule["schedule"]["cron"], schedule["schedule"]["timezone"]) == (cron, "Etc/UTC")
    assert schedule["active"]
    assert deployment["tags"] == ["garden", name.split("/", maxsplit=1)[0]]
    assert len(deployment["description"]) > 40
    assert deployment["work_pool_name"] == "garden"
    assert deployment["global_concurrency_limit"]["limit"] == 1
    assert deployment["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    assert deployment["enforce_parameter_schema"]


def test_deploying_again_makes_no_twins(live_server: LiveServer) -> None:
    before = [live_server.deployment(name)["id"] for name in NAMES]
    live_server.cli("--no-prompt", "deploy", "--all")
    assert [live_server.deployment(name)["id"] for name in NAMES] == before
    assert [len(live_server.deployment(name)["schedules"]) for name in NAMES] == [1, 1, 1]


@pytest.mark.parametrize(
    "asked", [{"mode": "erase"}, {"only": [""]}, {"path": "https://a:b@example.org/x"}, {"force": True}]
)
def test_a_parameter_out_of_bounds_is_refused_before_a_run_exists(
    live_server: LiveServer, asked: dict[str, Any]
) -> None:
    def asked_for() -> set[str]:
        # The server adds the runs of the schedule whenever it gets to it.
        return {run["id"] for run in live_server.runs("weekly") if not run["auto_scheduled"]}

    before = asked_for()
    with pytest.raises(httpx.HTTPStatusError, match=r"409|422"):
        live_server.start("tend/weekly", **asked)
    assert asked_for() == before


def test_a_run_by_hand_completes_and_shows_what_it_found(worker: LiveServer, library: Path, tmp_path: Path) -> None:
    asked = {"path": str(library), "mode": "dry-run", "today": "2026-11-22", "report": str(tmp_path / "report")}
    text, opening = library / "review-rota.md", "summary: >-\n"
    fresh = text.read_text(encoding="utf-8").replace(opening, f"{opening}  Words that no run before has encoded.\n", 1)
    text.write_text(fresh, encoding="utf-8")
    before = texts(library)
    run = worker.end_of(worker.start("tend/weekly", **asked))
    assert run["state_type"] == "COMPLETED", worker.log(run["id"])
    assert run["name"] == "tend sample (dry-run)"
    shown = worker.artifacts(run["id"])
    assert {"tend-sample", "proposals-sample", "health-of-run-sample", "trend-sample", "embed-sample"} <= set(shown)
    assert shown["tend-sample"]["data"] == (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert float(shown["embed-sample"]["data"]) == 100
    worker.told(run["id"], "The plan is made: ")
    assert texts(library) == before


def test_a_library_in_bad_health_fails_its_run_with_the_alarm(
    worker: LiveServer, library: Path, tmp_path: Path
) -> None:
    ill = Path(shutil.copytree(library, tmp_path / "ill"))
    (ill / "garden.toml").write_text("[health]\ntargets_share = 1.0\ninverse_consistency = 1.0\n")
    run = worker.end_of(worker.start("health/daily", path=str(ill), today="2026-11-22"))
    assert run["state_type"] == "FAILED"
    assert "AlarmRaised: ill: " in run["state"]["message"]


def test_of_two_runs_at_once_on_one_library_one_alone_writes(worker: LiveServer, library: Path, tmp_path: Path) -> None:
    shared = Path(shutil.copytree(library, tmp_path / "shared"))
    asked = {"path": str(shared), "mode": "write", "today": "2026-11-22", "report": str(tmp_path / "report")}
    starts = [worker.start("tend/weekly", **asked) for _ in range(2)]
    ends = [worker.end_of(start) for start in starts]
    assert sorted(run["state_type"] for run in ends) == ["CANCELLED", "COMPLETED"], [run["state"] for run in ends]
    written = texts(shared)
    again = worker.end_of(worker.start("tend/weekly", **asked))
    worker.told(again["id"], "Nothing to do")
    assert texts(shared) == written


@pytest.fixture
def elsewhere(live_server: LiveServer) -> Iterator[str]:
    """A work pool with a worker that has imported nothing of the flows."""
    name = "elsewhere"
    live_server.cli("work-pool", "create", name, "--type", "process")
    with live_server.process(name, "worker", "start", "--pool", name, "--type", "process", plain=True):
        yield name
    live_server.delete(f"/work_pools/{name}")


def test_workers_elsewhere_take_the_flows_from_git(
    live_server: LiveServer, elsewhere: str, library: Path, tmp_path: Path
) -> None:
    origin = tmp_path / "origin.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(ROOT), str(origin)], check=True)
    subprocess.run(["git", "-C", str(origin), "update-ref", "refs/heads/main", "HEAD"], check=True)
    told = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    (step,) = told["definitions"]["git"]
    step["prefect.deployments.steps.git_clone"]["repository"] = f"file://{origin}"
    (daily,) = [one for one in told["deployments"] if one["name"] == "daily"]
    told["deployments"] = [
        {**daily, "name": "elsewhere", "work_pool": {"name": elsewhere}, "schedules": [], "pull": [step]}
    ]
    (tmp_path / "prefect.yaml").write_text(yaml.safe_dump(told, sort_keys=False), encoding="utf-8")
    live_server.cli("--no-prompt", "deploy", "--all", "--prefect-file", str(tmp_path / "prefect.yaml"))
    deployment = live_server.deployment("health/elsewhere")
    try:
        run = live_server.end_of(live_server.start("health/elsewhere", path=str(library), fail_on_alarm=False))
        assert run["state_type"] == "COMPLETED", live_server.log(run["id"])
        assert deployment["pull_steps"] == [step]
    finally:
        # Other files' tests count the deployments of this server.
        live_server.delete(f"/deployments/{deployment['id']}")
