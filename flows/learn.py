"""Learning from reviewers as a Prefect flow: what they said in pull requests, in git's history, and by hand."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

import typer
from prefect import flow, runtime
from prefect.logging import get_run_logger

from flows.commands import parameters_of
from flows.ground import heard
from flows.hooks import end_open_tasks, say_what_was_left
from flows.parameters import LearnParameters
from flows.publishing import to_commit
from flows.shown import show_learned
from flows.stages import library_name, stage
from garden import learn as lessons
from garden.console import guarded
from garden.learn import Learned
from garden.report.words import counted

DEFAULTS = LearnParameters()
MOST_PROBLEMS = 50


@dataclass(frozen=True)
class Heard:
    """How many decisions are new, and how many are known by now."""

    new: int
    known: int


remember = stage("remember decisions of")(lessons.remember)


def run_name() -> str:
    """What a run does, and for which library."""
    return f"learn from the reviewers of {library_name(runtime.flow_run.parameters)}"


@flow(
    name="learn",
    flow_run_name=run_name,
    persist_result=False,
    on_failure=[say_what_was_left],
    on_crashed=[say_what_was_left, end_open_tasks],
    on_cancellation=[say_what_was_left, end_open_tasks],
)
def learn(parameters: LearnParameters = DEFAULTS) -> Heard:
    """Collects what reviewers decided, and keeps it in the library's ledger."""
    with heard(parameters) as (site, learned):
        remember(site.root, learned)
        after = to_commit(site)
    show_learned(library_name(runtime.flow_run.parameters), learned)
    narrate(learned, after)
    return Heard(len(learned.new), len(learned.ledger.decisions))


def command(
    path: Annotated[str, typer.Argument(metavar="PATH", help="The library's folder.")] = DEFAULTS.path,
) -> None:
    """Runs the flow once, here: against Prefect's server where one is set, else against one that ends with the run."""
    typer.echo(json.dumps(asdict(learn(parameters_of(LearnParameters, {"path": path})))))


def narrate(learned: Learned, after: Sequence[str]) -> None:
    """What was learned, and what to do ``after`` it, as lines of the log."""
    log = get_run_logger()
    for problem in learned.problems[:MOST_PROBLEMS]:
        log.warning("%s", problem)
    for note in learned.notes:
        log.warning("%s", note)
    for verdict, count in sorted(Counter(one.verdict for one in learned.new).items()):
        log.info("%s: %s", verdict, counted(count, "decision"))
    log.info("Learned: %s, %s in all.", counted(len(learned.new), "new decision"), f"{len(learned.ledger.decisions):,}")
    for line in after:
        log.info("%s", line)


if __name__ == "__main__":
    sys.exit(guarded(lambda: typer.run(command)))
