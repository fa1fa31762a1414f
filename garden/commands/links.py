"""The commands that show why: one pair or one pattern's links, and how well the ranking does on a library."""

import json
from pathlib import Path
from typing import Annotated

import typer

from garden import evaluate as backtests
from garden.commands.complete import slugs
from garden.console import Bars
from garden.explain import explain as explain_links
from garden.plan.explained import Explanation, as_json
from garden.report.terminal_evaluate import evaluation_parts
from garden.report.terminal_explain import explanation_screen, links_screen
from garden.report.terminal_health import print_health
from garden.report.words import counted
from garden.run import Request
from garden.workshop import current_date, settings_of, tools_for

LibraryPath = Annotated[Path, typer.Argument(metavar="PATH", help="The library's folder.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def explain(
    path: LibraryPath,
    pattern: Annotated[
        str,
        typer.Argument(metavar="A", help="A pattern's slug, id or alias.", show_default=False, autocompletion=slugs),
    ],
    other: Annotated[
        str | None, typer.Argument(metavar="[B]", help="Another's.", show_default=False, autocompletion=slugs)
    ] = None,
    json_: AsJson = False,
) -> None:
    """Shows why two patterns are linked, or why not; with one, what becomes of its links. Nothing is written.

    Examples:

      garden explain patterns contributor-ladder escalation-path    the parts of one pair's score

      garden explain patterns contributor-ladder                    its links: kept, proposed, pruned
    """
    request = Request(root=path, settings=settings_of(path), today=current_date())
    with Bars(quiet=json_) as bars:
        found = explain_links(request, tools_for(request.settings, bars), pattern, other)
    if json_:
        print(json.dumps(as_json(found), ensure_ascii=False))
    elif isinstance(found, Explanation):
        print_health(explanation_screen(found))
    else:
        print_health(links_screen(found))


def evaluate(path: LibraryPath, as_json_: AsJson = False) -> None:
    """Hides the links that people made, a part at a time, and shows how high the ranking puts them. Nothing is written.

    Example: garden evaluate patterns
    """
    request = Request(root=path, settings=settings_of(path), today=current_date())
    with Bars(quiet=as_json_) as bars:
        found = backtests.evaluate(request, tools_for(request.settings, bars))
    if as_json_:
        print(json.dumps(backtests.as_json(found), ensure_ascii=False))
        return
    print(f"{counted(found.pairs, 'pair')} that people linked, each hidden once; {counted(found.patterns, 'pattern')}.")
    for sign in found.leaning:
        print(f"These links lean beyond chance ({sign}): they are not learned from, and finding them proves little.")
    if found.pairs:
        print(f"Learned from the other links in {found.learned} of {found.folds} folds, else from texts alone.")
        print_health(evaluation_parts(found.scores, found.by_type, found.calibration, found.types))
