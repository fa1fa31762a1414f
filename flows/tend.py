"""The main job as a Prefect flow: the chapters of ``garden.tend`` and ``garden.findings``, a task each.

    python -m flows.tend patterns

The server learns the parameters, the names and times of the tasks, the log, and the report as an artifact; all else
passes from task to task inside this process.
"""

import json
import sys
from collections.abc import Iterable, Sized
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, get_args

import typer
from prefect import flow, runtime
from prefect.logging import get_run_logger

from flows import events
from flows.approval import (
    Answers,
    answer_to_shown,
    asked_before,
    carry_out,
    show_and_wait,
    show_settled,
    somebody_can_answer,
)
from flows.commands import parameters_of
from flows.ground import Ground, reading, reviewed
from flows.hooks import end_open_tasks, say_what_was_left
from flows.parameters import Mode, TendParameters
from flows.progress import Gauge
from flows.publishing import Handed, lines, publish
from flows.runners import task_shards
from flows.shown import show_handed, show_run
from flows.stages import Narrator, library_name, stage, telling
from garden import findings, library
from garden import tend as story
from garden.console import guarded
from garden.history import health_history
from garden.models import Problem
from garden.plan import Judgement
from garden.publish.branches import beside_review
from garden.publish.clone import is_address
from garden.report import refuse_library, refuse_unwritable, write_report
from garden.report.summary import summary
from garden.report.words import counted
from garden.run import Known, Prepared, Request, Run
from garden.store import cache_folder
from garden.tend import begun
from garden.tools import Tools
from garden.workshop import current_date, places_of, tools_for

DEFAULTS = TendParameters()
MOST_PROBLEMS = 50
PATIENCE = 600.0  # Seconds that a run waits for another to let go of the library.
WRONG_USAGE = 2


@dataclass(frozen=True)
class Tended:
    """What a run of the flow comes to. ``report`` is the folder of its files; ``written`` is None for a dry run."""

    run: str
    report: str
    patterns: int
    problems: int
    proposals: int
    files_changed: int
    written: int | None


def _read(known: Known) -> str:
    shelf = known.library
    said = counted(len(known.ledger.decisions), "decision")
    return f"{counted(len(shelf.readings), 'pattern')} read, {counted(len(shelf.problems), 'problem')}, {said} known."


def _recalled(prepared: Prepared | None) -> str:
    return "This input is new: everything is judged." if prepared is None else "Judged already by an earlier run."


def _embedded(passages: Sized) -> str:
    return f"There is a vector for {counted(len(passages), 'passage')}."


def _judged(judgement: Judgement) -> str:
    return f"{counted(len(judgement.chosen.pairs), 'pair')} of patterns should be linked."


def _prepared(prepared: Prepared) -> str:
    proposals, files = len(prepared.plan.proposals), len(prepared.edits.edits)
    return f"The plan is made: {counted(proposals, 'proposal')}, which change {counted(files, 'file')}."


def _finished(run: Run) -> str:
    return "No file was written." if run.written is None else f"{counted(len(run.written.paths), 'file')} written."


read = telling(_read, stage("read")(story.read))
recall = telling(_recalled, stage("recall")(story.recall))
embed = telling(_embedded, stage("embed")(findings.embed))
judge = telling(_judged, stage("judge")(findings.judge))
prepare = telling(_prepared, stage("prepare edits of")(story.prepare))
finish = telling(_finished, stage("finish")(story.finish))


@stage("report on")
def report(run: Run, folder: Path) -> None:
    """Writes the report's files, and shows the report on the run's page."""
    write_report(run, folder, places_of(run.request.root))
    show_run(run, health_history(run.request.root).entries)
    events.plan_made(run.request.name, run)


def run_name() -> str:
    """What a run does, and to which library."""
    asked = TendParameters.model_validate(runtime.flow_run.parameters["parameters"])
    part = f", only {', '.join(asked.only[:3])}{' …' if len(asked.only) > 3 else ''}" if asked.only else ""
    part += ", plain facts" if asked.facts else ""
    return f"tend {library_name(runtime.flow_run.parameters)} ({asked.mode}{part})"


@flow(
    name="tend",
    flow_run_name=run_name,
    persist_result=False,
    on_failure=[say_what_was_left],
    on_crashed=[say_what_was_left, end_open_tasks],
    on_cancellation=[say_what_was_left, end_open_tasks],
)
def tend(parameters: TendParameters = DEFAULTS) -> Tended:
    """Reads a pattern library, finds what to link and what to prune, and reports it, writes it, or asks reviewers."""
    if parameters.mode == "approve":
        somebody_can_answer()
    if parameters.report and not is_address(parameters.path):
        refuse_library(Path(parameters.report), Path(parameters.path))
    refuse_unwritable(Path(parameters.report or "reports"))
    with ground_for(parameters) as ground:
        request = request_of(parameters, ground)
        if parameters.mode == "approve" and asked_before(request):
            return answered(request, answer_to_shown(request, parameters.hours), parameters)
        run = told(request, story_tools(request))
        folder = Path(parameters.report) if parameters.report else Path("reports", run.id)
        report(run, folder)
        handed = hand_over(run, ground, folder) if ground.base else None
    narrate(run, handed, folder)
    fail_where_unwritten(run.problems)
    if parameters.mode == "approve" and run.plan.proposals:
        return answered(request, show_and_wait(run, parameters.hours), parameters)
    return outcome(run, folder)


