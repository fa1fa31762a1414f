from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from garden import ledger, library
from garden.config import Settings
from garden.plan.decisions import Decision, Said, decision
from garden.publish.base import NoBase, UnreadableBase, base_name, base_of
from garden.publish.branches import Options, Published, publish_branches
from garden.publish.git import NoRepository, Repository
from garden.publish.message import ours, proposed_in
from garden.run import Request
from garden.store import Store
from garden.tend import tend
from garden.tools import Tools
from tests.githost.garden import (
    NOON,
    TODAY,
    Checkout,
    Proposing,
    both,
    library_in_git,
    link,
    links,
    quiet,
    run_over,
    stale,
)

LINKS = "graph-garden/links-care"


@pytest.fixture
def repo(tmp_path: Path) -> Checkout:
    return library_in_git(tmp_path / "repo")


def publish(
    repo: Checkout,
    proposing: Proposing,
    inside: str = "lib",
    decisions: Sequence[Decision] = (),
    publish: Mapping[str, object] | None = None,
) -> Published:
    store = Store(repo.folder.parent / "store.sqlite")
    settings = Settings.model_validate({"publish": publish or {}})
    with base_of(repo.folder / inside, settings, decisions) as base:
        run = run_over(base.folder, proposing, store, settings)
        return publish_branches(run, base, Options(store, quiet, NOON))


def outcomes(published: Published) -> list[tuple[str, str]]:
    return [(branch.name, branch.outcome) for branch in published.branches]


def test_a_report_that_was_committed_with_the_library_is_no_pattern_there_either(repo: Checkout) -> None:
    for name in ("plan.json", "changes.patch", "report.md", "branches/links-care.md"):
        repo.write(f"lib/reports/first/{name}", "A report.\n")
    repo.write("lib/reports/report.md", "---\nslug: on-reports\n---\nOn reports.\n")
    repo.commit("With a report")
    with base_of(repo.folder / "lib", Settings()) as base:
        shelf = library.read(base.folder, Settings(), Store(repo.folder.parent / "store.sqlite"), quiet)
    assert (shelf.problems, len(shelf.patterns)) == ((), 9)


def test_each_topic_is_a_branch_with_one_commit_from_the_base(repo: Checkout) -> None:
    published = publish(repo, both(links("a-b"), stale("g", "h")))
    assert outcomes(published) == [("graph-garden/tidy-trust", "created"), (LINKS, "created")]
    assert repo.git("rev-list", "--count", f"main..{LINKS}") == "1"
    assert repo.git("rev-parse", f"{LINKS}^") == repo.git("rev-parse", "main")
    changed = repo.git("diff", "--stat=200", "main", LINKS).splitlines()
    assert [line.split("|")[0].strip() for line in changed[:-1]] == ["lib/a.md", "lib/b.md"]


def test_the_diff_is_the_plans_own(repo: Checkout) -> None:
    publish(repo, links("a-b"))
    text = repo.show(LINKS, "lib/a.md")
    assert "  last_pruned: 2026-11-22\n" in text
    assert "    - target: b\n      type: complementary\n      confidence: 0.8\n" in text
    told = "1\t0\tlib/.garden/.gitattributes"
    assert repo.git("diff", "--numstat", "main", LINKS) == f"{told}\n6\t2\tlib/a.md\n6\t2\tlib/b.md"


def test_a_commit_says_why_and_which_and_proves_to_be_ours(repo: Checkout) -> None:
    publish(repo, links("a-b"))
    commit = Repository(repo.folder).commits("main..", LINKS)[0]
    assert commit.message.startswith("Link Care\n\nThese patterns belong together")
    assert "- a: a and b speak of one thing." in commit.message
    assert commit.who == "Graph Garden <graph-garden@localhost>"
    assert commit.when == "2026-11-22T12:00:00Z"
    said = ours(commit)
    assert said is not None
    assert [one.proposal for one in said.proposed] == [link("a", "b").id, link("b", "a").id]
    assert said.proposed[0].signals == {"lexical": 1.5, "meaning": 0.5}
    assert [end.slug for end in said.proposed[0].ends] == ["a", "b"]
    assert repo.git("log", "-1", "--format=%(trailers:key=Graph-Garden-Run,valueonly)", LINKS).strip() == commit_run(
        said
    )


def commit_run(said: object) -> str:
    return said.run  # type: ignore[attr-defined, no-any-return]


