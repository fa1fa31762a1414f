"""GitHub and GitHub Enterprise, through PyGithub."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from traceback import walk_tb
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import requests
from github import (
    Auth,
    BadCredentialsException,
    Github,
    GithubException,
    GithubRetry,
    IncompletableObject,
    RateLimitExceededException,
)

from garden.publish.git import hide
from garden.publish.host import HostError, PullRequest, Remark, State
from garden.publish.token import OWN_TOKEN, SHARED_TOKEN

if TYPE_CHECKING:
    from github.IssueComment import IssueComment
    from github.PullRequest import PullRequest as Theirs
    from github.PullRequestComment import PullRequestComment
    from github.PullRequestReview import PullRequestReview

MEMBERS = ("OWNER", "MEMBER", "COLLABORATOR")
PAGE = 100
TRIES = 5
MISSING, UNPROCESSABLE = 404, 422
LIMITED = ("403", "429")
# What PyGithub, and who reads what it found, comes to where an answer is not its interface's.
STRANGE = (
    IncompletableObject,
    AssertionError,
    AttributeError,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
)
READERS = ("_read", "_remark", "_is_ours", "_from_here")


@dataclass(frozen=True)
class Pace:
    """How fast to ask, in seconds; GitHub wants a second between writes. ``between_tries`` doubles with each."""

    between_requests: float = 0.25
    between_writes: float = 1.0
    timeout: int = 30
    between_tries: float = 0.5


@dataclass(frozen=True)
class GitHub:
    """The pull requests of one repository, ``owner/name``, at the API ``api``."""

    api: str
    repository: str
    token: str = field(repr=False)
    pace: Pace = Pace()

    @property
    def name(self) -> str:
        """See ``Host``."""
        return f"{urlsplit(self.api).hostname}/{self.repository}"

    def requests(self, prefix: str, state: Literal["open", "closed"]) -> list[PullRequest]:
        """See ``Host``."""
        with self._said():
            found = self._repository.get_pulls(state=state, sort="created", direction="asc")
            return [self._read(pull) for pull in found if _is_ours(pull, prefix)]

    def open(self, branch: str, base: str, title: str, body: str) -> PullRequest:
        """See ``Host``."""
        with self._said():
            try:
                return self._read(self._repository.create_pull(base=base, head=branch, title=title, body=body))
            except GithubException as error:
                if error.status != UNPROCESSABLE or "already exists" not in str(error.data):
                    raise
            owner = self.repository.split("/")[0]
            return self._read(self._repository.get_pulls(state="open", head=f"{owner}:{branch}")[0])

    def update(self, number: int, title: str, body: str) -> None:
        """See ``Host``."""
        with self._said():
            self._repository.get_pull(number).edit(title=title, body=body)

    def label(self, number: int, labels: Sequence[str]) -> None:
        """See ``Host``."""
        with self._said():
            self._repository.get_pull(number).add_to_labels(*labels)

    def who_ended(self, request: PullRequest) -> str:
        """See ``Host``."""
        with self._said():
            pull = self._repository.get_pull(request.number)
            by = pull.merged_by if request.state == "merged" else pull.as_issue().closed_by
            return by.login if by else ""

    def remarks(self, number: int) -> list[Remark]:
        """See ``Host``."""
        with self._said():
            pull = self._repository.get_pull(number)
            told = [_remark(c, c.created_at, c.author_association) for c in pull.get_issue_comments()]
            told += [_remark(c, c.created_at, c.author_association) for c in pull.get_review_comments()]
            told += [_remark(r, r.submitted_at, r.raw_data.get("author_association")) for r in pull.get_reviews()]
        return sorted((remark for remark in told if remark.text), key=lambda one: (one.when, one.who))

    def comment(self, number: int, text: str) -> None:
        """See ``Host``."""
        with self._said():
            self._repository.get_pull(number).create_issue_comment(text)

    def close(self, number: int) -> None:
        """See ``Host``."""
        with self._said():
            self._repository.get_pull(number).edit(state="closed")

    @property
    def _repository(self):  # type: ignore[no-untyped-def]
        return _client(self).get_repo(self.repository)

    def _read(self, pull: "Theirs") -> PullRequest:
        state: State = "open" if pull.state == "open" else "merged" if pull.merged_at else "closed"
        return PullRequest(
            number=pull.number,
            branch=pull.head.ref,
            base=pull.base.ref,
            title=pull.title,
            body=(pull.body or "").replace("\r\n", "\n"),
            state=state,
            url=pull.html_url,
            head=pull.head.sha,
            labels=tuple(sorted(label.name for label in pull.labels)),
            commit=pull.merge_commit_sha if state == "merged" else None,
            when=_iso(pull.closed_at),
            author=pull.user.login,
        )

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Turns what goes wrong into what a person can act on, without the token."""
        try:
            yield
        except BadCredentialsException:
            reason = f"the token was refused; check {OWN_TOKEN} or {SHARED_TOKEN}"
        except RateLimitExceededException:
            reason = "asked too often, and waiting did not help; run again later"
        except STRANGE as error:
            if not _of_an_answer(error):
                raise
            # A page to log in, say, where the answer of an interface is expected.
            reason = f"what answers is not GitHub's API ({type(error).__name__}); check publish.api, or a proxy between"
        except GithubException as error:
            reason = self._reason(error)
        except requests.exceptions.RetryError as error:
            reason = _worn_out(str(error))
        except requests.exceptions.RequestException as error:
            reason = f"cannot be reached ({type(error).__name__}); run again later"
        else:
            return
        raise HostError(self.name, hide(reason, self.token)) from None

    def _reason(self, error: GithubException) -> str:
        if error.status == MISSING:
            return "there is no such repository, or the token may not see it"
        said = error.data.get("message") if isinstance(error.data, dict) else None
        return f"{said or 'refused'} (HTTP {error.status})"


