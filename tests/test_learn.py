from pathlib import Path

import pytest

from garden import aftermath, ledger, library, records
from garden.config import Settings
from garden.learn import Learned, Lesson, learn, remember
from garden.models import Pattern, Proposal
from garden.plan.decisions import Said, decision, in_time, withheld
from garden.plan.identity import proposal_id
from garden.publish.base import NoBase, base_of
from garden.publish.branches import Options, publish_branches
from garden.records import Record, file_records
from garden.store import Store
from garden.undo import undo
from tests.githost.garden import (
    NOON,
    TODAY,
    Checkout,
    Proposing,
    both,
    library_in_git,
    link,
    links,
    means,
    pattern_text,
    quiet,
    run_over,
    stale,
)

LINKS = "graph-garden/links-care"
AB, BA = link("a", "b").id, link("b", "a").id
NOW = "2026-11-30T09:00:00Z"
ITEM = """    - target: {target}
      type: complementary
      confidence: 0.8
      reason: {owner} and {target} speak of one thing.
"""


@pytest.fixture
def repo(tmp_path: Path) -> Checkout:
    repo = library_in_git(tmp_path / "repo")
    store = Store(tmp_path / "store.sqlite")
    with base_of(repo.folder / "lib", Settings()) as base:
        run = run_over(base.folder, both(links("a-b", "c-d"), stale("g")), store)
        publish_branches(run, base, Options(store, quiet, NOON))
    return repo


def told(root: Path, day: str = NOW[:10], *, pushed: bool = False) -> Learned:
    settings = Settings()
    store = Store(root.parent / "learning.sqlite")
    shelf = library.read(root, settings, store, quiet)
    return learn(Lesson(root, settings, shelf.patterns, f"{day}T09:00:00Z", pushed=pushed))


def verdicts(repo: Checkout) -> dict[str, str]:
    return {d.proposal: d.verdict for d in in_time(told(repo.folder / "lib").ledger.decisions)}


def test_looking_at_a_branch_is_not_merging_it(repo: Checkout) -> None:
    repo.git("checkout", "-q", LINKS)
    with pytest.raises(NoBase, match=f"'{LINKS}'.* switch back to your own branch"):
        told(repo.folder / "lib")


ALL = {AB: "accepted", BA: "accepted", link("c", "d").id: "accepted", link("d", "c").id: "accepted"}


def test_a_branch_that_is_not_merged_teaches_nothing(repo: Checkout) -> None:
    assert verdicts(repo) == {}


@pytest.mark.parametrize("how", [["--no-ff", "-m", "Merge"], ["--ff-only"]])
def test_what_was_merged_as_proposed_is_accepted(repo: Checkout, how: list[str]) -> None:
    repo.git("merge", "-q", *how, LINKS)
    assert verdicts(repo) == ALL


def test_a_squashed_merge_is_known_by_its_message(repo: Checkout) -> None:
    message = repo.git("log", "-1", "--format=%B", LINKS)
    repo.git("merge", "-q", "--squash", LINKS)
    repo.git("branch", "-q", "-D", LINKS)
    repo.edit("lib/a.md", ITEM.format(owner="a", target="b"), "    # none\n")
    repo.edit("lib/a.md", "  inferred_links:\n    # none\n", "  inferred_links: []\n")
    repo.edit("lib/c.md", "type: complementary", "type: requires")
    repo.commit(f"Link Care (#7)\n\n{message}")
    assert verdicts(repo) == {**ALL, AB: "rejected", link("c", "d").id: "edited"}


def test_what_the_reviewer_changed_on_the_branch_is_seen_in_the_merge(repo: Checkout) -> None:
    repo.git("checkout", "-q", LINKS)
    repo.edit("lib/a.md", "a and b speak of one thing.", "A rests on B.")
    repo.edit("lib/c.md", "  inferred_links:\n" + ITEM.format(owner="c", target="d"), "  inferred_links: []\n")
    repo.commit("Mine")
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", LINKS)
    assert verdicts(repo) == {**ALL, AB: "edited", link("c", "d").id: "rejected"}