def test_running_again_changes_nothing(repo: Checkout) -> None:
    publish(repo, links("a-b"))
    before = repo.git("for-each-ref")
    assert outcomes(publish(repo, links("a-b"))) == [(LINKS, "unchanged")]
    assert repo.git("for-each-ref") == before


def test_the_users_work_tree_and_index_stay_as_they_are(repo: Checkout) -> None:
    repo.edit("lib/a.md", "is a thing", "is one thing")
    repo.edit("lib/b.md", "is a thing", "is one thing")
    repo.git("add", "lib/b.md")
    repo.write("lib/new.md", "not yet committed\n")
    index = (repo.folder / ".git/index").read_bytes()
    status = repo.git("status", "--porcelain=v2", "--branch")
    publish(repo, links("a-b"))
    assert repo.git("status", "--porcelain=v2", "--branch") == status
    repo.git("update-index", "-q", "--refresh")
    assert (repo.folder / ".git/index").read_bytes() == index
    assert "is a thing" in repo.show(LINKS, "lib/a.md")
    assert "new.md" not in repo.git("ls-tree", "-r", LINKS)


@pytest.mark.parametrize("inside", ["", "lib", "deep/er lib"])
def test_the_library_may_be_any_folder_of_the_repository(tmp_path: Path, inside: str) -> None:
    repo = library_in_git(tmp_path / "repo", inside=inside or ".")
    publish(repo, links("a-b"), inside=inside)
    assert "target: b" in repo.show(LINKS, f"{inside}/a.md".lstrip("/"))


def test_a_detached_head_is_a_base(repo: Checkout) -> None:
    repo.git("checkout", "-q", "--detach")
    assert outcomes(publish(repo, links("a-b"))) == [(LINKS, "created")]


def test_another_base_can_be_named(repo: Checkout) -> None:
    repo.git("checkout", "-qb", "next")
    repo.edit("lib/a.md", "is a thing", "is the next thing")
    repo.commit("Go on")
    repo.git("checkout", "-q", "main")
    publish(repo, links("a-b"), publish={"base": "next"})
    assert "the next thing" in repo.show(LINKS, "lib/a.md")


def cloned(repo: Checkout) -> tuple[Checkout, Checkout]:
    """A bare remote with the library, and a clone of it."""
    remote, clone = repo.folder.with_name("remote.git"), repo.folder.with_name("clone")
    repo.git("clone", "-q", "--bare", str(repo.folder), str(remote))
    repo.git("clone", "-q", str(remote), str(clone))
    return Checkout(remote), Checkout(clone)


def test_a_main_branch_that_the_remote_has_renamed_is_the_base(repo: Checkout) -> None:
    remote, clone = cloned(repo)
    remote.git("branch", "-q", "-m", "main", "trunk")
    assert clone.git("symbolic-ref", "refs/remotes/origin/HEAD") == "refs/remotes/origin/main"
    with base_of(clone.folder / "lib", Settings(), remote="origin") as base:
        assert (base.name, base.commit) == ("trunk", remote.git("rev-parse", "trunk"))


def test_out_of_the_remotes_reach_its_main_branch_is_what_git_remembers(repo: Checkout) -> None:
    _, clone = cloned(repo)
    clone.git("checkout", "-q", "-b", "mine")
    clone.git("remote", "set-url", "origin", str(repo.folder.with_name("gone.git")))
    assert base_name(Repository(clone.folder), Settings().publish, "origin") == "main"


def test_a_base_that_is_not_there_is_named(repo: Checkout) -> None:
    with pytest.raises(NoBase, match="base branch 'nope'"):
        publish(repo, links("a-b"), publish={"base": "nope"})


def test_a_branch_under_review_that_is_checked_out_is_no_base(repo: Checkout) -> None:
    publish(repo, links("a-b"))
    repo.git("checkout", "-q", LINKS)
    before = repo.git("for-each-ref")
    with pytest.raises(NoBase, match=f"'{LINKS}'.* switch back to your own branch, or name one in publish.base"):
        publish(repo, both(links("a-b"), stale("g")))
    assert repo.git("for-each-ref") == before
    published = publish(repo, both(links("a-b"), stale("g")), publish={"base": "main"})
    assert outcomes(published) == [(LINKS, "unchanged"), ("graph-garden/tidy-trust", "created")]


def test_a_repository_without_a_commit_has_no_base(tmp_path: Path) -> None:
    Checkout(tmp_path).git("init", "-q")
    with pytest.raises(NoBase, match="no commit yet"), base_of(tmp_path, Settings()):
        pass


