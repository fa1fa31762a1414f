"""Which entities a text still bears."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from garden import prose
from garden.entities.fit import Fit, Texts, latent
from garden.entities.labels import read_label
from garden.entities.support import (
    BENEFIT,
    MENTIONED,
    WEIGHTS,
    WEIGHTS_OF_WORDS,
    judge,
    labels_of,
    odds_of,
    stands_from,
)
from garden.models import Entity, Pattern, Section

TOPICS = {
    "review": "Reviewers read each change with care. A review asks questions, and a reviewer answers within a day.",
    "release": "A release is cut on Fridays. Release notes tell users what changed, and the version grows by one.",
    "garden": "Gardeners prune roses in spring. The soil is fed with compost, and seeds are sown in rows.",
    "kitchen": "Cooks chop onions and simmer soup. The stove is hot, and bread is baked in the oven at dawn.",
}


def pattern(slug: str, *labels: str, plain: bool = False) -> Pattern:
    entities = tuple(
        Entity(index=place, id=label if plain else label.lower().replace(" ", "-"), label=label, plain=plain)
        for place, label in enumerate(labels)
    )
    return Pattern(
        path=f"{slug}.md",
        slug=slug,
        title=slug.title(),
        file_hash="f",
        text_hash="t",
        section=Section(entities=entities),
    )


def texts_of(bodies: dict[str, str], encoder=None) -> Texts:
    proses = [prose.read(slug.title(), (), "", "", body) for slug, body in sorted(bodies.items())]
    return Texts(proses, encoder.encode([read.passage for read in proses]) if encoder else None)


def judged(bodies: dict[str, str], labels: Mapping[str, tuple[str, ...]], encoder=None, *, plain: bool = False):
    patterns = [pattern(slug, *labels.get(slug, ()), plain=plain) for slug in sorted(bodies)]
    texts = texts_of(bodies, encoder)
    names = labels_of(patterns, texts.proses)
    vectors = dict(zip(names, encoder.encode(names), strict=True)) if encoder else None
    return dict(zip(sorted(bodies), judge(patterns, texts, vectors), strict=True))


def test_a_label_that_the_text_says_is_borne_and_one_of_another_subject_is_not(fake_encoder):
    labels = {"review": ("Careful Review", "Rose Pruning"), "garden": ("Compost Soil", "Bread Oven")}

    found = judged(TOPICS, labels, fake_encoder)

    for slug in ("review", "garden"):
        own, foreign = found[slug]
        assert own.odds > 0.4
        assert foreign.odds < 0.2
        assert foreign.found == ()


def test_without_vectors_words_alone_tell_them_apart():
    own, foreign = judged(TOPICS, {"review": ("Review Reader", "Rose Pruning")})["review"]

    assert foreign.odds < 0.2 < own.odds
    assert "meaning" not in foreign.signals


def test_what_is_said_word_for_word_needs_no_vector_and_is_borne(fake_encoder):
    patterns = [pattern(slug, "Release Notes") if slug == "release" else pattern(slug) for slug in sorted(TOPICS)]
    texts = texts_of(TOPICS)

    assert labels_of(patterns, texts.proses) == ()
    verdict = judge(patterns, texts, {})[2][0]
    assert (verdict.odds, verdict.mentioned) == (MENTIONED, True)


@pytest.mark.parametrize("label", ["The", "2026", "反馈循环"])
def test_a_label_that_cannot_be_looked_for_is_left_alone(label):
    assert judged(TOPICS, {"garden": (label,)})["garden"][0].odds == 1


def test_bare_strings_are_judged_like_labels_whatever_their_case_and_hyphens(fake_encoder):
    titled = judged(TOPICS, {"garden": ("Bread Oven", "Sown Rose")}, fake_encoder, plain=True)["garden"]
    slugged = judged(TOPICS, {"garden": ("bread-oven", "sown-rose")}, fake_encoder, plain=True)["garden"]

    assert [verdict.odds for verdict in titled] == [verdict.odds for verdict in slugged]


def test_what_is_said_of_one_entity_does_not_hang_on_the_others(fake_encoder):
    alone = judged(TOPICS, {"garden": ("Bread Oven",)}, fake_encoder)["garden"][0]
    beside = judged(
        TOPICS, {"garden": ("Bread Oven", "Rose Hedge"), "kitchen": ("Soup Pot", "Rose Hedge")}, fake_encoder
    )["garden"][0]

    assert alone == beside


def test_the_words_that_a_text_has_and_lacks_are_told():
    verdict = judged(TOPICS, {"garden": ("Rose Hedge",)})["garden"][0]

    assert (verdict.found, verdict.missed, verdict.mentioned) == (("Rose",), ("Hedge",), False)


def test_a_doubtful_label_is_placed_among_the_other_patterns(fake_encoder):
    verdict = judged(TOPICS, {"garden": ("Hot Stove Bread",)}, fake_encoder)["garden"][0]

    assert verdict.odds < 0.5
    assert verdict.nearer is not None
    assert verdict.nearer >= 0.25


def test_a_library_of_one_pattern_and_an_empty_text_are_judged_too():
    assert judged({"a": ""}, {"a": ("Rose Hedge",)})["a"][0].odds < 0.2


@pytest.mark.parametrize("weights", [WEIGHTS, WEIGHTS_OF_WORDS])
def test_no_signal_counts_against_an_entity(weights):
    assert all(weight >= 0 for name, weight in weights.items() if name)
    assert BENEFIT >= 0


@pytest.mark.parametrize(
    ("patterns", "odds"), [(0, 0.1), (20, 0.1), (43, 0.0858), (200, 0.042), (800, 0.033), (3614, 0.0307)]
)
def test_an_entity_of_a_small_library_stands_from_higher_odds_on(patterns, odds):
    assert stands_from(0.03, patterns) == pytest.approx(odds, abs=1e-4)
    assert stands_from(0.2, patterns) == 0.2
    # What a text says word for word is as sure as anything, and stands.
    assert stands_from(1.0, patterns) == 0.95


@given(st.floats(0, 1), st.integers(0, 5000))
def test_a_pattern_more_never_raises_the_odds_from_which_an_entity_stands(keep_above, patterns):
    assert 0 <= stands_from(keep_above, patterns + 1) <= stands_from(keep_above, patterns) <= 1


SIGNALS = st.fixed_dictionaries(
    {name: st.floats(-4, 6) if "standing" in name else st.floats(0, 1) for name in WEIGHTS if name}
)


@given(SIGNALS, st.sampled_from([name for name in WEIGHTS if name]), st.floats(0, 3), st.integers(1, 5000))
def test_more_of_any_signal_never_lowers_the_odds(signals, name, more, patterns):
    before = odds_of({key: np.array([value]) for key, value in signals.items()}, patterns)[0]
    raised = {**signals, name: signals[name] + more}

    assert odds_of({key: np.array([value]) for key, value in raised.items()}, patterns)[0] >= before


WORDS = st.sampled_from(
    "review rose oven bread seeds version users soil pruning hedge stove answer compass lantern".split()
)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=4, unique=True), st.sampled_from(sorted(TOPICS)), st.integers(1, 3))
def test_saying_the_label_never_makes_an_entity_stale(words, slug, times):
    label = " ".join(words).title()
    before = judged(TOPICS, {slug: (label,)})[slug][0]
    after = judged({**TOPICS, slug: f"{TOPICS[slug]} {f'Here is {label}. ' * times}"}, {slug: (label,)})[slug][0]

    assert after.odds >= before.odds
    assert after.odds >= MENTIONED


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=2, max_size=4, unique=True), st.sampled_from(sorted(TOPICS)), st.data())
def test_saying_one_of_its_words_once_more_never_means_that_less_of_it_is_spoken(words, slug, data):
    word = data.draw(st.sampled_from(words))
    label = read_label(" ".join(words))

    def spoken(bodies: dict[str, str]) -> float:
        fit = Fit(texts_of(bodies), [label])
        return float(fit.scores["spoken"].rows(np.array([0]))[0][sorted(bodies).index(slug)])

    assert spoken({**TOPICS, slug: f"{TOPICS[slug]} Again {word}."}) >= spoken(TOPICS) - 1e-12


def test_latent_rows_are_of_length_one_and_the_same_every_time():
    counts = texts_of(TOPICS).spoken.astype(np.float32).tocsr()

    rows, columns = latent(counts, 4)
    again, _ = latent(counts, 4)

    assert rows.shape == (4, 4)
    assert columns.shape == (counts.shape[1], 4)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1)
    assert np.array_equal(rows, again)
