"""Which titles say that one pattern is a kind of another."""

from collections.abc import Sequence

import numpy as np
import pytest

from garden.links.doubles import doubles
from garden.links.kinds import also_called, named_alternatives, named_kinds, named_within, same_thing
from garden.links.ties import Tie
from garden.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("special", "general"),
    [
        ("Worker Cooperatives", "Cooperative"),
        ("Local Network Effects", "Network Effect"),
        ("Role-Based Access Control", "Access Control"),
        ("Graph-Based Recommendation Engine", "Recommendation Engine"),
        ("Vanity Metrics in Finance", "Vanity Metrics"),
        ("Coalition Building Across Issues", "Coalition Building"),
        ("Erotic Intelligence as Life Force", "Erotic Intelligence"),
        ("Trauma Release Through the Body", "Trauma Release"),
    ],
)
def test_a_title_that_ends_with_another_names_a_kind_of_it(special, general):
    assert named_kinds((special, general), [(0, 1)], Vocabulary()) == {(0, 1): Tie(0, 1, "generalizes_from")}
    assert named_kinds((general, special), [(0, 1)], Vocabulary()) == {(0, 1): Tie(1, 0, "generalizes_from")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cooperative", "Cooperatives"),  # the same
        ("Cooperative Bank", "Cooperative"),  # begins with it
        ("Equity Crowdfunding", "Crowdfunding (Rewards)"),  # in brackets, and so another kind
        ("GL013: Steward Ownership", "Steward Ownership"),  # a number of the same
        ("Governance - Purpose Foundation", "Purpose Foundation"),  # in parts
        ("Principle of Least Privilege", "Least Privilege"),  # with a little word
        ("Anti-Dilution", "Dilution"),  # the contrary
        ("Flat Round", "Down Round"),  # ends with a part of it
        ("Service Prototyping", "Prototype"),  # another form of the word
        ("Very Long and Winding Name of Review", "Review"),
        ("", ""),
    ],
)
def test_other_titles_say_nothing(one, other):
    assert named_kinds((one, other), [(0, 1)], Vocabulary()) == {}


def test_nothing_is_said_in_types_that_the_vocabulary_has_not():
    types: dict[str, str | None] = {"broader": "narrower", "narrower": "broader", "related": "related"}
    other = Vocabulary(inverses=types, aliases={}, fallback="related")
    assert named_kinds(("Worker Cooperative", "Cooperative"), [(0, 1)], other) == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zero Knowledge Proofs", "Zero-Knowledge Proofs (ZKPs)"),  # hyphens and brackets
        ("GL013: Steward Ownership", "R002: Steward-Ownership"),  # numbers
        ("Privacy by Design - Cavoukian", "Privacy by Design"),  # a subtitle
        ("PDCA Cycle: The Engine", "PDCA Cycle - Plan-Do-Check-Act (Deming)"),
        ("Industrie 4.0", "Industry 4.0"),
    ],
)
def test_titles_of_one_name_are_alternatives(one, other):
    assert same_thing(one, other)
    assert same_thing(other, one)
    assert named_alternatives((one, other), [(0, 1)], Vocabulary()) == {(0, 1): Tie(0, 1, "alternatives")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Phishing: By Phone", "Phishing"),  # a part of it
        ("Worker Cooperative", "Cooperative"),
        ("Documentation Culture", "Culture Documentation"),
        ("B-Corporation", "C-Corporation"),
        ("", ""),
        ("(X)", "(Y)"),
    ],
)
def test_titles_of_two_names_are_no_alternatives(one, other):
    assert not same_thing(one, other)
    assert named_alternatives((one, other), [(0, 1)], Vocabulary()) == {}


def test_a_last_word_of_many_titles_makes_no_other_thing():
    titles = ("Stress Inoculation", "Stress Inoculation Design", *(f"Thing{i} Design" for i in range(5)))
    assert list(named_alternatives(titles, [(0, 1)], Vocabulary())) == [(0, 1)]
    assert named_alternatives(titles[:3], [(0, 1)], Vocabulary()) == {}


def test_titles_that_differ_in_last_words_of_many_titles_are_alternatives():
    many = [f"Thing{i} {last}" for last in ("Design", "Practice") for i in range(5)]
    titles = ("Stress Inoculation Practice", "Stress Inoculation Design", "Stress Test", "Coast Design", *many)
    assert list(named_alternatives(titles, [(0, 1), (0, 2), (1, 3)], Vocabulary())) == [(0, 1)]
    assert named_alternatives(("Coast Practice", "Coast Design", *many), [(0, 1)], Vocabulary()) == {}


def test_no_alternatives_are_told_in_other_vocabularies():
    other = Vocabulary(inverses={"related": "related"}, aliases={}, fallback="related")
    assert named_alternatives(("Dry Dock", "Dry-Dock"), [(0, 1)], other) == {}


@pytest.mark.parametrize(
    ("special", "general"),
    [
        ("Ethics of Digital Influence", "The Ethics of Influence"),
        ("Post-Traumatic Growth Mechanisms", "Post-Traumatic Growth"),
        ("Role-Based Access Control (RBAC)", "Access Control"),
        ("Corporate Venture Capital", "FF002: Venture Capital (VC)"),  # a number and an abbreviation
        ("Deliberative Democracy Skills", "Deliberative Democracy: Fishkin's Model"),  # a subtitle
        ("Circular Economy Business Models", "Circular Economies"),
    ],
)
def test_a_title_that_has_another_within_names_a_kind_of_it(special, general):
    assert named_within((special, general), [(0, 1)], Vocabulary()) == {(0, 1): Tie(0, 1, "generalizes_from")}
    assert named_within((general, special), [(0, 1)], Vocabulary()) == {(0, 1): Tie(1, 0, "generalizes_from")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cooperative Bank", "Cooperative"),  # one word
        ("Power With vs Power Over", "Solidarity Across Power Differences"),  # one that means something
        ("Digital Minimalism vs Digital Fluency", "Digital Minimalism"),  # set against something
        ("Culture of Documentation", "Documentation Culture"),  # in another order
        ("Access Controls (RBAC)", "Access Control"),  # nothing more
        ("Review of Code in a Large and Old Monorepo", "Code Review"),
        ("Code Review 2.0 for All", "Code Review"),
        ("", ""),
    ],
)
def test_titles_that_only_share_words_name_no_kind(one, other):
    assert named_within((one, other), [(0, 1)], Vocabulary()) == {}


