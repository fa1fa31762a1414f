"""Which ids are one idea."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from garden.entities.resolution import Standing, resolve
from garden.models import Pattern, Section

PAIRS = Path(__file__).parents[1] / "benchmarks" / "entities_pairs.csv"


def pattern(place: int, pruned: str | None = None, title: str = "") -> Pattern:
    slug = f"pattern-{place}"
    return Pattern(
        path=f"{slug}.md",
        slug=title.lower().replace(" ", "-") or slug,
        title=title or slug,
        file_hash="f",
        text_hash="t",
        section=Section(last_pruned=pruned),
    )


def one(name: str, label: str = "", **more) -> Standing:
    return Standing(0, name, label or name.replace("-", " ").title(), **more)


def groups(*standing: Standing, vectors=None, titles: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """The groups among entities that stand in a pattern each."""
    held = [[entity._replace(place=0)] for entity in standing] + [[] for _ in titles]
    patterns = [pattern(place) for place in range(len(standing))] + [pattern(-1, title=title) for title in titles]
    found = resolve(patterns, held, lambda *_: True, vectors)
    return {group.canonical: sorted(group.why) for group in found.groups}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (one("value-alignment"), one("values-alignment")),
        (one("organisational-memory"), one("organizational-memory")),
        (one("behaviour-design"), one("behavior-design")),
        (one("follow-through"), one("followthrough")),
        (one("grief-and-loss"), one("grief-loss")),
        (one("the-toyota-way"), one("toyota-way")),
        (one("brené-brown"), one("brene-brown")),
        (one("policies"), one("policy")),
        (one("carl-jung", person=True), one("jung-carl", person=True)),
        (one("coherence", "Coherence in Identity"), one("identity-coherence")),
        (one("health-nutrition", "Health and Nutrition"), one("nutrition-health", "Nutrition & Health")),
        (one("reframing-mindset", "Cognitive Reframing"), one("cognitive-reframing")),
        (one("act", "ACT"), one("acceptance-commitment-therapy", "Acceptance and Commitment Therapy (ACT)")),
        (one("gtd-method", "Getting Things Done (GTD)"), one("getting-things-done")),
    ],
)
def test_one_idea_under_two_ids_is_found(left, right):
    (group,) = groups(left, right).items()

    assert {group[0], *group[1]} == {left.id, right.id}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (one("active-listening", "Active Listening"), one("active-listening-depth", "Active Listening")),
        (one("advanced-facilitation", "Facilitation"), one("facilitation", "Facilitation")),
        (one("identity-work"), one("work-identity")),
        (one("system-dynamics"), one("dynamic-systems")),
        (one("knowledge-commons"), one("commons-knowledge")),
        (one("common-values"), one("commons-values")),
        (one("grief-process"), one("grief-processing")),
        (one("trust", "Trust"), one("trust-legal-instrument", "Trust (Legal Instrument)")),
        (one("ethics"), one("ethic-review")),
        (one("carl-jung", "Carl", person=True), one("jung-carl", "Institute")),
        (one("meaning"), one("meaning-making")),
    ],
)
def test_ids_that_only_look_alike_stay_apart(left, right):
    assert groups(left, right) == {}


def test_letters_that_stand_for_two_things_stand_for_neither():
    standing = [
        one("act", "ACT"),
        one("acceptance-therapy", "Acceptance Commitment Therapy (ACT)"),
        one("active-citizens", "Active Citizen Training (ACT)"),
    ]

    assert groups(*standing) == {}


def test_a_pattern_s_slug_as_id_and_its_title_as_label_are_one():
    found = groups(one("long-roots", "Roots"), one("rooting", "Long Roots"), titles=("Long Roots",))

    assert found == {"rooting": ["long-roots"]}


@pytest.mark.parametrize(("cosine", "together"), [(0.9, True), (0.6, False)])
def test_words_of_one_root_are_one_idea_where_they_mean_the_same(cosine, together):
    vectors = {
        "Behavior Design": np.array([1, 0], np.float32),
        "Behavioral Design": np.array([cosine, np.sqrt(1 - cosine**2)], np.float32),
    }

    assert bool(groups(one("behavior-design"), one("behavioral-design"), vectors=vectors)) is together


@pytest.mark.parametrize(
    ("uses", "dates", "canonical"),
    [
        ({"loop": 1, "loops": 2}, {}, "loops"),
        ({"loop": 1, "loops": 1}, {"loops": "2026-01-01", "loop": "2026-02-02"}, "loops"),
        ({"loop": 1, "loops": 1}, {"loops": "2026-01-01"}, "loops"),
        ({"loop": 1, "loops": 1}, {}, "loop"),
        ({"Loop": 5, "loops": 1}, {}, "loops"),
    ],
)
def test_the_most_used_id_stands_then_the_oldest_then_the_shortest(uses, dates, canonical):
    names = [name for name, count in uses.items() for _ in range(count)]
    patterns = [pattern(place, dates.get(name)) for place, name in enumerate(names)]

    found = resolve(patterns, [[one(name)] for name in names], lambda *_: True)

    assert [group.canonical for group in found.groups] == [canonical]


def test_a_bare_string_is_only_renamed_where_it_may_be():
    standing = [[one("loops")], [one("loops")], [one("loop", plain=True)]]
    patterns = [pattern(place) for place in range(3)]

    assert resolve(patterns, standing, lambda *_: True).renamed == {(2, 0): "loops"}
    assert resolve(patterns, standing, lambda *_: False).renamed == {}


def test_every_other_id_of_a_group_is_renamed_and_the_reason_told():
    found = resolve([pattern(0), pattern(1)], [[one("value-alignment")], [one("values-alignment")]], lambda *_: True)

    assert found.renamed == {(1, 0): "value-alignment"}
    assert dict(found.groups[0].why) == {"values-alignment": "the same label"}


NAMES = st.sampled_from(
    "loop loops feedback-loop feedback-loops loop-feedback act value-design values-design depth deep-value".split()
)
LABELS = st.sampled_from(
    ["Loop", "Loops", "Feedback Loop", "Loop of Feedback", "Value Design", "Design of Values", "All Cats Talk (ACT)"]
)
LIBRARY = st.lists(st.lists(st.tuples(NAMES, LABELS), max_size=4), min_size=1, max_size=8)


@settings(max_examples=200, deadline=None)
@given(LIBRARY)
def test_a_library_that_was_resolved_has_nothing_left_to_resolve(library):
    patterns = [pattern(place) for place in range(len(library))]
    standing = [[Standing(at, *item) for at, item in enumerate(held)] for held in library]

    first = resolve(patterns, standing, lambda *_: True)
    after: list[list[Standing]] = []
    for owner, held in enumerate(standing):
        kept: dict[str, Standing] = {}
        for item in held:
            name = first.renamed.get((owner, item.place), item.id)
            kept.setdefault(name, item._replace(id=name))
        after.append([item._replace(place=at) for at, item in enumerate(kept.values())])

    assert resolve(patterns, after, lambda *_: True).renamed == {}


def test_the_order_of_patterns_does_not_matter_for_who_is_one():
    names = ["value-alignment", "values-alignment", "feedback-loop", "feedback-loops", "feedback-loop"]
    forward = groups(*map(one, names))

    assert groups(*map(one, reversed(names))) == forward


def test_hand_labelled_pairs_are_two_hundred_and_each_is_told_once():
    rows = list(csv.DictReader(PAIRS.read_text(encoding="utf-8").splitlines()))

    assert len(rows) == 200
    assert len({(row["left"], row["right"]) for row in rows}) == 200
    assert {row["same"] for row in rows} == {"0", "1"}
