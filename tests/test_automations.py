"""The automations for upkeep, created at a real server, and what they do there."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.automations import ILL_HEALTH, SILENCE, ZOMBIES
from tests.live.server import ROOT, LiveServer, clean_environment, wait_for

ANSWER = ILL_HEALTH.format("health/daily")


@pytest.fixture(scope="module")
def automated(live_server: LiveServer) -> Iterator[LiveServer]:
    """The server with the automations, created twice over."""
    for said in ("created", "brought up to date"):
        assert command(live_server).stdout == f"{ZOMBIES}: {said}\n{ANSWER}: {said}\n"
    yield live_server
    for automation in named(live_server).values():
        live_server.delete(f"/automations/{automation['id']}")


def command(server: LiveServer, *options: str) -> subprocess.CompletedProcess[str]:
    """The command, in a fork of a process that has imported it."""
    return server.module("flows.automations", *options)


def named(server: LiveServer) -> dict[str, dict[str, Any]]:
    return {found["name"]: found for found in server.post("/automations/filter", {"sort": "CREATED_DESC"})}


def test_each_automation_is_there_once(automated: LiveServer) -> None:
    found = automated.post("/automations/filter", {"sort": "CREATED_DESC"})
    assert sorted(one["name"] for one in found) == sorted([ZOMBIES, ANSWER])
    assert all(one["enabled"] for one in found)


def test_a_run_whose_worker_died_is_told_by_its_silence(automated: LiveServer) -> None:
    trigger = named(automated)[ZOMBIES]["trigger"]
    assert trigger["posture"] == "Proactive"
    assert trigger["after"] == ["prefect.flow-run.heartbeat"]
    # A run that waits for a person is alive.
    assert {"prefect.flow-run.Paused", "prefect.flow-run.Suspended"} <= set(trigger["expect"])
    assert trigger["within"] == SILENCE.total_seconds()


def test_bad_health_is_answered_by_a_plan_that_writes_nothing(automated: LiveServer, tmp_path: Path) -> None:
    ill = Path(shutil.copytree(ROOT / "patterns", tmp_path / "ill"))
    (ill / "garden.toml").write_text("[health]\ntargets_share = 1.0\ninverse_consistency = 1.0\n")
    before = {run["id"] for run in automated.runs("weekly")}

    def planned() -> list[dict[str, Any]]:
        return [run for run in automated.runs("weekly") if run["id"] not in before and not run["auto_scheduled"]]

    with automated.process("worker", "worker", "start", "--pool", "garden", "--type", "process"):
        failed = automated.end_of(automated.start("health/daily", path=str(ill), today="2026-11-22"))
        assert failed["state_type"] == "FAILED"
        (run,) = wait_for(planned)
        assert run["parameters"]["parameters"]["mode"] == "dry-run"


def test_each_library_of_a_server_is_answered_by_a_plan_of_its_own(automated: LiveServer, tmp_path: Path) -> None:
    second = Path(shutil.copytree(ROOT / "patterns", tmp_path / "second"))
    around = {**automated.environment, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-m", "garden", "init", str(second)], env=around, check=True)
    automated.cli("--no-prompt", "deploy", "--all", cwd=second)
    answer = ILL_HEALTH.format("health/second-daily")
    try:
        assert f"{answer}: created\n" in command(automated).stdout
        found = named(automated)
        assert sorted(found) == sorted([ZOMBIES, ANSWER, answer])
        plans = {found[name]["actions"][0]["deployment_id"] for name in (ANSWER, answer)}
        assert plans == {automated.deployment(name)["id"] for name in ("tend/weekly", "tend/second-weekly")}
        health = automated.deployment("health/second-daily")
        assert found[answer]["trigger"]["match_related"]["prefect.resource.id"] == f"prefect.deployment.{health['id']}"
        # Without the tag nobody would notice that a worker died.
        assert "garden" in health["tags"]
    finally:
        for name in ("tend/second-weekly", "health/second-daily", "learn/second-learn"):
            automated.delete(f"/deployments/{automated.deployment(name)['id']}")


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9/api"])
def test_a_server_that_is_not_there_is_named(url: str) -> None:
    around = {**clean_environment(), "PYTHONPATH": str(ROOT), **({"PREFECT_API_URL": url} if url else {})}
    run = [sys.executable, "-m", "flows.automations"]
    done = subprocess.run(run, cwd=ROOT, env=around, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    says = f"{url} cannot be reached (ConnectError)" if url else "set PREFECT_API_URL to the address of its API"
    assert says in done.stderr


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--tend", "tend/nowhere"), "there is no deployment tend/nowhere; there is tend/"),
        (("--tend", "weekly"), "there is no deployment weekly; there is tend/"),
        (("--notify", "slack-webhook/nobody"), "there is no block slack-webhook/nobody; create it"),
    ],
)
def test_what_is_missing_is_named(live_server: LiveServer, options: tuple[str, ...], says: str) -> None:
    done = command(live_server, *options)
    assert done.returncode == 1
    assert says in done.stderr
