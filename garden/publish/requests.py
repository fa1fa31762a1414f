"""Pull request mode: branches pushed, and one open pull request for each, updated and never doubled."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from garden.health import health
from garden.names import names_of
from garden.plan import plan_of
from garden.publish.base import Base
from garden.publish.body import Setting, body
from garden.publish.branches import Branch, Options, Published, publish_branches
from garden.publish.host import Host, PullRequest
from garden.publish.message import title
from garden.publish.notices import SPENT, left, say_once
from garden.publish.refs import RemoteRefs
from garden.publish.topics import Topic
from garden.publish.wording import Wording, brought_up, marked
from garden.run import Run


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


def write_bodies(run: Run, published: Published, folder: Path) -> dict[str, Path]:
    """For a host that is not spoken to: each branch's title and body as a file, to be pasted into its form, by branch.

    One that was left has none: what this run would say of it is not what it holds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths: dict[str, Path] = {}
    for branch in (one for one in published.branches if one.outcome != "left"):
        path = paths[branch.name] = folder / f"{branch.batch.topic}.md"
        path.write_text(f"# {title(branch.batch)}\n\n{_body(run, branch, published)}\n", encoding="utf-8")
    return paths


def _request(desk: _Desk, branch: Branch) -> Request | None:
    there = desk.open_now.get(branch.name)
    if branch.outcome == "left":
        if there:
            say_once(desk.host, there, left(branch.note))
        return Request(branch, there.number, there.url, "left") if there else None
    ours = Wording(title(branch.batch), _body(desk.run, branch, desk.published))
    if there is None:
        new = marked(ours)
        there = desk.host.open(branch.name, desk.base, new.title, new.text)
        outcome = "opened"
    else:
        told = _bring_up(desk.host, there, ours)
        outcome = "updated" if told or branch.outcome != "unchanged" else "unchanged"
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


def _bring_up(host: Host, there: PullRequest, ours: Wording) -> bool:
    """Tells an open pull request anew where it does not say what it should, and whether that was needed."""
    now = Wording(there.title, there.body)
    wanted = brought_up(now, ours)
    stale = not now.says(wanted)
    if stale:
        host.update(there.number, wanted.title, wanted.text)
    return stale


def _close(desk: _Desk, topic: Topic) -> int | None:
    there = desk.open_now.get(topic.branch)
    if there is None or topic.foreign:
        return None
    say_once(desk.host, there, SPENT)
    desk.host.close(there.number)
    return there.number
