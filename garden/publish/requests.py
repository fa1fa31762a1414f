"""Pull request mode: branches pushed, and one open pull request for each, updated and never doubled."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from garden.health import health
from garden.names import names_of
from garden.plan import plan_of
from garden.publish.base import Base
from garden.publish.body import Setting, body, ticks
from garden.publish.branches import Branch, Options, Published, publish_branches
from garden.publish.host import Host, PullRequest
from garden.publish.message import title
from garden.publish.refs import RemoteRefs
from garden.publish.topics import Topic
from garden.run import Run

SPENT = "Nothing is left to propose here: what this held is done, withdrawn or turned down. So it is closed."
LEFT = (
    "This run has more to say on this branch, but {note}. It is left as it is; merge or close it, and the rest follows."
)


@dataclass(frozen=True)
class Request:
    """What became of one branch at the host: its pull request, and whether that was opened, updated or left alone."""

    branch: Branch
    number: int
    url: str
    outcome: str


@dataclass(frozen=True)
class Requested:
    """The branches of a run, their pull requests, and the numbers of those closed because nothing was left in them."""

    published: Published
    requests: tuple[Request, ...]
    closed: tuple[int, ...]


def publish_pull_requests(run: Run, base: Base, host: Host, options: Options) -> Requested:
    """Pushes a run's batches and sees to it that each has its one open pull request.

    ``run`` is a dry run over ``base.folder``, and ``base`` the remote's, just fetched. Each step can be done again: a
    kill at any of them is mended by the next run. Raises ``HostError`` and ``GitError``.
    """
    settings = run.request.settings.publish
    prefix = f"{settings.prefix}/"
    open_now = {request.branch: request for request in host.requests(prefix, "open")}
    published = publish_branches(run, base, options, RemoteRefs(base.repository, settings.prefix, settings.remote))
    desk = _Desk(run, base.name, host, published, open_now)
    made = [_request(desk, branch) for branch in published.branches]
    closed = [_close(desk, topic) for topic in published.spent]
    return Requested(published, tuple(one for one in made if one), tuple(number for number in closed if number))


@dataclass(frozen=True)
class _Desk:
    """What every branch's pull request is made with; ``open_now`` is by branch."""

    run: Run
    base: str
    host: Host
    published: Published
    open_now: Mapping[str, PullRequest]


def write_bodies(run: Run, published: Published, folder: Path) -> list[Path]:
    """For a host that is not spoken to: each branch's title and body as a file, to be pasted into its form."""
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for branch in published.branches:
        path = folder / f"{branch.batch.topic}.md"
        path.write_text(f"# {title(branch.batch)}\n\n{_body(run, branch, published)}\n", encoding="utf-8")
        paths.append(path)
    return paths


def _request(desk: _Desk, branch: Branch) -> Request | None:
    there = desk.open_now.get(branch.name)
    if branch.outcome == "left":
        if there:
            _comment_once(desk.host, there, LEFT.format(note=branch.note))
        return Request(branch, there.number, there.url, "left") if there else None
    wanted = title(branch.batch), _body(desk.run, branch, desk.published)
    if there is None:
        there = desk.host.open(branch.name, desk.base, *wanted)
        outcome = "opened"
    elif _told(there.title, there.body) == _told(*wanted):
        outcome = "unchanged"
    else:
        desk.host.update(there.number, *wanted)
        outcome = "updated"
    missing = sorted(set(desk.run.request.settings.publish.labels) - set(there.labels))
    if missing:
        desk.host.label(there.number, missing)
    return Request(branch, there.number, there.url, outcome)


def _body(run: Run, branch: Branch, published: Published) -> str:
    patterns, vocabulary = run.library.patterns, run.request.settings.vocabulary
    names = names_of(patterns, run.library.unreadable)
    after = plan_of(patterns, branch.batch.proposals, run.request.today).sections
    setting = Setting(
        run=run.id,
        patterns={pattern.slug: pattern for pattern in patterns},
        before=health(patterns, names, vocabulary),
        after=health(patterns, names, vocabulary, after),
        waiting=published.waiting,
    )
    return body(branch.batch, setting)


def _told(headline: str, text: str) -> tuple[str, ...]:
    """What a pull request says, apart from the run that it was last said in and how much waits elsewhere."""
    said = ticks(text)
    lines = [line for line in text.split("\n") if not re.search(r"^\*\*|^\d[\d,]* proposals? more wait", line)]
    return (headline, *sorted(said.ticked), "", *sorted(said.unticked), *lines)


def _close(desk: _Desk, topic: Topic) -> int | None:
    there = desk.open_now.get(topic.branch)
    if there is None or topic.foreign:
        return None
    _comment_once(desk.host, there, SPENT)
    desk.host.close(there.number)
    return there.number


def _comment_once(host: Host, request: PullRequest, text: str) -> None:
    """Says something below a pull request, but not what has been said there already."""
    mark = f"<!-- graph-garden {blake2b(text.encode(), digest_size=6).hexdigest()} -->"
    if not any(mark in remark.text for remark in host.remarks(request.number)):
        host.comment(request.number, f"{text}\n{mark}")
