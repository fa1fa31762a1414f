"""The commands that hand a run to reviewers through git, and learn what they said."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from garden import library
from garden.config import Settings
from garden.console import Bars, say
from garden.learn import Learned, Lesson, remember
from garden.learn import learn as learn_decisions
from garden.plan.outcomes import learning, outcomes
from garden.publish.base import base_of
from garden.publish.branches import Branch, Options, Published, beside_review, publish_branches
from garden.publish.refs import refs_at
from garden.publish.remote import Remote, remote_of
from garden.publish.requests import Request as PullRequest
from garden.publish.requests import Requested, publish_pull_requests, write_bodies
from garden.publish.token import token_for
from garden.publish.uncommitted import uncommitted
from garden.report.learning import learning_screen
from garden.report.terminal_health import print_health
from garden.report.words import counted, visible
from garden.run import Request, Run
from garden.tend import tend
from garden.workshop import current_seconds, current_time, settings_of, store, tools_for

LOCAL = Remote("", "", None)


@dataclass(frozen=True)
class Handed:
    """A run, and what to tell of the branches or pull requests that came of it; ``notes`` on what is not known."""

    run: Run
    lines: tuple[str, ...]
    notes: tuple[str, ...] = ()


def hand_over(request: Request, bars: Bars, report: Path | None, *, pull_request: bool) -> Handed:
    """Tends the base branch and puts the proposals on branches, with a pull request each where that is asked for.

    Where the remote's host is not spoken to, branches are pushed, and what to write into its form is left as files.
    """
    settings, tools = request.settings, tools_for(request.settings, bars)
    remote = remote_of(request.root, settings, os.environ) if pull_request else LOCAL
    known = _learned(request.root, settings, remote, bars)
    with base_of(request.root, settings, known.ledger.decisions, remote.name, remote.token) as base:
        asked_for = replace(request, root=base.folder, write=False)
        run = tend(beside_review(asked_for, base, remote.name), tools)
        options = Options(tools.store, bars, current_seconds())
        if remote.host is not None:
            asked = publish_pull_requests(run, base, remote.host, options)
            lines = (*_requests(asked), *uncommitted(request.root, settings))
            return Handed(replace(run, waiting=asked.published.waiting), lines, known.notes)
        refs = refs_at(base.repository, settings.publish.prefix, remote.name)
        published = publish_branches(run, base, options, refs)
        run = replace(run, waiting=published.waiting)
        bodies = write_bodies(run, published, (report or Path("reports", run.id)) / "branches")
        by_hand = (f"To open a pull request by hand: {path}" for path in bodies.values())
        lines = (*_branches(published), *by_hand, *uncommitted(request.root, settings))
        return Handed(run, lines, known.notes)


def learn(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The library's folder.", show_default=False)],
) -> None:
    """Collects what reviewers decided: from pull requests where a token is given, else from git's history.

    Example: garden learn patterns
    """
    settings = settings_of(path)
    with Bars() as bars:
        remote = remote_of(path, settings, os.environ) if token_for(settings.publish.api, os.environ) else LOCAL
        learned = _learned(path, settings, remote if remote.host else LOCAL, bars)
    remember(path, learned)
    for told in (*learned.problems, *learned.notes):
        say(visible(str(told)))
    print(f"Learned: {counted(len(learned.new), 'new decision')}, {len(learned.ledger.decisions):,} in all.")
    for line in uncommitted(path, settings):
        print(line)
    if learned.ledger.decisions:
        print_health(learning_screen(learning(outcomes(learned.ledger.decisions))))


def _learned(root: Path, settings: Settings, remote: Remote, bars: Bars) -> Learned:
    shelf = library.read(root, settings, store(), bars)
    pushed = bool(remote.name)
    return learn_decisions(
        Lesson(root, settings, shelf.patterns, current_time(), remote.host, remote.token, pushed=pushed)
    )


def _branches(published: Published) -> list[str]:
    lines = [_branch(branch) for branch in published.branches]
    return [*lines, f"Waiting for later: {counted(published.waiting, 'proposal')}"] if published.waiting else lines


def _branch(branch: Branch) -> str:
    note = f" ({branch.note})" if branch.note else ""
    return visible(f"{branch.name}: {branch.outcome}, {counted(len(branch.batch.proposals), 'proposal')}{note}")


def _requests(asked: Requested) -> Sequence[str]:
    urls = {one.branch.name: one for one in asked.requests}
    lines = [_request(urls.get(branch.name), branch) for branch in asked.published.branches]
    lines += [f"Pull request {number}: closed, nothing is left in it" for number in asked.closed]
    waiting = asked.published.waiting
    return [*lines, f"Waiting for later: {counted(waiting, 'proposal')}"] if waiting else lines


def _request(one: PullRequest | None, branch: Branch) -> str:
    """What became of a branch; it may be left without a pull request."""
    note = f" ({branch.note})" if branch.note else ""
    return visible(f"{one.url}: {one.outcome}, {branch.name}{note}") if one else _branch(branch)
