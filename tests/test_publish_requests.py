import logging
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from garden import ledger, library
from garden.config import PublishSettings, Settings
from garden.errors import GardenError
from garden.plan.decisions import Decision, Said, Verdict, decision, in_time
from garden.publish.body import CLOSING, OPENING
from garden.publish.git import GitError
from garden.publish.github import GitHub
from garden.publish.host import Host, HostError, PullRequest, Remark
from garden.publish.notices import SPENT, say_once
from garden.publish.remote import remote_of, repository_in, speaks_github, token_at
from garden.publish.requests import Requested, write_bodies
from garden.publish.token import token_for
from garden.store import Store
from tests.githost.garden import Checkout, both, link, links, quiet, stale
from tests.githost.server import BOT, TOKEN, GitHost, serving
from tests.githost.team import FAST, Team, authorised, team_at

LINKS = "graph-garden/links-care"
AB, BA = link("a", "b").id, link("b", "a").id


@pytest.fixture
def host(tmp_path: Path) -> Iterator[GitHost]:
    with serving(tmp_path / "host") as host:
        yield host


@pytest.fixture
def team(host: GitHost, tmp_path: Path) -> Team:
    return team_at(host, tmp_path / "team")


def outcomes(requested: Requested) -> list[tuple[int, str, str]]:
    return [(one.number, one.branch.outcome, one.outcome) for one in requested.requests]


def verdicts(team: Team) -> dict[str, Verdict]:
    return {one.proposal: one.verdict for one in sorted(team.learn(), key=lambda d: d.when)}


def test_a_pull_request_is_opened_for_each_topic(team: Team, host: GitHost) -> None:
    done = team.publish(both(links("a-b"), stale("g")))
    assert outcomes(done) == [(1, "created", "opened"), (2, "created", "opened")]
    pull = host.pulls[2]
    assert (pull.title, pull.head, pull.base, pull.labels) == ("Link Care", LINKS, "main", ["graph-garden"])
    assert f"- [x] `{AB}` **A** → **B**: add link complementary, 0.80. a and b speak of one thing." in pull.body
    assert "**2 proposals** in 2 patterns, of which about 2 will probably be accepted." in pull.body
    assert "| Health | before | after |" in pull.body
    assert host.git("log", "-1", "--format=%an", LINKS) == "Graph Garden"


def test_two_files_of_one_title_are_told_apart_in_the_list(team: Team, host: GitHost) -> None:
    team.push("lib/b.md", "title: B", "title: a", "main")
    team.publish(links("a-b"))
    assert f"- [x] `{AB}` **A (a)** → **a (b)**: add link" in host.pulls[1].body


