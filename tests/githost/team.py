"""A repository at a host, the tool at work on it, and a reviewer with a clone of her own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from garden import library
from garden.config import Settings
from garden.learn import Lesson, learn
from garden.plan import plan_of
from garden.plan.decisions import Decision, withheld
from garden.publish.base import base_of
from garden.publish.branches import Options
from garden.publish.github import GitHub, Pace
from garden.publish.host import Host
from garden.publish.requests import Requested, publish_pull_requests
from garden.store import Store
from tests.githost.garden import NOON, TODAY, Checkout, Proposing, library_in_git, quiet, run_over
from tests.githost.server import NAME, OWNER, TOKEN, GitHost

NOW = "2026-11-23T09:00:00Z"
FAST = Pace(between_requests=0, between_writes=0, timeout=20, between_tries=0.01)


@dataclass
class Team:
    """``repo`` is the clone that the tool works in, ``ann`` the reviewer's."""

    host: GitHost
    repo: Checkout
    ann: Checkout
    settings: Settings = field(default_factory=Settings)
    token: str = TOKEN

    @property
    def root(self) -> Path:
        return self.repo.folder / "lib"

    def api(self) -> Host:
        return GitHub(self.host.api, f"{OWNER}/{NAME}", self.token, FAST)

    def learn(self, host: Host | None = None) -> tuple[Decision, ...]:
        """All that is known by now, from the host and from git."""
        shelf = library.read(self.root, self.settings, self._store(), quiet)
        lesson = Lesson(self.root, self.settings, shelf.patterns, NOW, host or self.api(), self.token)
        return learn(lesson).ledger.decisions

    def publish(
        self, proposing: Proposing, host: Host | None = None, seconds: int = NOON, today: str = TODAY
    ) -> Requested:
        """One run: learn, plan without what was turned down, publish."""
        host = host or self.api()
        decisions = self.learn(host)
        store = self._store()
        with base_of(self.root, self.settings, decisions, "origin", self.token) as base:

            def asked(patterns):
                proposals = proposing(patterns)
                away = withheld(proposals, decisions, patterns, today)
                return [proposal for proposal in proposals if proposal.id not in away]

            run = run_over(base.folder, asked, store, self.settings, today)
            assert plan_of(run.library.patterns, run.plan.proposals, today).proposals == run.plan.proposals
            return publish_pull_requests(run, base, host, Options(store, quiet, seconds))

    def pull(self, branch: str) -> None:
        """The reviewer looks at a branch."""
        self.ann.git("fetch", "-q", "origin")
        self.ann.git("checkout", "-q", "-B", branch, f"origin/{branch}")

    def push(self, path: str, old: str, new: str, branch: str) -> str:
        """The reviewer commits to a branch and pushes."""
        self.pull(branch)
        self.ann.edit(path, old, new)
        sha = self.ann.commit("A reviewer's change")
        self.ann.git("push", "-q", "origin", branch)
        return sha

    def file(self, branch: str, path: str) -> str:
        return self.host.git("show", f"{branch}:{path}") + "\n"

    def _store(self) -> Store:
        return Store(self.repo.folder.parent / "store.sqlite")


def team_at(host: GitHost, folder: Path, settings: Mapping[str, object] | None = None) -> Team:
    """A team whose library is pushed to the host. The tool's own pushes carry the token, the reviewer's too."""
    repo = library_in_git(folder / "repo")
    repo.git("remote", "add", "origin", host.remote)
    header = authorised(host)
    repo.git(*header, "push", "-q", "origin", "main")
    ann = Checkout(folder / "ann")
    ann.folder.mkdir()
    ann.git("init", "-q")
    for key, value in (
        ("remote.origin.url", host.remote),
        ("remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"),
    ):
        ann.git("config", key, value)
    ann.git("config", f"http.{host.url}/.extraHeader", header[1].split("=", 1)[1])
    ann.git("fetch", "-q", "origin")
    return Team(host, repo, ann, Settings.model_validate({"publish": {"api": host.api, **(settings or {})}}))


def authorised(host: GitHost) -> Sequence[str]:
    import base64  # noqa: PLC0415 - for this line alone

    basic = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
    return ["-c", f"http.{host.url}/.extraHeader=Authorization: Basic {basic}"]