OUT = "  inferred_links:\n" + ITEM.format(owner="a", target="b")


@pytest.mark.parametrize("how", ["amended", "rebased", "squashed into one"])
def test_what_was_taken_out_of_a_branch_that_was_rewritten_is_rejected(repo: Checkout, how: str) -> None:
    if how == "rebased":
        repo.edit("lib/h.md", "is a thing", "is the thing")
        repo.commit("Go on")
    repo.git("checkout", "-q", LINKS)
    if how == "rebased":
        repo.git("rebase", "-q", "main")
    repo.edit("lib/a.md", OUT, "  inferred_links: []\n")
    repo.edit("lib/c.md", "type: complementary", "type: requires")
    if how == "amended":
        repo.git("commit", "-q", "-a", "--amend", "--no-edit")
    else:
        repo.commit("Mine")
    if how == "squashed into one":
        message = repo.git("log", "-2", "--reverse", "--format=%B")
        repo.git("reset", "-q", "--soft", "HEAD~2")
        repo.commit(f"Links\n\n{message}")
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", LINKS)
    assert verdicts(repo) == {**ALL, AB: "rejected", link("c", "d").id: "edited"}


def test_a_rewritten_branch_that_says_nothing_of_proposals_teaches_nothing(repo: Checkout) -> None:
    repo.git("checkout", "-q", LINKS)
    repo.edit("lib/a.md", OUT, "  inferred_links: []\n")
    repo.git("commit", "-q", "-a", "--amend", "-m", "Links, but one")
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", LINKS)
    assert verdicts(repo) == {}


def test_what_the_base_had_before_a_rewritten_branch_came_is_no_no(repo: Checkout) -> None:
    repo.git("checkout", "-q", LINKS)
    mine = repo.read("lib/a.md")
    repo.edit("lib/d.md", "d and c speak of one thing.", "D rests on C.")
    repo.git("commit", "-q", "-a", "--amend", "--no-edit")
    repo.git("checkout", "-q", "main")
    repo.write("lib/a.md", mine.replace("is a thing", "is one thing"))
    repo.commit("A person wants this one")
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", LINKS)
    assert verdicts(repo) == ALL


def squash(repo: Checkout, message: str = "Links that I like") -> None:
    repo.git("merge", "-q", "--squash", LINKS)
    repo.commit(message)


def test_a_squashed_merge_that_says_nothing_is_known_by_what_it_brought(repo: Checkout) -> None:
    repo.write("elsewhere.md", "Elsewhere.\n")
    repo.commit("Go on")
    squash(repo)
    assert verdicts(repo) == ALL
    repo.write("elsewhere.md", "Elsewhere again.\n")
    sha = repo.git("rev-parse", "HEAD")
    repo.commit("Go on")
    assert {one.where for one in told(repo.folder / "lib").new} == {f"commit {sha[:12]}"}
    remember(repo.folder / "lib", told(repo.folder / "lib"))
    assert told(repo.folder / "lib").new == ()


def test_what_a_squashed_merge_lacks_is_not_guessed_to_be_turned_down(repo: Checkout) -> None:
    repo.git("merge", "-q", "--squash", LINKS)
    repo.edit("lib/a.md", OUT, "  inferred_links: []\n")
    repo.edit("lib/c.md", "type: complementary", "type: requires")
    repo.commit("Links that I like")
    assert verdicts(repo) == {BA: "accepted", link("d", "c").id: "accepted"}


def test_what_a_person_wrote_otherwise_is_not_taken_for_a_squashed_merge(repo: Checkout) -> None:
    repo.edit("lib/a.md", "is a thing", "is one thing")
    repo.edit("lib/a.md", "inferred_links: []", "inferred_links:\n" + ITEM.format(owner="A", target="b").rstrip("\n"))
    repo.commit("Mine")
    assert verdicts(repo) == {}


