"""What reviewers decided, told by pull requests: merges and closings, ticks, struck lines, commands, commits."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from garden import ledger
from garden.ledger import Ledger
from garden.models import Problem
from garden.plan.decisions import Decision, Matter, Said, Verdict
from garden.publish.git import GitError
from garden.publish.history import Line, line_of, lines_in, merge_decisions, outcomes
from garden.publish.host import Host, PullRequest
from garden.publish.notices import spent
from garden.publish.ticked import Listed
from garden.publish.versions import Versions

_COMMAND = re.compile(r"^\s*/garden\s+(reject|snooze|accept)\s+`?([0-9a-f]{12})`?(?:[ \t]+(.*\S))?\s*$", re.MULTILINE)
_DAYS = re.compile(r"(\d{1,4})d\b")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
SNOOZE_DAYS = 30
VERDICTS: dict[str, Verdict] = {"reject": "rejected", "snooze": "snoozed", "accept": "accepted"}


@dataclass(frozen=True)
class Feedback:
    """Decisions of all pull requests, and those requests that could not be understood."""

    decisions: tuple[Decision, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Round:
    """What the collecting needs: the host, the library's versions, the remote and base, ``now`` as an ISO time in UTC.

    ``known`` is what has been taken in already.
    """

    host: Host
    versions: Versions
    remote: str
    base: str
    now: str
    known: Ledger = field(default_factory=Ledger)

    @property
    def ended(self) -> set[tuple[str, str]]:
        """The places (see ``Decision.where``) whose ending has been taken in already, each with its time."""
        ending = ("accepted", "edited", "closed")
        return {(one.where, one.when) for one in self.known.decisions if one.verdict in ending}


def collect(round_: Round) -> Feedback:
    """The decisions of every pull request of ours. Raises ``HostError`` where the host cannot be asked."""
    prefix = f"{round_.versions.settings.publish.prefix}/"
    found: list[Decision] = []
    problems: list[Problem] = []
    ended = round_.ended
    for request in round_.host.requests(prefix, "open") + round_.host.requests(prefix, "closed"):
        if request.state != "open" and (_place(request), request.when) in ended:
            continue
        try:
            found += _decisions(round_, request)
        except GitError as error:
            message = f"its commits cannot be had any more ({error.reason}), so it teaches nothing"
            problems.append(Problem(path=request.url, line=1, column=1, code="unknown-request", message=message))
    return Feedback(tuple(found), tuple(problems))


def _decisions(round_: Round, request: PullRequest) -> list[Decision]:
    line = _line(round_, request)
    if line is None:
        return []
    matters = {matter.proposal: matter for matter in line.matters}
    words = list(_in_words(round_, request, matters))
    listed = Listed(request.body, matters, _place(request), request.when or round_.now)
    unticked, committed = list(listed.turned_down()), list(_committed(round_, request, line))
    told = [*words, *unticked, *committed]
    # What was said of one line, and so of its mates, goes before what a merge or a closing says of them all.
    named = {one.group for one in told}
    ending = [one for one in _ending(round_, request, line) if one.group not in named]
    # A tick that is still missing has no time of its own: told anew, it would go before what was said since.
    fresh = [one for one in unticked if listed.is_news(one, round_.known)]
    fresh += [one for one in committed if not round_.known.holds(one)]
    # What the merge or the closing says is said at the very time at which the list is read.
    refused = {one.group for one in ending if one.verdict == "rejected"}
    again = [one for one in listed.put_right([*round_.known.decisions, *words]) if one.group not in refused]
    return [*kept_at(round_.versions, request.head), *words, *fresh, *again, *ending]


def kept_at(versions: Versions, commit: str) -> tuple[Decision, ...]:
    """The decisions that the ledger holds in a commit: those of a branch have not come to the base yet."""
    raw = versions.repository.file(commit, f"{versions.prefix}{ledger.LEDGER}")
    return ledger.parse(raw).decisions if raw else ()


def _place(request: PullRequest) -> str:
    return f"pull request {request.number}"


def _line(round_: Round, request: PullRequest) -> Line | None:
    """Our newest commit of a pull request."""
    git = round_.versions.repository
    if git.commit_of(request.head) is None:
        # The branch may be gone; hosts keep what was in a pull request under a name of its own.
        git.run("fetch", "--quiet", "--no-tags", round_.remote, f"refs/pull/{request.number}/head")
    for commit in git.commits(request.head, "--not", *_before(round_, request)):
        if line := line_of(commit):
            return line
    if request.commit and git.commit_of(request.commit):
        found = lines_in(round_.versions, git.commits("-1", request.commit)[0])
        return found[0] if found else None
    return None


def _before(round_: Round, request: PullRequest) -> list[str]:
    """What the base had before the request: without it, a merged one has no commits of its own."""
    git = round_.versions.repository
    if request.state != "merged" or not request.commit or not git.commit_of(request.commit):
        return [round_.base]
    before = git.commit_of(f"{request.commit}^1")
    return [before or round_.base]


def _ending(round_: Round, request: PullRequest, line: Line) -> list[Decision]:
    if request.state == "open":
        return []
    said = Said(round_.host.who_ended(request), request.when, _place(request))
    git = round_.versions.repository
    if request.state == "closed":
        # One that we closed ourselves, nothing being left in it, says nothing of its proposals. A person may act by
        # the same account.
        ours_too = said.who == request.author and spent(round_.host, request)
        return [] if ours_too else [matter.decided("closed", said) for matter in line.matters]
    merge = git.commits("-1", request.commit)[0] if request.commit and git.commit_of(request.commit) else None
    return merge_decisions(round_.versions, merge, said, request.head) if merge else []


def _in_words(round_: Round, request: PullRequest, matters: dict[str, Matter]) -> Iterator[Decision]:
    for remark in round_.host.remarks(request.number):
        if not remark.member:
            continue
        for verb, name, rest in _COMMAND.findall(remark.text):
            if name not in matters:
                continue
            said = Said(remark.who, remark.when, _place(request), rest)
            if verb == "snooze":
                said = Said(remark.who, remark.when, _place(request), _reason(rest), _until(rest, remark.when))
            yield matters[name].decided(VERDICTS[verb], said)


def _committed(round_: Round, request: PullRequest, line: Line) -> Iterator[Decision]:
    """A no for each proposal whose lines a reviewer's commit on the branch has taken out again."""
    if request.state != "open" or (line.told and line.commit.sha == request.head):
        return
    git = round_.versions.repository
    tip, started = git.commits("-1", request.head)[0], git.merge_base(round_.base, request.head)
    for matter, verdict in outcomes(round_.versions, line, tip.sha, [started] if started else ()):
        if verdict == "rejected":
            yield matter.decided("rejected", Said(tip.who, tip.when, _place(request), "taken out by a commit"))


def _until(rest: str, when: str) -> str:
    start = datetime.date.fromisoformat(when[:10])
    if found := _DATE.search(rest):
        try:
            return datetime.date.fromisoformat(found.group()).isoformat()
        except ValueError:
            # 2026-02-30 and the like: then the usual time, counted from the remark.
            return (start + datetime.timedelta(days=SNOOZE_DAYS)).isoformat()
    days = _DAYS.search(rest)
    return (start + datetime.timedelta(days=int(days.group(1)) if days else SNOOZE_DAYS)).isoformat()


def _reason(rest: str) -> str:
    return _DATE.sub("", _DAYS.sub("", rest)).strip()
