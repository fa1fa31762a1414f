import errno
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garden import ledger
from garden.errors import LedgerRefused, NotKept
from garden.plan.decisions import Decision, End


def decision(proposal: str = "0123456789ab", **changes: object) -> Decision:
    values: dict[str, object] = {
        "proposal": proposal,
        "verdict": "rejected",
        "kind": "add_link",
        "group": "link:a:b",
        "ends": (End(slug="a", text="1"), End(slug="b", id="pat_b", text="2")),
        "target": "b",
        "type": "requires",
        "confidence": 0.8,
        "when": "2026-11-22T12:00:00Z",
        "who": "ann",
        "where": "terminal",
    }
    return Decision.model_validate({**values, **changes})


decisions = st.builds(
    decision,
    proposal=st.sampled_from(["aa", "bb", "cc"]),
    verdict=st.sampled_from(["accepted", "rejected", "snoozed"]),
    until=st.sampled_from([None, "2026-02-01", "2026-03-01"]),
    group=st.sampled_from(["link:a:b", "link:a:c"]),
    when=st.sampled_from([f"2026-01-0{day}T00:00:00Z" for day in (1, 2, 3, 4)]),
    where=st.sampled_from(["terminal", "pull request 1"]),
    who=st.sampled_from(["", "ann"]),
    why=st.text(max_size=20),
    signals=st.dictionaries(st.sampled_from(["meaning", "lexical"]), st.floats(-1, 1)),
)


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@given(st.lists(decisions, max_size=6))
def test_what_is_written_is_read_back(told: list[Decision]) -> None:
    whole = ledger.Ledger().with_(told)
    assert ledger.parse(ledger.text(whole)) == whole


@given(st.lists(decisions, max_size=6), st.lists(decisions, max_size=6))
def test_two_ledgers_joined_in_any_order_are_one(left: list[Decision], right: list[Decision]) -> None:
    one, other = ledger.text(ledger.Ledger().with_(left)), ledger.text(ledger.Ledger().with_(right))
    joined = ledger.parse(one + other)
    assert joined == ledger.parse(other + one)
    assert {ledger._identity(d) for d in joined.decisions} == {ledger._identity(d) for d in (*left, *right)}


@given(st.lists(decisions, max_size=8))
def test_a_ledger_joined_with_itself_is_itself(told: list[Decision]) -> None:
    whole = ledger.Ledger().with_(told)
    assert whole.with_(whole.decisions) == whole


def on(day: int, verdict: str = "rejected", **changes: object) -> Decision:
    return decision().model_copy(update={"verdict": verdict, "when": f"2026-11-{day:02}T12:00:00Z", **changes})


MATE = {"proposal": "ba9876543210", "ends": (End(slug="b", id="pat_b", text="2"), End(slug="a", text="1"))}


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ([on(1), on(2)], [1]),
        ([on(1), on(2, "accepted"), on(3)], [1, 2, 3]),
        ([on(1), on(2, "accepted"), on(3), on(4)], [1, 2, 3]),
        ([on(1), on(2, "accepted", where="file"), on(3)], [1, 2, 3]),
        ([on(1), on(2, "accepted", **MATE), on(3)], [1, 2, 3]),
        ([on(1), on(1, "edited", **MATE), on(2), on(2, "edited", **MATE)], [1, 1]),
        ([on(1), on(2, "accepted", proposal="ff", group="link:a:c"), on(3)], [1, 2]),
        ([on(1, "snoozed", until="2026-12-01"), on(2, "snoozed", until="2026-12-01")], [1]),
        ([on(1, "snoozed", until="2026-12-01"), on(2, "snoozed", until="2027-01-01")], [1, 2]),
    ],
)
def test_what_is_said_again_counts_after_something_else_was_said(told: list[Decision], kept: list[int]) -> None:
    whole = ledger.Ledger().with_(reversed(told))
    assert sorted(int(one.when[8:10]) for one in whole.decisions) == kept
    assert whole.with_(told) == whole


def test_adding_twice_changes_nothing(tmp_path: Path) -> None:
    ledger.add(tmp_path, [decision()])
    before = (tmp_path / ledger.LEDGER).stat().st_mtime_ns, (tmp_path / ledger.LEDGER).read_bytes()
    ledger.add(tmp_path, [decision(when="2026-11-23T12:00:00Z")])
    assert ((tmp_path / ledger.LEDGER).stat().st_mtime_ns, (tmp_path / ledger.LEDGER).read_bytes()) == before


def test_nothing_to_add_leaves_no_file(tmp_path: Path) -> None:
    ledger.add(tmp_path, [])
    assert not list(tmp_path.iterdir())


