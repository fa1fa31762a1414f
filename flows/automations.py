"""Two automations for the upkeep of a server: runs that died are ended, and bad health is answered.

    python -m flows.automations --notify slack-webhook/garden

Doing it again changes them in place.
"""

import sys
from datetime import timedelta
from typing import Annotated, Any

import typer
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ActionTypes, ChangeFlowRunState, RunDeployment, SendNotification
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.exceptions import ObjectNotFound

from garden.console import guarded
from garden.errors import GardenError

ZOMBIES = "garden: end runs whose worker died"
ILL_HEALTH = "garden: bad health asks for a plan"
# Three heartbeats as Prefect sends them unless told otherwise, and some.
SILENCE = timedelta(minutes=10)
# Whatever tells of life: a heartbeat, an end, or a wait for a person.
SIGNS = ("heartbeat", "Completed", "Failed", "Crashed", "Cancelled", "Cancelling", "Paused", "Suspended")


class NotThere(GardenError):
    """The server has no such thing."""


def command(
    tend: Annotated[str, typer.Option(metavar="FLOW/NAME", help="The deployment that plans.")] = "tend/weekly",
    notify: Annotated[
        str, typer.Option(metavar="TYPE/NAME", help="A notification block that is told of bad health.")
    ] = "",
) -> None:
    """Creates the automations at the server that PREFECT_API_URL names, or brings them up to date."""
    with get_client(sync_client=True) as client:
        for automation in (zombies(), ill_health(client, tend, notify)):
            print(f"{automation.name}: {put(client, automation)}")


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


def ill_health(client: SyncPrefectClient, tend: str, notify: str) -> AutomationCore:
    """Where the health flow fails, a plan of what would mend it is made, without writing, and someone is told."""
    trigger = EventTrigger(
        expect={"prefect.flow-run.Failed"},
        match={"prefect.resource.id": "prefect.flow-run.*"},
        match_related={"prefect.resource.role": "flow", "prefect.resource.name": "health"},
        posture=Posture.Reactive,
        threshold=1,
        within=timedelta(0),
    )
    actions: list[ActionTypes] = [_plan(client, tend)]
    if notify:
        actions.append(_tell(client, notify))
    return AutomationCore(name=ILL_HEALTH, description="Set up by flows.automations.", trigger=trigger, actions=actions)


def put(client: SyncPrefectClient, automation: AutomationCore) -> str:
    """Creates an automation, or changes the one of its name; says which."""
    there = client.read_automations_by_name(automation.name)
    if there:
        client.update_automation(there[0].id, automation)
        return "brought up to date"
    client.create_automation(automation)
    return "created"


def _plan(client: SyncPrefectClient, name: str) -> RunDeployment:
    try:
        deployment = client.read_deployment_by_name(name)
    except ObjectNotFound as error:
        raise NotThere(f"there is no deployment {name}; deploy first: prefect --no-prompt deploy --all") from error
    asked: dict[str, Any] = {**deployment.parameters.get("parameters", {}), "mode": "dry-run"}
    return RunDeployment(source="selected", deployment_id=deployment.id, parameters={"parameters": asked})


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
