"""A plan is shown, a person answers it with a form, and what was accepted is written.

A deployed run is suspended while it waits: its process ends, and a worker starts it again with the answer. Nothing is
planned twice: the plan that was shown lies with the records of runs. A run without a deployment waits in its process.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from prefect import pause_flow_run, runtime, suspend_flow_run
from prefect.artifacts import create_markdown_artifact
from prefect.exceptions import FlowPauseTimeout
from prefect.input import RunInput, keyset_from_base_key, read_flow_run_input
from prefect.logging import get_run_logger
from prefect.settings import PREFECT_API_URL
from pydantic import Field, StringConstraints, create_model

from flows.shown import artifact_key
from flows.stages import stage
from garden.errors import GardenError
from garden.plan.decisions import Said
from garden.publish.uncommitted import uncommitted
from garden.report.words import counted, markdown
from garden.review import Reviewed, questions, settle
from garden.review.approval import Approval, answers_of, unknown
from garden.review.given import still_fitting
from garden.review.settle import Shelf
from garden.review.waiting import NothingWaits, Waiting, drop, keep, kept, sweep
from garden.run import Known, Request, Run
from garden.tend import read as read_library
from garden.tools import Tools
from garden.workshop import current_time

KEY = "approval"
RUN = "flow-run-"
# Stands in the form's schema, by which the server refuses an answer before the run goes on.
ProposalId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]
MOST_NAMED = 100
MOST_OFFERED = 1000  # Ids in a form.


@dataclass
class NobodyAnswered(GardenError):
    """The time for an answer is over."""

    until: str

    def __str__(self) -> str:
        return f"nobody answered until {self.until}: nothing was written, and the next run proposes it again"


class NobodyToAsk(GardenError):
    """There is no server whose pages could show a form."""

    def __str__(self) -> str:
        return "approve needs a Prefect server that stays (PREFECT_API_URL); without one: garden review PATH"


class Answers(RunInput):
    """What becomes of the plan."""

    accept: Literal["all", "above", "none"] = Field(
        title="Accept", description="all of it, what is at least as sure as the number below, or nothing."
    )
    above: float = Field(0.9, ge=0, le=1, title="Least confidence", description="Counts where Accept is above.")
    reject: list[ProposalId] = Field(
        default_factory=list,
        max_length=5000,
        title="Reject these",
        description="Ids from the table of proposals; they are not asked again while their texts stay the same.",
    )
    rest: Literal["later", "no", "again"] = Field(
        "later",
        title="All others",
        description="later: not for 30 days; no: rejected for good; again: the next run asks again.",
    )
    note: str = Field("", max_length=2000, title="Note", description="Why; it is kept with every decision.")
    who: str = Field("", max_length=200, title="Who", description="Your name; it is kept with every decision.")


@dataclass(frozen=True)
class Settled:
    """What an answer came to: what was done, and the ids that no longer fit, each with the reason.

    ``after`` says what to commit before a branch can be merged here.
    """

    waiting: Waiting
    done: Reviewed
    strange: dict[str, str]
    known: Known
    after: tuple[str, ...] = ()


def somebody_can_answer() -> None:
    """Raises ``NobodyToAsk`` where the server ends with the run."""
    if not PREFECT_API_URL.value():
        raise NobodyToAsk


def show_and_wait(run: Run, hours: float) -> Answers:
    """Keeps the plan for as long as somebody may answer, and asks. Raises ``NobodyAnswered`` where it waits here."""
    for gone in sweep(run.request.root, current_time(), was_answered):
        get_run_logger().info("Nobody answered the plan of run %s; it is forgotten.", gone)
    return _ask(run.request, Waiting(run=run.id, until="", proposals=run.plan.proposals), hours, len(run.edits.edits))


def was_answered(name: str, waiting: Waiting) -> bool:
    """Whether the run that asked was given an answer: it may be on its way to carry that out."""
    try:
        return _given(waiting, UUID(name.removeprefix(RUN))) is not None
    except ValueError:
        # A file that somebody else put there, or an answer that is none.
        return False


def answer_to_shown(request: Request, hours: float) -> Answers:
    """The answer to the plan that this run has shown already, also where the run failed when it went about it.

    A run that is started again before anybody answered asks again. Raises ``NothingWaits``.
    """
    waiting = kept(request.root, waiting_name())
    if waiting is None:
        raise NothingWaits
    given = _given(waiting, runtime.flow_run.id)
    return given or _ask(request, waiting, hours, len({proposal.pattern for proposal in waiting.proposals}))


def _ask(request: Request, shown: Waiting, hours: float, files: int) -> Answers:
    """Keeps a plan, and asks about it. A deployed run ends here and starts again when it is answered."""
    until = (datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    waiting = shown.model_copy(update={"until": until})
    keep(request.root, waiting_name(), waiting)
    proposals = counted(len(waiting.proposals), "proposal")
    get_run_logger().info("%s wait for an answer until %s.", proposals.capitalize(), until)
    form = form_for([proposal.id for proposal in waiting.proposals])
    form = form.with_initial_data(description=_description(request, waiting, files))
    wait = suspend_flow_run if runtime.deployment.id else pause_flow_run
    try:
        return wait(wait_for_input=form, timeout=round(hours * 3600), key=_key(waiting))
    except FlowPauseTimeout as error:
        if given := _given(waiting, runtime.flow_run.id):
            # It came between the last look and the end of the time.
            return given
        drop(request.root, waiting_name())
        raise NobodyAnswered(until) from error


def _given(waiting: Waiting, flow_run: UUID | str) -> Answers | None:
    """What a flow run was answered to a plan, None where it was not or the server knows no such run."""
    for how in ("suspended", "paused"):
        given = read_flow_run_input(keyset_from_base_key(f"{how}-{_key(waiting)}")["response"], UUID(str(flow_run)))
        if given:
            return Answers.model_validate(given)
    return None


def _key(waiting: Waiting) -> str:
    """A name for one asking: an answer belongs to the plan that it was given to, and to no later one of the run."""
    return artifact_key(KEY, waiting.until)


def form_for(ids: Sequence[str]) -> type[Answers]:
    """The form for a plan: where its proposals are few enough to choose from, an id that is none of them is refused."""
    if len(ids) > MOST_OFFERED:
        return Answers
    field = Answers.model_fields["reject"]
    offered = Annotated[str, Field(json_schema_extra={"enum": list(ids)})]
    return create_model("Answers", __base__=Answers, reject=(list[offered], field))


def waiting_name() -> str:
    """The name under which this flow run's plan waits."""
    return f"{RUN}{runtime.flow_run.id}"


