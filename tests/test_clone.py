"""Libraries at a git address: what counts as one, what is fetched, and that runs never meet in the clone."""

import subprocess
from pathlib import Path

import pytest

from garden.publish.clone import Clone, CloneError, Source, clone_folder, cloned, is_address, name_of
from garden.publish.remote import token_at
from tests.githost.garden import Checkout, library_in_git
from tests.githost.server import TOKEN, serving


@pytest.fixture
def origin(tmp_path: Path) -> Checkout:
    """A repository with three commits, a library in ``lib`` and a branch ``next``."""
    checkout = library_in_git(tmp_path / "origin")
    for number in (2, 3):
        checkout.write("lib/garden.toml", f"[publish]\nopen = {number}\n")
        checkout.commit(f"Commit {number}")
    checkout.git("branch", "next")
    return checkout


def source(origin: Checkout, branch: str = "", inside: str = "lib", token: str = "") -> Source:
    return Source(f"file://{origin.folder}", branch, inside, token)


def fetch(source: Source, shelf: Path) -> None:
    with cloned(source, shelf):
        pass


def depth(clone: Clone) -> int:
    return int(clone.repository.text("rev-list", "--count", f"refs/remotes/{clone.at}"))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("https://example.org/team/garden.git", True),
        ("http://127.0.0.1:3000/team/garden", True),
        ("ssh://git@example.org/garden.git", True),
        ("git@example.org:team/garden.git", True),
        ("file:///srv/garden", True),
        ("patterns", False),
        ("/srv/garden", False),
        ("C:/garden", False),
        ("ext::sh -c evil", False),
        ("--upload-pack=evil@x:y", False),
        ("ftp://example.org/garden", False),
    ],
)
def test_an_address_is_told_from_a_folder(path: str, expected: bool) -> None:
    assert is_address(path) is expected


@pytest.mark.parametrize(
    ("address", "inside", "name"),
    [
        ("https://example.org/team/garden.git", "", "garden"),
        ("https://example.org/team/garden/", "", "garden"),
        ("git@example.org:garden.git", "", "garden"),
        ("https://example.org/team/garden.git", "docs/patterns/", "patterns"),
    ],
)
def test_a_library_elsewhere_is_called_by_its_folder_or_repository(address: str, inside: str, name: str) -> None:
    assert name_of(address, inside) == name


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://example.org/garden", "own"),
        ("https://github.com/team/garden", "own"),
        ("http://127.0.0.1:1/garden", "own"),
        ("http://example.org/garden", ""),
        ("git@example.org:garden.git", ""),
        ("file:///srv/garden", ""),
    ],
)
def test_a_token_is_never_shown_in_the_clear(address: str, token: str) -> None:
    assert token_at(address, {"GARDEN_TOKEN": "own", "GITHUB_TOKEN": "shared"}) == token


@pytest.mark.parametrize(("host", "token"), [("github.com", "shared"), ("example.org", "")])
def test_the_token_of_a_workflow_is_shown_only_where_it_comes_from(host: str, token: str) -> None:
    assert token_at(f"https://{host}/team/garden", {"GITHUB_TOKEN": "shared"}) == token


def test_the_newest_commit_alone_is_fetched_and_no_file_laid_out(origin: Checkout, tmp_path: Path) -> None:
    with cloned(source(origin), tmp_path / "shelf") as clone:
        assert (clone.branch, depth(clone)) == ("main", 1)
        assert clone.text("garden.toml") == "[publish]\nopen = 3\n"
        assert clone.text("missing.toml") is None
        assert [path.name for path in clone.root.iterdir()] == []


def test_the_next_run_takes_what_is_new(origin: Checkout, tmp_path: Path) -> None:
    with cloned(source(origin), tmp_path / "shelf"):
        pass
    origin.write("lib/garden.toml", "# new\n")
    origin.commit("Commit 4")
    with cloned(source(origin), tmp_path / "shelf") as clone:
        assert (clone.text("garden.toml"), depth(clone)) == ("# new\n", 1)


def test_the_whole_history_is_fetched_where_it_is_needed_and_stays(origin: Checkout, tmp_path: Path) -> None:
    for whole, expected in ((False, 1), (True, 3), (False, 3)):
        with cloned(source(origin), tmp_path / "shelf", whole=whole) as clone:
            assert depth(clone) == expected


def test_a_history_that_was_rewritten_is_followed(origin: Checkout, tmp_path: Path) -> None:
    with cloned(source(origin), tmp_path / "shelf", whole=True):
        pass
    origin.git("reset", "-q", "--hard", "HEAD~1")
    with cloned(source(origin), tmp_path / "shelf", whole=True) as clone:
        assert clone.text("garden.toml") == "[publish]\nopen = 2\n"


def test_another_branch_can_be_named(origin: Checkout, tmp_path: Path) -> None:
    with cloned(source(origin, branch="next"), tmp_path / "shelf") as clone:
        assert clone.at == "origin/next"


def test_a_missing_branch_is_named_with_the_address(origin: Checkout, tmp_path: Path) -> None:
    with pytest.raises(CloneError, match=r"origin: branch nowhere cannot be fetched"):
        fetch(source(origin, branch="nowhere"), tmp_path / "shelf")


def test_a_dead_address_is_named(tmp_path: Path) -> None:
    with pytest.raises(CloneError, match=r"^http://127\.0\.0\.1:1/team/garden: cannot be reached"):
        fetch(Source("http://127.0.0.1:1/team/garden"), tmp_path / "shelf")


def test_an_empty_repository_says_what_to_do(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "empty")], check=True)
    with pytest.raises(CloneError, match="it has no main branch"):
        fetch(Source(f"file://{tmp_path / 'empty'}"), tmp_path / "shelf")


def test_locks_that_a_kill_left_are_removed_by_the_next_run(origin: Checkout, tmp_path: Path) -> None:
    with cloned(source(origin), tmp_path / "shelf") as clone:
        left = clone.repository.folder / ".git" / "shallow.lock"
        left.touch()
        # A run that finds the clone in use leaves another's locks alone, and fails by git's own word.
        with pytest.raises(CloneError, match="may have crashed"), cloned(source(origin), tmp_path / "shelf"):
            pass
        assert left.exists()
    with cloned(source(origin), tmp_path / "shelf"):
        assert not left.exists()


def test_two_runs_can_have_the_same_clone_open(origin: Checkout, tmp_path: Path) -> None:
    with cloned(source(origin), tmp_path / "shelf") as one, cloned(source(origin), tmp_path / "shelf") as two:
        assert one.root == two.root


def test_a_token_opens_the_remote_and_is_written_nowhere(tmp_path: Path) -> None:
    with serving(tmp_path / "host") as host:
        origin = library_in_git(tmp_path / "origin")
        origin.git("push", "-q", str(host.bare), "main")
        private = Source(host.remote, "main", "lib", TOKEN)
        with cloned(private, tmp_path / "shelf") as clone:
            assert clone.branch == "main"
        with pytest.raises(CloneError, match="cannot be fetched"):
            fetch(Source(host.remote, "main", "lib", "wrong"), tmp_path / "other")
    kept = clone_folder(private, tmp_path / "shelf")
    assert [path for path in kept.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()] == []
