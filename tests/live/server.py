"""A Prefect server, a process work pool and a worker, each a process of its own, as an operator has them."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tests.live.forge import Forge, Forked, forging

ROOT = Path(__file__).resolve().parents[2]
PREFECT = (sys.executable, "-m", "prefect")
Process = subprocess.Popen[bytes] | Forked
T = TypeVar("T")
# What commands of Prefect, its workers and the runs of the flows import.
IMPORTED = (
    "anyio._backends._asyncio",
    "graphviz",
    "prefect.docker",
    "prefect.task_engine",
    "prefect_dask",
    "readchar",
    "prefect.cli.server",
    "prefect.cli.worker",
    "prefect.cli.work_pool",
    "prefect.cli.deploy",
    "prefect.server.api.server",
    "prefect.workers.process",
    "prefect.runner._workspace_supervisor",
    "prefect.engine",
    "flows.automations",
    "flows.tend",
    "flows.health",
    "flows.learn",
    "sklearn.linear_model",
)
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(find: Callable[[], T | None], seconds: float = 300) -> T:
    """What ``find`` gives once it gives something. To ask a server takes a fiftieth of a second of a core."""
    begin = time.monotonic()
    while (waited := time.monotonic() - begin) < seconds:
        found = find()
        if found:
            return found
        time.sleep(min(0.5, 0.2 + waited / 20))
    raise AssertionError(f"{find.__name__} found nothing in {seconds:.0f} s")


def clean_environment() -> dict[str, str]:
    """The surroundings without what a test harness has set for Prefect."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}


