"""A library's health as a Prefect flow: what cannot be read, the figures, and a failure where one is an alarm."""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from prefect import flow, runtime
from prefect.logging import get_run_logger

from flows import events
from flows.commands import parameters_of
from flows.ground import reading
from flows.hooks import end_open_tasks
from flows.parameters import HealthParameters
from flows.shown import show_health, show_problems
from flows.stages import Narrator, library_name, stage
from garden import library
from garden.config import Settings
from garden.console import guarded
from garden.encoder import SentenceEncoder
from garden.errors import GardenError
from garden.findings import aside_of
from garden.health import Alarm, Figures, alarms
from garden.health import health as health_figures
from garden.history import health_history
from garden.library import Library
from garden.names import names_of
from garden.report.words import counted
from garden.workshop import current_date, store

DEFAULTS = HealthParameters()
MOST_PROBLEMS = 50


@dataclass
class AlarmRaised(GardenError):
    """A figure of the library is beyond what its settings allow."""

    library: str
    alarms: tuple[Alarm, ...]

    def __str__(self) -> str:
        return f"{self.library}: {counted(len(self.alarms), 'alarm')}. {' '.join(map(str, self.alarms))}"


@dataclass(frozen=True)
class Checked:
    """What a look at a library came to."""

    patterns: int
    problems: int
    alarms: int


def run_name() -> str:
    """What a run does, and to which library."""
    return f"health of {library_name(runtime.flow_run.parameters)}"


@flow(
    name="health",
    flow_run_name=run_name,
    persist_result=False,
    on_crashed=[end_open_tasks],
    on_cancellation=[end_open_tasks],
)
def health(parameters: HealthParameters = DEFAULTS) -> Checked:
    """Reads a pattern library, names what cannot be read, takes its figures, and fails where one is an alarm."""
    name = library_name(runtime.flow_run.parameters)
    today = parameters.today.isoformat() if parameters.today else current_date()
    with reading(parameters) as ground:
        settings = ground.site.settings
        shelf = read(ground.root, settings)
        figures = measure(shelf, settings, today)
        raised = alarms(figures, settings.health)
        show_problems(name, shelf)
        show_health(name, today, figures, health_history(ground.root).entries, raised)
    events.alarms_raised(name, raised)
    narrate(shelf, raised)
    if raised and parameters.fail_on_alarm:
        raise AlarmRaised(name, raised)
    return Checked(len(shelf.readings), len(shelf.problems), len(raised))


@stage("read")
def read(root: Path, settings: Settings) -> Library:
    """The library, whole."""
    return library.read(root, settings, store(), Narrator(get_run_logger().info))


@stage("measure")
def measure(shelf: Library, settings: Settings, today: str) -> Figures:
    """The figures of the library as it stands."""
    names = names_of(shelf.patterns, shelf.unreadable, whole=shelf.whole)
    aside = aside_of(shelf, settings, SentenceEncoder(settings.encoder), store(), today)
    return health_figures(shelf.patterns, names, settings.vocabulary, aside=aside)


def command(
    path: Annotated[str, typer.Argument(metavar="PATH", help="The library's folder.")] = DEFAULTS.path,
    today: Annotated[str | None, typer.Option(metavar="DATE", help="The date that ages count from.")] = None,
    fail_on_alarm: Annotated[bool, typer.Option(help="Whether an alarm is a failure.")] = DEFAULTS.fail_on_alarm,
) -> None:
    """Runs the flow once, here: against Prefect's server where one is set, else against one that ends with the run."""
    asked = {"path": path, "today": today, "fail_on_alarm": fail_on_alarm}
    typer.echo(json.dumps(asdict(health(parameters_of(HealthParameters, asked)))))


def narrate(shelf: Library, raised: tuple[Alarm, ...]) -> None:
    """What was found, as lines of the log."""
    log = get_run_logger()
    for problem in shelf.problems[:MOST_PROBLEMS]:
        log.warning("%s", problem)
    for alarm in raised:
        log.error("Alarm: %s", alarm)
    log.info("%s read, %s.", counted(len(shelf.readings), "pattern"), counted(len(raised), "alarm"))


if __name__ == "__main__":
    sys.exit(guarded(lambda: typer.run(command)))
