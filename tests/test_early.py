import os
from pathlib import Path

import pytest

from garden import early, vectors
from garden.processes import helper, second
from garden.store import FILE, Store

LONG_AGO = 1_000_000_000.0
BESIDE, SECOND = "garden.processes.encoding", "garden.processes.second"


@pytest.fixture
def started(monkeypatch) -> list[str]:
    """The modules whose processes are made ready from now on."""
    started: list[str] = []
    monkeypatch.setattr(helper, "ready", started.append)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    return started


@pytest.fixture
def cache(tmp_path: Path, monkeypatch) -> Path:
    """A cache folder in which something was kept long ago."""
    monkeypatch.setenv("GARDEN_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    file = tmp_path / "cache" / FILE
    file.touch()
    os.utime(file, (LONG_AGO, LONG_AGO))
    return tmp_path / "cache"


def library(root: Path, old: int, young: int) -> str:
    """A folder with so many files that are older than all that is kept, and so many that are younger."""
    (root / "deep").mkdir(parents=True)
    for number in range(old + young):
        file = root / "deep" / f"{number:03}.md"
        file.touch()
        date = LONG_AGO + (1 if number < young else -1)
        os.utime(file, (date, date))
    return str(root)


@pytest.mark.parametrize(
    ("old", "young", "ready"),
    [
        (100, 0, []),
        (3, 1, [BESIDE]),
        (99, 1, [BESIDE, SECOND]),
        (36, 64, [BESIDE, SECOND]),
        (35, 65, [SECOND]),
        (10, 65, []),
    ],
)
def test_what_files_younger_than_all_that_is_kept_will_need_is_made_ready(
    old, young, ready, cache, started, monkeypatch, tmp_path
):
    monkeypatch.setattr(early, "LARGE", 100)
    early.begin(["tend", "--write", library(tmp_path / "patterns", old, young)])
    assert started == ready


@pytest.mark.parametrize("arguments", [[], ["tend"], ["tend", "nowhere"], ["health", "."], ["--help"]])
def test_nothing_is_made_ready_for_other_commands(arguments, cache, started, tmp_path, monkeypatch):
    monkeypatch.chdir(library(tmp_path / "patterns", 1, 1))
    early.begin(arguments)
    assert started == []


def test_after_a_run_that_needed_nothing_new_nothing_is_made_ready(cache, started, tmp_path):
    root = library(tmp_path / "patterns", 1, 1)
    (cache / FILE).unlink()
    store = Store(cache / FILE)
    os.utime(store.path, (LONG_AGO, LONG_AGO))
    early.begin(["tend", root])
    assert started == [BESIDE]
    store.touch()
    early.begin(["tend", root])
    assert started == [BESIDE]


def test_nothing_is_made_ready_for_a_first_run_or_on_a_single_core(cache, started, tmp_path, monkeypatch):
    root = library(tmp_path / "patterns", 1, 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    early.begin(["tend", root])
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    (cache / FILE).unlink()
    early.begin(["tend", root])
    assert started == []


def test_files_in_hidden_folders_and_of_other_kinds_are_not_looked_at(cache, started, tmp_path):
    root = tmp_path / "patterns"
    for name in (".git/note.md", "notes.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    early.begin(["tend", str(root)])
    assert started == []


def test_it_counts_as_those_do_who_take_the_processes():
    assert (early.LARGE, early.FEW) == (second.LARGE, vectors.FEW)
