"""Where branches are kept: in the user's repository, or at its remote."""

import re
from dataclasses import dataclass
from textwrap import shorten
from typing import Protocol

from garden.publish.git import GitError, Repository

# What git tells of a push that a rule or a hook of the remote's declined, and what the remote said itself.
DECLINED = re.compile(r"^ ?! \[remote rejected\] .*\((.*\bdeclined\b.*)\)$", re.MULTILINE)
REMOTE_LINE = re.compile(r"^remote: (?:error: )?(.*\S) *$", re.MULTILINE)
REJECTED = re.compile(r"^ ?! \[", re.MULTILINE)
FAILED = "error: failed to push some refs"
LONGEST = 300  # Letters of what a remote or a hook says.


class Refs(Protocol):
    """Where branches are: in the user's repository, or at its remote."""

    def tips(self) -> dict[str, str]:
        """The commits of our branches, by the branch's name."""

    def move(self, branch: str, new: str, old: str | None) -> str:
        """Moves a branch on, and gives the reason where that cannot be done without harm, else nothing."""


def refs_at(repository: Repository, prefix: str, remote: str) -> Refs:
    """The branches whose names begin with ``prefix``: the remote's, or the repository's own where none is named."""
    return RemoteRefs(repository, prefix, remote) if remote else LocalRefs(repository, prefix)


def main_branch(repository: Repository, remote: str) -> str:
    """A remote's main branch as it is there now, empty where it has none. Raises ``GitError`` out of its reach."""
    told = repository.text("ls-remote", "--symref", remote, "HEAD")
    found = re.search(r"^ref: refs/heads/(\S+)\tHEAD$", told, re.MULTILINE)
    return found[1] if found else ""


@dataclass(frozen=True)
class LocalRefs:
    """Branches of the user's own repository."""

    repository: Repository
    prefix: str

    def tips(self) -> dict[str, str]:
        """See ``Refs``."""
        found = self.repository.refs(f"refs/heads/{self.prefix}/")
        return {name.removeprefix("refs/heads/"): sha for name, sha in sorted(found.items())}

    def move(self, branch: str, new: str, old: str | None) -> str:
        """See ``Refs``. A branch that somebody has checked out is left alone: its work tree would seem changed."""
        if f"branch refs/heads/{branch}" in self.repository.text("worktree", "list", "--porcelain").splitlines():
            return f"{branch} is checked out; switch to another branch, then run again"
        ref = f"refs/heads/{branch}"
        # The value that git compares with: all zeros for a branch that is not there.
        before = old or self.repository.commit_of(ref) or "0" * len(new)
        try:
            self.repository.run("update-ref", "-m", "graph garden", ref, new, before)
        except GitError as error:
            return f"{branch} was moved by someone else meanwhile ({error.reason}); run again"
        return ""


@dataclass(frozen=True)
class RemoteRefs:
    """Branches of the remote ``remote``, as of the last ``fetch``."""

    repository: Repository
    prefix: str
    remote: str

    def fetch(self, base: str = "") -> None:
        """Takes in what the remote has. Raises ``GitError`` where it is out of reach, refuses, or lacks the base."""
        where = f"refs/remotes/{self.remote}"
        specs = [f"+refs/heads/{name}:{where}/{name}" for name in (f"{self.prefix}/*", *([base] if base else []))]
        try:
            self.repository.run("fetch", "--quiet", "--prune", "--no-tags", self.remote, *specs)
        except GitError as error:
            if "couldn't find remote ref" not in error.reason:
                raise
            ways = f"push it first: git push {self.remote} {base}, or name another in publish.base of garden.toml"
            raise GitError("fetch", f"the remote {self.remote!r} has no branch {base!r} yet; {ways}") from error

    def tips(self) -> dict[str, str]:
        """See ``Refs``."""
        lead = f"refs/remotes/{self.remote}/"
        return {
            name.removeprefix(lead): sha for name, sha in sorted(self.repository.refs(f"{lead}{self.prefix}/").items())
        }

    def move(self, branch: str, new: str, old: str | None) -> str:  # noqa: ARG002 - the remote itself compares
        """See ``Refs``. Never forced: where someone has pushed meanwhile, the push is refused."""
        try:
            # With push.followTags a push would bring tags along that their owner has not published.
            self.repository.run("push", "--quiet", "--no-follow-tags", self.remote, f"{new}:refs/heads/{branch}")
        except GitError as error:
            if "fetch first" in error.reason or "non-fast-forward" in error.reason:
                return f"{branch} was pushed to by someone else meanwhile; run again"
            refusal = self._refusal(branch, error.said)
            raise (GitError("push", refusal, error.said) if refusal else error) from error
        self.repository.run("update-ref", f"refs/remotes/{self.remote}/{branch}", new)
        return ""

    def _refusal(self, branch: str, said: str) -> str:
        """Who declined a push and the way out, then their own words, shortened; empty where it failed otherwise."""
        declined = DECLINED.search(said)
        if declined:
            told = [line[1] for line in REMOTE_LINE.finditer(said) if not line[1].startswith(declined[1])]
            who = f"the remote {self.remote!r} does not take the branch {branch} ({declined[1]})"
            out = f"allow branches below {self.prefix}/ there, or name another publish.prefix in garden.toml"
        elif FAILED in said and not REJECTED.search(said) and self._has_hook():
            told = [line for line in said.partition(FAILED)[0].splitlines() if line.strip()]
            who, out = (
                f"this repository's pre-push hook does not let {branch} go",
                f"do as it asks, or have it let branches below {self.prefix}/ through",
            )
        else:
            return ""
        words = shorten(" ".join(told), LONGEST, placeholder=" …")
        return f"{who}; {out}{f'. It says: {words}' * bool(words)}"

    def _has_hook(self) -> bool:
        return (self.repository.folder / self.repository.text("rev-parse", "--git-path", "hooks/pre-push")).exists()
