"""Automations for the upkeep of a server: runs that died are ended, and bad health of a library is answered.

    python -m flows.automations --notify slack-webhook/garden

Doing it again changes them in place.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

import httpx
import typer
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.responses import DeploymentResponse
from prefect.events.actions import ActionTypes, ChangeFlowRunState, RunDeployment, SendNotification
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_API_URL

from flows.parameters import Place
from garden.console import guarded
from garden.errors import GardenError

ZOMBIES = "garden: end runs whose worker died"
ILL_HEALTH = "garden: bad health of {} asks for a plan"
PAGE = 200
# Three heartbeats as Prefect sends them unless told otherwise, and some.
SILENCE = timedelta(minutes=10)
# Whatever tells of life: a heartbeat, an end, or a wait for a person.
SIGNS = ("heartbeat", "Completed", "Failed", "Crashed", "Cancelled", "Cancelling", "Paused", "Suspended")


class NotThere(GardenError):
    """The server has no such thing."""


@dataclass(frozen=True)
class Watched:
    """The deployment that takes a library's health, and the one that plans for it; names are FLOW/NAME."""

    name: str
    health: DeploymentResponse
    tend: DeploymentResponse


def command(
    tend: Annotated[
        str, typer.Option(metavar="tend/NAME", help="The deployment that plans [default: each library's own].")
    ] = "",
    notify: Annotated[
        str, typer.Option(metavar="TYPE/NAME", help="A notification block that is told of bad health.")
    ] = "",
) -> None:
    """Creates the automations at the server that PREFECT_API_URL names, or brings them up to date."""
    if not PREFECT_API_URL.value():
        raise NotThere("no server is named; set PREFECT_API_URL to the address of its API")
    try:
        with get_client(sync_client=True) as client:
            asked = [zombies(), *(ill_health(client, one, notify) for one in watched(client, tend))]
            for automation in asked:
                print(f"{automation.name}: {put(client, automation)}")
    except httpx.TransportError as error:
        raise NotThere(f"{PREFECT_API_URL.value()} cannot be reached ({type(error).__name__})") from error


def watched(client: SyncPrefectClient, tend: str = "") -> list[Watched]:
    """Every health deployment of the server with the tending of the same library, or with the one that is named.

    Raises ``NotThere`` where there is none.
    """
    planning = deployed(client, "tend")
    named = {f"tend/{one.name}": one for one in planning}
    if tend and tend not in named:
        raise NotThere(f"there is no deployment {tend}; {_ways(sorted(named))}")
    found = []
    for health in deployed(client, "health"):
        own = [one for one in planning if _place(one) == _place(health)]
        if chosen := named.get(tend) or min(own, key=_rank, default=None):
            found.append(Watched(f"health/{health.name}", health, chosen))
    if not found:
        raise NotThere(f"no library has a deployment for its health and one that plans; {_ways([])}")
    return found


def deployed(client: SyncPrefectClient, flow: str) -> list[DeploymentResponse]:
    """The deployments of a flow, by name."""
    of_flow = FlowFilter(name=FlowFilterName(any_=[flow]))
    found: list[DeploymentResponse] = []
    while page := client.read_deployments(flow_filter=of_flow, limit=PAGE, offset=len(found)):
        found += page
    return sorted(found, key=lambda one: one.name)


def _ways(there: Sequence[str]) -> str:
    return f"there is {', '.join(there)}" if there else "deploy first: prefect --no-prompt deploy --all"


def _place(deployment: DeploymentResponse) -> tuple[object, ...]:
    asked = _asked(deployment)
    return tuple(asked.get(name) or field.default for name, field in Place.model_fields.items())


def _rank(deployment: DeploymentResponse) -> tuple[bool, str]:
    """One that runs on a schedule before one that is started by hand."""
    return (not any(schedule.active for schedule in deployment.schedules), deployment.name)


def _asked(deployment: DeploymentResponse) -> dict[str, Any]:
    asked = deployment.parameters.get("parameters", {})
    return dict(asked)


def zombies() -> AutomationCore:
    """A run that has sent no heartbeat for a while and has not ended is said to have crashed."""
    trigger = EventTrigger(
        after={"prefect.flow-run.heartbeat"},
        expect={f"prefect.flow-run.{sign}" for sign in SIGNS},
        match={"prefect.resource.id": "prefect.flow-run.*"},
        match_related={"prefect.resource.role": "tag", "prefect.resource.id": "prefect.tag.garden"},
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=SILENCE,
    )
    message = "No sign of life: its worker is gone. Nothing is locked, no file is half done; the next run takes up."
    end = ChangeFlowRunState(state=StateType.CRASHED, message=message)
    return AutomationCore(
        name=ZOMBIES,
        description="Set up by flows.automations.",
        trigger=trigger,
        actions=[end],
    )


def ill_health(client: SyncPrefectClient, one: Watched, notify: str) -> AutomationCore:
    """Where a library's health fails, a plan of what would mend it is made, without writing, and someone is told."""
    trigger = EventTrigger(
        expect={"prefect.flow-run.Failed"},
        match={"prefect.resource.id": "prefect.flow-run.*"},
        match_related={
            "prefect.resource.role": "deployment",
            "prefect.resource.id": f"prefect.deployment.{one.health.id}",
        },
        posture=Posture.Reactive,
        threshold=1,
        within=timedelta(0),
    )
    asked = {**_asked(one.tend), "mode": "dry-run"}
    plan = RunDeployment(source="selected", deployment_id=one.tend.id, parameters={"parameters": asked})
    actions: list[ActionTypes] = [plan]
    if notify:
        actions.append(_tell(client, notify))
    return AutomationCore(
        name=ILL_HEALTH.format(one.name),
        description="Set up by flows.automations.",
        trigger=trigger,
        actions=actions,
    )


def put(client: SyncPrefectClient, automation: AutomationCore) -> str:
    """Creates an automation, or changes the one of its name; says which."""
    there = client.read_automations_by_name(automation.name)
    if there:
        client.update_automation(there[0].id, automation)
        return "brought up to date"
    client.create_automation(automation)
    return "created"


def _tell(client: SyncPrefectClient, slug: str) -> SendNotification:
    kind, _, name = slug.partition("/")
    try:
        block = client.read_block_document_by_name(name, kind)
    except ObjectNotFound as error:
        raise NotThere(f"there is no block {slug}; create it on the server's page of blocks") from error
    return SendNotification(
        block_document_id=block.id,
        subject="A library is in bad health",
        body="{{ flow_run.name }}: {{ flow_run.state.message }}",
    )


if __name__ == "__main__":
    sys.exit(guarded(lambda: typer.run(command)))