def test_a_branch_that_was_deleted_unmerged_teaches_nothing(repo: Checkout) -> None:
    repo.git("branch", "-q", "-D", LINKS)
    assert verdicts(repo) == {}


@pytest.fixture
def plain(repo: Checkout, tmp_path: Path) -> Checkout:
    """A clone of ``repo``, whose branches are at a remote without pull requests: the clone that the tool works in."""
    repo.git("checkout", "-q", "main")
    repo.git("clone", "-q", "--bare", str(repo.folder), str(tmp_path / "plain.git"))
    clone = Checkout(tmp_path / "clone")
    repo.git("clone", "-q", str(tmp_path / "plain.git"), str(clone.folder))
    return clone


@pytest.mark.parametrize("what", ["unmerged", "merged", "squashed"])
def test_of_a_branch_deleted_at_a_plain_remote_it_is_told_whether_it_was_merged(plain: Checkout, what: str) -> None:
    assert told(plain.folder / "lib", pushed=True).notes == ()
    if what != "unmerged":
        how = ["--squash"] if what == "squashed" else ["--no-ff", "-m", "Merge"]
        plain.git("merge", "-q", *how, f"origin/{LINKS}")
        if what == "squashed":
            plain.commit("Links that I like")
        plain.git("push", "-q", "origin", "main")
    # As another does it: in the clone that deletes a branch, git forgets it at once.
    plain.git("push", "-q", plain.git("remote", "get-url", "origin"), f":{LINKS}")
    learned = told(plain.folder / "lib", pushed=True)
    assert {one.proposal: one.verdict for one in learned.new} == ({} if what == "unmerged" else ALL)
    assert [note.partition(",")[0] for note in learned.notes] == [f"{LINKS} was deleted"] * (what == "unmerged")
    assert told(plain.folder / "lib", pushed=True).notes == ()


def test_clean_ups_are_learned_from_too(repo: Checkout) -> None:
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", "graph-garden/tidy-trust")
    assert list(verdicts(repo).values()) == ["accepted"]


def test_a_link_taken_out_by_hand_later_is_rejected_by_whoever_did_it(repo: Checkout) -> None:
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", LINKS)
    repo.edit("lib/a.md", "  inferred_links:\n" + ITEM.format(owner="a", target="b"), "  inferred_links: []\n")
    sha = repo.commit("Not for me")
    assert verdicts(repo) == {**ALL, AB: "rejected"}
    said = [d for d in told(repo.folder / "lib").new if d.verdict == "rejected"]
    assert [(d.who, d.where) for d in said] == [("Ann Reviewer <ann@example.org>", f"commit {sha[:12]}")]


def test_a_link_that_was_there_before_us_can_be_taken_out_by_hand_too(repo: Checkout) -> None:
    repo.edit("lib/e.md", "inferred_links: []", "inferred_links:\n" + ITEM.format(owner="e", target="f").rstrip("\n"))
    repo.commit("Long ago")
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", "graph-garden/tidy-trust")
    repo.edit("lib/e.md", "inferred_links:\n" + ITEM.format(owner="e", target="f").rstrip("\n"), "inferred_links: []")
    repo.commit("Not for me")
    assert verdicts(repo)[link("e", "f").id] == "rejected"


@pytest.mark.parametrize("how", ["reverted", "curated", "target gone"])
def test_not_every_link_that_goes_is_a_no(repo: Checkout, how: str) -> None:
    repo.git("merge", "-q", "--ff-only", LINKS)
    if how == "reverted":
        repo.git("revert", "--no-edit", "HEAD")
    elif how == "curated":
        repo.edit("lib/a.md", "  inferred_links:\n" + ITEM.format(owner="a", target="b"), "  inferred_links: []\n")
        repo.edit("lib/a.md", "requires: []", "requires: [{slug: b}]")
        repo.commit("A person says it now")
    else:
        repo.edit("lib/a.md", "  inferred_links:\n" + ITEM.format(owner="a", target="b"), "  inferred_links: []\n")
        repo.git("rm", "-q", "lib/b.md")
        repo.commit("B is no more")
    assert "rejected" not in verdicts(repo).values()