def test_a_library_that_is_not_committed_yet_has_no_base(repo: Checkout) -> None:
    repo.write("new/a.md", "---\ntitle: A\n---\nWords.\n")
    says = "'main': it holds no pattern of this library yet; commit the library, or name one in publish.base"
    with pytest.raises(NoBase, match=says), base_of(repo.folder / "new", Settings()):
        pass


@pytest.mark.parametrize(("remote", "name"), [("", "main"), ("origin", "origin/main")])
def test_a_base_of_which_nothing_can_be_read_goes_by_its_name_in_git(
    repo: Checkout, fake_encoder, remote: str, name: str
) -> None:
    repo.write("new/a.md", "---\ntitle: [\n---\nWords.\n")
    repo.commit("Not yet right")
    _, clone = cloned(repo)
    clone.write("new/a.md", "---\ntitle: A\n---\nWords.\n")
    tools = Tools(fake_encoder, Store(repo.folder.parent / "store.sqlite"), lambda: 0.0, quiet)
    with pytest.raises(UnreadableBase) as caught, base_of(clone.folder / "new", Settings(), (), remote) as base:
        tend(Request(base.folder, Settings(), TODAY), tools)
    assert str(caught.value) == (
        f"the library on {name}: its one file could not be read; garden check says why where {name} is checked out"
    )


def test_a_folder_outside_git_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoRepository, match="not in a git repository"), base_of(tmp_path, Settings()):
        pass


def test_modes_and_odd_bytes_are_kept(repo: Checkout) -> None:
    path = repo.folder / "lib/a.md"
    path.write_bytes("\ufeff".encode() + path.read_bytes().replace(b"\n", b"\r\n").rstrip(b"\r\n"))
    path.chmod(0o755)
    repo.commit("Windows was here")
    publish(repo, links("a-b"))
    raw = Repository(repo.folder).run("show", f"{LINKS}:lib/a.md")
    assert raw.startswith("\ufeff---\r\n".encode())
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert not raw.endswith(b"\n")
    assert repo.git("ls-tree", LINKS, "lib/a.md").startswith("100755")


def test_filters_of_the_repository_do_not_change_the_bytes(repo: Checkout) -> None:
    repo.git("config", "core.autocrlf", "true")
    publish(repo, links("a-b"))
    assert b"\r" not in Repository(repo.folder).run("show", f"{LINKS}:lib/a.md")


def test_new_proposals_come_on_top_of_ours(repo: Checkout) -> None:
    publish(repo, links("a-b"))
    before = repo.git("rev-parse", LINKS)
    assert outcomes(publish(repo, links("a-b", "c-d"))) == [(LINKS, "updated")]
    assert repo.git("rev-parse", f"{LINKS}^") == before
    assert "target: d" in repo.show(LINKS, "lib/c.md")


def test_a_proposal_that_is_withdrawn_leaves_the_branch(repo: Checkout) -> None:
    publish(repo, links("a-b", "c-d"))
    publish(repo, links("c-d"))
    assert repo.git("diff", "--name-only", "main", LINKS, "--", "lib/*.md") == "lib/c.md\nlib/d.md"


def test_a_branch_of_ours_follows_its_base(repo: Checkout) -> None:
    publish(repo, links("a-b"))
    before = repo.git("rev-parse", LINKS)
    repo.edit("lib/a.md", "is a thing", "is the thing")
    repo.commit("Say it better")
    assert outcomes(publish(repo, links("a-b"))) == [(LINKS, "updated")]
    assert repo.git("log", "-1", "--format=%P", LINKS).split() == [before, repo.git("rev-parse", "main")]
    assert repo.git("diff", "--name-only", "main", LINKS, "--", "lib/*.md") == "lib/a.md\nlib/b.md"


def test_a_merged_topic_begins_anew(repo: Checkout) -> None:
    publish(repo, links("a-b"))
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", LINKS)
    assert outcomes(publish(repo, links("a-b", "c-d"))) == [(LINKS, "created")]
    assert repo.git("diff", "--name-only", "main", LINKS, "--", "lib/*.md") == "lib/c.md\nlib/d.md"
    assert repo.git("rev-parse", f"{LINKS}^") == repo.git("rev-parse", "main")


