import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from garden import library
from garden.config import Settings
from garden.edits import Change, Desk, Edits, edit_between, make_edits, patch
from garden.models import Scalar, WantedItem, WantedSection
from garden.processes import splicing
from garden.store import Store

LINK: dict[str, Scalar] = {"target": "b", "type": "enables", "confidence": 0.7, "reason": "both say: so"}
HEAD = "---\nslug: {slug}\ntitle: {slug}\ngraph_garden:\n  last_pruned: 2026-01-01\n  inferred_links:\n"
ITEM = "    - target: x\n      type: complementary\n      confidence: 0.5\n      reason: once\n"
WANTED = WantedSection(last_pruned="2026-02-02", inferred_links=(WantedItem(fields=LINK),))


def text(slug: str, end: str = "\n", tail: str = "\n") -> str:
    return (HEAD.format(slug=slug) + ITEM + "---\n\nWords.\n\nMore words" + tail).replace("\n", end)


@pytest.fixture
def prepared(make_library, tmp_path: Path) -> Callable[..., tuple[Path, Edits]]:
    def prepared(files: dict[str, str], wanted: WantedSection = WANTED) -> tuple[Path, Edits]:
        root = make_library(files)
        store = Store(tmp_path / "store")
        shelf = library.read(root, Settings(), store, lambda *_: None)
        changes = [Change(pattern, wanted) for pattern in shelf.patterns]
        first = make_edits(root, changes, Settings(), store, lambda *_: None)
        assert make_edits(root, changes, Settings(), store, lambda *_: None) == first
        return root, first

    return prepared


FILES = {
    "plain.md": text("plain"),
    "windows.md": text("windows", end="\r\n"),
    "no newline.md": text("no-newline", tail=""),
    "with blank.md": text("with-blank"),
    "sub/deep.md": text("deep"),
    "ünïcode.md": text("unicode"),
    "bom.md": "\ufeff" + text("bom"),
}


def apply_and_compare(root: Path, edits: Edits, folder: Path, name: str) -> None:
    file = folder.parent / f"{name}.patch"
    file.write_bytes(patch(edits.edits))
    subprocess.run(["git", "apply", str(file)], cwd=folder, check=True, capture_output=True)
    library.write(root, edits.edits, lambda *_: None)
    for path in FILES:
        assert (folder / path).read_bytes() == (root / path).read_bytes(), path


def test_git_applies_the_patch_in_a_plain_folder_and_gives_what_writing_gives(prepared, tmp_path: Path) -> None:
    root, edits = prepared(FILES)
    shutil.copytree(root, tmp_path / "copy")
    assert len(edits.edits) == len(FILES)
    apply_and_compare(root, edits, tmp_path / "copy", "plain")


def test_git_applies_the_patch_in_a_folder_inside_a_repository(prepared, tmp_path: Path) -> None:
    root, edits = prepared(FILES)
    subprocess.run(["git", "init", "-q", str(tmp_path / "repository")], check=True)
    shutil.copytree(root, tmp_path / "repository" / "docs" / "patterns")
    apply_and_compare(root, edits, tmp_path / "repository" / "docs" / "patterns", "inside")


@pytest.mark.parametrize("alike", [2, 4, 30])
@pytest.mark.parametrize("gone", [0, 1])
def test_git_applies_a_patch_where_items_end_alike(prepared, tmp_path: Path, alike: int, gone: int) -> None:
    end = "".join(f"      note{number}: kept\n" for number in range(alike))
    items = [f"    - target: x{number}\n{end}" for number in range(3)]
    left = tuple(WantedItem(index=number) for number in range(3) if number != gone)
    root, edits = prepared(
        {"a.md": HEAD.format(slug="a") + "".join(items) + "---\n\nWords.\n\nMore words.\n"},
        # Another change above: the two texts then have more in common from below than from above.
        WantedSection(last_pruned="2026-02-02", inferred_links=left),
    )
    shutil.copytree(root, tmp_path / "copy")
    (tmp_path / "made.patch").write_bytes(patch(edits.edits))
    subprocess.run(["git", "apply", "../made.patch"], cwd=tmp_path / "copy", check=True, capture_output=True)
    library.write(root, edits.edits, lambda *_: None)
    assert (tmp_path / "copy/a.md").read_bytes() == (root / "a.md").read_bytes()


def test_counts_lines_as_git_does(prepared) -> None:
    root, edits = prepared(FILES)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "add", "-A"], cwd=root, check=True)
    library.write(root, edits.edits, lambda *_: None)
    command = ["git", "-c", "core.quotepath=false", "diff", "--numstat", "-z"]
    output = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    counted = sorted(tuple(line.split("\t")) for line in output.split("\0") if line)
    assert counted == sorted((str(e.added), str(e.removed), e.path) for e in edits.edits)


