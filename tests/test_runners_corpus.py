"""A Dask cluster against a single process, on real patterns with the real model."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from garden.config import RunnerSettings
from garden.edits import patch
from garden.encoder import SentenceEncoder
from garden.links import field
from garden.processes.runners import shards_for
from garden.report.document import plan_document, to_json
from garden.run import Request
from garden.shards import HERE, Shards
from garden.store import Store
from garden.tend import tend
from garden.tools import Tools
from garden.workshop import settings_of

COUNT = 400


@pytest.fixture
def some(corpus: Path, tmp_path: Path) -> Path:
    """Every ninth pattern of the corpus, 400 of them."""
    root = tmp_path / "some"
    root.mkdir()
    for path in sorted(corpus.glob("*.md"))[::9][:COUNT]:
        shutil.copy(path, root)
    return root


def told(root: Path, shards: Shards, store: Path) -> tuple[bytes, bytes]:
    """A run's plan and patch, from a cache of its own."""
    settings = settings_of(root)
    # Short passages keep the test short; each is still encoded by the model.
    settings = settings.model_copy(update={"encoder": settings.encoder.model_copy(update={"max_tokens": 32})})
    request = Request(root=root, settings=settings, today="2026-11-22")
    tools = Tools(SentenceEncoder(settings.encoder), Store(store), lambda: 0.0, lambda *_: None)
    run = tend(request, replace(tools, shards=shards))
    assert len(run.library.readings) > COUNT - 20
    return to_json(plan_document(run)), patch(run.edits.edits)


@pytest.mark.slow
def test_a_dask_cluster_makes_the_same_plan_of_real_patterns_to_the_byte(
    some: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(field, "BLOCK", 64)
    dask = shards_for(RunnerSettings(kind="dask", workers=2), tmp_path / "depot")
    here, there = told(some, HERE, tmp_path / "here.sqlite"), told(some, dask, tmp_path / "there.sqlite")
    assert there == here
    assert len(here[0]) > 100_000
