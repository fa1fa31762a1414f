"""What others may want to hear of: events that an automation can be hung on."""

from collections.abc import Sequence
from typing import Any

from prefect import runtime
from prefect.events import emit_event

from flows.publishing import Handed
from garden.health import Alarm
from garden.run import Run

PLAN_MADE = "garden.plan.made"
PULL_REQUEST_OPENED = "garden.pull-request.opened"
ALARM_RAISED = "garden.alarm.raised"
RUN_STOPPED = "garden.run.stopped"


def plan_made(name: str, run: Run) -> None:
    """A run has its plan."""
    _emit(PLAN_MADE, name, {"run": run.id, "proposals": len(run.plan.proposals), "files": len(run.edits.edits)})


def pull_requests_opened(name: str, handed: Handed) -> None:
    """Pull requests were opened: an event each."""
    for one in handed.requests:
        if one.outcome == "opened":
            told = {"number": one.number, "url": one.url, "branch": one.branch.name}
            _emit(PULL_REQUEST_OPENED, name, {**told, "proposals": len(one.branch.batch.proposals)})


def alarms_raised(name: str, raised: Sequence[Alarm]) -> None:
    """Figures are beyond what the library's settings allow: an event each."""
    for alarm in raised:
        told = {"figure": alarm.figure, "value": alarm.value, "threshold": alarm.threshold}
        _emit(ALARM_RAISED, name, {**told, "sentence": alarm.sentence})


def run_stopped(name: str, flow_run: str, left: str) -> None:
    """A run ended before its time; ``left`` says what it left behind."""
    _emit(RUN_STOPPED, name, {"left": left}, flow_run)


def resource(name: str) -> dict[str, str]:
    """What the events of a library are about."""
    return {"prefect.resource.id": f"garden.library.{name}", "prefect.resource.name": name}


def _emit(event: str, name: str, payload: dict[str, Any], flow_run: str | None = None) -> None:
    run = flow_run or runtime.flow_run.id
    related = [{"prefect.resource.id": f"prefect.flow-run.{run}", "prefect.resource.role": "flow-run"}] if run else []
    emit_event(event, resource(name), related=related, payload=payload)