def rename(repo: Checkout, old: str, new: str) -> None:
    repo.git("mv", f"lib/{old}.md", f"lib/{new}.md")
    repo.edit(f"lib/{new}.md", f"slug: {old}\n", f"slug: {new}\n")


@pytest.mark.parametrize("where", [LINKS, "main"])
def test_a_pattern_renamed_with_the_link_to_it_in_one_commit_is_no_no(repo: Checkout, where: str) -> None:
    if where == "main":
        repo.git("merge", "-q", "--no-ff", "-m", "Merge", LINKS)
    else:
        repo.git("checkout", "-q", LINKS)
    rename(repo, "b", "new-b")
    repo.edit("lib/a.md", "- target: b\n", "- target: new-b\n")
    repo.commit("Rename")
    if where != "main":
        repo.git("checkout", "-q", "main")
        repo.git("merge", "-q", "--no-ff", "-m", "Merge", LINKS)
    assert verdicts(repo) == ALL


@pytest.mark.parametrize("where", [LINKS, "main"])
def test_a_pattern_renamed_while_our_line_stays_is_no_no(repo: Checkout, where: str) -> None:
    if where == "main":
        repo.git("merge", "-q", "--no-ff", "-m", "Merge", LINKS)
        rename(repo, "b", "new-b")
        repo.commit("Rename")
    else:
        rename(repo, "b", "new-b")
        repo.commit("Rename")
        repo.git("merge", "-q", "--no-ff", "-m", "Merge", LINKS)
    assert verdicts(repo) == ALL


@pytest.mark.parametrize("renamed", ["a", "b"])
def test_a_link_that_goes_as_one_of_its_ends_is_renamed_is_rejected(repo: Checkout, renamed: str) -> None:
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", LINKS)
    repo.edit("lib/a.md", "  inferred_links:\n" + ITEM.format(owner="a", target="b"), "  inferred_links: []\n")
    rename(repo, renamed, f"new-{renamed}")
    repo.commit("Rename, and take a link out")
    gone = [said for said in told(repo.folder / "lib").ledger.decisions if said.verdict == "rejected"]
    ends = ["new-a" if renamed == "a" else "a", "new-b" if renamed == "b" else "b"]
    assert [[end.slug for end in said.ends] for said in gone] == [ends]


def test_learning_twice_adds_nothing(repo: Checkout) -> None:
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", LINKS)
    root = repo.folder / "lib"
    first = told(root)
    remember(root, first)
    assert len(first.new) == 4
    assert told(root).new == ()
    before = (root / ledger.LEDGER).read_bytes()
    remember(root, told(root))
    assert (root / ledger.LEDGER).read_bytes() == before


def test_what_was_merged_is_not_proposed_and_what_was_taken_out_stays_away(repo: Checkout) -> None:
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", LINKS)
    repo.edit("lib/a.md", "  inferred_links:\n" + ITEM.format(owner="a", target="b"), "  inferred_links: []\n")
    repo.commit("Not for me")
    decisions = told(repo.folder / "lib").ledger.decisions
    shelf = library.read(repo.folder / "lib", Settings(), Store(repo.folder / "s.sqlite"), quiet)
    assert withheld([link("a", "b")], decisions, shelf.patterns, TODAY) == {AB}


def test_decisions_on_a_branch_and_in_the_base_are_known(repo: Checkout) -> None:
    said = decision(link("e", "f"), "rejected", {}, Said("ann", NOW, "pull request 3"))
    repo.git("checkout", "-q", LINKS)
    ledger.add(repo.folder / "lib", [said])
    repo.commit("Keep the ledger")
    repo.git("checkout", "-q", "main")
    assert told(repo.folder / "lib").ledger.decisions == (said,)