def test_the_same_run_again_changes_nothing_at_the_host(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    before = host.git("for-each-ref"), host.pulls[1].body
    host.requests.clear()
    assert outcomes(team.publish(links("a-b"))) == [(1, "unchanged", "unchanged")]
    assert (host.git("for-each-ref"), host.pulls[1].body) == before
    assert not [call for call in host.requests if call.startswith(("PATCH", "PUT")) or call == "POST /pulls"]


def test_another_day_alone_is_no_news(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    before = host.git("for-each-ref"), host.pulls[1].body
    assert outcomes(team.publish(links("a-b"), today="2026-11-29")) == [(1, "unchanged", "unchanged")]
    assert (host.git("for-each-ref"), host.pulls[1].body) == before
    assert outcomes(team.publish(links("a-b", "c-d"), today="2026-11-29")) == [(1, "updated", "updated")]
    assert "last_pruned: 2026-11-29" in team.file(LINKS, "lib/a.md")


def test_a_base_that_moved_on_elsewhere_is_no_news(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    before = host.git("rev-parse", LINKS)
    team.push("README.md", "A repository.", "A fine repository.", "main")
    assert outcomes(team.publish(links("a-b"), today="2026-11-29")) == [(1, "unchanged", "unchanged")]
    assert host.git("rev-parse", LINKS) == before
    team.push("lib/a.md", "is a thing", "is the thing", "main")
    assert outcomes(team.publish(links("a-b"), today="2026-11-29"))[0][:2] == (1, "updated")


def test_a_change_of_the_branch_alone_is_told_too(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    team.push("lib/a.md", "last_pruned: 2026-01-01", "last_pruned: 2026-11-01", "main")
    assert outcomes(team.publish(links("a-b"))) == [(1, "updated", "updated")]


def test_what_a_reviewer_wrote_into_title_and_text_stays(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    host.pulls[1].title = "Care, for Monday"
    host.reword(1, "## Proposals\n", "Ann: I shall look at this on Monday.\n\n## To decide\n")
    host.reword(1, "a and b speak of one thing.", "ask Ben first")
    for pairs in (("a-b", "c-d"), ("a-b", "c-d"), ("a-b", "c-d", "a-c")):
        team.publish(links(*pairs))
        body = host.pulls[1].body
        assert host.pulls[1].title == "Care, for Monday"
        assert "Ann: I shall look at this on Monday.\n\n## To decide\n" in body
        assert "## Proposals" not in body
        assert f"- [x] `{AB}` **A** → **B**: add link complementary, 0.80. ask Ben first" in body
        ids = [link(pair[0], pair[2]).id for pair in pairs]
        assert [body.count(f"- [x] `{one}`") for one in ids] == [1] * len(ids)
        assert f"**{2 * len(pairs)} proposals**" in body
    team.publish(links("c-d"))
    assert "ask Ben first" not in host.pulls[1].body.partition("<!--")[2]


def test_a_text_that_a_reviewer_wrote_anew_stays(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    host.pulls[1].body = "I shall look at this on Monday."
    assert outcomes(team.publish(links("a-b", "c-d"))) == [(1, "updated", "updated")]
    assert host.pulls[1].body == "I shall look at this on Monday."
    assert verdicts(team) == {}


def test_an_open_pull_request_is_updated_not_doubled(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    assert outcomes(team.publish(links("a-b", "c-d"))) == [(1, "updated", "updated")]
    assert len(host.pulls) == 1
    assert link("c", "d").id in host.pulls[1].body


@pytest.mark.parametrize("how", ["merge", "squash"])
def test_what_was_merged_as_proposed_is_accepted(team: Team, host: GitHost, how: str) -> None:
    team.publish(links("a-b"))
    host.merge(1, how)
    assert verdicts(team) == {AB: "accepted", BA: "accepted"}
    said = {(d.who, d.where, d.when) for d in team.learn()}
    assert said == {("ann", "pull request 1", host.pulls[1].closed_at)}
    assert outcomes(team.publish(links("a-b"))) == []


def test_what_was_merged_is_learned_from_git_alone_too(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    host.merge(1)
    team.repo.git(*["-c", f"http.{host.url}/.extraHeader={header(host)}"], "pull", "-q", "origin", "main")
    team.settings = team.settings.model_copy()
    from garden.learn import Lesson, learn  # noqa: PLC0415 - without a host, unlike all others here

    decisions = learn(Lesson(team.root, team.settings, (), "2026-11-23T09:00:00Z")).ledger.decisions
    assert {(d.proposal, d.verdict) for d in decisions} == {(AB, "accepted"), (BA, "accepted")}
    assert all(d.where.startswith("commit ") for d in decisions)


def header(host: GitHost) -> str:
    from tests.githost.team import authorised  # noqa: PLC0415

    return authorised(host)[1].split("=", 1)[1]


def test_a_branch_deleted_after_a_squash_still_teaches(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    host.merge(1, "squash")
    host.git("branch", "-D", LINKS)
    team.repo.git("update-ref", "-d", f"refs/remotes/origin/{LINKS}")
    assert verdicts(team) == {AB: "accepted", BA: "accepted"}


def test_a_line_edited_in_review_is_merged_with_changes(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    team.push("lib/a.md", "a and b speak of one thing.", "A rests on B.", LINKS)
    host.merge(1)
    assert verdicts(team) == {AB: "edited", BA: "accepted"}


def take_out(team: Team) -> None:
    """A reviewer's commit on our branch without the link from a to b."""
    text = team.file(LINKS, "lib/a.md")
    start = text.index("    - target: b\n")
    item = text[start : text.index("license:", start)]
    team.push("lib/a.md", f"  inferred_links:\n{item}", "  inferred_links: []\n", LINKS)


def test_lines_taken_out_by_a_commit_are_rejected_before_and_after_the_merge(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    take_out(team)
    assert verdicts(team) == {AB: "rejected"}
    host.merge(1)
    assert verdicts(team) == {AB: "rejected", BA: "accepted"}


def force_push(team: Team, path: str, old: str, new: str, branch: str) -> None:
    """The reviewer amends the branch's last commit and pushes it over what was there."""
    team.pull(branch)
    team.ann.edit(path, old, new)
    team.ann.git("commit", "-q", "-a", "--amend", "--no-edit")
    team.host.git("config", "receive.denyNonFastForwards", "false")
    team.ann.git("push", "-q", "--force", "origin", branch)
    team.host.git("config", "receive.denyNonFastForwards", "true")


@pytest.mark.parametrize("how", ["merge", "squash"])
def test_what_was_taken_out_by_amending_is_rejected_before_and_after_the_merge(
    team: Team, host: GitHost, how: str
) -> None:
    team.publish(links("a-b", "c-d"))
    out = team.file(LINKS, "lib/a.md").partition("  inferred_links:\n")[2].partition("license:")[0]
    force_push(team, "lib/a.md", f"inferred_links:\n{out}", "inferred_links: []\n", LINKS)
    assert verdicts(team) == {AB: "rejected"}
    host.merge(1, how)
    assert verdicts(team)[AB] == "rejected"
    assert verdicts(team)[link("c", "d").id] == "accepted"


def test_ticks_count_in_a_branch_that_was_rewritten_too(team: Team, host: GitHost) -> None:
    team.publish(links("a-b", "c-d"))
    force_push(team, "lib/a.md", "a and b speak of one thing.", "A rests on B.", LINKS)
    host.untick(1, link("c", "d").id)
    assert verdicts(team) == {link("c", "d").id: "rejected"}


@pytest.mark.parametrize("way", ["untick", "strike", "command", "review"])
def test_a_no_to_one_line_takes_it_and_its_mate_off_the_branch(team: Team, host: GitHost, way: str) -> None:
    team.publish(links("a-b", "c-d"))
    if way == "untick":
        host.untick(1, AB)
    elif way == "strike":
        host.strike(1, AB)
    elif way == "command":
        host.comment(1, f"Hm.\n/garden reject {AB} they only share a word")
    else:
        review = {"body": f"/garden reject `{AB}`", "user": {"login": "ann"}, "author_association": "OWNER"}
        host.pulls[1].reviews.append({"id": 1, **review, "submitted_at": "2026-11-22T11:00:00Z"})
    assert verdicts(team) == {AB: "rejected"}
    assert outcomes(team.publish(links("a-b", "c-d"))) == [(1, "updated", "updated")]
    assert "target: b" not in team.file(LINKS, "lib/a.md")
    assert "target: a" not in team.file(LINKS, "lib/b.md")
    assert "target: d" in team.file(LINKS, "lib/c.md")
    assert AB not in host.pulls[1].body
    assert verdicts(team) == {AB: "rejected"}


def without_id(host: GitHost, proposal: str, box: str = "[x]") -> None:
    host.reword(1, f"- [x] `{proposal}` ", f"- {box} ")


CD = link("c", "d").id


def test_a_line_that_is_still_ticked_is_no_no_where_its_id_was_deleted(team: Team, host: GitHost) -> None:
    team.publish(links("a-b", "c-d"))
    without_id(host, AB)
    assert verdicts(team) == {}
    team.publish(links("a-b", "c-d"))
    assert "target: b" in team.file(LINKS, "lib/a.md")
    assert verdicts(team) == {}
    host.merge(1, "merge")
    assert verdicts(team)[AB] == "accepted"


def test_beside_a_line_without_its_id_one_that_was_taken_out_is_a_no(team: Team, host: GitHost) -> None:
    team.publish(links("a-b", "c-d"))
    without_id(host, AB)
    host.strike(1, CD)
    assert verdicts(team) == {CD: "rejected"}


def test_a_line_unticked_is_a_no_though_its_id_was_deleted_too(team: Team, host: GitHost) -> None:
    team.publish(links("a-b", "c-d"))
    without_id(host, AB, "[ ]")
    assert verdicts(team) == {AB: "rejected"}


def test_a_ticked_line_that_may_be_that_of_any_missing_one_is_no_no_to_any(team: Team, host: GitHost) -> None:
    team.publish(links("a-b", "c-d"))
    without_id(host, AB)
    host.reword(1, "- [x] **A**", "- [x] **My A**")
    host.strike(1, CD)
    assert verdicts(team) == {}


def test_a_no_travels_with_the_branch_and_holds_after_the_merge(team: Team, host: GitHost) -> None:
    team.publish(links("a-b", "c-d"))
    host.comment(1, f"/garden reject {AB} no")
    team.publish(links("a-b", "c-d"))
    told = ledger.parse(team.file(LINKS, f"lib/{ledger.LEDGER}").encode()).decisions
    assert [(d.proposal, d.verdict, d.who, d.why, d.where) for d in told] == [
        (AB, "rejected", "ann", "no", "pull request 1")
    ]
    host.merge(1)
    assert team.publish(links("a-b", "c-d")).requests == ()


def test_how_the_ledger_merges_comes_with_the_first_pull_request_alone(team: Team, host: GitHost) -> None:
    asked = both(links("a-b"), stale("g"))
    assert outcomes(team.publish(asked)) == [(1, "created", "opened"), (2, "created", "opened")]
    bring = [name for name in branches(host) if ledger.ATTRIBUTES in host.git("ls-tree", "-r", "--name-only", name)]
    assert bring == [host.pulls[1].head]
    assert outcomes(team.publish(asked)) == [
        (1, "unchanged", "unchanged"),
        (2, "unchanged", "unchanged"),
    ]
    host.merge(1)
    host.merge(2)
    assert ledger.LEDGER not in host.git("ls-tree", "-r", "--name-only", "main")


def test_two_branches_that_each_bring_decisions_merge_and_keep_them_all(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    host.merge(1)
    verdicts: dict[str, Verdict] = {"one": "rejected", "other": "accepted"}
    for branch, verdict in verdicts.items():
        team.ann.git("fetch", "-q", "origin")
        team.ann.git("checkout", "-q", "-B", branch, "origin/main")
        said = Said("ann", "2026-11-22T12:00:00Z", branch)
        shelf = library.read(team.ann.folder / "lib", Settings(), Store(team.ann.folder.parent / branch), quiet)
        patterns = {pattern.slug: pattern for pattern in shelf.patterns}
        decided = [decision(link("a", end), verdict, patterns, said) for end in ("b", "c", "d")]
        ledger.add(team.ann.folder / "lib", decided)
        team.ann.commit(branch)
    team.ann.git("merge", "-q", "--no-edit", "one")
    told = ledger.read(team.ann.folder / "lib")
    assert sorted((d.target, d.verdict) for d in told.decisions) == [
        (end, verdict) for end in "bcd" for verdict in ("accepted", "rejected")
    ]
    assert not told.problems


def branches(host: GitHost) -> list[str]:
    return host.git("for-each-ref", "--format=%(refname:short)", "refs/heads/graph-garden").split("\n")


@pytest.mark.parametrize(
    ("rest", "until", "why"),
    [
        ("30d", "2026-12-22", ""),
        ("", "2026-12-22", ""),
        ("until 2027-01-15 after the release", "2027-01-15", "until  after the release"),
        ("2026-02-30", "2026-12-22", ""),
    ],
)
def test_a_snoozed_proposal_comes_back_on_its_day(team: Team, host: GitHost, rest: str, until: str, why: str) -> None:
    team.publish(links("a-b"))
    host.comment(1, f"/garden snooze {AB} {rest}")
    assert [(d.verdict, d.until, d.why) for d in team.learn()] == [("snoozed", until, why)]


def learned(team: Team) -> list[Verdict]:
    """What is said of one link in the order of time, once everything has been taken in."""
    ledger.add(team.root, team.learn())
    before = ledger.read(team.root).decisions
    ledger.add(team.root, team.learn())
    assert ledger.read(team.root).decisions == before
    return [one.verdict for one in in_time(before) if one.proposal == AB]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_second_no_after_a_yes_counts_and_is_taken_in_once(team: Team, host: GitHost, at_once: bool) -> None:
    team.publish(links("a-b"))
    for word in ("reject", "accept", "reject"):
        host.comment(1, f"/garden {word} {AB}")
        if not at_once:
            learned(team)
    assert learned(team) == ["rejected", "accepted", "rejected"]


def test_a_proposal_can_be_put_off_again(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    for day in ("2026-12-25", "2027-03-01"):
        host.comment(1, f"/garden snooze {AB} {day}")
        learned(team)
    assert [one.until for one in in_time(ledger.read(team.root).decisions)] == ["2026-12-25", "2027-03-01"]


def test_a_yes_holds_though_the_tick_that_was_a_no_is_still_missing(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    host.untick(1, AB)
    ledger.add(team.root, [earlier(one) for one in team.learn()])
    host.comment(1, f"/garden accept {AB}")
    assert learned(team) == ["rejected", "accepted"]


def earlier(said: Decision, day: str = "2026-11-01") -> Decision:
    return said.model_copy(update={"when": f"{day}T00:00:00Z"})


def tick_again(host: GitHost, proposal: str) -> None:
    host.reword(1, f"- [ ] `{proposal}`", f"- [x] `{proposal}`")


def test_a_line_that_is_ticked_again_is_no_no_and_a_second_no_counts(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    host.untick(1, AB)
    ledger.add(team.root, [earlier(one) for one in team.learn()])
    tick_again(host, AB)
    team.publish(links("a-b"))
    assert host.pulls[1].state == "open"
    assert f"- [x] `{AB}`" in host.pulls[1].body
    ledger.add(team.root, [earlier(one, "2026-11-02") for one in team.learn() if one.verdict == "accepted"])
    host.untick(1, AB)
    assert learned(team) == ["rejected", "accepted", "rejected"]


def test_a_list_of_which_a_person_takes_out_every_line_is_a_no_to_all(team: Team, host: GitHost) -> None:
    team.publish(links("a-b", "c-d"))
    text = host.pulls[1].body
    start, end = text.index(OPENING) + len(OPENING), text.index(CLOSING)
    host.reword(1, text[start:end], "\n")
    assert set(verdicts(team).values()) == {"rejected"}
    assert len(verdicts(team)) == 4


def test_a_ticked_line_with_another_blank_in_it_is_no_no(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    host.reword(1, f"- [x] `{AB}`", f"-  [x]  `{AB}`")
    assert learned(team) == []
    team.publish(links("a-b"))
    assert f"-  [x]  `{AB}`" in host.pulls[1].body
    assert f"- [x] `{AB}`" not in host.pulls[1].body


def test_a_yes_to_one_line_does_not_end_the_pull_request(team: Team, host: GitHost) -> None:
    team.publish(links("a-b", "c-d"))
    host.comment(1, f"/garden accept {AB}")
    assert learned(team) == ["accepted"]
    host.close(1)
    assert verdicts(team)[link("c", "d").id] == "closed"


@pytest.mark.parametrize(("how", "last"), [("merged", "accepted"), ("closed", "closed")])
def test_what_was_ticked_again_before_the_end_goes_with_all_others(
    team: Team, host: GitHost, how: str, last: Verdict
) -> None:
    team.publish(links("a-b"))
    host.untick(1, AB)
    ledger.add(team.root, [earlier(one) for one in team.learn()])
    tick_again(host, AB)
    ledger.add(team.root, [earlier(one, "2026-11-02") for one in team.learn() if one.verdict == "accepted"])
    host.merge(1) if how == "merged" else host.close(1)
    assert verdicts(team) == {AB: last, BA: last}


def test_a_line_that_is_ticked_again_and_then_taken_out_is_a_no(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    host.untick(1, AB)
    ledger.add(team.root, [earlier(one) for one in team.learn()])
    tick_again(host, AB)
    take_out(team)
    host.merge(1)
    for _ in range(2):
        ledger.add(team.root, team.learn())
        last = {one.proposal: one.verdict for one in in_time(ledger.read(team.root).decisions)}
        assert last == {AB: "rejected", BA: "accepted"}


def test_a_line_that_is_ticked_again_does_not_outweigh_what_was_said_of_it_or_its_mate(
    team: Team, host: GitHost
) -> None:
    team.publish(links("a-b"))
    host.untick(1, AB)
    host.untick(1, BA)
    ledger.add(team.root, [earlier(one) for one in team.learn()])
    tick_again(host, AB)
    assert learned(team) == ["rejected"]
    host.comment(1, f"/garden reject {BA} no")
    tick_again(host, BA)
    assert learned(team) == ["rejected"]


def cut_off(team: Team, host: GitHost) -> Team:
    """The same team, the tool's clone holding the newest commit of main alone."""
    folder = team.repo.folder.parent / "shallow"
    team.repo.git(*authorised(host), "clone", "-q", "--depth", "1", host.remote, str(folder))
    return replace(team, repo=Checkout(folder))


def test_in_a_clone_without_its_history_an_open_pull_request_goes_on(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    team.push("README.md", "A repository.", "Ours.", "main")
    shallow = cut_off(team, host)
    assert outcomes(shallow.publish(links("a-b"))) == [(1, "unchanged", "unchanged")]
    host.untick(1, AB)
    assert verdicts(shallow) == {AB: "rejected"}
    assert outcomes(shallow.publish(links("a-b", "c-d"))) == [(1, "updated", "updated")]


@pytest.mark.parametrize("how", ["merge", "squash"])
def test_a_clone_without_its_history_learns_nothing_wrong_of_a_merge(team: Team, host: GitHost, how: str) -> None:
    team.publish(links("a-b"))
    team.push("lib/a.md", "a and b speak of one thing.", "A rests on B.", LINKS)
    host.merge(1, how)
    shallow = cut_off(team, host)
    assert verdicts(shallow).items() <= {AB: "edited", BA: "accepted"}.items()
    assert [branch.outcome for branch in shallow.publish(links("c-d")).published.branches] == ["left"]


def test_strangers_cannot_decide(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    host.comment(1, f"/garden reject {AB}", "mallory", "NONE")
    assert verdicts(team) == {}


@pytest.mark.parametrize("text", ["/garden reject", "/garden reject 123", f"see /garden reject {AB}", "/garden eat x"])
def test_what_is_no_command_is_no_decision(team: Team, host: GitHost, text: str) -> None:
    team.publish(links("a-b"))
    host.comment(1, text)
    assert verdicts(team) == {}


def test_a_pull_request_closed_unmerged_is_asked_once_more_and_then_never(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    host.close(1)
    host.git("branch", "-D", LINKS)
    assert verdicts(team) == {AB: "closed", BA: "closed"}
    assert outcomes(team.publish(links("a-b"))) == [(2, "created", "opened")]
    host.close(2)
    host.git("branch", "-D", LINKS)
    assert team.publish(links("a-b")).requests == ()


def test_a_person_may_close_by_the_account_that_opened(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    host.comment(1, nothing_left(), login="passer-by", role="NONE")
    host.close(1, login=BOT)
    assert verdicts(team) == {AB: "closed", BA: "closed"}


def nothing_left() -> str:
    """Our own remark with its mark, as a stranger could copy it."""
    said: list[str] = []

    class Wall:
        def remarks(self, number: int) -> list[Remark]:
            return []

        def comment(self, number: int, text: str) -> None:
            said.append(text)

    say_once(cast("Host", Wall()), PullRequest(1, "", "", "", "", "open", "", ""), SPENT)
    return said[0]


def pushed_to_a_fork(team: Team) -> str:
    """A copy of our branch to which a stranger has added a ledger of her own invention."""
    team.pull(LINKS)
    said = decision(link("c", "d"), "rejected", {}, Said("ann", "2026-11-22T08:00:00Z", "terminal"))
    ledger.add(team.ann.folder / "lib", [said])
    sha = team.ann.commit("Decided")
    team.ann.git("push", "-q", "origin", f"{sha}:refs/pull/2/head")
    return sha


@pytest.mark.parametrize("state", ["open", "closed"])
@pytest.mark.parametrize("fork", ["mallory/lib", None])
def test_a_pull_request_from_a_fork_is_not_ours(team: Team, host: GitHost, fork: str | None, state: str) -> None:
    team.publish(links("a-b"))
    spam = host.pulls[host.open_from_fork(LINKS, pushed_to_a_fork(team), fork)]
    if state == "closed":
        host.close(spam.number)
    assert verdicts(team) == {}
    assert outcomes(team.publish(links("a-b", "c-d"))) == [(1, "updated", "updated")]
    assert (spam.title, spam.body, spam.labels) == ("Spam", "Buy!", [])
    assert team.publish(links()).closed == (1,)
    assert (spam.state, spam.comments) == (state, [])


def test_a_stranger_who_was_first_does_not_keep_ours_from_being_opened(team: Team, host: GitHost) -> None:
    host.open_from_fork(LINKS, host.git("rev-parse", "main"), "mallory/lib")
    assert outcomes(team.publish(links("a-b"))) == [(2, "created", "opened")]


def test_a_repository_knows_its_own_however_its_name_is_written(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    host.pulls[1].fork = "Ann/Lib"
    assert outcomes(team.publish(links("a-b"))) == [(1, "unchanged", "unchanged")]


def test_a_body_that_was_written_anew_rejects_nothing(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    host.pulls[1].body = "I shall look at this on Monday."
    assert verdicts(team) == {}


def test_a_reviewers_commit_is_never_lost(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    theirs = team.push("lib/a.md", "a and b speak of one thing.", "A rests on B.", LINKS)
    assert outcomes(team.publish(links("a-b", "c-d"))) == [(1, "updated", "updated")]
    assert host.git("merge-base", "--is-ancestor", theirs, LINKS) == ""
    assert "A rests on B." in team.file(LINKS, "lib/a.md")
    assert "target: d" in team.file(LINKS, "lib/c.md")


def test_a_push_between_our_fetch_and_our_push_is_not_overwritten(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))

    theirs: list[str] = []
    asked: list[str] = []
    api = team.api()

    class Late:
        """The reviewer pushes when the host is asked for open requests, which is after the base has been fetched."""

        def __getattr__(self, name: str) -> Any:
            asked.append(name)
            if asked.count("requests") == 3 and not theirs:
                theirs.append(team.push("lib/a.md", "is a thing", "is a fine thing", LINKS))
            return getattr(api, name)

    done = team.publish(links("a-b", "c-d"), Late())
    assert outcomes(done) == [(1, "left", "left")]
    assert "was pushed to by someone else meanwhile" in done.published.branches[0].note
    assert host.git("rev-parse", LINKS) == theirs[0]
    assert outcomes(team.publish(links("a-b", "c-d"))) == [(1, "updated", "updated")]


def test_where_ours_would_conflict_it_is_said_once_and_left(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    theirs = team.push("lib/a.md", "a and b speak of one thing.", "A rests on B.", LINKS)
    for _ in range(2):
        assert outcomes(team.publish(links("a-c"))) == [(1, "left", "left")]
    assert host.git("rev-parse", LINKS) == theirs
    assert len(host.pulls[1].comments) == 1
    assert "others have changed the same lines" in host.pulls[1].comments[0]["body"]


def test_of_a_branch_from_before_the_base_began_anew_the_way_out_is_said(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    host.git("update-ref", "refs/heads/main", host.git("commit-tree", "main^{tree}", "-m", "Begin again"))
    assert outcomes(team.publish(links("a-b"))) == [(1, "left", "left")]
    said = host.pulls[1].comments[0]["body"]
    assert "delete the branch to have it made anew. It is left as it is." in said
    assert "merge or close" not in said
    host.git("update-ref", "-d", f"refs/heads/{LINKS}")
    assert [branch.outcome for branch in team.publish(links("a-b")).published.branches] == ["created"]


def test_a_branch_of_ours_follows_a_moved_base_and_merges(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    team.push("lib/a.md", "last_pruned: 2026-01-01", "last_pruned: 2026-11-01", "main")
    assert team.api().requests("graph-garden/", "open")
    with pytest.raises(Exception, match="not mergeable"):
        host.merge(1)
    assert outcomes(team.publish(links("a-b")))[0][1] == "updated"
    host.merge(1)
    assert "target: b" in team.file("main", "lib/a.md")


def test_a_pull_request_with_nothing_left_in_it_is_closed_and_says_nothing(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    done = team.publish(links())
    assert done.closed == (1,)
    assert host.pulls[1].state == "closed"
    assert "Nothing is left to propose here" in host.pulls[1].comments[0]["body"]
    assert verdicts(team) == {}


def test_no_tag_of_the_users_is_pushed_along(team: Team, host: GitHost) -> None:
    team.repo.git("tag", "-a", "-m", "Mine", "private")
    team.repo.git("config", "push.followTags", "true")
    team.publish(links("a-b"))
    assert host.git("tag", "--list") == ""


def test_pages_are_all_read(team: Team, host: GitHost) -> None:
    team.publish(links("a-b"))
    for number in range(120):
        host.comment(1, f"Remark {number}")
    host.comment(1, f"/garden reject {AB}")
    assert verdicts(team) == {AB: "rejected"}


def test_a_rate_limit_is_waited_for(team: Team, host: GitHost) -> None:
    host.limits = 1
    assert outcomes(team.publish(links("a-b"))) == [(1, "created", "opened")]


def test_a_rate_limit_is_waited_for_when_a_pull_request_is_updated_too(
    team: Team, host: GitHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.publish(links("a-b"))
    update = GitHub.update

    def limited(self: GitHub, number: int, title: str, body: str) -> None:
        host.limits = 1
        update(self, number, title, body)

    monkeypatch.setattr(GitHub, "update", limited)
    assert outcomes(team.publish(links("a-b", "c-d"))) == [(1, "updated", "updated")]
    assert host.limits == 0


def test_a_host_that_stumbles_is_asked_again(team: Team, host: GitHost) -> None:
    host.broken = 2
    assert outcomes(team.publish(links("a-b"))) == [(1, "created", "opened")]


class Killed(BaseException):
    """The process ends here."""


def test_a_kill_after_any_step_is_mended_by_the_next_run(host: GitHost, tmp_path: Path) -> None:
    """The client dies after each of its calls in turn; afterwards one run must give what an undisturbed one gives."""
    steps = 0
    for steps in range(1, 40):
        team = team_at_step(host, tmp_path / f"step{steps}")
        calls: list[str] = []
        try:
            team.publish(both(links("a-b"), stale("g")), Dying(team.api(), steps, calls))
        except Killed:
            pass
        else:
            break
        team.publish(both(links("a-b"), stale("g")))
        pulls = [pull for pull in host.pulls.values() if pull.state == "open"]
        assert sorted(pull.head for pull in pulls) == [LINKS, "graph-garden/tidy-trust"], calls
        assert all(pull.labels == ["graph-garden"] for pull in pulls), calls
        assert all(host.git("rev-list", "--count", f"main..{pull.head}") == "1" for pull in pulls), calls
    assert steps > 5, "the client made fewer calls than there are steps"


def team_at_step(host: GitHost, folder: Path) -> Team:
    for ref in host.git("for-each-ref", "--format=%(refname)").split():
        host.git("update-ref", "-d", ref)
    host.pulls.clear()
    return team_at(host, folder)


class Dying:
    """A host's client that dies right after its call number ``after``."""

    def __init__(self, api: Any, after: int, calls: list[str]) -> None:
        self._api, self._after, self._calls = api, after, calls

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._api, name)
        if not callable(found):
            return found

        def call(*arguments: Any) -> Any:
            answer = found(*arguments)
            self._calls.append(name)
            if len(self._calls) == self._after:
                raise Killed
            return answer

        return call


def test_a_kill_between_two_pushes_is_mended(team: Team, host: GitHost, monkeypatch: pytest.MonkeyPatch) -> None:
    from garden.publish.refs import RemoteRefs  # noqa: PLC0415 - to die in it

    push = RemoteRefs.move

    def dying(self: RemoteRefs, branch: str, new: str, old: str | None) -> str:
        push(self, branch, new, old)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(RemoteRefs, "move", dying)
        with pytest.raises(Killed):
            team.publish(both(links("a-b"), stale("g")))
    assert not host.pulls
    assert [one[2] for one in outcomes(team.publish(both(links("a-b"), stale("g"))))] == ["opened", "opened"]
    assert host.git("rev-list", "--count", "main..graph-garden/tidy-trust") == "1"


def test_a_bad_token_is_refused_with_a_way_out_and_never_shown(
    team: Team, host: GitHost, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "ghp_wrongButStillASecret77"
    with pytest.raises(HostError) as refused:
        GitHub(host.api, "ann/lib", secret, FAST).requests("graph-garden/", "open")
    assert "the token was refused; check GARDEN_TOKEN or GITHUB_TOKEN" in str(refused.value)
    team.token = secret
    with pytest.raises(GardenError) as failed:
        team.publish(links("a-b"))
    seen = f"{refused.value}{refused.value!r}{failed.value}{failed.value!r}{caplog.text}{refused.traceback}"
    assert secret not in seen
    assert isinstance(failed.value, HostError | GitError)


def test_the_token_is_nowhere_to_be_found(
    team: Team, host: GitHost, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    team.publish(links("a-b"))
    host.comment(1, f"/garden reject {AB}")
    team.publish(links("a-b", "c-d"))
    sent = header(host).removeprefix("Authorization: Basic ")
    out, err = capfd.readouterr()
    places = [
        caplog.text,
        out,
        err,
        repr(team.api()),
        repr(host.pulls),
        team.repo.git("config", "--list", "--show-origin"),
    ]
    kept = [path for path in team.repo.folder.rglob("*") if path.is_file()]
    places += [path.read_bytes().decode(errors="replace") for path in kept]
    for secret in (TOKEN, sent):
        assert not [place[:80] for place in places if secret in place]


def test_the_token_is_not_an_argument_of_any_process(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    run = subprocess.run
    seen: list[str] = []

    def watching(command: list[str], **options: Any) -> Any:
        seen.extend(map(str, command))
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", watching)
    team.publish(links("a-b"))
    assert "push" in seen
    assert not [argument for argument in seen if TOKEN in argument]


def test_a_host_that_cannot_be_reached_is_named(tmp_path: Path) -> None:
    api = GitHub("http://127.0.0.1:1/api/v3", "ann/lib", TOKEN, FAST)
    with pytest.raises(HostError, match=r"127\.0\.0\.1/ann/lib: cannot be reached"):
        api.requests("graph-garden/", "open")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<html>Log in</html>", "text/html"),
        (b'{"page": "Log in"}', "application/json"),
        (b'["Log in"]', "application/json"),
        (b'"Log in"', "application/json"),
        (b"5", "application/json"),
        (b'[{"number": 1}]', "application/json"),
    ],
)
def test_an_answer_that_is_not_the_interfaces_is_told_in_a_line(
    host: GitHost, monkeypatch: pytest.MonkeyPatch, content: bytes, kind: str
) -> None:
    monkeypatch.setattr(
        "tests.githost.server._Handler._rest", lambda self, *_: self._raw(200, content, {"Content-Type": kind})
    )
    with pytest.raises(HostError, match=r"what answers is not GitHub's API \(\w+\); check publish\.api"):
        GitHub(host.api, "ann/lib", TOKEN, FAST).requests("graph-garden/", "open")


@pytest.mark.parametrize("bug", [KeyError, TypeError, AttributeError])
def test_a_bug_of_ours_is_not_taken_for_an_answer(
    host: GitHost, monkeypatch: pytest.MonkeyPatch, bug: type[Exception]
) -> None:
    def wrong(_: str) -> None:
        raise bug("ours")

    monkeypatch.setattr(GitHub, "_repository", property(wrong))
    with pytest.raises(bug, match="ours"):
        GitHub(host.api, "ann/lib", TOKEN, FAST).requests("graph-garden/", "open")


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        ("broken", r"answered with errors alone \(HTTP 502\); run again later"),
        ("limits", "asked too often, and waiting did not help; run again later"),
    ],
)
def test_a_host_that_answers_with_errors_is_not_said_to_be_out_of_reach(
    host: GitHost, monkeypatch: pytest.MonkeyPatch, trouble: str, says: str
) -> None:
    monkeypatch.setattr("garden.publish.github.TRIES", 1)
    setattr(host, trouble, 9)
    with pytest.raises(HostError, match=says):
        GitHub(host.api, "ann/lib", TOKEN, FAST).requests("graph-garden/", "open")


@pytest.mark.parametrize(
    ("address", "publish", "speaks"),
    [
        ("https://github.com/ann/lib.git", {}, True),
        ("git@github.com:ann/lib.git", {}, True),
        ("ssh://git@ssh.github.com:443/ann/lib", {}, True),
        ("https://git.example.org/ann/lib", {}, False),
        ("git@git.example.org:ann/lib.git", {}, False),
        ("/srv/git/lib.git", {}, False),
        ("https://github.com.example.org/ann/lib", {}, False),
        ("https://git.example.org/ann/lib", {"api": "https://git.example.org/api/v3"}, True),
        ("work:ann/lib.git", {"repository": "ann/lib"}, True),
    ],
)
def test_a_host_speaks_githubs_api_at_its_own_address_or_where_settings_say_so(
    address: str, publish: dict[str, str], speaks: bool
) -> None:
    assert speaks_github(address, PublishSettings.model_validate(publish)) is speaks


@pytest.mark.parametrize(
    ("address", "environ", "token"),
    [
        ("https://git.example.org/a/b", {"GITHUB_TOKEN": "g"}, ""),
        ("https://git.example.org/a/b", {"GITHUB_TOKEN": "g", "GITHUB_SERVER_URL": "https://git.example.org"}, "g"),
        ("https://git.example.org/a/b", {"GARDEN_TOKEN": "own", "GITHUB_TOKEN": "g"}, "own"),
        ("https://github.com/a/b", {"GITHUB_TOKEN": "g"}, "g"),
        ("http://github.com/a/b", {"GARDEN_TOKEN": "own"}, ""),
        ("git@github.com:a/b", {"GARDEN_TOKEN": "own"}, ""),
    ],
)
def test_git_shows_a_token_only_where_it_belongs(address: str, environ: dict[str, str], token: str) -> None:
    assert token_at(address, environ) == token


def test_without_a_token_it_is_said_where_to_put_one(team: Team) -> None:
    with pytest.raises(HostError, match="there is no token; put one in GARDEN_TOKEN"):
        remote_of(team.root, team.settings, {})


def test_a_repository_that_is_not_there_is_named(host: GitHost) -> None:
    with pytest.raises(HostError, match="there is no such repository, or the token may not see it"):
        GitHub(host.api, "ann/other", TOKEN, FAST).requests("graph-garden/", "open")


@pytest.mark.parametrize(
    ("api", "environ", "token"),
    [
        ("https://api.github.com", {}, ""),
        ("https://api.github.com", {"GITHUB_TOKEN": "g"}, "g"),
        ("https://api.github.com", {"GITHUB_TOKEN": "g", "GARDEN_TOKEN": "own"}, "own"),
        ("https://git.example.org/api/v3", {"GITHUB_TOKEN": "g"}, ""),
        (
            "https://git.example.org/api/v3",
            {"GITHUB_TOKEN": "g", "GITHUB_API_URL": "https://git.example.org/api/v3"},
            "g",
        ),
        ("https://git.example.org/api/v3", {"GARDEN_TOKEN": "own"}, "own"),
        ("http://127.0.0.1:80", {"GARDEN_TOKEN": "own"}, "own"),
    ],
)
def test_a_token_is_shown_only_where_it_belongs(api: str, environ: dict[str, str], token: str) -> None:
    assert token_for(api, environ) == token


@pytest.mark.parametrize("kept", [" own", "own\n", "own\r\n"])
def test_a_line_break_behind_a_token_is_none_of_it(kept: str) -> None:
    assert token_for("https://api.github.com", {"GARDEN_TOKEN": kept}) == "own"
    assert token_at("https://github.com/a/b", {"GITHUB_TOKEN": kept}) == "own"


@pytest.mark.parametrize("kept", ["two words", "two\nlines", "トークン", "a\x07bell"])
def test_what_cannot_be_a_token_is_refused_and_not_shown(kept: str) -> None:
    with pytest.raises(HostError, match="GARDEN_TOKEN: what it holds is no token") as refused:
        token_for("https://api.github.com", {"GARDEN_TOKEN": kept})
    assert kept not in f"{refused.value}{refused.value!r}"
    with pytest.raises(HostError, match="GARDEN_TOKEN: what it holds is no token"):
        token_at("https://github.com/a/b", {"GARDEN_TOKEN": kept})


def test_a_token_is_never_sent_in_the_clear() -> None:
    with pytest.raises(HostError, match="only shown over https"):
        token_for("http://git.example.org", {"GARDEN_TOKEN": "own"})


@pytest.mark.parametrize(
    ("remote", "repository"),
    [
        ("https://github.com/ann/lib.git", "ann/lib"),
        ("git@github.com:ann/lib.git", "ann/lib"),
        ("ssh://git@git.example.org:22/ann/lib", "ann/lib"),
        ("/srv/git", ""),
        ("", ""),
    ],
)
def test_a_repositorys_name_is_taken_from_its_remote(remote: str, repository: str) -> None:
    assert repository_in(remote) == repository


def test_for_another_host_the_body_is_a_file(team: Team, tmp_path: Path) -> None:
    from garden.publish.base import base_of  # noqa: PLC0415
    from garden.publish.branches import Options, publish_branches  # noqa: PLC0415
    from garden.store import Store  # noqa: PLC0415
    from tests.githost.garden import NOON, quiet, run_over  # noqa: PLC0415

    store = Store(tmp_path / "store.sqlite")
    with base_of(team.root, team.settings) as base:
        run = run_over(base.folder, links("a-b"), store)
        paths = write_bodies(run, publish_branches(run, base, Options(store, quiet, NOON)), tmp_path / "bodies")
    assert {branch: path.name for branch, path in paths.items()} == {LINKS: "links-care.md"}
    assert paths[LINKS].read_text().startswith("# Link Care\n\nThese patterns belong together")
