"""A server whose database is PostgreSQL, as docs/scaling.md advises, with a worker and a deployed run."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.server import ROOT, LiveServer, free_port, serving, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.server]
VERSIONS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@pytest.fixture(scope="module")
def account() -> str | None:
    """PostgreSQL refuses to run as root: the account that it runs as there."""
    if os.geteuid() != 0:
        return None
    if "postgres" not in {entry.pw_name for entry in pwd.getpwall()}:
        pytest.skip("PostgreSQL does not run as root, and there is no account postgres")
    return "postgres"


@pytest.fixture(scope="module")
def database(account: str | None) -> Iterator[str]:
    """The address of a new database on a free port."""
    if not VERSIONS:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    programs, port = VERSIONS[-1].parent, free_port()
    folder = Path(tempfile.mkdtemp(prefix="garden-postgres-"))
    at = ("-h", "127.0.0.1", "-p", str(port))
    try:
        if account:
            shutil.chown(folder, account)
        initdb = (f"{programs}/initdb", "-D", f"{folder}/data", "-U", "prefect", "--auth=trust", "-E", "UTF8")
        subprocess.run(initdb, user=account, cwd=folder, check=True, capture_output=True)
        start = (f"{programs}/postgres", "-D", f"{folder}/data", *at, "-k", str(folder))
        with subprocess.Popen(start, user=account, cwd=folder, stderr=subprocess.DEVNULL) as server:
            ready = (f"{programs}/pg_isready", *at)
            wait_for(lambda: subprocess.run(ready, capture_output=True, check=False).returncode == 0)
            create = (f"{programs}/createdb", *at, "-U", "prefect", "prefect")
            subprocess.run(create, check=True, capture_output=True)
            yield f"postgresql+asyncpg://prefect@127.0.0.1:{port}/prefect"
            server.terminate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def server(database: str, sample_vectors: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with serving(tmp_path_factory.mktemp("postgres"), database) as server:
        shutil.copytree(sample_vectors, server.cache)
        server.cli("work-pool", "create", "garden", "--type", "process")
        server.cli("--no-prompt", "deploy", "--all")
        yield server


def test_a_deployed_run_completes_and_scheduled_runs_exist(server: LiveServer, tmp_path: Path) -> None:
    root = Path(shutil.copytree(ROOT / "patterns", tmp_path / "sample"))
    with server.process("worker", "worker", "start", "--pool", "garden", "--type", "process"):
        asked = {"path": str(root), "mode": "write", "today": "2026-11-22", "report": str(tmp_path / "report")}
        run = server.end_of(server.start("tend/weekly", **asked))
        assert run["state_type"] == "COMPLETED", server.log(run["id"])
        assert "tend-sample" in server.artifacts(run["id"])

    def scheduled() -> list[dict[str, Any]]:
        return [one for one in server.runs("weekly") if one["state_type"] == "SCHEDULED"]

    assert wait_for(scheduled, 90)
    assert list((server.folder / "home").glob("*.db")) == []