def cut_off(repo: Checkout, depth: int) -> Checkout:
    """A clone that knows the newest commits alone, as the checkouts of automatic runs do."""
    clone = repo.folder.parent / f"clone-{depth}"
    repo.git("clone", "-q", "--depth", str(depth), f"file://{repo.folder}", str(clone))
    return Checkout(clone)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_clone_without_its_history_teaches_nothing_and_says_how_to_get_it(repo: Checkout, depth: int) -> None:
    repo.git("merge", "-q", "--ff-only", LINKS)
    for number in range(depth - 1):
        repo.write(f"later-{number}.md", "Later.\n")
        repo.commit("Later")
    clone = cut_off(repo, depth)
    found = told(clone.folder / "lib")
    assert found.new == ()
    assert [note for note in found.notes if "git fetch --unshallow" in note] == list(found.notes) != []
    clone.git("fetch", "-q", "--unshallow")
    found = told(clone.folder / "lib")
    assert (len(found.new), found.notes) == (4, ())


@pytest.mark.parametrize("depth", [2, 3, 4, 5, 6])
def test_what_came_by_an_older_merge_is_not_told_of_a_later_one(repo: Checkout, depth: int) -> None:
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", LINKS)
    repo.git("checkout", "-q", "-b", "mine")
    repo.write("mine.md", "Mine.\n")
    repo.commit("Mine")
    repo.git("checkout", "-q", "main")
    repo.edit("lib/a.md", "a and b speak of one thing.", "A rests on B.")
    for number in range(5):
        repo.write(f"later-{number}.md", "Later.\n")
        repo.commit("Later")
    repo.git("merge", "-q", "--no-ff", "-m", "Merge mine", "mine")
    assert told(cut_off(repo, depth).folder / "lib").new == ()