class Patient(httpx.HTTPTransport):
    """Asks again where a server that is busy asks for that, as Prefect's own client does.

    Nothing here speaks TLS: to read the certificates anew for each call takes longer than the call.
    """

    def __init__(self) -> None:
        super().__init__(verify=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        for wait in (0.5, 1, 2, 4, 8):
            if answer.status_code not in (429, 503):
                break
            answer.close()
            time.sleep(wait)
            answer = super().handle_request(request)
        return answer


@dataclass(frozen=True)
class LiveServer:
    """A running server. ``folder`` holds its data and the logs of all processes, unless it has another ``database``."""

    folder: Path
    port: int
    database: str = ""
    forge: Forge | None = None

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def cache(self) -> Path:
        """What the runs keep from one to the next."""
        return self.folder / "cache"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **clean_environment(),
            "PREFECT_HOME": str(self.folder / "home"),
            "PREFECT_API_URL": self.api,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            **({"PREFECT_SERVER_DATABASE_CONNECTION_URL": self.database} if self.database else {}),
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "GARDEN_CACHE": str(self.cache),
            "PYTHONPATH": str(ROOT),
            "PWD": str(ROOT),
        }

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> httpx.Response:
        """One call."""
        with httpx.Client(transport=Patient(), timeout=300) as client:
            return client.request(method, f"{self.api}{path}", json=body).raise_for_status()

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        return self.ask("POST", path, body or {}).json()

    def get(self, path: str) -> Any:
        try:
            return self.ask("GET", path).json()
        except httpx.RemoteProtocolError:
            # A server that is very busy hangs up now and then; to read twice does no harm.
            return self.ask("GET", path).json()

    def delete(self, path: str) -> None:
        self.ask("DELETE", path)

    def cli(self, *arguments: str, cwd: Path = ROOT) -> str:
        """What a command of Prefect's says, which must succeed."""
        log = self.folder / "command.log"
        log.write_bytes(b"")
        code = self._begun(arguments, cwd, log).wait(timeout=300)
        said = log.read_text(encoding="utf-8")
        assert code == 0, f"{arguments}: {said}"
        return said

    def module(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command that speaks to this server, in a fork of the process that has imported Prefect and the flows."""
        assert self.forge is not None
        out, err = self.folder / "module.out", self.folder / "module.err"
        code = self.forge.start(name, *arguments, cwd=ROOT, env=self.environment, out=out, err=err).wait(timeout=300)
        return subprocess.CompletedProcess(
            (name, *arguments), code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")
        )

    @contextmanager
    def process(self, name: str, *arguments: str, cwd: Path = ROOT, plain: bool = False) -> Iterator[Process]:
        """A command of Prefect's that runs until the block ends, all that it started included.

        It and its runs are forks of one process that has imported Prefect and the flows, unless it is to be ``plain``.
        """
        process = self._begun(arguments, cwd, self.folder / f"{name}.log", plain)
        try:
            yield process
        finally:
            ended(process)

    def _begun(self, arguments: Sequence[str], cwd: Path, log: Path, plain: bool = False) -> Process:
        if self.forge is not None and not plain:
            return self.forge.begin("prefect", *arguments, cwd=cwd, env=self.environment, log=log)
        with log.open("ab") as file:
            command = [*PREFECT, *arguments]
            return subprocess.Popen(
                command, cwd=cwd, env=self.environment, stdout=file, stderr=file, start_new_session=True
            )

    def deployment(self, name: str) -> dict[str, Any]:
        return dict(self.get(f"/deployments/name/{name}"))

    def start(self, deployment: str, **parameters: Any) -> str:
        """Starts a run by hand and gives its id."""
        body = {"parameters": {"parameters": parameters}, "state": {"type": "SCHEDULED"}}
        return str(self.post(f"/deployments/{self.deployment(deployment)['id']}/create_flow_run", body)["id"])

    def runs(self, deployment: str) -> list[dict[str, Any]]:
        return list(self.post("/flow_runs/filter", {"deployments": {"name": {"any_": [deployment]}}}))

    def end_of(self, run: str, seconds: float = 900) -> dict[str, Any]:
        """A run once it has come to some end."""

        def end() -> dict[str, Any] | None:
            found = self.get(f"/flow_runs/{run}")
            return dict(found) if found["state_type"] in ENDED else None

        return wait_for(end, seconds)

    def paused(self, run: str, seconds: float = 300) -> dict[str, Any]:
        """A run once it waits for an answer."""

        def waits() -> dict[str, Any] | None:
            found = self.get(f"/flow_runs/{run}")
            assert found["state_type"] not in ENDED, f"{found['state']}\n{self.log(run)}"
            return dict(found) if found["state_type"] == "PAUSED" else None

        return wait_for(waits, seconds)

    def answer(self, run: str, **given: Any) -> dict[str, Any]:
        """Answers a run that waits, as the form does."""
        return dict(self.post(f"/flow_runs/{run}/resume", {"run_input": given}))

    def artifacts(self, run: str) -> dict[str, dict[str, Any]]:
        found = self.post("/artifacts/filter", {"flow_runs": {"id": {"any_": [run]}}})
        return {artifact["key"]: artifact for artifact in found if artifact["key"]}

    def log(self, run: str) -> str:
        found = self.post("/logs/filter", {"logs": {"flow_run_id": {"any_": [run]}}, "sort": "TIMESTAMP_ASC"})
        return "\n".join(line["message"] for line in found)

    def told(self, run: str, words: str) -> str:
        """The log of a run once it says these words: the last lines of a run reach the server after its state."""
        return wait_for(lambda: log if words in (log := self.log(run)) else None, 60)


def ended(process: Process) -> None:
    """Ends a process and all that it started. A worker would wait for what its runs wait for."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def serving(folder: Path, database: str = "") -> Iterator[LiveServer]:
    """A server on a free port, its data new, for as long as the block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = LiveServer(folder, free_port(), database)
    with forging(folder, IMPORTED, plain.environment) as forge, _started(replace(plain, forge=forge)) as server:
        yield server


@contextmanager
def _started(server: LiveServer) -> Iterator[LiveServer]:
    start = ("server", "start", "--host", "127.0.0.1", "--port", str(server.port), "--no-ui")
    with server.process("server", *start) as process:

        def healthy() -> bool:
            assert process.poll() is None, (server.folder / "server.log").read_text()
            try:
                return httpx.get(f"{server.api}/health", timeout=5, verify=False).status_code == 200
            except httpx.TransportError:
                return False

        wait_for(healthy, 300)
        yield server


class Servers:
    """One server for all files of tests that need it: to start it takes longer than most of them."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._server: LiveServer | None = None
        self._deployed = self._told = False

    def deployed(self, base: Path) -> LiveServer:
        """The server with the work pool ``garden`` and what prefect.yaml deploys, its data in a folder in ``base``."""
        server = self._started(base)
        if not self._deployed:
            server.cli("work-pool", "create", "garden", "--type", "process")
            server.cli("--no-prompt", "deploy", "--all")
            self._deployed = True
        return server

    def harness(self, base: Path) -> None:
        """Has flows in this process told to the server."""
        server = self._started(base)
        if not self._told:
            self._open.enter_context(told_to(server))
            self._told = True

    def end(self) -> None:
        """Ends the server if it runs: one that nobody asks keeps a part of a core busy."""
        self._open.close()
        self._server, self._deployed, self._told = None, False, False

    def _started(self, base: Path) -> LiveServer:
        if self._server is None:
            folder = Path(tempfile.mkdtemp(prefix="live", dir=base))
            self._server = self._open.enter_context(serving(folder))
        return self._server


@contextmanager
def told_to(server: LiveServer) -> Iterator[None]:
    """Flows in this process are told to a server, as Prefect's own test harness has it, but for starting another."""
    from prefect import context, settings  # noqa: PLC0415 - seconds that most tests can save
    from prefect.events.worker import EventsWorker  # noqa: PLC0415
    from prefect.logging.handlers import APILogWorker  # noqa: PLC0415

    # Threads that began before see it by the second of these.
    with (
        settings.temporary_settings({settings.PREFECT_API_URL: server.api}),
        context._temporary_global_settings_context(context.get_settings_context()),
    ):
        yield
        # What is still to be told would find no server.
        with suppress(RuntimeError):
            APILogWorker.instance().drain()
        EventsWorker.drain_all()
