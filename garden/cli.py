"""The command line: what a person types, and what they see."""

import datetime
import gc
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from garden import __version__, library
from garden.commands.complete import slugs as slugs_of
from garden.commands.help import HelpfulGroup, helpful
from garden.commands.init import init
from garden.commands.links import evaluate, explain
from garden.commands.publish import hand_over, learn
from garden.commands.review import review, undo
from garden.commands.serve import serve
from garden.console import Bars, guarded, leave, say, told
from garden.errors import GardenError
from garden.findings import aside_of
from garden.health import alarms
from garden.health import health as health_figures
from garden.names import names_of
from garden.processes import helper
from garden.publish.token import OWN_TOKEN
from garden.report import refuse_library, refuse_unwritable, write_report
from garden.report.document import plan_json
from garden.report.summary import summary
from garden.report.terminal_health import health_screen, print_health
from garden.report.words import counted, escaped, visible
from garden.run import Request, Run
from garden.settings import unknown_variables
from garden.store import CACHE_VARIABLE
from garden.suggest import NOTES, Question
from garden.suggest import suggest as suggest_links
from garden.tend import tend as tend_library
from garden.workshop import current_date, places_of, put_result, settings_of, store, tools_for

app = typer.Typer(
    name="garden",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    # Help is text: it fits a screen, and reads the same in a pipe.
    rich_markup_mode=None,
    cls=HelpfulGroup,
)

MOST_PROBLEMS = 3

