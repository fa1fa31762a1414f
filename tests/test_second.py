import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from garden.communities import Edges, communities_of
from garden.config import CommunitySettings, EntitySettings, Settings
from garden.entities import Library, Texts, doubtful_in, labels_of, want
from garden.entities.looking import indices_of, with_indices
from garden.errors import EncoderError
from garden.models import Entity, Pattern, Section
from garden.processes import helper, second
from garden.processes.second import Second
from garden.prose import dump
from garden.store import Store
from tests.shelves import topical_shelf, vectors_of

SETTINGS = EntitySettings()
SHELF = topical_shelf()
HELD = ("review rota", "fund donation", "Sponsor (person)", "release-train")


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch):
    monkeypatch.setattr(second, "LARGE", len(SHELF))
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


@pytest.fixture
def one() -> Iterator[Second]:
    made = Second()
    yield made
    made.leave()


@pytest.fixture
def started(monkeypatch) -> list[helper.Process]:
    """The processes that are started from now on."""
    started: list[helper.Process] = []
    opened = helper.opened

    def start(module: str) -> helper.Process:
        process = opened(module)
        assert process is not None
        started.append(process)
        return process

    monkeypatch.setattr(helper, "opened", start)
    return started


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


def test_a_second_process_finds_the_very_same(one, asked, monkeypatch):
    expected = here(asked)
    monkeypatch.setattr(second, "want", None)  # Nothing is judged here.
    assert one.wanted(asked, SETTINGS, lambda: vectors(asked)) == expected
    assert expected.given
    assert any(verdict.odds < 0.5 for judged in expected.verdicts for verdict in judged)


def test_both_look_into_the_same_store(one, asked, tmp_path, monkeypatch):
    kept = Store(tmp_path / "store").drawer("sayings")
    both = replace(asked, keep=kept)
    expected = one.wanted(both, SETTINGS, lambda: vectors(asked))
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    monkeypatch.setattr("garden.entities.sayings._found", None)  # All is found in the store.
    assert Second().wanted(both, SETTINGS, lambda: vectors(asked)) == expected


def test_texts_may_be_told_as_the_bytes_that_they_are_kept_as(one, asked, monkeypatch):
    expected = here(asked)
    monkeypatch.setattr(second, "want", None)  # Nothing is judged here.
    one.tell(replace(asked, proses=()), [dump(prose) for prose in asked.proses])
    assert one.wanted(asked, SETTINGS, lambda: vectors(asked)) == expected


@pytest.mark.parametrize("program", ["no-such-program", "/bin/false", "/bin/true"])
def test_where_the_other_process_fails_all_is_judged_here(one, asked, monkeypatch, program):
    monkeypatch.setattr(sys, "executable", program)
    assert one.wanted(asked, SETTINGS, lambda: vectors(asked)) == here(asked)


def test_where_the_other_process_is_killed_all_is_judged_here(one, asked, monkeypatch):
    opened = helper.opened

    def killed(module: str):
        process = opened(module)
        assert process is not None
        process.kill()
        return process

    monkeypatch.setattr(helper, "opened", killed)
    assert one.wanted(asked, SETTINGS, lambda: vectors(asked)) == here(asked)


def test_where_there_are_no_vectors_the_other_process_ends(one, asked, started):
    def fail():
        raise EncoderError("model", "is not there")

    with pytest.raises(EncoderError):
        one.wanted(asked, SETTINGS, fail)
    assert started[0].poll() is not None


def test_the_process_that_was_expected_is_the_one_that_is_asked(one, asked, monkeypatch):
    started: list[str] = []
    opened = helper.opened

    def start(module: str) -> helper.Process | None:
        started.append(module)
        return opened(module)

    monkeypatch.setattr(helper, "opened", start)
    one.expect(len(SHELF))
    one.expect(len(SHELF))
    assert started == ["garden.processes.second"]
    assert one.wanted(asked, SETTINGS, lambda: vectors(asked)) == here(asked)
    assert started == ["garden.processes.second"]