def test_no_kinds_within_titles_are_told_in_other_vocabularies():
    other = Vocabulary(inverses={"related": "related"}, aliases={}, fallback="related")
    assert named_within(("Ethics of Digital Influence", "Ethics of Influence"), [(0, 1)], other) == {}


def test_what_one_calls_itself_as_well_is_the_same_thing():
    titles, aliases = ("Rental Model", "Leasing Model (B2B)", "Sale"), (("leasing models", ""), (), ())
    pairs = [(0, 1), (0, 2), (1, 2)]
    assert also_called(titles, aliases, pairs, Vocabulary()) == {(0, 1): Tie(0, 1, "alternatives")}
    assert also_called(titles[::-1], aliases[::-1], pairs, Vocabulary()) == {(1, 2): Tie(1, 2, "alternatives")}
    other = Vocabulary(inverses={"related": "related"}, aliases={}, fallback="related")
    assert also_called(titles, aliases, pairs, other) == {}


def _told(titles: tuple[str, ...], *cosines: float, kinds: Sequence[tuple[int, int]] = ()) -> list[tuple[int, int]]:
    """The doubles among all pairs. The first text has these cosines with the others, which have nothing in common."""
    size = len(titles)
    vectors = np.zeros((size, size), np.float32)
    vectors[0, : 1 + len(cosines)] = [(1 - sum(cosine**2 for cosine in cosines)) ** 0.5, *cosines]
    vectors[1:, 1:] = np.eye(size - 1)
    pairs = [(left, right) for left in range(size) for right in range(left + 1, size)]
    return list(doubles(titles, vectors, pairs, Vocabulary(), kinds))


def test_titles_and_texts_that_are_much_alike_are_on_one_thing():
    assert _told(("Shame Resilience Practice", "Building Shame Resilience"), 0.85) == [(0, 1)]
    assert _told(("Shame Resilience Practice", "Building Shame Resilience"), 0.75) == []
    # The fewer of their words the titles share, the more alike the texts must be.
    assert _told(("Problem Interviews", "Solution Interviews"), 0.85) == [(0, 1)]
    assert _told(("Problem Interviews", "Solution Interviews"), 0.8) == []
    assert _told(("Problem Statements", "Solution Interviews"), 0.95) == []


def test_words_that_few_titles_have_tell_more_than_those_of_many():
    others = ("Dance Practice", "Sleep Practice", "Trade Practice")
    assert _told(("Inner Critic Dialogue", "Inner Critic Practice", *others), 0.75) == [(0, 1)]
    assert _told(("Inner Critic Dialogue", "Inner Critic Practice", *others), 0.72) == []
    others = ("Dance Review", "Sleep Review", "Trade Review")
    assert _told(("Code Review Practice", "Price Review Practice", *others), 0.75) == []


def test_a_title_that_has_all_of_the_other_and_more_may_be_that_of_a_part():
    titles = ("Continuous Integration", "Continuous Integration and Deployment")
    assert _told(titles, 0.8, kinds=[(0, 1)]) == []
    assert _told(titles, 0.85, kinds=[(0, 1)]) == [(0, 1)]
    assert _told(("Integration", "Continuous Integration"), 0.8) == []


def test_the_same_words_in_another_order_are_on_one_thing():
    assert _told(("Leadership and Loneliness", "Loneliness in Leadership"), 0.75) == [(0, 1)]
    assert _told(("Leadership and Loneliness", "Loneliness in Leadership"), 0.6) == []


@pytest.mark.parametrize(("one", "other"), [("Week 12", "Week 13"), ("ISO 9001 Audit", "ISO 14001 Audit")])
def test_two_of_a_series_are_not_the_same_thing(one, other):
    assert _told((one, other), 0.99) == []
    assert _told((f"{one} by Hand", f"{one} by Hand"), 0.99) == [(0, 1)]


def test_only_texts_that_are_among_the_nearest_to_each_other_are_on_the_same():
    titles = ("Shame Resilience Practice", *(f"{word} Shame Resilience" for word in ("Building", "Teaching", "Losing")))
    one = np.array([1, 0, 0, 0, 0])
    rows = [one, *([0.8, 0.6 * np.cos(turn), 0.6 * np.sin(turn), 0, 0] for turn in (0.0, 0.1, 0.2, 3.1))]
    pairs = [(0, place) for place in range(1, 5)]
    found = doubles((*titles, "Dry Dock"), np.array(rows, np.float32), pairs, Vocabulary())
    # To each of the others it is among the three nearest; of these, all but the fourth are to it.
    assert list(found) == [(0, 1), (0, 2), (0, 3)]


def test_no_doubles_are_told_in_other_vocabularies():
    other = Vocabulary(inverses={"related": "related"}, aliases={}, fallback="related")
    assert doubles(("Dry Dock Coast", "Coast Dry Dock"), np.ones((2, 1), np.float32), [(0, 1)], other) == {}
