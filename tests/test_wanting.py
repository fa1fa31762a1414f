import os
import sys
from dataclasses import replace

import numpy as np
import pytest

from garden import helper, wanting
from garden.config import EntitySettings
from garden.entities import Library, Texts, labels_of, want
from garden.errors import EncoderError
from garden.models import Entity, Pattern, Section
from garden.store import Store
from garden.wanting import Wanting
from tests.shelves import topical_shelf, vectors_of

SETTINGS = EntitySettings()
SHELF = topical_shelf()
HELD = ("review rota", "fund donation", "Sponsor (person)", "release-train")


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch):
    monkeypatch.setattr(wanting, "LARGE", len(SHELF))
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


@pytest.fixture
def asked() -> Library:
    """A library whose every third pattern has no section, and whose others hold what their texts bear or do not."""
    entities = tuple(
        Entity(index=at, id=label.replace(" ", "-"), label=label, relevance=0.7, plain=at == 3)
        for at, label in enumerate(HELD)
    )
    patterns = [
        Pattern(
            path=f"{slug}.md",
            slug=slug,
            title=title,
            section=Section(entities=entities) if place % 3 else None,
            file_hash="f",
            text_hash="t",
        )
        for place, (slug, title) in enumerate(zip(SHELF.slugs, SHELF.titles, strict=True))
    ]
    return Library(patterns, SHELF.proses)


def vectors(asked: Library):
    passages = vectors_of(SHELF)
    names = labels_of(asked.patterns, asked.proses)
    rows = np.random.default_rng(2).standard_normal((len(names), passages.shape[1])).astype(np.float32)
    return passages, dict(zip(names, rows / np.linalg.norm(rows, axis=1, keepdims=True), strict=True))


def here(asked: Library):
    passages, labels = vectors(asked)
    return want(replace(asked, passages=passages, labels=labels), SETTINGS)


def test_a_second_process_finds_the_very_same(asked, monkeypatch):
    expected = here(asked)
    monkeypatch.setattr(wanting, "want", None)  # Nothing is judged here.
    assert Wanting().wanted(asked, SETTINGS, lambda: vectors(asked)) == expected
    assert expected.given
    assert any(verdict.odds < 0.5 for judged in expected.verdicts for verdict in judged)


def test_both_look_into_the_same_store(asked, tmp_path, monkeypatch):
    kept = Store(tmp_path / "store").drawer("sayings")
    both = replace(asked, keep=kept)
    expected = Wanting().wanted(both, SETTINGS, lambda: vectors(asked))
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    monkeypatch.setattr("garden.entities.sayings._found", None)  # All is found in the store.
    assert Wanting().wanted(both, SETTINGS, lambda: vectors(asked)) == expected


@pytest.mark.parametrize("program", ["no-such-program", "/bin/false", "/bin/true"])
def test_where_the_other_process_fails_all_is_judged_here(asked, monkeypatch, program):
    monkeypatch.setattr(sys, "executable", program)
    assert Wanting().wanted(asked, SETTINGS, lambda: vectors(asked)) == here(asked)


def test_where_the_other_process_is_killed_all_is_judged_here(asked, monkeypatch):
    opened = helper.opened

    def killed(module: str):
        process = opened(module)
        assert process is not None
        process.kill()
        return process

    monkeypatch.setattr(helper, "opened", killed)
    assert Wanting().wanted(asked, SETTINGS, lambda: vectors(asked)) == here(asked)


def test_where_there_are_no_vectors_the_other_process_ends(asked, monkeypatch):
    started: list[helper.Process] = []
    opened = helper.opened

    def start(module: str) -> helper.Process:
        process = opened(module)
        assert process is not None
        started.append(process)
        return process

    monkeypatch.setattr(helper, "opened", start)

    def fail():
        raise EncoderError("model", "is not there")

    with pytest.raises(EncoderError):
        Wanting().wanted(asked, SETTINGS, fail)
    assert started[0].poll() is not None


def test_the_process_that_was_expected_is_the_one_that_is_asked(asked, monkeypatch):
    started: list[str] = []
    opened = helper.opened

    def start(module: str) -> helper.Process | None:
        started.append(module)
        return opened(module)

    monkeypatch.setattr(helper, "opened", start)
    wanting_of = Wanting()
    wanting_of.expect(len(SHELF))
    wanting_of.expect(len(SHELF))
    assert started == ["garden.wanting"]
    assert wanting_of.wanted(asked, SETTINGS, lambda: vectors(asked)) == here(asked)
    assert started == ["garden.wanting"]


@pytest.mark.parametrize(("patterns", "cores"), [(len(SHELF) + 1, 2), (len(SHELF), 1)])
def test_a_small_library_or_a_single_core_starts_no_process(asked, monkeypatch, patterns, cores):
    monkeypatch.setattr(wanting, "LARGE", patterns)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    monkeypatch.setattr(helper, "opened", None)
    assert Wanting().wanted(asked, SETTINGS, lambda: vectors(asked)) == here(asked)


def test_what_rests_on_words_alone_is_made_before_vectors_are_waited_for(asked, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    told: list[str] = []

    def texts(proses) -> Texts:
        told.append("words")
        return Texts(proses)

    def given():
        told.append("vectors")
        return vectors(asked)

    monkeypatch.setattr(wanting, "Texts", texts)
    Wanting().wanted(asked, SETTINGS, given)
    assert told == ["words", "vectors"]
