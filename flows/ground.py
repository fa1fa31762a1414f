"""Where a run works: the user's own folder, or the library as it lies on a branch, taken out for this run alone."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from prefect.logging import get_run_logger

from flows.parameters import Place
from flows.stages import Narrator, stage
from flows.token import surroundings
from garden import ledger, library
from garden.config import Settings
from garden.learn import Learned, Lesson
from garden.learn import learn as learn_decisions
from garden.library import SETTINGS_FILE
from garden.publish.base import Base, base_of
from garden.publish.clone import REMOTE, Clone, Source, cloned
from garden.publish.github import GitHub
from garden.publish.remote import remote_of, token_at
from garden.publish.token import token_for
from garden.settings import settings_from
from garden.store import cache_folder
from garden.workshop import current_time, settings_of, store

CLONES = "clones"


@dataclass(frozen=True)
class Site:
    """A library's place. ``root`` keeps what a run learns; ``at`` is what git calls a fetched branch, else empty."""

    root: Path
    settings: Settings
    remote: str = ""
    at: str = ""
    token: str = ""
    host: GitHub | None = None

    @property
    def cloned(self) -> bool:
        """Whether the library lies elsewhere, so that its files are not in ``root``."""
        return bool(self.at)


@dataclass(frozen=True)
class Ground:
    """What a run reads and, where it makes branches, the ``base`` that they start from."""

    site: Site
    root: Path
    base: Base | None = None


@contextmanager
def reading(place: Place) -> Iterator[Ground]:
    """The library to read; a folder of the user's to write as well."""
    with ExitStack() as stack:
        site = _reached(stack, place, whole=False)
        if site.cloned:
            yield Ground(site, stack.enter_context(base_of(site.root, _with(site.settings, base=site.at))).folder)
        else:
            yield Ground(site, site.root)


@contextmanager
def reviewed(place: Place, *, host: bool) -> Iterator[Ground]:
    """The library as its base branch has it, with what reviewers have said; where ``host``, theirs is asked as well."""
    with ExitStack() as stack:
        site = _reached(stack, place, whole=True)
        site = _with_host(site) if host else site
        base = take_out(stack, site)
        learned = learn(site, base.folder if site.cloned else site.root)
        for note in learned.notes:
            get_run_logger().warning("%s", note)
        ledger.add(base.folder, learned.ledger.decisions)
        yield Ground(site, base.folder, base)


@contextmanager
def heard(place: Place) -> Iterator[tuple[Site, Learned]]:
    """What reviewers have said: at their host where a token is given, else in git's history."""
    with ExitStack() as stack:
        site = _reached(stack, place, whole=True)
        site = _with_host(site) if token_for(site.settings.publish.api, surroundings()) else site
        shelf = take_out(stack, site).folder if site.cloned else site.root
        yield site, learn(site, shelf)


@stage("fetch", network=True)
def fetch(stack: ExitStack, source: Source, *, whole: bool) -> Clone:
    """Brings our clone of a remote library up to date."""
    get_run_logger().info("Fetching %s", source.address)
    return stack.enter_context(cloned(source, cache_folder() / CLONES, whole=whole))


@stage("take out", network=True)
def take_out(stack: ExitStack, site: Site) -> Base:
    """The library as its base branch has it, the remote's freshly fetched where there is one."""
    return stack.enter_context(base_of(site.root, site.settings, (), site.remote, site.token))


@stage("learn about", network=True)
def learn(site: Site, folder: Path) -> Learned:
    """What reviewers decided about the patterns in ``folder``."""
    shelf = library.read(folder, site.settings, store(), Narrator(get_run_logger().info))
    lesson = Lesson(site.root, site.settings, shelf.patterns, current_time(), site.host, site.token)
    return learn_decisions(lesson)


def source_of(place: Place) -> Source:
    """What to clone for a library that lies elsewhere."""
    return Source(place.path, place.branch, place.folder, token_at(place.path, surroundings()))


def _reached(stack: ExitStack, place: Place, *, whole: bool) -> Site:
    if not place.remote:
        return Site(Path(place.path), settings_of(Path(place.path)))
    source = source_of(place)
    clone = fetch(stack, source, whole=whole)
    file = f"{place.path} ({SETTINGS_FILE})"
    settings = settings_from(clone.text(SETTINGS_FILE) or "", os.environ, {}, file)
    return Site(clone.root, _with(settings, base=clone.branch, remote=REMOTE), REMOTE, clone.at, source.token)


def _with_host(site: Site) -> Site:
    remote = remote_of(site.root, site.settings, surroundings())
    return replace(site, remote=remote.name, token=remote.token, host=remote.host)


def _with(settings: Settings, **publish: str) -> Settings:
    return settings.model_copy(update={"publish": settings.publish.model_copy(update=publish)})
