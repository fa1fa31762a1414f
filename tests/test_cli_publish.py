"""Pull requests as a person asks for them on the command line, with a token that must never be seen."""

import base64
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from garden import ledger
from garden.cli import main
from garden.plan.decisions import Said, decision
from garden.publish.message import proposed_in
from tests.githost.garden import Checkout, link
from tests.githost.server import TOKEN, GitHost, serving
from tests.githost.team import Team, team_at

Garden = Callable[..., tuple[object, str]]


@pytest.fixture
def host(tmp_path: Path) -> Iterator[GitHost]:
    with serving(tmp_path / "host") as host:
        yield host


@pytest.fixture
def team(host: GitHost, tmp_path: Path) -> Team:
    team = team_at(host, tmp_path / "team")
    team.repo.write("lib/garden.toml", f'[publish]\napi = "{host.api}"\n')
    return team


@pytest.fixture
def garden(capfd, monkeypatch, fake_encoder, tmp_path: Path) -> Garden:
    monkeypatch.setattr("garden.workshop.SentenceEncoder", lambda settings: fake_encoder)
    monkeypatch.setenv("GARDEN_TOKEN", TOKEN)

    def garden(*words: object) -> tuple[object, str]:
        monkeypatch.setattr(sys, "argv", ["garden", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capfd.readouterr()
        return ended.value.code or 0, printed.out + printed.err

    return garden


def seen_in(*folders: Path) -> str:
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return "\n".join(path.read_bytes().decode(errors="replace") for path in files)


def secrets(token: str) -> tuple[str, str]:
    return token, base64.b64encode(f"x-access-token:{token}".encode()).decode()


@pytest.mark.slow
def test_a_run_its_report_and_what_is_learned_never_show_the_token(
    team: Team, host: GitHost, garden: Garden, tmp_path: Path
) -> None:
    report = tmp_path / "report"
    code, told = garden("tend", team.root, "--pull-request", "--report", report)
    assert (code, len(host.pulls) > 0) == (0, True), told
    assert f"{host.url}/ann/lib/pull/1: opened" in told
    proposal = host.pulls[1].body.partition("- [x] `")[2][:12]
    host.comment(1, f"/garden reject {proposal} not ours")
    learned = garden("learn", team.root)[1]
    assert "Learned: 1 new decision, 1 in all." in learned
    assert "0 of 1 proposal accepted" in learned
    assert "not ours" in (team.root / ".garden" / "decisions.jsonl").read_text()
    again = garden("tend", team.root, "--pull-request", "--report", report)[1]
    assert proposal not in host.pulls[1].body.partition("Proposals")[2]
    cache = Path(os.environ["GARDEN_CACHE"])
    assert cache.is_dir()
    for secret in secrets(TOKEN):
        assert secret not in told + learned + again
        assert secret not in seen_in(report, team.repo.folder, cache)


@pytest.mark.parametrize(
    ("token", "api", "reason"),
    [
        ("ghp_wrongButStillASecret77", "{host.api}", "the token was refused"),
        ("ghp_stillASecret78", "http://git.example.org/api/v3", "only shown over https"),
        ("", "{host.api}", "there is no token; put one in GARDEN_TOKEN"),
    ],
)
def test_a_failure_says_the_way_out_and_not_the_token(
    team: Team, host: GitHost, garden: Garden, monkeypatch: pytest.MonkeyPatch, token: str, api: str, reason: str
) -> None:
    monkeypatch.setenv("GARDEN_TOKEN", token)
    team.repo.write("lib/garden.toml", f'[publish]\napi = "{api.format(host=host)}"\n')
    code, told = garden("tend", team.root, "--pull-request")
    assert code == 1
    assert reason in told
    assert not token or not any(secret in told for secret in secrets(token))


def test_where_the_host_is_not_spoken_to_branches_are_pushed_and_bodies_are_files(
    team: Team, garden: Garden, tmp_path: Path
) -> None:
    bare = tmp_path / "elsewhere" / "lib.git"
    team.repo.git("clone", "-q", "--bare", str(team.repo.folder), str(bare))
    team.repo.git("remote", "set-url", "origin", str(bare))
    (team.root / "garden.toml").unlink()
    code, told = garden("tend", team.root, "--pull-request", "--report", tmp_path / "report")
    assert code == 0, told
    pushed = team.repo.git("ls-remote", "--heads", "origin", "graph-garden/*").splitlines()
    names = sorted(line.split("refs/heads/graph-garden/")[1] for line in pushed)
    bodies = sorted((tmp_path / "report" / "branches").iterdir())
    assert names
    assert [path.stem for path in bodies] == names
    assert all(f"To open a pull request by hand: {path}" in told for path in bodies)
    assert team.repo.git("branch", "--list", "graph-garden/*") == ""
    again = garden("tend", team.root, "--pull-request", "--report", tmp_path / "report")[1]
    assert again.count("unchanged") == len(names)
    team.repo.git("checkout", "-q", "--orphan", "fresh")
    team.repo.commit("Begin again")
    team.repo.git("push", "-q", "-f", "origin", "fresh:main")
    left = garden("tend", team.root, "--pull-request", "--report", tmp_path / "another")[1]
    assert left.count("left, ") == left.count("delete the branch to have it made anew") == len(names)
    assert "by hand" not in left
    assert not list((tmp_path / "another" / "branches").iterdir())


def test_what_a_cut_off_history_does_not_tell_is_said_once(
    team: Team, garden: Garden, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("GARDEN_TOKEN")
    team.repo.commit("Settings")
    team.repo.git("clone", "-q", "--depth", "1", f"file://{team.repo.folder}", str(tmp_path / "shallow"))
    root = tmp_path / "shallow" / "lib"
    for words in (("learn", root), ("tend", root, "--branch", "--report", tmp_path / "report")):
        code, told = garden(*words)
        assert (code, told.count("git fetch --unshallow")) == (0, 1), told


def test_why_a_branch_was_left_is_told_with_its_pull_request_and_without(
    team: Team, host: GitHost, garden: Garden, tmp_path: Path
) -> None:
    def told() -> list[str]:
        _, said = garden("tend", team.root, "--pull-request", "--report", tmp_path / "report")
        return [line for line in said.splitlines() if host.pulls[1].head in line]

    garden("tend", team.root, "--pull-request", "--report", tmp_path / "report")
    host.git("update-ref", "refs/heads/main", host.git("commit-tree", "main^{tree}", "-m", "All in one"))
    why = "(the base has another history by now; delete the branch to have it made anew)"
    [line] = told()
    assert (line.startswith(f"{host.url}/ann/lib/pull/1: left, "), line.endswith(why)) == (True, True)
    host.close(1)
    [line] = told()
    assert (line.startswith(f"{host.pulls[1].head}: left, "), line.endswith(why)) == (True, True)


def test_decisions_that_keep_git_from_merging_a_branch_are_named(
    team: Team, garden: Garden, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("GARDEN_TOKEN")
    said = Said("ann", "2026-11-20T09:00:00Z", "terminal")
    ledger.add(team.root, [decision(link("e", "f"), "rejected", {}, said)])
    for words in (
        ("tend", team.root, "--branch", "--report", tmp_path / "report"),
        ("learn", team.root),
        ("review", team.root, "--accept-above", "0"),
    ):
        code, told = garden(*words)
        assert (code, told.count(".garden/decisions.jsonl: until then git refuses to merge")) == (0, 1), told


def asked_on(checkout: Checkout, branches: str) -> dict[str, set[str]]:
    """The proposals that the newest message of each branch tells of."""
    names = checkout.git("for-each-ref", "--format=%(refname)", f"{branches}/graph-garden/").splitlines()
    return {
        name: {one.proposal for one in proposed_in(checkout.git("log", "-1", "--format=%B", name))} for name in names
    }


@pytest.mark.parametrize(("mode", "branches"), [("--branch", "refs/heads"), ("--pull-request", "refs/remotes/origin")])
def test_only_narrows_what_is_new_and_leaves_what_is_under_review(
    team: Team, host: GitHost, garden: Garden, tmp_path: Path, mode: str, branches: str
) -> None:
    words = ("tend", team.root, mode, "--report", tmp_path / "report")
    assert garden(*words)[0] == 0
    before = asked_on(team.repo, branches)
    told = garden(*words, "--only", "a")[1]
    after = asked_on(team.repo, branches)
    assert len(before) > 1
    assert all(before.values())
    assert all(before[name] <= after[name] for name in before), told
    assert "closed" not in told
    assert {pull.state for pull in host.pulls.values()} <= {"open"}


def test_only_asks_for_nothing_else_that_is_new(team: Team, garden: Garden, tmp_path: Path) -> None:
    words = ("tend", team.root, "--branch", "--report", tmp_path / "report")
    assert garden(*words, "--only", "a")[0] == 0
    plan = json.loads((tmp_path / "report" / "plan.json").read_text())
    assert {one["pattern"] for one in plan["proposals"]} == {"a"}
    assert garden(*words, "--only", "h")[0] == 0
    plan = json.loads((tmp_path / "report" / "plan.json").read_text())
    assert {one["pattern"] for one in plan["proposals"]} == {"a", "h"}


def no_remote(team: Team, folder: Path) -> None:
    team.repo.git("remote", "remove", "origin")


def remote_that_is_not_there(team: Team, folder: Path) -> None:
    team.repo.git("remote", "set-url", "origin", str(folder / "nowhere.git"))


def remote_without_a_branch(team: Team, folder: Path) -> None:
    team.repo.git("init", "-q", "--bare", str(folder / "empty.git"))
    team.repo.git("remote", "set-url", "origin", str(folder / "empty.git"))


@pytest.mark.parametrize(
    ("become", "says"),
    [
        (
            no_remote,
            "there is no remote 'origin'; add one with git remote add origin URL; --branch and --write need none",
        ),
        (remote_that_is_not_there, "nowhere.git' does not appear to be a git repository; fatal: Could not read from"),
        (
            remote_without_a_branch,
            "the remote 'origin' has no branch 'main' yet; push it first: git push origin main, or",
        ),
    ],
)
def test_a_remote_that_cannot_be_used_is_told_with_the_way_out(
    team: Team, garden: Garden, tmp_path: Path, become: Callable[[Team, Path], None], says: str
) -> None:
    become(team, tmp_path)
    (team.root / "garden.toml").unlink()
    code, told = garden("tend", team.root, "--pull-request")
    assert code == 1
    assert says in told.splitlines()[-1]