def asked_before(request: Request) -> bool:
    """Whether this run has shown its plan already, and goes on with the answer."""
    return kept(request.root, waiting_name()) is not None


@stage("settle")
def carry_out(request: Request, given: Answers, tools: Tools) -> Settled:
    """Writes what was accepted and still fits the library, and remembers the rest."""
    waiting = kept(request.root, waiting_name())
    if waiting is None:
        raise NothingWaits
    known = read_library(request, tools)
    patterns = known.library.patterns
    fits = still_fitting(waiting.proposals, patterns)
    asked = questions(fits.proposals, patterns)
    approval = Approval(given.accept, given.above, tuple(given.reject), given.rest, given.note)
    strange = dict(fits.strange or {})
    strange.update(dict.fromkeys(set(unknown(approval, asked)) - strange.keys(), "is not among the proposals shown"))
    shelf = Shelf(waiting.run, request, known.library, tools.store, tools.progress)
    said = Said(who=given.who, when=current_time(), where=f"flow run {runtime.flow_run.id}")
    done = settle(shelf, asked, answers_of(approval, asked, request.today), said)
    drop(request.root, waiting_name())
    after = uncommitted(request.root, request.settings) if done.decisions else ()
    return Settled(waiting, done, strange, known, after)


def show_settled(settled: Settled, name: str) -> None:
    """What came of the answer, as the last lines of the log and on the run's page."""
    told = [sentence(settled), *(str(problem) for problem in settled.done.problems)]
    told += [f"{id_}: {reason}" for id_, reason in sorted(settled.strange.items())[:MOST_NAMED]]
    told += settled.after
    for line in told:
        get_run_logger().info("%s", line)
    listed = "\n".join(f"- {markdown(line)}" for line in told)
    create_markdown_artifact(f"# The answer\n\n{listed}\n", artifact_key("answer", name), told[0])


def sentence(settled: Settled) -> str:
    """What came of an answer, in a sentence."""
    done, strange = settled.done, len(settled.strange)
    left = f" {counted(strange, 'proposal')} no longer fit the library, and nothing was done about them." * bool(
        strange
    )
    return f"Written: {counted(len(done.paths), 'file')}. Remembered: {counted(len(done.decisions), 'decision')}.{left}"


def _description(request: Request, waiting: Waiting, files: int) -> str:
    key = artifact_key("proposals", request.name)
    return (
        f"# {counted(len(waiting.proposals), 'proposal')} for {markdown(request.name)}\n\n"
        f"They would change {counted(files, 'file')}. The whole report and the table of proposals with their ids are "
        f"this run's artifacts (`{key}`). Answer until {waiting.until}; after that nothing is written."
    )
