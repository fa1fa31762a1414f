"""Which part of a sentence is quoted."""

import pytest

from garden import terms
from garden.links.excerpts import excerpt

LONG = "Creative output depends on recovery as much as effort — the most prolific creators have rest built in."
TELLING = "A review rota is a list of reviewers, two for each working day, which tells authors whom to ask for one."


@pytest.mark.parametrize(
    ("text", "room", "known", "said"),
    [
        ("We share the work of reviews.", 60, "", "We share the work of reviews"),
        (LONG, 120, "", LONG[:-1]),
        (LONG, 80, "", "Creative output depends on recovery as much as effort"),
        (LONG, 40, "", None),
        (TELLING, 120, "review rota", TELLING[17:-1]),
        (TELLING, 60, "review rota", None),
        ("It is a list of reviewers for each working day of the week.", 80, "review rota", None),
        ("Reviewers (two for each day", 60, "", None),
        ("The point of it is the haste with which reviewers answer to every change.", 60, "rota", None),
        ("They say “ask the rota” to whoever comes.", 60, "", None),
    ],
)
def test_a_sentence_is_quoted_where_it_fits_and_else_a_clause_of_it(text, room, known, said):
    assert excerpt([text], room, terms.said_keys(known)) == said


@pytest.mark.parametrize(
    "text",
    [
        "It is shared by all of the reviewers on each day.",
        "We look for a way that this rota can share the work of reviews.",
        "'We share the work of all reviews,' as the reviewers tell us at noon.",
        "And so the work of all reviews is shared by the reviewers:",
    ],
)
def test_what_hangs_in_the_air_is_not_quoted(text):
    assert excerpt([text], 120) is None


def test_nothing_between_two_dashes_is_quoted_without_what_comes_after():
    text = "The work of reviews—slow, thankless and seldom seen by others—is shared."
    assert excerpt([text], 120) == text[:-1]
    assert excerpt([text], 64) is None


def test_what_says_the_title_again_is_quoted_only_where_nothing_else_fits():
    texts = ["Review rotas make slow answers a shared pain.", "We share the pain of slow answers."]
    known = terms.said_keys("Review Rota")
    assert excerpt(texts, 60, known) == "We share the pain of slow answers"
    assert excerpt(texts[:1], 60, known) == "Review rotas make slow answers a shared pain"


def test_only_what_tells_is_quoted():
    texts = ["We share the work of all reviews.", "We share the pain of slow answers."]
    assert excerpt(texts, 60, telling=terms.said_keys("answers").issubset) == "We share the pain of slow answers"
    assert excerpt(texts, 60, telling=terms.said_keys("lunch").issubset) is None


def test_a_part_is_cut_off_only_after_what_it_is_quoted_for():
    known, shown = terms.said_keys("review rota"), terms.said_keys("reviewers")
    assert excerpt([TELLING], 60, known, shown=shown) == "a list of reviewers, two for each working day…"
    assert excerpt([TELLING], 60, known, shown=terms.said_keys("authors")) is None
    assert excerpt([TELLING], 30, known, shown=shown) is None
    again = "Every review rota is shared by two reviewers, as all of us agree on."
    assert excerpt([again], 60, known, shown=shown) is None
    assert excerpt([TELLING], 60, known, shown=()) == "a list of reviewers, two for each working day…"


@pytest.mark.parametrize(
    "text",
    [
        "By asking two reviewers for each of the days, we share the work.",
        "The work of reviews—slow, thankless and seldom seen by others—is shared.",
        "We share the work of the reviews with the reviewers known for haste in it.",
        "We share the work with the Council of Reviewers in the Low Countries.",
    ],
)
def test_nothing_is_cut_off_where_it_wants_more(text):
    assert excerpt([text], 58, shown=terms.said_keys("work")) is None