def _worn_out(told: str) -> str:
    """Why each of ``TRIES`` was in vain, by what is told of the last."""
    found = re.search(r"too many (\d{3}) error responses", told)
    status = found.group(1) if found else ""
    if status in LIMITED:
        return "asked too often, and waiting did not help; run again later"
    return f"answered with errors alone{f' (HTTP {status})' * bool(status)}; run again later"


def _client(host: GitHub) -> Github:
    retry = GithubRetry(
        total=TRIES,
        backoff_factor=host.pace.between_tries,
        secondary_rate_wait=60,
        status_forcelist=[429, 500, 502, 503, 504],
        # All of our writes can be done again: see ``Host``.
        allowed_methods=("GET", "PATCH", "POST"),
    )
    return Github(
        auth=Auth.Token(host.token) if host.token else None,
        base_url=host.api,
        per_page=PAGE,
        retry=retry,
        timeout=host.pace.timeout,
        user_agent="graph-garden",
        lazy=True,
        seconds_between_requests=host.pace.between_requests,
        seconds_between_writes=host.pace.between_writes,
    )


def _of_an_answer(error: Exception) -> bool:
    """Whether an error was met in what a host answered: in PyGithub, or where it is read here. Another is a bug."""
    met = [(frame.f_globals.get("__name__", ""), frame.f_code.co_name) for frame, _ in walk_tb(error.__traceback__)]
    return met[-1][1] in READERS or any(module.partition(".")[0] == "github" for module, _ in met)


def _is_ours(pull: "Theirs", prefix: str) -> bool:
    return pull.head.ref.startswith(prefix) and _from_here(pull)


def _from_here(pull: "Theirs") -> bool:
    """Whether a pull request's branch is the repository's own: a fork's may bear any name."""
    # A fork that has been deleted has no name.
    there = getattr(pull.head.repo, "full_name", "")
    # Both as the host says them now: the name that a remote's address has may be from before a renaming.
    return there.lower() == pull.base.repo.full_name.lower()


def _remark(
    said: "IssueComment | PullRequestComment | PullRequestReview", when: datetime | None, role: str | None
) -> Remark:
    # An account that has been deleted is nobody.
    return Remark(getattr(said.user, "login", ""), _iso(when), said.body or "", role in MEMBERS)


def _iso(when: datetime | None) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ") if when else ""
