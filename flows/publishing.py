"""Handing a run to its reviewers: branches, or pull requests, and what to tell of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from prefect.logging import get_run_logger

from flows.ground import Ground, Site
from flows.stages import Narrator, stage
from garden.publish.branches import Branch, Options, Published, publish_branches
from garden.publish.refs import refs_at
from garden.publish.requests import Request, publish_pull_requests, write_bodies
from garden.publish.uncommitted import uncommitted
from garden.run import Run
from garden.workshop import current_seconds, store


@dataclass(frozen=True)
class Handed:
    """What reviewers were given: branches, pull requests where there is a host, and proposals that come later.

    ``forms`` are the files with what to write into the form of a host that is not spoken to, by branch. ``after`` says
    what to commit before a branch can be merged here.
    """

    branches: tuple[Branch, ...]
    requests: tuple[Request, ...]
    closed: tuple[int, ...]
    waiting: int
    after: tuple[str, ...] = ()
    forms: Mapping[str, Path] = field(default_factory=dict)


@stage("publish", network=True)
def publish(run: Run, ground: Ground, folder: Path) -> Handed:
    """Puts the proposals on branches, and opens or updates their pull requests. Doing it again changes nothing.

    Where the host is not spoken to, what to write into its form is left as files in the report's ``folder``.
    """
    assert ground.base is not None
    site = ground.site
    options = Options(store(), Narrator(get_run_logger().info), current_seconds())
    if site.host is not None:
        asked = publish_pull_requests(run, ground.base, site.host, options)
        handed = _handed(asked.published, asked.requests, asked.closed)
        return replace(handed, after=to_commit(site))
    refs = refs_at(ground.base.repository, site.settings.publish.prefix, site.remote)
    published = publish_branches(run, ground.base, options, refs)
    forms = write_bodies(run, published, folder / "branches")
    return replace(_handed(published), after=to_commit(site), forms=forms)


def to_commit(site: Site) -> tuple[str, ...]:
    """A line on what to commit in a folder of the user's before branches can be merged there; none in a clone of ours.

    Raises ``GitError``.
    """
    return () if site.cloned else uncommitted(site.root, site.settings)


def _handed(published: Published, requests: tuple[Request, ...] = (), closed: tuple[int, ...] = ()) -> Handed:
    return Handed(published.branches, requests, closed, published.waiting)


def lines(handed: Handed) -> Iterator[str]:
    """What became of each branch and pull request, a line each."""
    urls = {one.branch.name: one for one in handed.requests}
    for branch in handed.branches:
        request = urls.get(branch.name)
        place = f"{request.url} ({request.outcome})" if request else f"{branch.outcome}"
        note = f", {branch.note}" if branch.note else ""
        yield f"{branch.name}: {place}, {len(branch.batch.proposals):,} proposals{note}"
    for file in handed.forms.values():
        yield f"To open a pull request by hand: {file}"
    for number in handed.closed:
        yield f"Pull request {number} is closed: nothing is left in it"
    if handed.waiting:
        yield f"{handed.waiting:,} proposals wait until the open ones are done with"
    yield from handed.after