def answered(request: Request, given: Answers, parameters: TendParameters) -> Tended:
    """Carries out what was answered to the plan that was shown."""
    settled = carry_out(request, given, story_tools(request))
    show_settled(settled, request.name)
    fail_where_unwritten(settled.done.problems)
    shelf, waiting, files = settled.known.library, settled.waiting, len(settled.done.paths)
    return Tended(
        run=waiting.run,
        report=parameters.report or str(Path("reports", waiting.run)),
        patterns=len(shelf.readings),
        problems=len(shelf.problems) + len(settled.done.problems),
        proposals=len(waiting.proposals),
        files_changed=files,
        written=files,
    )


def ground_for(parameters: TendParameters) -> AbstractContextManager[Ground]:
    """Where a run in this mode works."""
    if parameters.mode in ("branch", "pull-request"):
        return reviewed(parameters, host=parameters.mode == "pull-request")
    return reading(parameters)


def hand_over(run: Run, ground: Ground, folder: Path) -> Handed:
    """Gives the run to its reviewers, and shows where. What is left to do by hand is put beside the report."""
    handed, name = publish(run, ground, folder), run.request.name
    show_handed(name, handed)
    events.pull_requests_opened(name, handed)
    return handed


def fail_where_unwritten(problems: Iterable[Problem]) -> None:
    """Fails a run, whose report is made, where files that were to be changed cannot be written.

    Raises ``NotWritten``.
    """
    failure = library.unwritten(problems)
    if failure:
        raise failure


def narrate(run: Run, handed: Handed | None, folder: Path) -> None:
    """How a run ended, as the last lines of its log."""
    log = get_run_logger()
    for problem in run.problems[:MOST_PROBLEMS]:
        log.warning("%s", problem)
    for line in lines(handed) if handed else ():
        log.info("%s", line)
    log.info("%s Report: %s", summary(run), folder)


def told(request: Request, tools: Tools) -> Run:
    """The story in the very words of ``garden.tend.tend``, its chapters being tasks."""
    with begun(request, tools):
        known = read(request, tools, ahead=True)
        prepared = recall(request, known, tools)
        if prepared is None:
            judgement = judge(request, known, embed(known, tools), tools)
            prepared = prepare(request, known, judgement, tools)
        return finish(request, known, prepared, tools)


def request_of(parameters: TendParameters, ground: Ground) -> Request:
    """What the parameters ask for, with the library's own settings."""
    asked = Request(
        root=ground.root,
        settings=ground.site.settings,
        today=parameters.today.isoformat() if parameters.today else current_date(),
        only=parameters.only,
        facts=parameters.facts,
        write=parameters.mode == "write",
        patience=PATIENCE,
    )
    return beside_review(asked, ground.base, ground.site.remote) if ground.base else asked


def story_tools(request: Request) -> Tools:
    """The tools of a run, its progress going to the run's log and page."""
    narrator, gauge = Narrator(get_run_logger().info), Gauge(request.name)

    def progress(stage: str, done: int, total: int) -> None:
        narrator(stage, done, total)
        gauge(stage, done, total)

    tools = tools_for(request.settings, progress)
    return replace(tools, shards=task_shards(request.settings.runner, cache_folder()))


def outcome(run: Run, folder: Path) -> Tended:
    """The figures of a run that fit into a line."""
    return Tended(
        run=run.id,
        report=str(folder),
        patterns=len(run.library.readings),
        problems=len(run.problems),
        proposals=len(run.plan.proposals),
        files_changed=len(run.edits.edits),
        written=None if run.written is None else len(run.written.paths),
    )


def command(
    path: Annotated[str, typer.Argument(metavar="PATH", help="The library's folder.")] = DEFAULTS.path,
    mode: Annotated[str, typer.Option(metavar="MODE", help=f"One of {', '.join(get_args(Mode))}.")] = DEFAULTS.mode,
    only: Annotated[list[str] | None, typer.Option(metavar="SLUG", help="Only this pattern (repeatable).")] = None,
    facts: Annotated[bool, typer.Option("--facts", help="Only what needs no judgement.")] = False,
    today: Annotated[str | None, typer.Option(metavar="DATE", help="The date that changed sections bear.")] = None,
    report: Annotated[str | None, typer.Option(metavar="DIR", help="The report's folder [reports/<run>].")] = None,
) -> None:
    """Runs the flow once, here: against Prefect's server where one is set, else against one that ends with the run."""
    asked = {"path": path, "mode": mode, "only": only or (), "facts": facts, "today": today, "report": report}
    parameters = parameters_of(TendParameters, asked)
    if parameters.mode == "approve":
        # Before a server is started that would end with the run.
        somebody_can_answer()
    typer.echo(json.dumps(asdict(tend(parameters))))


if __name__ == "__main__":
    sys.exit(guarded(lambda: typer.run(command)))