@pytest.fixture
def edges() -> Edges:
    """Each pattern is near the next two."""
    places = np.arange(len(SHELF))
    left = np.concatenate([places, places])
    right = np.concatenate([np.roll(places, -1), np.roll(places, -2)])
    return Edges(left, right, np.linspace(0.5, 0.9, len(left)))


def test_a_process_that_got_to_know_the_library_is_asked_about_both(one, asked, edges, monkeypatch):
    entities, groups = here(asked), communities_of(asked.patterns, asked.proses, edges, [(0, 1)], Settings())
    monkeypatch.setattr(second, "want", None)  # Nothing is judged or found here.
    monkeypatch.setattr(second, "communities_of", None)
    one.tell(asked, asked.proses)
    assert one.wanted(asked, SETTINGS, lambda: vectors(asked)) == entities
    assert one.communities(asked, edges, [(0, 1)], Settings()) == groups
    assert groups is not None
    assert groups.found


def test_what_is_doubtful_is_not_found_out_again(one, asked, monkeypatch):
    known = replace(asked, doubtful=doubtful_in(asked.patterns, asked.proses))
    assert with_indices(asked.patterns, indices_of(known.doubtful)) == known.doubtful
    expected = here(asked)
    assert one.wanted(known, SETTINGS, lambda: vectors(asked)) == expected
    passages, labels = vectors(asked)
    monkeypatch.setattr(sys.modules[want.__module__], "doubtful_in", None)
    assert want(replace(known, passages=passages, labels=labels), SETTINGS) == expected


def test_pairs_that_people_joined_are_known_only_when_entities_are_asked_about(one, asked):
    joined = replace(asked, joined=[(0, 1), (1, 2), (3, 5), (4, 7)])
    one.tell(asked, asked.proses)
    assert one.wanted(joined, SETTINGS, lambda: vectors(asked)) == here(joined)


def test_communities_that_settings_leave_alone_are_left_alone_there_too(one, asked, edges):
    settings = Settings(communities=CommunitySettings(tend=False))
    one.wanted(asked, SETTINGS, lambda: vectors(asked))
    assert one.communities(asked, edges, (), settings) is None


def test_where_the_process_ends_between_two_questions_the_second_is_answered_here(one, asked, edges):
    one.wanted(asked, SETTINGS, lambda: vectors(asked))
    one.leave()
    found = one.communities(asked, edges, (), Settings())
    assert found == communities_of(asked.patterns, asked.proses, edges, (), Settings())


def test_after_it_was_left_another_library_is_told_of(one, asked, monkeypatch):
    one.tell(asked, asked.proses[::-1])
    one.leave()
    other = replace(asked, creates=False)
    passages, labels = vectors(other)
    expected = want(replace(other, passages=passages, labels=labels), SETTINGS)
    monkeypatch.setattr(second, "want", None)  # Nothing is judged here.
    assert one.wanted(other, SETTINGS, lambda: vectors(other)) == expected


def test_to_leave_ends_a_process_that_was_told_and_never_asked(one, asked, started):
    one.tell(asked, asked.proses)
    one.leave()
    one.leave()
    assert [process.poll() for process in started] == [-signal.SIGKILL]


@pytest.mark.parametrize(("patterns", "cores"), [(len(SHELF) + 1, 2), (len(SHELF), 1)])
def test_a_small_library_or_a_single_core_starts_no_process(one, asked, monkeypatch, patterns, cores):
    monkeypatch.setattr(second, "LARGE", patterns)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    monkeypatch.setattr(helper, "opened", None)
    assert one.wanted(asked, SETTINGS, lambda: vectors(asked)) == here(asked)


def test_what_rests_on_words_alone_is_made_before_vectors_are_waited_for(one, asked, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    told: list[str] = []

    def texts(proses) -> Texts:
        told.append("words")
        return Texts(proses)

    def given():
        told.append("vectors")
        return vectors(asked)

    monkeypatch.setattr(second, "Texts", texts)
    one.wanted(asked, SETTINGS, given)
    assert told == ["words", "vectors"]
