import numpy as np
import pytest

from garden import prose
from garden.config import LinkSettings
from garden.links import PairEvidence, Shelf, explain_pairs, rank
from garden.links.evidence import Rarity, shared_terms
from garden.links.reasons import LONGEST, Ground, reason
from garden.models import Entity
from garden.prose import Sentence
from tests.shelves import shelf_of, topical_shelf, vectors_of

ROTA = """## Problem

Nobody feels answerable for reviews, so a change waits for days.

## Solution

A review rota names two reviewers for each day of the week, and they answer within one working day.
"""
PACE = """## Problem

Authors lose heart when a change waits for days without a word.

## Solution

Agree on a response time: a reviewer from the review rota answers within one working day, if only to say when.
"""
SOUP = """## Problem

Cold evenings call for something warm and filling.

## Solution

Simmer the leeks and potatoes slowly in plenty of butter and stock.
"""


@pytest.fixture(scope="module")
def evidence() -> PairEvidence:
    filler = [(f"soup-{i}", f"Soup {i}", SOUP.replace("leeks", f"leeks{i}")) for i in range(6)]
    rota = Entity(index=0, id="review-rota", label="Review Rota")
    texts = [("a-rota", "Reviewers by the Day", ROTA), ("b-pace", "Answer Within a Day", PACE), *filler]
    shelf = shelf_of(texts, [[rota], [rota.model_copy(update={"label": "The rota"})], *([()] * 6)])
    vectors = np.eye(len(shelf), dtype=np.float32)
    return explain_pairs(shelf, rank(shelf, vectors, [], LinkSettings()), [(0, 1)])[0, 1]


def test_the_best_matching_sentences_are_quoted_word_for_word(evidence):
    quoted = {one["pattern"]: one["text"] for one in evidence.details["sentences"]}
    assert quoted["a-rota"] in " ".join(ROTA.split())
    assert quoted["b-pace"] in " ".join(PACE.split())
    assert all("within one working day" in text or "waits for days" in text for text in quoted.values())


def test_shared_terms_are_rare_ones_that_both_use_and_neighbours_come_as_a_phrase(evidence):
    assert "review rota" in evidence.details["terms"]
    assert not {"soup", "leeks", "the"} & set(evidence.details["terms"])
    assert len(evidence.details["terms"]) <= 6


def test_shared_entities_signals_and_text_hashes_are_kept(evidence):
    assert evidence.details["entities"] == ["Review Rota"]
    assert evidence.details["texts"] == {"a-rota": "hash-a-rota", "b-pace": "hash-b-pace"}
    assert evidence.details["signals"].keys() == evidence.details["shares"].keys()


def test_reasons_name_the_other_pattern_or_part_and_are_short(evidence):
    for text in (evidence.reason_left, evidence.reason_right):
        assert 20 < len(text) <= LONGEST
        assert text.endswith(".")
    assert evidence.reason_left != evidence.reason_right


def test_explaining_nothing_costs_nothing():
    shelf = topical_shelf()
    assert explain_pairs(shelf, rank(shelf, vectors_of(shelf), [], LinkSettings()), []) == {}


def test_evidence_of_one_pair_does_not_depend_on_the_others():
    shelf = topical_shelf()
    ranking = rank(shelf, vectors_of(shelf), [], LinkSettings())
    every = explain_pairs(shelf, ranking, [(0, 1), (0, 2), (3, 9), (8, 20)])
    assert explain_pairs(shelf, ranking, [(3, 9)])[3, 9] == every[3, 9]


def test_sentences_that_a_template_repeats_are_not_quoted():
    worn = "The core conflict is this against that in the end."
    texts = [(f"p-{i:02}", f"P {i}", f"## Problem\n\n{worn}\n\nOnly text {i} says apples{i % 2}.") for i in range(12)]
    shelf = shelf_of(texts)
    ranking = rank(shelf, np.eye(12, dtype=np.float32), [], LinkSettings())
    found = explain_pairs(shelf, ranking, [(0, 2)])[0, 2]
    assert worn not in {one["text"] for one in found.details["sentences"]}


def ground(**changes: object) -> Ground:
    given = {
        "titles": ("Review Rota", "Response Time"),
        "terms": ("working day", "reviewer"),
        "entities": (),
        "sentences": None,
    }
    return Ground(**{**given, **changes})  # type: ignore[arg-type]


SENTENCES = (
    Sentence("problem", "No reviewer answers within a working day."),
    Sentence("solution", "A reviewer answers within one working day."),
)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (ground(), "Like Response Time, it speaks of working day and reviewer."),
        (ground(entities=("Rota",)), "Like Response Time, it works with Rota."),
        (ground(terms=()), "Its passage as a whole reads much like that of Response Time."),
    ],
)
def test_a_reason_claims_what_there_is(asked, expected):
    assert reason(asked) == expected


def test_a_reason_says_which_part_meets_which_where_both_quotes_bear_it():
    text = reason(ground(sentences=SENTENCES))
    assert "problem" in text
    assert "solution" in text
    assert "working day" in text


def test_a_part_is_not_claimed_where_its_quote_does_not_bear_it():
    other = (SENTENCES[0], Sentence("solution", "A rota names two people for each day."))
    assert reason(ground(sentences=other)) == reason(ground())


@pytest.mark.parametrize("title", ["T" * 400, "A very long title " * 20, "Title\nin two lines"])
def test_long_titles_are_shortened(title):
    text = reason(ground(titles=("Own", title)))
    assert len(text) <= LONGEST
    assert "\n" not in text


def test_a_reason_with_terms_too_long_to_fit_falls_back():
    assert len(reason(ground(terms=("x" * 150, "y" * 150)))) <= LONGEST


def test_turning_a_ground_twice_gives_it_back():
    asked = ground(sentences=SENTENCES)
    assert asked.turned().turned() == asked
    assert asked.turned().titles == ("Response Time", "Review Rota")


def test_rarity_of_an_empty_library_is_even():
    rarity = Rarity.of([])
    assert rarity.weights(np.array([1, 2], np.uint64)).tolist() == pytest.approx([np.log(2)] * 2)
    none = prose.read("", (), "", "", "")
    assert shared_terms(none, none, rarity) == []


def test_a_shelf_keeps_its_order():
    shelf = topical_shelf()
    assert isinstance(shelf, Shelf)
    assert list(shelf.slugs) == sorted(shelf.slugs)
