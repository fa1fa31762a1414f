"""Which lists say that one pattern is a part of another."""

import pytest

from garden import prose
from garden.links.parts import named_parts
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
        "## Solution\n\n- **Remote Pair Programming:** two people share one screen.\n",
        "## Solution\n\n- **Programming:** alone or as a pair.\n",
        "## Solution\n\n```\n- **Pair Programming:** an example\n```\n",
        "",
    ],
)
def test_what_is_only_mentioned_is_no_part(body):
    assert parts(TITLES, body) == {}


def test_what_is_short_for_a_title_names_it():
    body = "## Key Practices\n\n- **PIAs:** ask early.\n"
    assert parts(("Privacy by Design", "Privacy Impact Assessment (PIA)"), body) == {(0, 1): Tie(0, 1, "requires")}
    assert parts(("Privacy by Design", "Public Interest"), body) == {}


def test_where_each_lists_the_other_neither_is_the_whole():
    one = "## Solution\n\n- **Pair Programming:** two people share one keyboard.\n"
    other = "## Solution\n\n- **Extreme Programming:** where it comes from.\n"
    assert parts(TITLES, one, other) == {}


def test_nothing_is_told_in_types_that_the_vocabulary_has_not():
    other = Vocabulary(inverses={"related": "related"}, aliases={}, fallback="related")
    body = "## Solution\n\n- **Pair Programming:** two people share one keyboard.\n"
    proses = [prose.read(title, (), "", "", text) for title, text in zip(TITLES, (body, PLAIN), strict=True)]
    assert named_parts(TITLES, proses, [(0, 1)], other) == {}
