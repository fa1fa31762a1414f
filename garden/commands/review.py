"""The commands of the review loop: answering a run's proposals, and taking back what was written."""

import getpass
import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from garden import ledger
from garden.console import Bars, say
from garden.plan.decisions import Said
from garden.publish.git import committer
from garden.publish.uncommitted import uncommitted
from garden.report.words import counted, visible
from garden.review import (
    Answer,
    Given,
    Keyboard,
    Question,
    Reviewed,
    accepted_above,
    answers_from,
    ask,
    proposals_from,
    questions,
    settle,
)
from garden.review.ask import Desk
from garden.review.given import is_plan, unanswered, well_formed
from garden.review.session import kept
from garden.review.settle import TERMINAL, Shelf, diff
from garden.run import Request
from garden.tend import tend
from garden.undo import Means
from garden.undo import undo as take_back
from garden.workshop import current_date, current_time, settings_of, store, tools_for

CONFIDENCE = "Accept everything of at least this confidence, and ask nothing."
NAMED = 5  # Ids that are named before the rest is counted.
FROM = "Take answers from a file that the report exported, or the proposals of an earlier plan.json."


def review(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The library's folder.", show_default=False)],
    accept_above: Annotated[float | None, typer.Option(min=0, max=1, metavar="CONFIDENCE", help=CONFIDENCE)] = None,
    given: Annotated[Path | None, typer.Option("--from", metavar="FILE", help=FROM)] = None,
) -> None:
    """Asks for each proposal: yes, no, edit, skip. Writes what was accepted, and remembers a no.

    Examples:

      garden review patterns                          one question at a time

      garden review patterns --accept-above 0.9       the sure ones

      garden review patterns --from decisions.jsonl   what was ticked in report.html
    """
    shelf, asked, answers = _answered(path, accept_above, given)
    said = Said(who=_who(path), when=current_time(), where=TERMINAL if given is None else "file")
    done = settle(shelf, asked, answers, said)
    _tell(done, path, uncommitted(path, shelf.request.settings) if done.decisions else ())


def undo(
    what: Annotated[
        str, typer.Argument(metavar="RUN", help="The id of a run or of a proposal, or last.", show_default=False)
    ],
    path: Annotated[Path, typer.Argument(metavar="[PATH]", help="The library's folder.")] = Path(),
) -> None:
    """Takes back what one run wrote, or one proposal of it; later edits of other lines stay.

    Examples:

      garden undo last patterns                  the last run that wrote something

      garden undo 2026-11-22-3fa9c1d2 patterns   that run
    """
    with Bars() as bars:
        said = Said(who=_who(path), when=current_time(), where="undo")
        done = take_back(path, what, said, Means(settings_of(path), store(), bars))
    for problem in (*done.passed, *done.problems):
        say(visible(str(problem)))
    print(f"Taken back: {counted(len(done.taken), 'proposal')} of {done.run}, in {counted(len(done.paths), 'file')}.")
    if done.problems:
        raise typer.Exit(1)


def _who(path: Path) -> str:
    """Who answers: as their commits say, which several people at one account can tell apart, else as the machine does.

    In a container an account may have a number and no name.
    """
    try:
        return committer(path) or getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _answered(path: Path, above: float | None, given: Path | None) -> tuple[Shelf, list[Question], Sequence[Answer]]:
    request = Request(root=path, settings=settings_of(path), today=current_date())
    if given:
        well_formed(given)
    with Bars() as bars:
        tools = tools_for(request.settings, bars)
        run = tend(request, tools)
        # Diffs are made question by question: no progress worth showing.
        shelf = Shelf(run.id, request, run.library, tools.store, Bars(quiet=True))
    taken = Given(proposals=run.plan.proposals)
    if given and is_plan(given):
        patterns, known = run.library.patterns, ledger.read(path).decisions
        taken = unanswered(proposals_from(given, patterns), known, patterns, request.today)
    asked = questions(taken.proposals, run.library.patterns)
    if given and not is_plan(given):
        taken = answers_from(given, asked)
    _strange(taken)
    if above is not None or (given and not is_plan(given)):
        _going_first(len(kept(path, asked)))
        return shelf, asked, taken.answers if above is None else accepted_above(asked, above)
    if not asked:
        say("There is nothing to ask about.")
    by_slug = {pattern.slug: pattern for pattern in run.library.patterns}
    desk = Desk(path, by_slug, request.settings.vocabulary, request.today, lambda some: diff(shelf, some))
    return shelf, asked, ask(asked, desk, Keyboard())


def _going_first(count: int) -> None:
    if count:
        say(f"{counted(count, 'answer')} of an interrupted review {'goes' if count == 1 else 'go'} first.")


def _strange(given: Given) -> None:
    reasons: dict[str, list[str]] = {}
    for name, reason in sorted((given.strange or {}).items()):
        reasons.setdefault(reason, []).append(name)
    for reason, names in sorted(reasons.items()):
        more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
        say(visible(f"{', '.join(names[:NAMED])}{more}: {reason}"))


def _tell(done: Reviewed, path: Path, after: Sequence[str]) -> None:
    for problem in done.problems:
        say(visible(str(problem)))
    print(f"Written: {counted(len(done.paths), 'file')}. Remembered: {counted(len(done.decisions), 'decision')}.")
    if done.paths:
        print(f"To take it back: garden undo {done.run}{'' if path == Path() else f' {shlex.quote(str(path))}'}")
    for line in after:
        print(line)
    if done.problems:
        raise typer.Exit(1)
