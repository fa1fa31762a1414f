"""What the review loop asks of a host of pull requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from garden.errors import GardenError

State = Literal["open", "merged", "closed"]


@dataclass
class HostError(GardenError):
    """The host refused, or could not be reached. ``missing`` where a thing is not there."""

    host: str
    reason: str

    def __str__(self) -> str:
        return f"{self.host}: {self.reason}"


@dataclass(frozen=True)
class PullRequest:
    """One pull request.

    ``when`` is the ISO time (UTC) of its merge or closing, empty while it is open. ``commit`` is the merge's, ``head``
    the last commit of its branch.
    """

    number: int
    branch: str
    base: str
    title: str
    body: str
    state: State
    url: str
    head: str
    labels: tuple[str, ...] = ()
    commit: str | None = None
    when: str = ""
    author: str = ""


@dataclass(frozen=True)
class Remark:
    """What somebody wrote below a pull request; ``when`` is an ISO time in UTC.

    ``member`` says that they may decide: anybody can write below a public repository's pull requests.
    """

    who: str
    when: str
    text: str
    member: bool = True


class Host(Protocol):
    """A host of pull requests. Every call raises ``HostError`` where it fails."""

    @property
    def name(self) -> str:
        """What messages call it."""

    def requests(self, prefix: str, state: Literal["open", "closed"]) -> list[PullRequest]:
        """The pull requests from branches of the repository itself that begin with ``prefix``, oldest first."""

    def open(self, branch: str, base: str, title: str, body: str) -> PullRequest:
        """Opens a pull request; where the branch has one already, gives that."""

    def update(self, number: int, title: str, body: str) -> None:
        """Puts a title and a body in place of the old ones."""

    def label(self, number: int, labels: Sequence[str]) -> None:
        """Adds labels."""

    def who_ended(self, request: PullRequest) -> str:
        """Who merged or closed a pull request, empty where the host does not say."""

    def remarks(self, number: int) -> list[Remark]:
        """What was written below a pull request, oldest first."""

    def comment(self, number: int, text: str) -> None:
        """Writes below a pull request."""

    def close(self, number: int) -> None:
        """Closes a pull request unmerged."""
