"""garden serve: one command with its own server, whose schedule is there again after a restart."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from tzlocal import get_localzone_name

from flows.parameters import TendParameters
from flows.serve import CRON, Served, home_of, surroundings
from tests.live.forge import Forge, forging
from tests.live.server import IMPORTED, ROOT, Patient, Process, clean_environment, ended, free_port, wait_for

MONTHLY = "15 4 1 * *"

Sooner = Callable[[], AbstractContextManager[tuple[Process, httpx.Client]]]
Refusing = Callable[..., subprocess.CompletedProcess[str]]


def command(path: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "garden", "serve", str(path), *options]


def environment(folder: Path) -> dict[str, str]:
    return {
        **clean_environment(),
        "PYTHONPATH": str(ROOT),
        "XDG_DATA_HOME": str(folder / "data"),
        "GARDEN_CACHE": str(folder / "cache"),
        # A server that the user works with elsewhere is left alone.
        "PREFECT_API_URL": "http://127.0.0.1:1/api",
    }


@contextmanager
def served(path: Path, folder: Path, *options: str) -> Iterator[tuple[Process, httpx.Client]]:
    """The command at work, and a client of its API."""
    port = free_port()
    with (folder / "serve.log").open("a+") as log:
        process = subprocess.Popen(
            command(path, "--port", str(port), *options),
            env=environment(folder),
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    with client_of(process, port, folder) as client:
        yield process, client


@contextmanager
def client_of(process: Process, port: int, folder: Path) -> Iterator[httpx.Client]:
    """A client of a command that serves, which ends with the block."""
    try:
        with httpx.Client(transport=Patient(), base_url=f"http://127.0.0.1:{port}/api", timeout=30) as client:
            wait_for(lambda: ready(process, client, folder), 600)
            yield client
    finally:
        ended(process)


def ready(process: Process, client: httpx.Client, folder: Path) -> bool:
    assert process.poll() is None, (folder / "serve.log").read_text()
    try:
        return client.get("/deployments/name/tend/served").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def sooner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sooner]:
    """``served``, sooner: what the command executes, in forks of a process that has imported it for one library's data.

    So are its runs.
    """
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    library, port, around = str(ROOT / "patterns"), free_port(), environment(tmp_path)
    found = surroundings(Served(TendParameters(path=library), CRON, "Etc/UTC", port, home_of(library)))
    with forging(tmp_path, ("flows.served", *IMPORTED), {**around, **found}) as own:

        @contextmanager
        def sooner() -> Iterator[tuple[Process, httpx.Client]]:
            words = ("flows.serve", "--port", str(port), "--", library)
            process = own.begin(*words, cwd=tmp_path, env=around, log=tmp_path / "serve.log")
            with client_of(process, port, tmp_path) as client:
                yield process, client

        yield sooner


def scheduled(client: httpx.Client) -> list[dict[str, Any]]:
    body = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}, "flows": {"name": {"any_": ["tend"]}}}
    return list(client.post("/flow_runs/filter", json=body).json())


def stop(process: Process) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=300)


@pytest.mark.slow
@pytest.mark.server
def test_a_served_library_is_tended_and_its_schedule_survives_a_restart(tmp_path: Path) -> None:
    options = ("--cron", MONTHLY, "--timezone", "Europe/Berlin", "--mode", "dry-run")
    with served(ROOT / "patterns", tmp_path, *options) as (process, client):
        first = wait_for(lambda: scheduled(client))
        deployment = client.get("/deployments/name/tend/served").json()
        asked = {"parameters": {"parameters": {**deployment["parameters"]["parameters"], "today": "2026-11-22"}}}
        run = client.post(f"/deployments/{deployment['id']}/create_flow_run", json=asked).json()
        wait_for(lambda: client.get(f"/flow_runs/{run['id']}").json()["state_type"] == "COMPLETED", 900)
        assert stop(process) == 0
    with served(ROOT / "patterns", tmp_path, *options) as (process, client):
        again = client.get("/deployments/name/tend/served").json()
        (schedule,) = again["schedules"]
        assert again["id"] == deployment["id"]
        assert (schedule["active"], again["paused"]) == (True, False)
        assert (schedule["schedule"]["cron"], schedule["schedule"]["timezone"]) == (MONTHLY, "Europe/Berlin")
        wait_for(lambda: {one["expected_start_time"] for one in scheduled(client)} >= {next_of(first)})
        assert client.get(f"/flow_runs/{run['id']}").json()["state_type"] == "COMPLETED"
    log = (tmp_path / "serve.log").read_text()
    assert "Tending patterns at 15 4 1 * * (Europe/Berlin), dry-run." in log
    assert "Traceback" not in log


@pytest.mark.slow
@pytest.mark.server
def test_a_run_that_was_at_work_when_serving_stopped_does_not_keep_the_next_ones_waiting(
    sooner: Sooner, sample_vectors: Path, tmp_path: Path
) -> None:
    shutil.copytree(sample_vectors, tmp_path / "cache")
    with sooner() as (process, client):
        deployment = client.get("/deployments/name/tend/served").json()["id"]
        left = client.post(f"/deployments/{deployment}/create_flow_run", json={}).json()["id"]
        wait_for(lambda: client.get(f"/flow_runs/{left}").json()["state_type"] in ("PENDING", "RUNNING"))
        os.killpg(process.pid, signal.SIGKILL)
    with sooner() as (_, client):
        assert wait_for(lambda: client.get(f"/flow_runs/{left}").json()["state_type"] == "CRASHED")
        run = client.post(f"/deployments/{deployment}/create_flow_run", json={}).json()["id"]
        ended_as = wait_for(lambda: ended_state(client, run), 900)
        assert ended_as["type"] == "COMPLETED", ended_as["message"]


def ended_state(client: httpx.Client, run: str) -> dict[str, Any] | None:
    state = dict(client.get(f"/flow_runs/{run}").json()["state"])
    return state if state["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") else None


def next_of(runs: list[dict[str, Any]]) -> str:
    return min(str(run["expected_start_time"]) for run in runs)


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    """Forks of a process that has imported the command line, and nothing that reads Prefect's environment."""
    folder = tmp_path_factory.mktemp("forge")
    with forging(folder, ["garden.cli", "flows.parameters"], environment(folder)) as forge:
        yield forge