def test_a_squashed_topic_can_be_taken_up_again(repo: Checkout) -> None:
    publish(repo, links("a-b"))
    repo.git("merge", "-q", "--squash", LINKS)
    repo.commit("Link Care (#1)")
    assert publish(repo, links("a-b")).branches == ()
    assert outcomes(publish(repo, links("a-b", "c-d"))) == [(LINKS, "updated")]
    assert repo.git("diff", "--name-only", f"main...{LINKS}") == "lib/c.md\nlib/d.md"


def reviewer_commits(repo: Checkout, path: str, old: str, new: str) -> str:
    repo.git("checkout", "-q", LINKS)
    repo.edit(path, old, new)
    sha = repo.commit("A reviewer's change")
    repo.git("checkout", "-q", "main")
    return sha


def test_ours_goes_on_top_of_a_reviewers_commit(repo: Checkout) -> None:
    publish(repo, links("a-b"))
    theirs = reviewer_commits(repo, "lib/a.md", "a and b speak of one thing.", "A is what B rests on.")
    assert outcomes(publish(repo, links("a-b", "c-d"))) == [(LINKS, "updated")]
    assert "A is what B rests on." in repo.show(LINKS, "lib/a.md")
    assert "target: d" in repo.show(LINKS, "lib/c.md")
    assert repo.git("merge-base", "--is-ancestor", theirs, LINKS) == ""
    assert outcomes(publish(repo, links("a-b", "c-d"))) == [(LINKS, "unchanged")]


def test_a_second_update_over_a_reviewers_commit_keeps_it_too(repo: Checkout) -> None:
    publish(repo, links("a-b"))
    reviewer_commits(repo, "lib/a.md", "a and b speak of one thing.", "A is what B rests on.")
    publish(repo, links("a-b", "c-d"))
    reviewer_commits(repo, "lib/c.md", "c and d speak of one thing.", "C is what D rests on.")
    assert outcomes(publish(repo, links("a-b", "c-d", "a-d"))) == [(LINKS, "updated")]
    assert "A is what B rests on." in repo.show(LINKS, "lib/a.md")
    assert "C is what D rests on." in repo.show(LINKS, "lib/c.md")
    assert "target: d" in repo.show(LINKS, "lib/a.md")


def test_a_reviewers_commit_alone_is_no_reason_to_move(repo: Checkout) -> None:
    publish(repo, links("a-b"))
    theirs = reviewer_commits(repo, "lib/a.md", "is a thing", "is a fine thing")
    assert outcomes(publish(repo, links("a-b"))) == [(LINKS, "unchanged")]
    assert repo.git("rev-parse", LINKS) == theirs


def test_where_ours_would_conflict_the_branch_is_left(repo: Checkout) -> None:
    publish(repo, links("a-b"))
    theirs = reviewer_commits(repo, "lib/a.md", "      reason: a and b speak of one thing.\n", "      reason: Mine.\n")
    published = publish(repo, links("a-c"))
    assert outcomes(published) == [(LINKS, "left")]
    assert published.branches[0].note == "others have changed the same lines"
    assert repo.git("rev-parse", LINKS) == theirs


def test_with_others_commits_a_moved_base_leaves_the_branch(repo: Checkout) -> None:
    publish(repo, links("a-b"))
    theirs = reviewer_commits(repo, "lib/a.md", "is a thing", "is a fine thing")
    repo.edit("lib/h.md", "is a thing", "is the thing")
    repo.commit("Go on")
    assert outcomes(publish(repo, links("a-b"))) == [(LINKS, "unchanged")]
    assert outcomes(publish(repo, links("a-b", "c-d"))) == [(LINKS, "left")]
    assert repo.git("rev-parse", LINKS) == theirs


@pytest.mark.parametrize("what", ["amended", "rebased"])
def test_a_commit_of_ours_that_a_reviewer_rewrote_is_theirs(repo: Checkout, what: str) -> None:
    publish(repo, links("a-b"))
    if what == "rebased":
        repo.edit("lib/h.md", "is a thing", "is the thing")
        repo.commit("Go on")
    repo.git("checkout", "-q", LINKS)
    if what == "amended":
        repo.edit("lib/a.md", "confidence: 0.8", "confidence: 0.7")
        repo.git("commit", "-qa", "--amend", "--no-edit")
    else:
        repo.git("rebase", "-q", "main")
    theirs = repo.git("rev-parse", LINKS)
    repo.git("checkout", "-q", "main")
    assert [branch.outcome for branch in publish(repo, links("a-b", "c-d")).branches] == ["left"]
    assert repo.git("rev-parse", LINKS) == theirs