def test_a_line_is_short_and_sorted() -> None:
    text = ledger.text(ledger.Ledger().with_([decision("bb"), decision("aa")])).decode()
    first, second = text.splitlines()
    assert first.startswith('{"confidence":0.8,"ends":[{"slug":"a","text":"1"},{"id":"pat_b"')
    assert "why" not in first
    assert '"aa"' in first
    assert '"bb"' in second


@pytest.mark.parametrize("line", ["<<<<<<< ours", "{}", '{"verdict": "perhaps"}', "\udcff not utf-8"])
def test_a_line_that_cannot_be_read_is_named_and_kept(tmp_path: Path, line: str) -> None:
    file = tmp_path / ledger.LEDGER
    file.parent.mkdir()
    file.write_bytes(ledger.text(ledger.Ledger().with_([decision()])) + line.encode(errors="surrogateescape") + b"\n")
    read = ledger.read(tmp_path)
    assert [(p.path, p.line, p.code) for p in read.problems] == [(ledger.LEDGER, 2, "decision")]
    ledger.add(tmp_path, [decision("ff")])
    assert line.encode(errors="surrogateescape") in file.read_bytes().splitlines()
    assert len(ledger.read(tmp_path).decisions) == 2


def test_a_byte_order_mark_is_read_past() -> None:
    whole = ledger.Ledger().with_([decision("aa"), decision("bb")])
    assert ledger.parse(b"\xef\xbb\xbf" + ledger.text(whole)) == whole


def folder_in_its_place(root: Path) -> None:
    (root / ledger.LEDGER).mkdir(parents=True)


def dead_link(root: Path) -> None:
    (root / ledger.FOLDER).mkdir()
    (root / ledger.LEDGER).symlink_to("nowhere")


def dead_link_to_all_that_is_kept(root: Path) -> None:
    (root / ledger.FOLDER).symlink_to("nowhere")


@pytest.mark.parametrize(
    ("become", "says"),
    [
        (folder_in_its_place, r"decisions\.jsonl: what reviewers decided cannot be read: Is a directory; put the file"),
        (dead_link, r"decisions\.jsonl: .*: this link leads to nowhere, which is not there; put the file back"),
        (dead_link_to_all_that_is_kept, r"\.garden: .*: this link leads to nowhere, which is not there"),
    ],
)
def test_what_is_there_and_is_no_ledger_does_not_count_as_an_empty_one(tmp_path: Path, become, says: str) -> None:
    become(tmp_path)
    with pytest.raises(LedgerRefused, match=says):
        ledger.read(tmp_path)


def test_a_file_where_the_folder_of_the_ledger_goes_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / ledger.FOLDER).write_text("")
    told = ledger.read(tmp_path)
    assert told.decisions == ()
    assert list(map(str, told.problems)) == [
        ".garden:1:1: a file stands where a folder goes, so that no decision can be kept; move it elsewhere [ledger]"
    ]
    with pytest.raises(NotKept, match=r"/\.garden: cannot be written: a file stands where a folder goes; move it"):
        ledger.add(tmp_path, [decision()])


def test_a_ledger_behind_a_link_is_read(tmp_path: Path) -> None:
    ledger.add(tmp_path / "kept", [decision()])
    (tmp_path / ledger.FOLDER).symlink_to(tmp_path / "kept" / ledger.FOLDER)
    assert len(ledger.read(tmp_path).decisions) == 1


def test_branches_that_decide_apart_are_merged_by_git_alone(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    ledger.add(tmp_path, [decision("cc")])
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "one")
    git(tmp_path, "checkout", "-qb", "other")
    ledger.add(tmp_path, [decision("aa"), decision("dd")])
    git(tmp_path, "commit", "-qam", "other")
    git(tmp_path, "checkout", "-q", "main")
    ledger.add(tmp_path, [decision("bb"), decision("ee")])
    git(tmp_path, "commit", "-qam", "main")
    git(tmp_path, "merge", "-q", "other", "-m", "merged")
    merged = ledger.read(tmp_path)
    assert [d.proposal for d in merged.decisions] == ["aa", "bb", "cc", "dd", "ee"]
    assert not merged.problems


def test_a_full_disk_is_told_with_the_file_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / ledger.FOLDER / "runs" / ".gitignore"
    ledger.put(path, b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotKept) as refused:
        ledger.put(path, b"new")
    assert str(refused.value) == f"{path}: cannot be written: No space left on device; make room and run it again"
    assert [(one.name, one.read_bytes()) for one in path.parent.iterdir()] == [(".gitignore", b"old")]
