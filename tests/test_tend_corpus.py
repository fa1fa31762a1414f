"""What tending promises, on real patterns: written once, a library has nothing left to do."""

import shutil
from pathlib import Path

import pytest

from garden.config import Settings
from garden.run import Request, Run
from garden.store import Store
from garden.tend import tend
from garden.tools import Tools
from tests.conftest import FakeEncoder

FEW, MANY = 40, 7  # Every so many-th pattern: 91 of them, and 517, which is past where topics are worked out exactly.


@pytest.mark.slow
@pytest.mark.parametrize("step", [FEW, MANY])
def test_a_second_run_on_a_written_library_proposes_nothing(corpus: Path, tmp_path: Path, step: int) -> None:
    root = tmp_path / "library"
    root.mkdir()
    for path in sorted(corpus.glob("*.md"))[::step]:
        shutil.copy(path, root)
    store = Store(tmp_path / "store")

    def written(today: str) -> Run:
        tools = Tools(FakeEncoder(), store, lambda: 0.0, lambda *_: None)
        return tend(Request(root, Settings(), today, write=True), tools)

    first = written("2026-11-22")
    assert first.written is not None
    assert len(first.written.paths) > 0.9 * len(first.library.readings)
    before = {path.name: path.read_bytes() for path in root.glob("*.md")}
    again = written("2030-01-01")
    assert [(p.kind, p.path, p.target, p.reason) for p in again.plan.proposals] == []
    assert {path.name: path.read_bytes() for path in root.glob("*.md")} == before
