"""Prefect's server and the runner of its flows in one process, for ``garden serve``."""

import asyncio
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import uvicorn
from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron, Schedule
from prefect.server.api.server import create_app
from prefect.server.schemas.schedules import CronSchedule
from prefect.states import Crashed
from prefect.types.entrypoint import EntrypointType

from flows import broken
from flows.health import health
from flows.learn import learn
from flows.parameters import Place, TendParameters
from flows.serve import HOST, CannotServe, Served
from flows.tend import tend
from garden.console import say
from garden.cron import NoSchedule, check

DAILY, HALF_HOURLY = "0 6 * * *", "*/30 * * * *"
PATIENCE = 180.0
TOLD_AGAIN = 10.0
REVIEWED = ("branch", "pull-request")
AT_WORK = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
LEFT = "garden serve was stopped while this run was at work; the next one takes up from here."


def serve(served: Served) -> None:
    """Serves until the process is told to stop. Schedules stay as they are, so that the next start takes them up."""
    deployments = deployments_of(served)
    with _server(served.port):
        _end_what_was_left()
        say(f"Tending {served.name} at {served.cron} ({served.timezone}), {served.tend.mode}.")
        say(f"Look at it, or start a run by hand: {served.pages}  (Ctrl-C stops it; the schedule is kept)")
        _run_until_stopped(deployments)
    say("Stopped. The schedule is kept: garden serve takes it up again.")


def _end_what_was_left() -> None:
    """Ends runs that were at work when this library was served last: they would keep the next ones waiting for ever.

    One process alone serves a library, so nobody is at them any more.
    """
    at_work = FlowRunFilterState(type=FlowRunFilterStateType(any_=AT_WORK))
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(flow_run_filter=FlowRunFilter(state=at_work)):
            broken.end(broken.unended(run.id), LEFT)
            client.set_flow_run_state(run.id, Crashed(message=LEFT), force=True)


class _Runner(Runner):
    """Prefect's runner, which ends by SIGTERM just as by Ctrl-C: everything is wound up."""

    def handle_sigterm(self, *_: Any, **__: Any) -> None:
        signal.raise_signal(signal.SIGINT)


def _run_until_stopped(deployments: Sequence[RunnerDeployment]) -> None:
    # Two runs of one library would only wait for each other. Paused schedules would not survive a restart.
    runner = _Runner(pause_on_shutdown=False, limit=1)
    for deployment in deployments:
        runner.add_deployment(deployment)
    asyncio.run(_until_told(runner))


async def _until_told(runner: Runner) -> None:
    """Runs until SIGINT. A runner that is busy ending a run can miss that it was cancelled: it is told again."""
    work, told = asyncio.ensure_future(runner.start()), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, told.set)
    waits = asyncio.ensure_future(told.wait())
    await asyncio.wait({work, waits}, return_when=asyncio.FIRST_COMPLETED)
    waits.cancel()
    while told.is_set() and not work.done():
        work.cancel()
        await asyncio.wait({work}, timeout=TOLD_AGAIN)
    with suppress(asyncio.CancelledError):
        await work


def deployments_of(served: Served) -> tuple[RunnerDeployment, ...]:
    """The flows of a library with their schedules; reviewers are only listened to where they are asked.

    Raises ``NoSchedule`` and ``NoTimeZone``.
    """
    place = Place.model_validate(served.tend.model_dump(include=set(Place.model_fields)))
    found = [
        _deployment(tend, served.tend, _at(served, served.cron), "Tends the library."),
        _deployment(health, place, _at(served, DAILY), "Takes the library's figures; fails on an alarm."),
    ]
    if served.tend.mode in REVIEWED:
        found.append(_deployment(learn, place, _at(served, HALF_HOURLY), "Collects what reviewers decided."))
    return tuple(found)


def _at(served: Served, cron: str) -> Schedule:
    check(cron, served.timezone)
    try:
        # A day that never comes is found out by asking for the next one.
        if not asyncio.run(CronSchedule(cron=cron).get_dates(n=1)):
            raise ValueError(cron)
        return Cron(cron, timezone=served.timezone, slug="served")
    except ValueError as error:
        raise NoSchedule(cron, served.timezone) from error


def _deployment(flow: Flow[..., Any], parameters: Place | TendParameters, at: Schedule, says: str) -> RunnerDeployment:
    made = flow.to_deployment(
        name="served",
        schedule=at,
        parameters={"parameters": parameters.model_dump(mode="json")},
        description=says,
        tags=["garden", flow.name],
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    assert isinstance(made, RunnerDeployment)
    return made


@contextmanager
def _server(port: int) -> Iterator[None]:
    """The server in a thread of this process, ready to be asked, for as long as the block runs."""
    server = uvicorn.Server(uvicorn.Config(create_app(), host=HOST, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, name="prefect-server", daemon=True)
    thread.start()
    try:
        _wait_until_ready(f"http://{HOST}:{port}/api/health", thread)
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=30)


def _wait_until_ready(url: str, thread: threading.Thread) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and thread.is_alive():
        try:
            if httpx.get(url, timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            thread.join(timeout=0.2)
    raise CannotServe("Prefect's server did not start; the lines above say why")
