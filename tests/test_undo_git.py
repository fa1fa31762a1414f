"""Taking back what was merged from a branch, in a clone that did not write it."""

from pathlib import Path

import pytest

from garden import ledger
from garden.config import Settings
from garden.models import Proposal
from garden.plan.decisions import Said
from garden.publish.base import base_of
from garden.publish.branches import Options, publish_branches
from garden.store import Store
from garden.undo import NothingToUndo, Undone, undo
from tests.githost.garden import (
    NOON,
    Checkout,
    Proposing,
    both,
    library_in_git,
    link,
    links,
    means,
    quiet,
    run_over,
    stale,
)

LINKS, TIDY = "graph-garden/links-care", "graph-garden/tidy-trust"
RUN = "2026-11-22-12345678"
SAID = Said(who="ann", when="2026-11-30T09:00:00Z", where="undo")
ALL = both(links("a-b", "b-c", "c-d"), stale("g", "h"))


def bring(repo: Checkout, branch: str, how: str) -> None:
    """Brings a branch into main in one of the ways that hosts offer."""
    if how == "squashed":
        message = repo.git("log", "-1", "--format=%B", branch)
        repo.git("merge", "-q", "--squash", branch)
        repo.commit(f"Link Care (#7)\n\n{message}")
    elif how == "rebased":
        repo.git("cherry-pick", branch)
    else:
        repo.git("merge", "-q", "--no-ff", "-m", "Merge", branch)


def publish(repo: Checkout, proposing: Proposing) -> list[Proposal]:
    store = Store(repo.folder.parent / "store.sqlite")
    with base_of(repo.folder / "lib", Settings()) as base:
        run = run_over(base.folder, proposing, store)
        publish_branches(run, base, Options(store, quiet, NOON))
        return list(run.plan.proposals)


def merged(folder: Path, proposing: Proposing, how: str = "merged") -> Checkout:
    """A fresh clone of a repository into which everything was merged, and whose branches are gone."""
    repo = library_in_git(folder / "repo")
    publish(repo, proposing)
    for branch in (name for name in (LINKS, TIDY) if repo.git("branch", "--list", name)):
        bring(repo, branch, how)
        repo.git("branch", "-q", "-D", branch)
    repo.git("clone", "-q", str(repo.folder), str(folder / "clone"))
    return Checkout(folder / "clone")


def test_a_clone_without_its_history_says_how_to_get_it(tmp_path: Path) -> None:
    repo = library_in_git(tmp_path / "repo")
    publish(repo, links("a-b"))
    repo.git("merge", "-q", "--ff-only", LINKS)
    repo.git("clone", "-q", "--depth", "1", f"file://{repo.folder}", str(tmp_path / "clone"))
    clone = Checkout(tmp_path / "clone")
    with pytest.raises(NothingToUndo, match="git fetch --unshallow brings the rest"):
        take_back(clone, RUN)
    clone.git("fetch", "-q", "--unshallow")
    assert len(take_back(clone, RUN).proposals) == 2


def texts(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(root.glob("*.md"))}


def take_back(clone: Checkout, what: str) -> Undone:
    return undo(clone.folder / "lib", what, SAID, means(clone.folder.parent))


@pytest.mark.parametrize("how", ["merged", "squashed", "rebased"])
def test_a_merged_run_is_taken_back_in_a_fresh_clone_to_the_byte(tmp_path: Path, how: str) -> None:
    clone = merged(tmp_path, ALL, how)
    done = take_back(clone, RUN)
    assert texts(clone.folder / "lib") == texts(library_in_git(tmp_path / "before").folder / "lib")
    assert (len(done.proposals), done.problems) == (8, ())
    assert ledger.read(clone.folder / "lib").decisions == ()


@pytest.mark.parametrize(
    ("how", "place"), [*(("merged", place) for place in range(8)), ("squashed", 0), ("squashed", 7)]
)
def test_one_proposal_taken_back_leaves_what_the_others_alone_would_have_made(
    tmp_path: Path, how: str, place: int
) -> None:
    clone = merged(tmp_path, ALL, how)
    proposals = publish(library_in_git(tmp_path / "other"), ALL)
    gone = {p.id for p in proposals if p.group == proposals[place].group}
    others = merged(tmp_path / "others", lambda patterns: [p for p in ALL(patterns) if p.id not in gone])
    assert set(take_back(clone, proposals[place].id).proposals) == gone
    assert texts(clone.folder / "lib") == texts(others.folder / "lib")
    assert {d.proposal for d in ledger.read(clone.folder / "lib").decisions} == gone


def test_what_was_taken_back_once_cannot_be_again_and_the_rest_can(tmp_path: Path) -> None:
    clone = merged(tmp_path, ALL)
    one = link("a", "b").id
    take_back(clone, one)
    with pytest.raises(NothingToUndo, match="taken back already"):
        take_back(clone, one)
    assert len(take_back(clone, RUN).proposals) == 6
    with pytest.raises(NothingToUndo, match="this run has been taken back already"):
        take_back(clone, RUN)


def test_later_edits_and_a_reviewers_own_stay(tmp_path: Path) -> None:
    repo = library_in_git(tmp_path / "repo")
    publish(repo, links("a-b", "c-d"))
    repo.git("checkout", "-q", LINKS)
    repo.edit("lib/c.md", "c and d speak of one thing.", "C rests on D.")
    repo.commit("Mine")
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", LINKS)
    repo.edit("lib/a.md", "A is a thing that people do.", "A is what people do.")
    repo.commit("Later")
    done = take_back(repo, RUN)
    assert "C rests on D." in repo.read("lib/c.md")
    assert [problem.path for problem in done.problems] == ["c.md"]
    assert "changed by someone since" in done.problems[0].message
    assert "A is what people do." in repo.read("lib/a.md")
    assert "target: b" not in repo.read("lib/a.md")
    assert link("a", "b").id in done.proposals


def test_a_branch_that_is_not_merged_is_not_there_to_take_back(tmp_path: Path) -> None:
    repo = library_in_git(tmp_path / "repo")
    publish(repo, ALL)
    with pytest.raises(NothingToUndo, match=r"merged from a branch of ours has this id; written here: none"):
        take_back(repo, RUN)