LibraryPath = Annotated[Path, typer.Argument(metavar="PATH", help="The library's folder.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def main() -> None:
    """Runs a command and ends the process with its exit code."""
    # A command ends soon and makes values that stay: looking for garbage among them costs a third of a run.
    gc.disable()
    try:
        sys.exit(guarded(app))
    finally:
        helper.forgo()


def program() -> None:
    """The same as a program of its own, which ends at once."""
    try:
        main()
    except SystemExit as ended:
        leave(int(ended.code or 0))


def _print_version(asked: bool) -> None:
    if asked:
        version()
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Tends the machine-written part of a pattern library: proposes links, prunes what has gone stale."""
    for line in unknown_variables(os.environ, (CACHE_VARIABLE, OWN_TOKEN)):
        say(f"garden: {line}")


app.command()(init)


@app.command()
def check(path: LibraryPath, as_json: AsJson = False) -> None:
    """Reads every pattern and names what is wrong: path:line:column. Exits with 1 where something is.

    Example: garden check patterns
    """
    settings = settings_of(path)
    with Bars(quiet=as_json) as bars:
        shelf = library.read(path, settings, store(), bars)
    if as_json:
        _print_json({"patterns": len(shelf.readings), "problems": [p.model_dump() for p in shelf.problems]})
    else:
        for problem in shelf.problems:
            print(visible(str(problem)))
        print(f"{counted(len(shelf.readings), 'pattern')}, {counted(len(shelf.problems), 'problem')}")
    if shelf.problems:
        raise typer.Exit(1)


@app.command()
def health(
    path: LibraryPath,
    full: Annotated[bool, typer.Option("--full", help="Show every figure.")] = False,
    as_json: AsJson = False,
) -> None:
    """Shows how a library is doing, in figures. Exits with 1 where one of them is an alarm.

    Example: garden health patterns
    """
    settings = settings_of(path)
    with Bars(quiet=as_json) as bars:
        tools = tools_for(settings, bars)
        shelf = library.read(path, settings, tools.store, bars)
    names = names_of(shelf.patterns, shelf.unreadable, whole=shelf.whole)
    aside = aside_of(shelf, settings, tools.encoder, tools.store, current_date())
    figures = health_figures(shelf.patterns, names, settings.vocabulary, aside=aside)
    raised = alarms(figures, settings.health)
    if as_json:
        _print_json({**figures, "alarms": [asdict(alarm) for alarm in raised]})
    else:
        print_health(health_screen(figures, raised=raised, full=full))
    if raised:
        raise typer.Exit(1)


@app.command()
def tend(
    path: LibraryPath,
    slugs: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the changed files.")] = False,
    branch: Annotated[bool, typer.Option("--branch", help="Commit the changes on branches, a topic each.")] = False,
    pull_request: Annotated[
        bool, typer.Option("--pull-request", help="Push the branches and open or update pull requests.")
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="SLUG...", help="Change only the files of these patterns.", autocompletion=slugs_of),
    ] = None,
    facts: Annotated[
        bool, typer.Option("--facts", help="Only what needs no judgement: dead, doubled and repeated links, old names.")
    ] = False,
    today: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The date that changed sections bear.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the report [default: reports/<run>].")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Finds what to link and what to prune, and shows it. Without a mode nothing is written. Exits with 1 where a file
    that was to be changed cannot be written.

    Examples:

      garden tend patterns                      what would change, as a report

      garden tend patterns --write              change the files

      garden tend patterns --only review-rota   one pattern

      garden tend patterns --facts --write      first what needs no judgement

      garden tend patterns --branch             branches, a topic each

      garden tend patterns --pull-request       pull requests, by GARDEN_TOKEN
    """
    if write + branch + pull_request > 1:
        raise typer.BadParameter("take one of --write, --branch and --pull-request")
    if slugs and not only:
        raise typer.BadParameter(f"what is {slugs[0]!r}? patterns are named after --only")
    if report is not None:
        refuse_library(report, path)
    refuse_unwritable(report or Path("reports"))
    asked = (*(only or ()), *(slugs or ()))
    settings = settings_of(path)
    request = Request(root=path, settings=settings, today=_today(today), only=asked, facts=facts, write=write)
    lines: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    with Bars(quiet=as_json) as bars:
        if branch or pull_request:
            handed = hand_over(request, bars, report, pull_request=pull_request)
            run, lines, notes = handed.run, handed.lines, handed.notes
        else:
            run = tend_library(request, tools_for(request.settings, bars))
    for note in notes:
        say(visible(note))
    folder = report or Path("reports", run.id)
    with _saying_what_is_written(run):
        write_report(run, folder, places_of(path))
    if as_json:
        print(escaped(plan_json(run)))
    else:
        _print_run(run, folder, lines)
    # Each such file has been named.
    if library.unwritten(run.problems):
        raise typer.Exit(1)


@contextmanager
def _saying_what_is_written(run: Run) -> Iterator[None]:
    """Says how many of the library's files are written where the report then fails: nothing else tells."""
    try:
        yield
    except (GardenError, OSError):
        if run.written and run.written.paths:
            say(
                f"garden: {counted(len(run.written.paths), 'file')} of the library written; the report alone is missing"
            )
        raise


@app.command()
def suggest(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder with notes.jsonl.", show_default=False)],
    known: Annotated[Path, typer.Option(help="Links already known, as JSON lines.", show_default=False)],
    out: Annotated[Path, typer.Option(help="The file to write: one JSON object a line.", show_default=False)],
    top: Annotated[int, typer.Option(min=1, max=1000, help="Targets for each note.")] = 10,
) -> None:
    """Ranks link targets for every note of a garden, to try the ranking on notes of any kind.

    Example: garden suggest notes --known known.jsonl --top 50 --out suggestions.jsonl
    """
    if any(out.exists() and given.exists() and out.samefile(given) for given in (known, folder / NOTES)):
        raise typer.BadParameter(f"{out} is what is read; name another file", param_hint="--out")
    settings = settings_of(folder)
    with Bars() as bars:
        tools = tools_for(settings, bars)
        put_result(out, lambda: suggest_links(Question(folder, known, top), settings, tools.encoder, tools.store, bars))


app.command()(explain)
app.command()(evaluate)
app.command()(review)
app.command()(undo)
app.command()(learn)
app.command()(serve)


@app.command()
def version() -> None:
    """Prints the version."""
    print(__version__)


helpful(app)


def _today(given: str | None) -> str:
    if given is None:
        return current_date()
    with suppress(ValueError):
        # Other ways to write a date are known to some versions of Python alone.
        if datetime.date.fromisoformat(given).isoformat() == given:
            return given
    raise typer.BadParameter(f"{given!r} is no date; write it like 2026-11-22", param_hint="--today")


def _print_json(value: Any) -> None:
    print(escaped(json.dumps(value, ensure_ascii=False)))


def _print_run(run: Run, folder: Path, handed: Sequence[str] | None) -> None:
    for problem in run.problems[:MOST_PROBLEMS]:
        say(visible(str(problem)))
    if len(run.problems) > MOST_PROBLEMS:
        left = len(run.problems) - MOST_PROBLEMS
        say(visible(f"... and {counted(left, 'problem')} more: {folder / 'report.md'}"))
    print(told(summary(run)))
    if run.plan.proposals:
        print_health(health_screen(run.before, run.after))
    print(f"Report: {folder}")
    if handed is not None:
        print("\n".join(handed) or "No branch was needed.")
    elif run.written is not None:
        print(f"Written: {counted(len(run.written.paths), 'file')}")
    elif run.plan.proposals:
        print("Nothing was written. To write: the same command with --write")
