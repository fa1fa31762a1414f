from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from garden import prose
from garden.config import LinkSettings
from garden.links import Meanings, Senses, Shelf, Vectors, explain_pairs, rank, words_to_ask
from garden.links.common import Common
from garden.links.senses import KNOWN
from garden.links.study import Study
from garden.links.topics import Topic
from tests.shelves import shelf_of, vectors_of

KNOWN_TEXTS = {text: place for place, pair in enumerate(KNOWN) for text in pair}
SOUP = "Cold evenings call for something warm. Simmer the leeks slowly in plenty of butter and stock."
# Both come back to the review and to the kettle; what they are about is the review.
ROTA = "The review is short. Fill the kettle for the review. A kettle is hot. A review is done by the kettle."
PACE = "A review is slow. The kettle is old. Put a kettle by the review. The kettle is for a review."


class Told:
    """An encoder that knows the known words, and how near other words are to what the first two patterns say.

    ``asked`` lists what it was asked for.
    """

    name = "told"

    def __init__(self, near: dict[str, float]) -> None:
        self.near = near
        self.asked: list[str] = []

    def encoded(self, texts: Sequence[str]) -> Vectors:
        self.asked.extend(texts)
        return np.array([self._row(text) for text in texts], np.float32)

    def _row(self, text: str) -> list[float]:
        row = [0.0] * (len(KNOWN) + 2)
        if text in KNOWN_TEXTS:
            row[KNOWN_TEXTS[text]] = 1
            return row
        near = self.near.get(text, 0.0)
        row[-2], row[-1] = near, (1 - near**2) ** 0.5
        return row


def passages(shelf: Shelf) -> Vectors:
    rows = np.zeros((len(shelf), len(KNOWN) + 2), np.float32)
    rows[:, 0] = 1
    rows[:2, 0], rows[:2, -2] = 0, 1
    return rows


def library() -> Shelf:
    others = [(f"soup-{i}", f"Soup {i}", SOUP.replace("leeks", f"leeks{i}")) for i in range(30)]
    return shelf_of([("a", "Rota", ROTA), ("b", "Pace", PACE), *others])


def topics(near: dict[str, float] | None) -> dict[str, Topic]:
    shelf = library()
    study = Study.of(shelf)
    if near is not None:
        told = Told(near)
        study = replace(study, senses=study.senses_of([(0, 1)], Meanings("told", passages(shelf), told.encoded)))
    return {topic.text: topic for topic in Common(study.ends(0, 1), study.rarity, study.lexicon).topics()}


def test_known_words_set_what_is_near_and_what_is_far():
    senses = Meanings("told", passages(library()), Told({"review": 1.0, "kettle": 0.0, "tea": 0.5}).encoded).of(
        ["kettle", "review", "tea"]
    )
    assert senses is not None
    assert (senses.near, senses.far) == (1, 0)
    assert [round(senses.fit([row], (0, 1)), 3) for row in range(3)] == [0, 1, 0.5]
    assert round(senses.fit([1], (0, 9)), 3) == 0.5
    # Two words together mean what lies between.
    assert round(senses.fit([0, 1], (0, 1)), 3) == 0.707


def test_an_encoder_that_does_not_tell_known_words_apart_tells_no_senses():
    def alike(texts: Sequence[str]) -> Vectors:
        return np.tile(np.eye(1, 14, dtype=np.float32), (len(texts), 1))

    assert Meanings("alike", passages(library()), alike).of(["kettle"]) is None


def test_a_word_that_means_something_else_than_both_texts_is_no_topic_to_rest_on():
    untold = topics(None)
    assert untold["kettles"].hold > 0
    assert untold["reviews"].hold > 0
    told = topics({"review": 0.9, "kettle": 0.1})
    assert told["reviews"].hold == untold["reviews"].hold
    assert (told["kettles"].hold, told["kettles"].beside, told["kettles"].meant) == (0, 0, False)


def test_the_nearer_of_two_words_comes_first():
    assert next(iter(topics({"review": 0.9, "kettle": 0.45}))) == "reviews"
    assert next(iter(topics({"review": 0.45, "kettle": 0.9}))) == "kettles"


def test_a_word_whose_sense_nobody_knows_is_a_topic_as_before():
    shelf = library()
    study = Study.of(shelf)
    unknown = Senses("told", {}, np.empty((0, 14), np.float32), passages(shelf), 1, 0)
    ends = replace(study.ends(0, 1), senses=unknown)
    assert {one.text: one for one in Common(ends, study.rarity, study.lexicon).topics()} == topics(None)


def test_a_pair_is_explained_alike_alone_and_among_others():
    shelf = library()
    ranking = rank(shelf, passages(shelf), [], LinkSettings())
    pairs = list(combinations(range(6), 2))
    meanings = Meanings("told", lambda: passages(shelf), Told({"review": 0.9, "kettle": 0.1}).encoded)
    every = explain_pairs(shelf, ranking, pairs, meanings)
    assert all(explain_pairs(shelf, ranking, [pair], meanings)[pair] == every[pair] for pair in pairs)


def test_only_nouns_that_a_pattern_is_about_and_another_has_are_asked_for():
    shelf = library()
    told = Told({})
    Study.of(shelf).senses_of([(0, 1)], Meanings("told", passages(shelf), told.encoded))
    asked = [text for text in told.asked if text not in KNOWN_TEXTS]
    assert {"review", "kettle"} <= set(asked)
    assert {"leeks1", "hot"}.isdisjoint(asked)
    assert asked == sorted(set(asked))


@pytest.mark.parametrize("other", ["", "another"])
def test_what_is_kept_rests_on_the_encoder(other):
    study = Study.of(library())
    assert study.rests_on([0, 1], "told") == study.rests_on([0, 1], "told")
    assert study.rests_on([0, 1], "told") != study.rests_on([0, 1], other)


def test_the_words_of_a_new_text_are_asked_for_ahead():
    said = prose.read("Rota", (), "", "", ROTA)
    asked = words_to_ask("Rota", said)
    assert {"review", "kettle", "rota"} <= asked
    assert "hot" not in asked
    told = Told({})
    shelf = library()
    Study.of(shelf).senses_of([(0, 1)], Meanings("told", vectors_of(shelf), told.encoded))
    other = words_to_ask("Pace", prose.read("Pace", (), "", "", PACE))
    assert {text for text in told.asked if text not in KNOWN_TEXTS} <= asked | other
