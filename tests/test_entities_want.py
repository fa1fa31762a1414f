"""What the entities of a library should be, and that a library which has it wants nothing more."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from garden import prose
from garden.config import EntitySettings
from garden.entities import Library, Wanted, count_stale, labels_of, stands_from, want
from garden.entities.labels import read_label
from garden.models import Entity, Pattern, Section
from garden.names import slugify
from garden.plan.entities import entity_proposals
from garden.plan.sections import applied, wanted_section
from tests.shelves import Kept

REVIEW = """## Problem
A code review that waits for days stops the flow of work. Slow code review hides defects, and a review queue grows.
## Solution
Give each code review to two reviewers. A small change is read within a day, so the review queue stays short. The
review queue is shown to the whole team, and a merge queue takes what two reviewers accepted.
"""
RELEASE = """## Problem
Release notes are written late. Users read release notes first, and a release train without notes leaves them alone.
## Solution
Write release notes with each change. The release train leaves on Fridays with its release notes. A release train that
leaves late waits for the next merge queue, and code review goes on.
"""
QUIET = "Nothing much."
BODIES = {"release-notes": RELEASE, "review-queue": REVIEW, "small-steps": QUIET, "zebra-crossing": "Stripes on roads."}


def entity(label: str, *, plain: bool = False, id: str = "") -> Entity:  # noqa: A002 - the field's name
    if plain:
        return Entity(index=0, id=slugify(label), label=label, plain=True)
    return Entity(index=0, id=id or label.lower().replace(" ", "-"), label=label, type="concept", relevance=0.9)


def library(bodies: dict[str, str], held: Mapping[str, list[Entity] | None], encoder=None) -> Library:
    patterns = []
    for slug in sorted(bodies):
        entities = held.get(slug, [])
        section = None
        if entities is not None:
            section = Section(entities=tuple(e.model_copy(update={"index": at}) for at, e in enumerate(entities)))
        title = slug.replace("-", " ").title()
        patterns.append(
            Pattern(path=f"{slug}.md", slug=slug, title=title, section=section, file_hash="f", text_hash="t")
        )
    proses = [prose.read(p.title, (), "", "", bodies[p.slug]) for p in patterns]
    passages = encoder.encode([read.passage for read in proses]) if encoder else None
    return with_labels(Library(patterns, proses, passages), encoder)


def with_labels(asked: Library, encoder) -> Library:
    names = labels_of(asked.patterns, asked.proses)
    return replace(asked, labels=dict(zip(names, encoder.encode(names), strict=True)) if encoder else None)


def after(asked: Library, wanted: Wanted, rules: EntitySettings, encoder=None) -> Library:
    """The library once every proposal has been carried out."""
    proposals = list(entity_proposals(asked.patterns, wanted, rules, range(len(asked.patterns))))
    patterns = []
    for pattern in asked.patterns:
        own = [proposal for proposal in proposals if proposal.pattern == pattern.slug]
        section = (
            applied(pattern.section, wanted_section(pattern.section, own, "2026-02-03")) if own else pattern.section
        )
        patterns.append(pattern.model_copy(update={"section": reread(section)}))
    return with_labels(replace(asked, patterns=patterns), encoder)


def reread(section: Section | None) -> Section | None:
    """The section as a reader gives it: the id of a bare string is made from it."""
    if section is None:
        return None
    entities = [e.model_copy(update={"id": slugify(e.label)}) if e.plain else e for e in section.entities]
    return section.model_copy(update={"entities": tuple(entities)})


def ids(wanted: Wanted) -> list[list[str]]:
    return [[entity.id for entity in held] for held in wanted.standing]


def test_what_stands_is_what_the_files_hold_after_the_plan(fake_encoder):
    held = {
        "review-queue": [entity("Review Queues"), entity("Review Queue"), entity("Moon Landing")],
        "release-notes": [entity("Review Queue"), entity("Release Train")],
    }
    asked = library(BODIES, held, fake_encoder)
    rules = EntitySettings()

    wanted = want(asked, rules)
    done = after(asked, wanted, rules, fake_encoder)

    assert [[e.id for e in p.section.entities] for p in done.patterns if p.section] == ids(wanted)


@pytest.mark.parametrize("add", [0, 8])
@pytest.mark.parametrize("merge", [False, True])
@pytest.mark.parametrize("encoded", [False, True])
def test_a_library_that_has_what_is_wanted_wants_nothing_more(fake_encoder, encoded, merge, add):
    held = {
        "review-queue": [entity("Review Queues"), entity("Review Queue"), entity("Moon Landing")],
        "release-notes": [entity("review queue", plain=True), entity("Moon Landing", plain=True)],
        "small-steps": None,
        "zebra-crossing": [entity("Quiet Steps")],
    }
    encoder = fake_encoder if encoded else None
    asked, rules = library(BODIES, held, encoder), EntitySettings(merge=merge, add=add)
    done = after(asked, want(asked, rules), rules, encoder)

    assert list(entity_proposals(done.patterns, want(done, rules), rules, range(len(done.patterns)))) == []


def test_a_bare_string_that_must_stay_does_not_change_which_id_stands_when_dates_move():
    held = {
        "release-notes": [entity("Far Garden", plain=True)],
        "review-queue": [entity("Far Gardens"), entity("Review Queues"), entity("Review Queue")],
    }
    rules = EntitySettings(keep_above=0, add=0)
    asked = library(BODIES, held)
    dates = {"release-notes": "2025-05-05", "review-queue": "2024-04-04"}
    dated = [
        p.model_copy(update={"section": p.section.model_copy(update={"last_pruned": dates.get(p.slug)})})
        for p in asked.patterns
        if p.section
    ]
    asked = replace(asked, patterns=dated)
    done = after(asked, want(asked, rules), rules)

    assert list(entity_proposals(done.patterns, want(done, rules), rules, range(len(done.patterns)))) == []


def test_a_bare_string_that_the_text_bears_by_other_words_gets_the_library_s_id(fake_encoder):
    held = {
        "release-notes": [entity("Reviews Queue", plain=True)],
        "review-queue": [entity("Review Queue"), entity("Code Review")],
        "small-steps": [entity("Review Queue")],
    }
    rules = EntitySettings(keep_above=0.01)
    asked = library(BODIES, held, fake_encoder)
    assert "review queue" in labels_of(asked.patterns, asked.proses)

    wanted = want(asked, rules)

    assert wanted.becomes == {(0, 0): "review-queue"}
    assert not read_label("review queue").mentioned_in(asked.proses[0])


def test_a_bare_string_that_only_others_back_keeps_its_spelling(fake_encoder):
    held = {
        "small-steps": [entity("Queue for Review", plain=True)],
        "review-queue": [entity("Queues for Review"), entity("Code Review")],
        "release-notes": [entity("Queues for Review")],
    }
    alone = library(BODIES, held, fake_encoder)
    asked = replace(alone, joined=[(1, 2)])
    low, high = (want(one, EntitySettings(keep_above=0.9)).verdicts[2][0].odds for one in (alone, asked))
    rules = EntitySettings(keep_above=high, add=0)
    assert low < high
    assert not want(alone, rules).standing[2]

    wanted = want(asked, rules)
    done = after(asked, wanted, rules, fake_encoder)

    assert ids(wanted)[2] == ["queue-for-review"]
    assert list(entity_proposals(done.patterns, want(done, rules), rules, range(len(done.patterns)))) == []


@pytest.mark.parametrize("plain", [False, True])
def test_what_is_given_takes_the_spelling_of_a_bare_string_that_its_text_bears_by_other_words(fake_encoder, plain):
    held = {
        "release-notes": [entity("The Reviews Queue", plain=True)],
        "review-queue": [],
        "zebra-crossing": [entity("Zebra Stripes", plain=plain), entity("Stripes on Roads", plain=plain)],
    }
    rules = EntitySettings(keep_above=0)
    asked = library(BODIES, held, fake_encoder)

    wanted = want(asked, rules)
    done = after(asked, wanted, rules, fake_encoder)

    assert "the-reviews-queue" in [one.id for one in wanted.given[1]]
    assert list(entity_proposals(done.patterns, want(done, rules), rules, range(len(done.patterns)))) == []


LABELS = st.sampled_from(
    """
    Review Queue;Review Queues;Queue of Reviews;Release Notes;Release Note;Notes;Moon Landing;Code Review;Codes
    The Reviews Queue;Merge Queue;Train;Release Train (RT);RT;Zebra Stripes;Small Step
    """.strip()
    .replace("\n    ", ";")
    .split(";")
)
HELD = st.lists(st.builds(lambda label, plain: entity(label, plain=plain), LABELS, st.booleans()), max_size=4)


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries({slug: st.one_of(st.none(), HELD) for slug in BODIES}))
def test_no_library_wants_more_after_it_was_tended(held):
    asked, rules = library(BODIES, held), EntitySettings()
    done = after(asked, want(asked, rules), rules)

    assert list(entity_proposals(done.patterns, want(done, rules), rules, range(len(done.patterns)))) == []


@pytest.mark.parametrize("encoded", [False, True])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=st.fixed_dictionaries({slug: st.one_of(st.none(), HELD) for slug in BODIES}))
def test_nor_does_one_whose_patterns_back_each_other(fake_encoder, monkeypatch, encoded, held):
    monkeypatch.setattr("garden.entities.support.BACKED", 400.0)  # Four patterns back each other but faintly.
    encoder = fake_encoder if encoded else None
    asked, rules = library(BODIES, held, encoder), EntitySettings()
    asked = replace(asked, joined=list(combinations(range(len(BODIES)), 2)))
    done = after(asked, want(asked, rules), rules, encoder)

    assert list(entity_proposals(done.patterns, want(done, rules), rules, range(len(done.patterns)))) == []
    assert count_stale(done, rules) == 0


def test_a_pattern_without_entities_is_given_what_its_text_says_again_and_again():
    wanted = want(library(BODIES, {"review-queue": []}), EntitySettings())

    labels = [entity.label for entity in wanted.given[1]]
    assert {"Review Queue", "Code Review"} <= set(labels)
    assert len(labels) <= 8
    assert all(entity.type and entity.relevance for entity in wanted.given[1])
    grounds = {entity.label: wanted.grounds[1, entity.index] for entity in wanted.given[1]}
    # Each is said three times and more.
    assert grounds["Code Review"] == grounds["Review Queue"] == "often"


def test_a_text_that_says_nothing_twice_is_given_nothing():
    assert 2 not in want(library(BODIES, {}), EntitySettings()).given


def test_a_small_library_gives_what_its_few_texts_say_though_no_other_says_it():
    body = "A kill switch is for bad days. Whoever pulls the kill switch, says why. Each rota is a short rota."
    bodies = {**BODIES, "broken-window": f"{body} A broken window is a sign; the window is mended first."}
    asked = library(bodies, {})
    place = sorted(bodies).index("broken-window")
    patterns = list(asked.patterns)
    patterns[place] = patterns[place].model_copy(update={"keywords": ("rota", "moon landing", "sign")})

    wanted = want(replace(asked, patterns=patterns), EntitySettings())

    # Its title, what it says twice, and those keywords that the text says.
    found = {entity.label: wanted.grounds[place, entity.index] for entity in wanted.given[place]}
    assert found == {"Broken Window": "title", "Kill Switch": "said", "Rota": "keyword", "Sign": "keyword"}


def test_a_pattern_with_an_entity_that_stands_is_given_none():
    assert want(library(BODIES, {"review-queue": [entity("Review Queue")]}), EntitySettings()).given.keys() == {0}


def test_a_pattern_whose_every_entity_has_gone_stale_is_given_others():
    wanted = want(library(BODIES, {"review-queue": [entity("Moon Landing")]}), EntitySettings())

    assert wanted.verdicts[1][0].odds < stands_from(EntitySettings().keep_above, len(BODIES))
    assert wanted.given[1]


@pytest.mark.parametrize(("rules", "creates"), [(EntitySettings(add=0), True), (EntitySettings(), False)])
def test_nothing_is_given_where_settings_say_so(rules, creates):
    asked = replace(library(BODIES, dict.fromkeys(BODIES)), creates=creates)

    assert want(asked, rules).given == {}


def test_what_is_given_takes_the_id_and_type_that_the_library_uses_already():
    used = entity("Review Queue", id="queue-of-review").model_copy(update={"type": "practice"})
    bodies = {**BODIES, "a": f"{REVIEW} Another day.", "b": f"{REVIEW} Another week."}

    given = want(library(bodies, {"a": [used], "b": [used], "review-queue": []}), EntitySettings()).given

    (place,) = [at for at, slug in enumerate(sorted(bodies)) if slug == "review-queue"]
    assert ("queue-of-review", "practice") in [(e.id, e.type) for e in given[place]]


def test_what_is_given_is_written_as_the_library_writes_its_entities():
    plain = [entity("release notes", plain=True), entity("release train", plain=True)]

    given = want(library(BODIES, {"release-notes": plain, "review-queue": []}), EntitySettings()).given[1]

    assert given
    assert all(e.plain and e.label == e.label.lower() for e in given)


def test_what_is_kept_of_texts_gives_the_very_same_entities_and_a_changed_text_is_read_anew():
    keep, rules = Kept(), EntitySettings()
    first = replace(library(BODIES, {}), keep=keep)
    changed = replace(library({**BODIES, "small-steps": REVIEW}, {}), keep=keep)

    assert want(first, rules) == want(replace(first, keep=None), rules)
    assert (keep.hits, len(keep)) == (0, 4)
    assert want(first, rules) == want(replace(first, keep=None), rules)
    assert (keep.hits, len(keep)) == (4, 4)
    assert want(changed, rules) == want(replace(changed, keep=None), rules)
    assert (keep.hits, len(keep)) == (7, 5)
    assert any(want(first, rules).given.values())


def test_keywords_and_title_are_a_part_of_what_is_kept():
    keep, rules = Kept(), EntitySettings()
    asked = replace(library(BODIES, {}), keep=keep)
    want(asked, rules)
    for change in ({"keywords": ("two reviewers",)}, {"title": "Reviewers Accepted"}):
        patterns = [pattern.model_copy(update=change) for pattern in asked.patterns]
        later = replace(asked, patterns=patterns)
        assert want(later, rules) == want(replace(later, keep=None), rules)
    assert keep.hits == 0
