"""Which lists say that one pattern is a part of another."""

import pytest

from garden import prose
from garden.links.parts import named_parts, set_apart, told_ties
from garden.links.ties import Tie
from garden.vocabulary import Vocabulary

TITLES = ("Extreme Programming (XP)", "Pair Programming")
PLAIN = "## Solution\n\nTwo people share one keyboard.\n"


def parts(titles: tuple[str, str], one: str, other: str = PLAIN):
    proses = [prose.read(title, (), "", "", body) for title, body in zip(titles, (one, other), strict=True)]
    return named_parts(titles, proses, [(0, 1)], Vocabulary())


@pytest.mark.parametrize(
    "body",
    [
        "## Solution\n\n- **Pair Programming:** two people share one keyboard.\n",
        "## Key Practices\n\n1. **Pair programming** - two people share one keyboard.\n",
        "## Core Principles\n\n**Pair Programming (two at a time).** Two people share one keyboard.\n",
        "## Implementation\n\n* Pair programming: two people share one keyboard.\n",
        "## How to begin: steps\n\n- __Introduce Pair Programming__: two people share one keyboard.\n",
        "## Implementation\n\n- **Begin with calm pair programming:** two people share one keyboard.\n",
        "## Solution\n\nIt comes in parts.\n\n### Pair Programming\n\nTwo people share one keyboard.\n",
        "## Solution\n\n### What to do\n\n- **[Pair Programming](pair-programming.md)**: two share one keyboard.\n",
    ],
)
def test_what_a_pattern_lists_is_a_part_of_it(body):
    assert parts(TITLES, body) == {(0, 1): Tie(0, 1, "requires")}
    assert parts(TITLES[::-1], PLAIN, body) == {(0, 1): Tie(1, 0, "requires")}


@pytest.mark.parametrize(
    "body",
    [
        "## Solution\n\nPair programming: two people share one keyboard.\n",  # no item of a list
        "## Related Patterns\n\n- **Pair Programming:** two people share one keyboard.\n",
        "## Context\n\n- **Pair Programming:** two people share one keyboard.\n",
        "## Risks\n\n- **Pair Programming:** two people share one keyboard.\n",
        "## Solution\n\n- **Remote Programming in a Pair:** two people share one screen.\n",
        "## Solution\n\n- **What Old Teams Try before Pair Programming:** two people share one screen.\n",
        "## Solution\n\n- **Supports Pair Programming:** two people share one screen.\n",
        "## Solution\n\n- **Programming:** alone or as a pair.\n",
        "## Solution\n\n```\n- **Pair Programming:** an example\n```\n",
        "",
    ],
)
def test_what_is_only_mentioned_is_no_part(body):
    assert parts(TITLES, body) == {}


def test_an_item_names_what_it_is_also_called_in_brackets():
    body = "## Key Practices\n\n- **Visual Management (Heijunka):** level what is made.\n"
    assert parts(("Lean", "Heijunka - Production Leveling"), body) == {(0, 1): Tie(0, 1, "requires")}
    assert parts(("Lean", "Heijunka Box"), body) == {}


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("MBSE (Model-Based Systems Engineering)", True),
        ("MBSEs (Model-Based Systems Engineering)", True),
        ("Method (Model-Based Systems Engineering)", False),
        ("Sketch (Model-Based Systems Engineering)", False),
    ],
)
def test_a_title_that_is_short_for_what_stands_in_brackets_is_named_by_that(title, named):
    body = "## Key Practices\n\n- **Adopt Model-Based Systems Engineering:** draw before you build.\n"
    assert parts(("Design in Space", title), body) == ({(0, 1): Tie(0, 1, "requires")} if named else {})


def test_what_is_short_for_a_title_names_it():
    body = "## Key Practices\n\n- **PIAs:** ask early.\n"
    assert parts(("Privacy by Design", "Privacy Impact Assessment (PIA)"), body) == {(0, 1): Tie(0, 1, "requires")}
    assert parts(("Privacy by Design", "Public Interest"), body) == {}


@pytest.mark.parametrize(
    ("title", "item"),
    [
        ("Immutable Infrastructure Pattern", "Practice Immutable Infrastructure"),
        ("Timeout Pattern", "Timeouts"),
        ("Microservices Architecture", "Embrace Microservices"),
        ("Health Check API Pattern", "Health Checks"),
        ("Switching Cost Design", "High Switching Costs and Lock-in"),
        ("Feature Flags/Toggles", "Feature Toggles"),
        ("Feature Flags/Toggles", "Feature Flags"),
        ("Microsegmentation", "Micro-segmentation"),
        ("5S Methodology", "5S"),
        ("SCRUM Framework", "Adopting SCRUM"),
        ("Additive Manufacturing", "Leveraging Additive and Advanced Manufacturing Technologies"),
        ("Affiliate Marketing", "Affiliate & Ambassador Marketing"),
        ("Structured Interviews", "Implement Structured, Behavioral Interviews"),
        ("Data Classification", "Data Flow Mapping and Classification"),
        ("Continuous Integration/Continuous Deployment (CI/CD)", "CI/CD for Automation"),
        ("Privacy Impact Assessment (PIA)", "Publish each PIA"),
    ],
)
def test_a_list_may_say_a_name_in_another_way(title, item):
    body = f"## Key Practices\n\n- **{item}:** the team does so.\n"
    assert parts(("How We Work", title), body) == {(0, 1): Tie(0, 1, "requires")}