def test_a_person_s_git_settings_do_not_change_a_patch(prepared, tmp_path: Path, monkeypatch) -> None:
    config = tmp_path / "gitconfig"
    config.write_text("[diff]\n noprefix = true\n mnemonicPrefix = true\n context = 9\n[color]\n ui = always\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    _, edits = prepared({"plain.md": text("plain")})
    assert patch(edits.edits).startswith(b"--- a/plain.md\n+++ b/plain.md\n@@ -2,12 +2,12 @@\n")


IN_SURROUNDINGS = {
    "settings": {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "diff.noprefix", "GIT_CONFIG_VALUE_0": "true"},
    "other settings": {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "diff.mnemonicPrefix",
        "GIT_CONFIG_VALUE_0": "true",
    },
    "parameters": {"GIT_CONFIG_PARAMETERS": "'diff.noprefix'='true'"},
    "options": {"GIT_DIFF_OPTS": "--unified=1"},
    "another program": {"GIT_EXTERNAL_DIFF": "false"},
    "a repository that is gone": {
        "GIT_DIR": "/nowhere",
        "GIT_WORK_TREE": "/nowhere",
        "GIT_INDEX_FILE": "/nowhere/index",
    },
}


@pytest.mark.parametrize("name", IN_SURROUNDINGS)
def test_what_the_surroundings_tell_git_does_not_change_a_patch(prepared, monkeypatch, name: str) -> None:
    for variable, value in IN_SURROUNDINGS[name].items():
        monkeypatch.setenv(variable, value)
    _, edits = prepared({"plain.md": text("plain")})
    assert patch(edits.edits).startswith(b"--- a/plain.md\n+++ b/plain.md\n@@ -2,12 +2,12 @@\n")


@pytest.mark.parametrize("setting", ["diff.noprefix=true", "diff.mnemonicPrefix=true", "diff.interHunkContext=9"])
@pytest.mark.parametrize("name", ["around", "a:colon"])
def test_a_repository_around_the_temporary_folder_does_not_change_a_patch(
    prepared, tmp_path: Path, monkeypatch, setting: str, name: str
) -> None:
    around = tmp_path / name
    subprocess.run(["git", "init", "-q", str(around)], check=True)
    subprocess.run(["git", "-C", str(around), "config", *setting.split("=")], check=True)
    monkeypatch.setattr(tempfile, "tempdir", str(around))
    _, edits = prepared({"plain.md": text("plain")})
    assert patch(edits.edits).startswith(b"--- a/plain.md\n+++ b/plain.md\n@@ -2,12 +2,12 @@\n")


def test_what_is_wanted_already_is_no_edit(prepared) -> None:
    _, edits = prepared({"plain.md": text("plain")}, WantedSection(inferred_links=(WantedItem(index=0),)))
    assert edits == Edits((), ())


def test_a_file_that_cannot_be_changed_safely_is_refused_by_name(prepared) -> None:
    anchored = (
        text("b").replace("inferred_links:\n", "inferred_links: &all\n").replace("---\n\n", "again: *all\n---\n\n")
    )
    _, edits = prepared({"plain.md": text("plain"), "b.md": anchored})
    assert [edit.path for edit in edits.edits] == ["plain.md"]
    assert [(p.path, p.code) for p in edits.refused] == [("b.md", "splice-refused")]
    assert str(edits.refused[0]).startswith("b.md:6:19: cannot be changed safely: inferred_links is anchored")
    assert "; take the anchor or tag away" in edits.refused[0].message


def test_a_file_changed_since_it_was_read_is_refused(make_library, tmp_path: Path) -> None:
    root = make_library({"plain.md": text("plain")})
    store = Store(tmp_path / "store")
    shelf = library.read(root, Settings(), store, lambda *_: None)
    make_library({"plain.md": text("plain") + "someone was faster\n"})
    edits = make_edits(root, [Change(shelf.patterns[0], WANTED)], Settings(), store, lambda *_: None)
    assert [(problem.path, problem.code) for problem in edits.refused] == [("plain.md", "changed-meanwhile")]


@pytest.mark.parametrize(
    ("old", "new", "start", "cut", "put"),
    [
        (b"a\nb\nc\n", b"a\nX\nc\n", 2, b"b\n", b"X\n"),
        (b"a\nb\nc\n", b"a\nc\n", 2, b"b\n", b""),
        (b"a\nc\n", b"a\nb\nc\n", 2, b"", b"b\n"),
        (b"a\na\n", b"a\na\na\n", 4, b"", b"a\n"),
        (b"a", b"b", 0, b"a", b"b"),
    ],
)
def test_an_edit_holds_only_the_lines_that_differ(old, new, start, cut, put) -> None:
    edit = edit_between("x.md", old, new)
    assert (edit.start, edit.old, edit.new) == (start, cut, put)
    assert edit.applied_to(old) == new


def many_changes(make_library, store: Store) -> tuple[Path, list[Change]]:
    root = make_library({f"{name}.md": text(name) for name in ("ape", "bee", "cat", "dog", "elk")})
    shelf = library.read(root, Settings(), store, lambda *_: None)
    return root, [Change(pattern, WANTED) for pattern in shelf.patterns]


def test_the_later_half_of_many_edits_is_made_by_a_second_process(make_library, tmp_path, monkeypatch):
    store = Store(tmp_path / "store")
    root, changes = many_changes(make_library, store)
    alone = make_edits(root, changes, Settings(), Store(tmp_path / "other"), lambda *_: None)
    desk = Desk(root, Settings(), store)
    monkeypatch.setattr(splicing, "LARGE", 4)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    with splicing.Splicing(desk) as begun:
        assert begun.begin(changes) == 2
        begun.wait()
    assert list(desk.kept(changes)) == ["cat.md", "dog.md", "elk.md"]
    assert make_edits(root, changes, Settings(), store, lambda *_: None) == alone


@pytest.mark.parametrize("program", ["no-such-program", "/bin/false", "/bin/true", None])
def test_edits_and_refusals_are_the_same_whatever_the_second_process_does(make_library, tmp_path, monkeypatch, program):
    root, changes = many_changes(make_library, Store(tmp_path / "store"))
    (root / "dog.md").write_text("changed meanwhile")
    (root / "ape.md").write_text("changed meanwhile")
    alone = make_edits(root, changes, Settings(), Store(tmp_path / "other"), lambda *_: None)
    monkeypatch.setattr(splicing, "LARGE", 4)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    if program:
        monkeypatch.setattr(sys, "executable", program)
    both = make_edits(root, changes, Settings(), Store(tmp_path / "store"), lambda *_: None)
    assert both == alone
    assert [problem.path for problem in both.refused] == ["ape.md", "dog.md"]