@pytest.mark.parametrize("what", ["merged", "rebased"])
def test_after_the_history_was_rewritten_decisions_are_told_from_what_is_there(repo: Checkout, what: str) -> None:
    repo.git("checkout", "-q", LINKS)
    repo.edit("lib/a.md", "  inferred_links:\n" + ITEM.format(owner="a", target="b"), "  inferred_links: []\n")
    repo.commit("Not for me")
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", *(["--no-ff", "-m", "Merge"] if what == "merged" else ["--ff-only"]), LINKS)
    repo.git("filter-branch", "--env-filter", "export GIT_AUTHOR_NAME=Bob", "main")
    repo.git("update-ref", "-d", "refs/original/refs/heads/main")
    for branch in repo.git("branch", "--list", "--format=%(refname:short)", "graph-garden/*").splitlines():
        repo.git("branch", "-q", "-D", branch)
    repo.git("reflog", "expire", "--expire=now", "--all")
    repo.git("gc", "-q", "--prune=now")
    assert verdicts(repo) == {**ALL, AB: "rejected"}
    assert told(repo.folder / "lib").notes == ()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A library outside git."""
    root = tmp_path / "library"
    root.mkdir()
    for slug in "abc":
        (root / f"{slug}.md").write_text(pattern_text(slug))
    return root


def write(root: Path, proposing: Proposing, today: str = TODAY) -> None:
    """What a run that writes does."""
    done = run_over(root, proposing, Store(root.parent / "store.sqlite"), today=today)
    files = file_records(done.edits.edits, done.plan.proposals, root, Settings().read)
    # Two runs of one day that do not do the same have ids of their own.
    run = f"{today}-{len(records.runs(root)):08}"
    record = Record(run, today, done.request.settings, (), "", files)
    aftermath.keep(root, record, done.library.patterns)
    library.write(root, done.edits.edits, quiet)
    records.complete(root, record, ())


def unlinked(a: str, b: str) -> Proposing:
    """Proposes to take the link out again, at both ends."""

    def propose(patterns: tuple[Pattern, ...]) -> list[Proposal]:
        at = {(p.slug, one.target): item for p in patterns if p.section for item, one in enumerate(p.section.links)}
        return [
            link(*ends).model_copy(
                update={"id": proposal_id("remove_link", *ends), "kind": "remove_link", "evidence": {"item": at[ends]}}
            )
            for ends in ((a, b), (b, a))
        ]

    return propose


def take_out(root: Path) -> None:
    """The link from a to b goes by hand."""
    text = (root / "a.md").read_text()
    (root / "a.md").write_text(
        text.replace("inferred_links:\n" + ITEM.format(owner="a", target="b"), "inferred_links: []\n")
    )


def say_yes(root: Path, day: str, hour: int = 12) -> None:
    """The link from a to b is accepted, wherever that is."""
    said = Said("ann", f"{day}T{hour:02}:00:00Z", "pull request 1")
    shelf = library.read(root, Settings(), Store(root.parent / "store.sqlite"), quiet)
    ledger.add(root, [decision(link("a", "b"), "accepted", {one.slug: one for one in shelf.patterns}, said)])


def test_outside_git_a_link_that_went_by_hand_is_learned(root: Path) -> None:
    write(root, links("a-b"))
    assert told(root).new == ()
    take_out(root)
    assert [(d.proposal, d.verdict, d.where) for d in told(root).new] == [(AB, "rejected", "by hand")]


def test_a_link_that_was_accepted_again_can_go_by_hand_again(root: Path) -> None:
    write(root, links("a-b"), "2026-11-22")
    take_out(root)
    remember(root, told(root, "2026-11-23"))
    write(root, links("a-b"), "2026-11-24")
    say_yes(root, "2026-11-24")
    assert told(root, "2026-11-25").new == ()
    take_out(root)
    assert [d.verdict for d in told(root, "2026-11-25").new] == ["rejected"]


def test_a_link_that_goes_by_hand_on_the_day_of_its_yes_is_learned_as_said_after_it(root: Path) -> None:
    write(root, links("a-b"), "2026-11-22")
    say_yes(root, "2026-11-22")
    take_out(root)
    assert known_of(root, "2026-11-22") == [(AB, "accepted"), (AB, "rejected")]


@pytest.mark.parametrize("times", [2, 3])
def test_what_goes_by_hand_again_and_again_on_one_day_is_learned_each_time(root: Path, times: int) -> None:
    for hour in range(times):
        write(root, links("a-b"), "2026-11-22")
        if hour:
            say_yes(root, "2026-11-22", hour)
        take_out(root)
        remember(root, told(root, "2026-11-22"))
        assert known_of(root, "2026-11-22")[-1] == (AB, "rejected")
    assert len([one for one in known_of(root, "2026-11-23") if one[1] == "rejected"]) == times
    say_yes(root, "2026-11-22")
    assert told(root, "2026-11-23").new == ()


def test_what_another_clone_told_of_the_same_day_is_not_told_anew(root: Path) -> None:
    write(root, links("a-b"), "2026-11-22")
    take_out(root)
    (no,) = told(root, "2026-11-22").new
    ledger.add(root, [no.model_copy(update={"why": "taken out of what 2026-11-22-cafecafe wrote"})])
    say_yes(root, "2026-11-22")
    assert told(root, "2026-11-22").new == ()


def test_a_no_by_hand_rests_on_the_texts_that_were_there_when_the_link_went(root: Path) -> None:
    write(root, links("a-b"), "2026-11-22")
    for slug in "ab":
        text = (root / f"{slug}.md").read_text()
        (root / f"{slug}.md").write_text(f"{text}\nMuch more is said by now of rowing boats, oars and the tides.\n")
    take_out(root)
    shelf = library.read(root, Settings(), Store(root.parent / "store.sqlite"), quiet)
    known = aftermath.recalled(root, shelf.patterns, "2026-11-29").decisions
    assert withheld([link("a", "b")], known, shelf.patterns, "2026-11-29") == {AB}


def test_a_time_in_the_ledger_that_is_none_does_not_end_the_run(root: Path) -> None:
    write(root, links("a-b"))
    say_yes(root, "2026-11-22")
    path = root / ledger.LEDGER
    path.write_text(path.read_text().replace("2026-11-22T12:00:00Z", "at noon"))
    take_out(root)
    assert [(d.proposal, d.where) for d in told(root).new] == [(AB, "by hand")]


def known_of(root: Path, day: str) -> list[tuple[str, str]]:
    """What is known of the link from a to b, in the order of time."""
    shelf = library.read(root, Settings(), Store(root.parent / "store.sqlite"), quiet)
    known = in_time(aftermath.recalled(root, shelf.patterns, day).decisions)
    return [(one.proposal, one.verdict) for one in known if one.proposal == AB]


def test_a_run_that_was_discarded_says_nothing_of_its_links(root: Path) -> None:
    before = {path: path.read_bytes() for path in root.glob("*.md")}
    write(root, links("a-b"), "2026-11-22")
    for path, raw in before.items():
        path.write_bytes(raw)
    assert told(root, "2026-11-22").new == ()
    write(root, links("a-c"), "2026-11-23")
    assert told(root, "2026-11-29").new == ()
    assert len(records.runs(root)) == 2


def test_a_link_that_goes_by_hand_while_another_run_writes_is_learned(root: Path) -> None:
    write(root, links("a-b"), "2026-11-22")
    take_out(root)
    write(root, links("a-c"), "2026-11-29")
    assert [(d.proposal, d.where) for d in told(root, "2026-11-30").new] == [(AB, "by hand")]


def test_a_yes_to_what_went_by_hand_holds_though_it_is_still_missing(root: Path) -> None:
    write(root, links("a-b"), "2026-11-22")
    take_out(root)
    remember(root, told(root, "2026-11-23"))
    say_yes(root, "2026-11-24")
    assert told(root, "2026-11-25").new == ()


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("later", [False, True])
def test_a_second_run_of_one_day_that_was_discarded_says_nothing_of_its_links(
    root: Path, times: int, later: bool
) -> None:
    write(root, links("a-b"), "2026-11-22")
    before = {path: path.read_bytes() for path in root.glob("*.md")}
    for more in ("a-c", "b-c")[:times]:
        write(root, links("a-b", more), "2026-11-22")
    for path, raw in before.items():
        path.write_bytes(raw)
    if later:
        write(root, stale("a", "b", "c"), "2026-11-23")
    assert told(root, "2026-11-24").new == ()


def test_a_link_of_the_second_run_of_one_day_that_goes_by_hand_is_learned(root: Path) -> None:
    write(root, links("a-c"), "2026-11-22")
    write(root, links("a-b"), "2026-11-22")
    text = (root / "a.md").read_text()
    (root / "a.md").write_text(text.replace(ITEM.format(owner="a", target="c"), ""))
    assert [(d.ends[1].slug, d.verdict) for d in told(root, "2026-11-24").new] == [("c", "rejected")]


def test_what_we_took_out_ourselves_on_the_day_that_we_wrote_it_is_neither_put_back_nor_a_no(root: Path) -> None:
    write(root, links("a-c"), "2026-11-22")
    before = (root / "a.md").read_bytes()
    write(root, links("a-b"), "2026-11-22")
    write(root, unlinked("a", "b"), "2026-11-22")
    assert (root / "a.md").read_bytes() == before
    write(root, stale("a"), "2026-11-22")
    assert told(root, "2026-11-24").new == ()
    said = Said("ann", "2026-11-22T12:00:00Z", "undo")
    assert undo(root, "2026-11-22-00000002", said, means(root.parent)).paths == ("a.md", "b.md")
    assert told(root, "2026-11-24").new == ()
    without = (root / "a.md").read_text().replace(ITEM.format(owner="a", target="b"), "")
    (root / "a.md").write_text(without)
    assert [(d.proposal, d.verdict) for d in told(root, "2026-11-24").new] == [(AB, "rejected")]
