"""Decisions that are not committed, and the branches that they keep git from merging: told by git itself."""

import shutil
from pathlib import Path

import pytest

from garden import ledger
from garden.config import Settings
from garden.plan.decisions import Said, decision
from garden.publish.base import base_of
from garden.publish.branches import Options, publish_branches
from garden.publish.uncommitted import uncommitted
from garden.store import Store
from tests.githost.garden import NOON, Checkout, library_in_git, link, links, quiet, run_over

LINKS = "graph-garden/links-care"
SAID = Said("ann", "2026-11-20T09:00:00Z", "terminal")
NAMES = ".garden/.gitattributes and .garden/decisions.jsonl"
BOTH = (f"Commit {NAMES}: until then git refuses to merge or check out a branch that brings decisions",)


def publish(root: Path) -> None:
    store = Store(root.parent.parent / "store.sqlite")
    with base_of(root, Settings()) as base:
        publish_branches(run_over(base.folder, links("a-b"), store), base, Options(store, quiet, NOON))


@pytest.fixture
def repo(tmp_path: Path) -> Checkout:
    """A repository whose branch carries a decision that the work tree has and main has not."""
    repo = library_in_git(tmp_path / "repo")
    ledger.add(repo.folder / "lib", [decision(link("e", "f"), "rejected", {}, SAID)])
    publish(repo.folder / "lib")
    return repo


def told(repo: Checkout) -> tuple[str, ...]:
    return uncommitted(repo.folder / "lib", Settings())


def test_what_keeps_git_from_merging_is_named_until_it_is_committed(repo: Checkout) -> None:
    with pytest.raises(AssertionError, match=r"would be overwritten by merge"):
        repo.git("merge", "--no-ff", "-m", "Merge", LINKS)
    assert told(repo) == BOTH
    repo.commit("Decisions")
    assert told(repo) == ()
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", LINKS)
    assert ledger.read(repo.folder / "lib").decisions == (decision(link("e", "f"), "rejected", {}, SAID),)


def test_a_branch_that_is_at_the_remote_alone_counts_too(repo: Checkout) -> None:
    repo.git("update-ref", f"refs/remotes/origin/{LINKS}", LINKS)
    repo.git("branch", "-q", "-D", LINKS)
    assert told(repo) == BOTH


def test_where_no_branch_carries_decisions_nothing_is_said(repo: Checkout) -> None:
    repo.git("branch", "-q", "-D", LINKS)
    assert told(repo) == ()


def test_what_git_is_told_to_ignore_is_not_asked_for(repo: Checkout) -> None:
    repo.write(".git/info/exclude", ".garden/\n")
    assert told(repo) == ()


def test_outside_git_nothing_is_said(repo: Checkout, tmp_path: Path) -> None:
    shutil.copytree(repo.folder / "lib", tmp_path / "outside")
    assert uncommitted(tmp_path / "outside", Settings()) == ()
