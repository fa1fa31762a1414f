"""Task runs whose process died: it can no longer tell the server that they ended, so others do it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from httpx import codes
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId, TaskRunFilter, TaskRunFilterState
from prefect.client.schemas.objects import StateType
from prefect.exceptions import PrefectHTTPStatusError
from prefect.states import Crashed

UNENDED = [StateType.RUNNING, StateType.PENDING]


def end(task_runs: Iterable[UUID], why: str) -> None:
    """Says of task runs that they crashed."""
    with get_client(sync_client=True) as client:
        for task_run in task_runs:
            with _known():
                client.set_task_run_state(task_run, Crashed(message=why), force=True)


@contextmanager
def _known() -> Iterator[None]:
    """Passes over a task that the server does not know: its process died before it told of it."""
    try:
        yield
    except PrefectHTTPStatusError as error:
        if error.response.status_code != codes.NOT_FOUND:
            raise


def unended(flow_run: UUID) -> list[UUID]:
    """The task runs of a flow run that have not ended, as the server knows."""
    running = TaskRunFilter.model_validate({"state": TaskRunFilterState.model_validate({"type": {"any_": UNENDED}})})
    with get_client(sync_client=True) as client:
        of_run = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run]))
        return [found.id for found in client.read_task_runs(flow_run_filter=of_run, task_run_filter=running)]
