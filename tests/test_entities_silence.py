"""Where a text's silence tells nothing of an entity."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from garden import prose, terms
from garden.entities.labels import read_label
from garden.entities.silence import RARE, halved, heard_in, names_among, tells_nothing
from garden.entities.wording import root

BODIES = (
    "Meetings follow the plan of Ada Quill. A plan by Quill is proportionate, and each member has a reason to reply.",
    "The members plan a garden. A member sows seeds in rows, and the soil is fed with compost.",
    "Cooks plan the soup. A cook chops onions with care, and bread is baked with proportionality and reasoning.",
)
PROSES = [prose.read(f"Text {at}", (), "", "", body) for at, body in enumerate(BODIES)]


def untold(label: str, owner: int, nearer: float = 0.9, kind: str | None = None) -> bool:
    return bool(tells_nothing([(read_label(label), owner)], [kind], [nearer], PROSES)[0])


@pytest.mark.parametrize(
    ("label", "owner", "found"),
    [
        ("Ada Quill", 1, True),
        ("the ada quill plan", 1, True),
        ("Plan Review by Quill", 1, True),
        ("Moon Landing", 1, False),
        ("Soup Cook", 1, False),
        ("Proportionality of Reasoning", 0, True),
        ("Proportionality of Reasoning", 1, False),
        ("Going On Seeds", 2, True),
        ("B Onion", 1, True),
    ],
)
def test_names_other_forms_and_half_labels_are_left_to_people(label, owner, found):
    assert untold(label, owner) is found


@pytest.mark.parametrize(
    ("kind", "spared"), [("Person", True), ("organization", True), ("concept", False), (None, False)]
)
def test_a_name_may_be_told_by_its_type(kind, spared):
    assert untold("Moon Landing", 1, kind=kind) is spared


def test_a_text_that_a_label_fits_better_than_most_is_left_to_people():
    assert untold("Garden Cook", 1, nearer=0.2)
    assert not untold("Garden Cook", 1, nearer=0.3)
    assert not untold("Soup Cook", 1, nearer=0.2)  # The text says no word of it.


@pytest.mark.parametrize(
    ("label", "half"),
    [("Letting Go", True), ("Needs Assessment", True), ("Tools for the Garden", False), ("Agency", False)],
)
def test_a_label_is_half_known_where_stop_words_are_half_of_what_it_says(label, half):
    assert halved(read_label(label)) is half


def test_a_name_is_a_word_that_is_mostly_written_with_a_capital():
    words = ("Quill", "plan", "soup", "Zed")  # No text has the last one.
    keys = {terms.term_key(word): word for word in words}

    assert {keys[key] for key in names_among(heard_in(keys, PROSES))} == {"Quill"}


def many(others_that_say_it: int) -> list[prose.Prose]:
    """Two hundred texts: the first, of which all is asked, and so many others that speak of compost."""
    first, *rest = (prose.read(f"Text {at}", (), "", "", f"Cooks plan soup number {at}.") for at in range(2 * RARE))
    said = prose.read("Text", (), "", "", "Cooks plan soup, and feed the compost.")
    return [first, *[said] * others_that_say_it, *rest[others_that_say_it:]]


@pytest.mark.parametrize(("others", "spared"), [(0, True), (1, True), (2, False), (30, False)])
def test_a_word_that_hardly_any_other_text_has_is_left_to_people(others, spared):
    assert bool(tells_nothing([(read_label("Compost"), 0)], [None], [0.9], many(others))[0]) is spared


def test_in_a_small_library_no_word_is_too_rare():
    assert not tells_nothing([(read_label("Compost"), 0)], [None], [0.9], many(0)[: RARE - 1])[0]


def test_a_text_s_own_mention_does_not_make_a_word_common():
    said = prose.read("Text", (), "", "", "Cooks plan soup, and feed the compost.")
    proses = [said, *many(1)[1:]]

    assert tells_nothing([(read_label("Compost Heaven"), 0)], [None], [0.9], proses)[0]


def test_nothing_is_asked_of_the_texts_where_there_is_nothing_to_ask():
    assert tells_nothing([], [], [], PROSES).tolist() == []


LABELS = st.sampled_from(["Soup Cook", "Garden Rows", "Proportionality of Reasoning", "Bread Dawn", "Compost Seeds"])


@settings(max_examples=40, deadline=None)
@given(LABELS, LABELS, st.integers(0, 2))
def test_saying_more_never_makes_a_silence_tell_more(label, said, owner):
    before = untold(label, owner)
    longer = [prose.read("Text", (), "", "", f"{body} Then {said.lower()}.") for body in BODIES]
    proses = [longer[at] if at == owner else one for at, one in enumerate(PROSES)]

    assert bool(tells_nothing([(read_label(label), owner)], [None], [0.9], proses)[0]) >= before


@given(st.text(string.ascii_letters, min_size=2))
def test_a_word_and_its_root_begin_alike(word: str):
    assert word[:2].lower().startswith(root(word)[:2])


@pytest.mark.parametrize(
    ("word", "capitals"), [("Élan", 1), ("élan", 0), ("Quill", 1), ("quill", 0), ("Ωmega", 1), ("ωmega", 0)]
)
def test_a_capital_is_told_in_every_script(word: str, capitals: int) -> None:
    said = prose.read("Ünlike", (), f"{word} stands among other words, ünlike some.", "", "")
    key = terms.term_key(word)
    heard = heard_in([key, terms.term_key("Ünlike")], [said, PROSES[1]])
    assert heard[key].texts == 1
    assert heard[key].capitals == capitals