def test_a_branch_from_before_the_base_began_anew_is_left(repo: Checkout) -> None:
    old = publish(repo, links("a-b")).branches[0].commit
    repo.git("checkout", "-q", "--orphan", "fresh")
    repo.commit("Begin again")
    repo.git("branch", "-q", "-M", "main")
    done = publish(repo, links("a-b", "c-d"))
    assert [(branch.outcome, "delete the branch" in branch.note) for branch in done.branches] == [("left", True)]
    assert repo.git("rev-parse", LINKS) == old


def test_a_branch_that_is_checked_out_is_left(repo: Checkout) -> None:
    publish(repo, links("a-b"))
    repo.git("worktree", "add", "-q", str(repo.folder.parent / "other"), LINKS)
    published = publish(repo, links("a-b", "c-d"))
    assert outcomes(published) == [(LINKS, "left")]
    assert "is checked out" in published.branches[0].note


def test_what_waits_is_counted_and_comes_next(repo: Checkout) -> None:
    published = publish(repo, both(stale("a"), links("a-b")), publish={"open": 1})
    assert outcomes(published) == [("graph-garden/tidy-care", "created")]
    assert published.waiting == 2


def test_a_branch_under_review_is_not_pushed_aside(repo: Checkout) -> None:
    publish(repo, links("a-b"), publish={"open": 1})
    published = publish(repo, both(stale("c"), links("a-b")), publish={"open": 1})
    assert outcomes(published) == [(LINKS, "unchanged")]


def test_a_branch_with_nothing_left_to_do_is_told(repo: Checkout) -> None:
    publish(repo, links("a-b"))
    published = publish(repo, links())
    assert [topic.branch for topic in published.spent] == [LINKS]


def test_decisions_travel_with_one_branch(repo: Checkout) -> None:
    said = decision(link("e", "f"), "rejected", {}, Said("ann", f"{TODAY}T12:00:00Z", "terminal"))
    proposing = both(links("a-b"), stale("g"))
    for _ in range(2):
        published = publish(repo, proposing, decisions=[said])
        carrying = [b.name for b in published.branches if ledger.LEDGER in repo.git("ls-tree", "-r", b.name)]
        assert carrying == ["graph-garden/tidy-trust"]
    read = ledger.parse(repo.show("graph-garden/tidy-trust", f"lib/{ledger.LEDGER}").encode())
    assert read.decisions == (said,)
    assert not (repo.folder / "lib/.garden").exists()


def test_decisions_of_the_work_tree_travel_too(repo: Checkout) -> None:
    ledger.add(repo.folder / "lib", [decision(link("e", "f"), "rejected", {}, Said("ann", TODAY, "terminal"))])
    publish(repo, links("a-b"))
    assert len(ledger.parse(repo.show(LINKS, f"lib/{ledger.LEDGER}").encode()).decisions) == 1
    assert "merge=union" in repo.show(LINKS, f"lib/{ledger.ATTRIBUTES}")


def test_the_callers_git_surroundings_do_not_lead_astray(repo: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    assert Repository.of(repo.folder / "lib").folder == repo.folder


@pytest.mark.parametrize("squashed", ["* {}", "{}\n\nCo-authored-by: Ann", "Squashed (#3)\n\n    {}"])
def test_proposals_are_found_in_a_squashed_message(repo: Checkout, squashed: str) -> None:
    publish(repo, links("a-b"))
    message = Repository(repo.folder).commits("main..", LINKS)[0].message
    assert len(proposed_in(squashed.format(message.replace("\n", "\n    ")))) == 2


@pytest.mark.parametrize("newest_first", [True, False])
def test_of_squashed_messages_on_one_topic_those_of_the_newest_day_count(repo: Checkout, newest_first: bool) -> None:
    publish(repo, links("a-b", "c-d"))
    old = Repository(repo.folder).commits("main..", LINKS)[0].message
    publish(repo, links("a-b"))
    new = Repository(repo.folder).commits("main..", LINKS)[0].message.replace("2026-11-22", "2026-11-29")
    text = "\n\n".join([new, old] if newest_first else [old, new])
    assert [one.proposal for one in proposed_in(f"Link Care (#3)\n\n{text}")] == [link("a", "b").id, link("b", "a").id]


def test_a_trailer_that_was_cut_short_is_passed_over() -> None:
    assert proposed_in('Graph-Garden-Proposal: 0123456789ab {"kind":"add_l') == ()
