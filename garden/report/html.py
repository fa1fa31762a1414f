"""report.html: a run as one page that needs no network: what it would do, health, pictures, and every proposal."""

from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from garden.report.page.axes import Plot
from garden.report.page.cards import health_shown
from garden.report.page.graph import GardenMap, garden_map
from garden.report.page.layout import Floats
from garden.report.page.pack import packed
from garden.report.page.payload import details, overview
from garden.report.page.places import Places, placed
from garden.report.page.plots import plots
from garden.report.summary import summary
from garden.report.words import VERBS, counted, visible, waits
from garden.run import Run

MOST_PROBLEMS = 200


@dataclass(frozen=True)
class Beside:
    """What a report shows beside the run itself, each where there is one.

    ``places`` keeps the map's layout, so that patterns stay where they were; ``history`` are the figures of earlier
    runs with their date, oldest first.
    """

    places: Places | None = None
    history: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, eq=False)
class Pictures:
    """The map with its layout, and the plots."""

    chart: GardenMap
    places: Floats
    plots: tuple[Plot, ...]


@dataclass(frozen=True, eq=False)
class Making:
    """A page in the making: what it draws, and its data, which are on their way to be packed."""

    pictures: Pictures
    overview: Future[str]
    details: Future[str]


def pictures_of(run: Run, beside: Beside | None = None) -> Pictures:
    """What the page and the stills draw."""
    return _pictures(run, garden_map(run), beside or Beside())


def report_html(run: Run, beside: Beside | None = None) -> str:
    """The page. It loads nothing, runs only its own script, and shows every text of the library as text."""
    with ThreadPoolExecutor() as pool:
        return page_of(run, begin(run, beside or Beside(), pool))


def begin(run: Run, beside: Beside, pool: Executor) -> Making:
    """Draws what the page draws, and lets ``pool`` pack its data meanwhile, that which takes longest first."""
    chart = garden_map(run)
    rest = pool.submit(packed, details(run, chart))
    pictures = _pictures(run, chart, beside)
    return Making(pictures, pool.submit(packed, overview(run, chart, pictures.places)), rest)


def _pictures(run: Run, chart: GardenMap, beside: Beside) -> Pictures:
    return Pictures(chart, placed(chart.ground, beside.places), plots(chart, beside.history, run.reliability))


def page_of(run: Run, making: Making) -> str:
    """The page once its data are packed."""
    style, script = _asset("page.css") + _asset("plot.css"), _asset("page.js")
    page: str = _template().render(
        name=run.request.name,
        run=run,
        sentence=summary(run),
        lines=_lines(run),
        waiting=waits(run.waiting),
        health=health_shown(run.before, run.after, run.request.settings.health),
        plots=making.pictures.plots,
        kinds=_kinds(run),
        problems=run.problems[:MOST_PROBLEMS],
        more_problems=max(len(run.problems) - MOST_PROBLEMS, 0),
        style=style,
        script=script,
        style_hash=_csp_hash(style),
        script_hash=_csp_hash(script),
        overview=making.overview.result(),
        details=making.details.result(),
    )
    return page


def _lines(run: Run) -> tuple[int, int]:
    return sum(edit.added for edit in run.edits.edits), sum(edit.removed for edit in run.edits.edits)


def _kinds(run: Run) -> list[tuple[str, str, str]]:
    """What the run would do, kind by kind: the kind, what is done, and to how many of what."""
    counts = Counter[str](proposal.kind for proposal in run.plan.proposals)
    return [(kind, VERBS[kind][0], counted(counts[kind], VERBS[kind][1])) for kind in VERBS if counts[kind]]


def _csp_hash(text: str) -> str:
    """What a content security policy calls an inline script or style that may be used."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


@cache
def _asset(name: str) -> str:
    return resources.files("garden.report").joinpath("data", name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["visible"] = visible
    return environment.from_string(_asset("page.html.jinja"))
