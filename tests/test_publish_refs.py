"""Pushing branches to a remote that declines them."""

from pathlib import Path

import pytest

from garden.publish.git import GitError, Repository
from garden.publish.refs import RemoteRefs
from tests.githost.garden import Checkout, library_in_git

BRANCH = "graph-garden/links-care"
WAY_OUT = "allow branches below graph-garden/ there, or name another publish.prefix in garden.toml"


@pytest.fixture
def repo(tmp_path: Path) -> Checkout:
    repo = library_in_git(tmp_path / "repo", "ab")
    repo.git("init", "-q", "--bare", str(tmp_path / "remote.git"))
    repo.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    repo.git("push", "-q", "origin", "main")
    return repo


def hook(folder: Path, name: str, *says: str) -> None:
    folder.mkdir(exist_ok=True)
    lines = "".join(f"echo '{line}' >&2\n" for line in says)
    (folder / name).write_text(f"#!/bin/sh\n{lines}exit 1\n")
    (folder / name).chmod(0o755)


def pushed(repo: Checkout) -> str:
    """How a push fails, in words."""
    refs = RemoteRefs(Repository(repo.folder), "graph-garden", "origin")
    with pytest.raises(GitError) as failure:
        refs.move(BRANCH, repo.git("rev-parse", "HEAD"), None)
    return str(failure.value)


@pytest.mark.parametrize(("name", "why"), [("pre-receive", "pre-receive hook declined"), ("update", "hook declined")])
def test_a_branch_that_the_remote_declines_is_told_in_a_sentence_and_the_remotes_words(
    repo: Checkout, tmp_path: Path, name: str, why: str
) -> None:
    hook(tmp_path / "remote.git" / "hooks", name, "Branches are protected.", "", "error: ask Ann.")
    assert pushed(repo) == (
        f"git push: the remote 'origin' does not take the branch {BRANCH} ({why}); {WAY_OUT}. "
        "It says: Branches are protected. ask Ann."
    )


def test_what_a_remote_says_at_length_is_shortened(repo: Checkout, tmp_path: Path) -> None:
    hook(tmp_path / "remote.git" / "hooks", "pre-receive", *(f"This is line {number} of it." for number in range(99)))
    told = pushed(repo).partition("It says: ")[2]
    assert told.startswith("This is line 0 of it. This is line 1 of it. ")
    assert told.endswith(" …")
    assert len(told) <= 300


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_hook_of_ones_own_that_holds_a_push_back_is_told(repo: Checkout, tmp_path: Path, elsewhere: bool) -> None:
    if elsewhere:
        repo.git("config", "core.hooksPath", str(tmp_path / "hooks"))
    hook(tmp_path / "hooks" if elsewhere else repo.folder / ".git" / "hooks", "pre-push", "No push on Fridays.")
    out = "do as it asks, or have it let branches below graph-garden/ through. It says: No push on Fridays."
    assert pushed(repo) == f"git push: this repository's pre-push hook does not let {BRANCH} go; {out}"


def test_a_push_that_fails_otherwise_is_told_in_the_words_of_git(repo: Checkout, tmp_path: Path) -> None:
    (tmp_path / "remote.git").rename(tmp_path / "elsewhere.git")
    assert "does not appear to be a git repository" in pushed(repo)