@pytest.mark.parametrize(
    ("title", "item"),
    [
        ("Solution Architecture", "Solutions"),  # too vague a word to be a name
        ("SLSA Framework", "SLSA 1"),  # one of several
        ("Egg-and-Chick Strategy", "Egg and Chick"),
        ("Communities of Practice", "The Community"),  # a name only as a whole
        ("Design Practice", "Design"),
        ("Customer Research", "Customer Feedback and Market Research"),  # each has a word of its own
        ("Market Feedback", "Customer Feedback and Market Research"),
        ("Privacy Impact Assessment (PIA)", "Supports PIA"),
        ("Privacy Impact Assessment (PIA)", "Nobody Ever Asked for a PIA"),
    ],
)
def test_another_name_is_none(title, item):
    body = f"## Key Practices\n\n- **{item}:** the team does so.\n"
    assert parts(("How We Work", title), body) == {}


def test_where_each_lists_the_other_neither_is_the_whole():
    one = "## Solution\n\n- **Pair Programming:** two people share one keyboard.\n"
    other = "## Solution\n\n- **Extreme Programming:** where it comes from.\n"
    assert parts(TITLES, one, other) == {}
    # Unless one of them has no more than its name in a longer item.
    longer = "## Solution\n\n- **Slow Extreme Programming:** where it comes from.\n"
    assert parts(TITLES, one, longer) == {(0, 1): Tie(0, 1, "requires")}


def test_nothing_is_told_in_types_that_the_vocabulary_has_not():
    other = Vocabulary(inverses={"related": "related"}, aliases={}, fallback="related")
    body = "## Solution\n\n- **Pair Programming:** two people share one keyboard.\n"
    proses = [prose.read(title, (), "", "", text) for title, text in zip(TITLES, (body, PLAIN), strict=True)]
    assert named_parts(TITLES, proses, [(0, 1)], other) == {}


def ties(titles: tuple[str, str], one: str, other: str = PLAIN):
    proses = [prose.read(title, (), "", "", body) for title, body in zip(titles, (one, other), strict=True)]
    return told_ties(titles, proses, [(0, 1)], Vocabulary())


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("It is a specific type of Two-Sided Marketplace where demand is slow.", "generalizes_from"),
        ("This pattern is a special case of the two-sided marketplace.", "generalizes_from"),
        ("The Slow Market is a cornerstone of many two-sided marketplaces.", "enables"),
        ("Slow markets are one of the key building blocks of the **Two-Sided Marketplace**.", "enables"),
        ("SLM is an extension of the Two-Sided Marketplace.", "requires"),
        ("It is rooted in TSM, which came first.", "requires"),
    ],
)
def test_what_a_text_says_that_its_pattern_is_to_another(text, type_):
    titles = ("Slow Market (SLM)", "Two-Sided Marketplace (TSM)")
    assert ties(titles, f"## Context\n\n{text}\n") == {(0, 1): Tie(0, 1, type_)}
    assert ties(titles[::-1], PLAIN, f"## Context\n\n{text}\n") == {(0, 1): Tie(1, 0, type_)}


@pytest.mark.parametrize(
    "text",
    [
        "Trust is a cornerstone of the Two-Sided Marketplace.",  # said of something else
        "Trust comes first. It is a cornerstone of the Two-Sided Marketplace.",  # of what was named last
        "- **Trust:** It is a cornerstone of the Two-Sided Marketplace.",  # of an item
        "It is a cornerstone of the economy, and so is the Two-Sided Marketplace.",  # of something else first
        "It is near the Two-Sided Marketplace.",
        "It is not a part of anything. The Two-Sided Marketplace is.",
    ],
)
def test_what_a_text_says_of_others_is_not_said_of_its_pattern(text):
    assert ties(("Slow Market", "Two-Sided Marketplace"), f"## Context\n\n{text}\n") == {}


def test_where_both_say_what_they_are_neither_is_believed():
    one, other = "It is a part of Reviews.", "It is a part of Code."
    assert ties(("Code", "Reviews"), one, other) == {}
    assert ties(("Code", "Reviews"), one) == {(0, 1): Tie(0, 1, "enables")}


@pytest.mark.parametrize(
    ("text", "set_so"),
    [
        ("Unlike the traditional Two-Sided Marketplace, it is slow.", True),
        ("This approach stands in contrast to TSMs, which are fast.", True),
        ("It is a calm alternative to two-sided marketplaces.", True),
        ("Instead of a Two-Sided Marketplace, begin with a list.", False),
        ("Unlike trade, or the Two-Sided Marketplace, it is slow.", False),
    ],
)
def test_what_a_pattern_sets_itself_apart_from_is_another_way_to_the_same_end(text, set_so):
    titles = ("Slow Market", "Two-Sided Marketplace (TSM)")
    proses = [prose.read(title, (), "", "", body) for title, body in zip(titles, (text, PLAIN), strict=True)]
    expected = {(0, 1): Tie(0, 1, "alternatives")} if set_so else {}
    assert set_apart(titles, proses, [(0, 1)], Vocabulary()) == expected
    assert set_apart(titles[::-1], proses[::-1], [(0, 1)], Vocabulary()) == expected