@pytest.fixture
def refusing(forge: Forge, tmp_path: Path) -> Refusing:
    """``refused``, sooner."""
    out, err = tmp_path / "refused.out", tmp_path / "refused.err"

    def refusing(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
        words = ("serve", str(path), *options)
        run = forge.start("garden", *words, cwd=tmp_path, env=environment(tmp_path), out=out, err=err)
        code = run.wait(timeout=300)
        return subprocess.CompletedProcess(
            words, code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")
        )

    return refusing


def refused(path: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(path, *options), env=environment(folder), cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("text", "says"), [(None, "nonexist: no such folder; name a folder"), ("", "nonexist: no file matches **/*.md")]
)
def test_what_is_no_library_is_not_served(refusing: Refusing, tmp_path: Path, text: str | None, says: str) -> None:
    if text is not None:
        (tmp_path / "nonexist").mkdir()
    done = refusing(Path("nonexist"), "--port", str(free_port()))
    assert done.returncode == 1
    assert done.stderr.startswith(f"garden: {says}")
    assert done.stdout == ""


def test_a_mode_that_is_none_is_wrong_usage(refusing: Refusing, tmp_path: Path) -> None:
    done = refusing(ROOT / "patterns", "--mode", "erase")
    assert done.returncode == 2
    assert "mode: Input should be" in done.stderr


@pytest.mark.parametrize(
    ("mode", "git", "says"),
    [
        ("branch", False, "not in a git repository; run git init"),
        ("pull-request", True, "there is no remote 'origin'; add one with git remote add origin URL"),
    ],
)
def test_what_every_run_would_fail_of_is_said_at_the_start(
    refusing: Refusing, tmp_path: Path, mode: str, git: bool, says: str
) -> None:
    library = Path(shutil.copytree(ROOT / "patterns", tmp_path / "library"))
    if git:
        subprocess.run(["git", "init", "-q", str(library)], check=True)
    done = refusing(library, "--mode", mode, "--port", str(free_port()))
    assert done.returncode == 1
    assert says in done.stderr


@pytest.mark.parametrize(
    ("option", "value"),
    [("--cron", "every monday"), ("--cron", "0 5 31 2 *"), ("--cron", "* * * * * *"), ("--timezone", "Mars/Olympus")],
)
def test_a_schedule_that_is_none_is_named_before_anything_starts(
    refusing: Refusing, tmp_path: Path, option: str, value: str
) -> None:
    done = refusing(ROOT / "patterns", option, value, "--port", str(free_port()))
    assert done.returncode == 1
    assert value in done.stderr
    assert ("is no schedule" if option == "--cron" else "there is no time zone") in done.stderr
    assert "Starting" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_schedule_that_only_prefect_knows_to_be_none_is_named(tmp_path: Path) -> None:
    done = refused(ROOT / "patterns", tmp_path, "--cron", "0 5 L9 * *", "--port", str(free_port()))
    assert (done.returncode, done.stderr.splitlines()[1:]) == (
        1,
        [f"garden: '0 5 L9 * *' ({get_localzone_name()}) is no schedule; write one like '0 5 * * 1'"],
    )


def test_a_library_that_is_served_already_is_not_served_twice(
    refusing: Refusing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    home = home_of(str(ROOT / "patterns"))
    home.mkdir(parents=True)
    handle = os.open(home, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    done = refusing(ROOT / "patterns")
    os.close(handle)
    assert done.returncode == 1
    assert "is served already" in done.stderr


def test_what_lies_in_the_folder_where_it_is_typed_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "__init__.py").write_text("raise SystemExit('taken over')")
    assert "taken over" not in refused(ROOT / "patterns", tmp_path, "--mode", "erase").stderr


def test_each_library_has_data_of_its_own() -> None:
    homes = {home_of(path) for path in ("a/garden", "b/garden", "https://example.org/garden.git")}
    assert len(homes) == 3
    assert home_of("a/garden") == home_of("a/../a/garden")


def test_the_users_own_surroundings_do_not_lead_elsewhere(tmp_path: Path) -> None:
    found = surroundings(Served(TendParameters(), MONTHLY, "Etc/UTC", 4999, tmp_path))
    assert found["PREFECT_API_URL"] == "http://127.0.0.1:4999/api"
    assert found["PREFECT_HOME"] == str(tmp_path)
