from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from functools import reduce
from itertools import combinations, product

import numpy as np
import pytest

from garden import prose, terms
from garden.config import LinkSettings
from garden.links import PairEvidence, Shelf, explain_pairs, rank
from garden.links.about import FEW, MANY, SOME, spreads, subjects
from garden.links.alike import BOTH, truthful, way
from garden.links.choose import Chosen, without
from garden.links.common import Common
from garden.links.evidence import own_reasons
from garden.links.ground import Ground
from garden.links.keyness import Keyness
from garden.links.lexicon import Lexicon
from garden.links.namings import called, named, within, worded
from garden.links.quotes import partial_name, quotes_of
from garden.links.rarity import Rarity
from garden.links.reasons import LONGEST, reasons, shortened
from garden.links.shared import Ends, Words
from garden.links.study import Study
from garden.links.topics import FAIR, PASSING, SPOKEN, SURE, Topic
from garden.links.written import Writing
from garden.models import Entity
from garden.prose import Sentence
from tests.shelves import Here, Kept, shelf_of, topical_shelf, vectors_of

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
    assert "working days" in evidence.details["terms"]
    assert not {"soup", "leeks", "the"} & set(evidence.details["terms"])
    assert len(evidence.details["terms"]) <= 6


def test_shared_entities_signals_and_text_hashes_are_kept(evidence):
    assert evidence.details["entities"] == ["Review Rota"]
    assert evidence.details["texts"] == {"a-rota": "hash-a-rota", "b-pace": "hash-b-pace"}
    assert evidence.details["signals"].keys() == evidence.details["shares"].keys()


def test_reasons_name_the_other_pattern_or_part_and_are_short(evidence):
    for text in (*evidence.reasons_left, *evidence.reasons_right):
        assert 20 < len(text) <= LONGEST
        assert text.endswith(".")
    assert evidence.reasons_left[0] != evidence.reasons_right[0]


def test_patterns_whose_titles_read_the_same_are_told_apart_by_their_slugs():
    filler = [(f"soup-{i}", f"Soup {i}", SOUP.replace("leeks", f"leeks{i}")) for i in range(6)]
    found, kept = [], Kept()
    for slugs in (("a-rota", "b-rota"), ("a-rota", "c-rota")):
        shelf = shelf_of([(slugs[0], "Review Rota", ROTA), (slugs[1], "Review  rota", PACE), *filler])
        ranking = rank(shelf, np.eye(len(shelf), dtype=np.float32), [], LinkSettings())
        found.append(explain_pairs(shelf, ranking, [(0, 1)], elsewhere=Here(kept))[0, 1])
    for slug, one in zip("bc", found, strict=True):
        assert f"{slug}-rota" in one.reasons_left[0]
        assert one.reasons_left[-1].startswith(f"a-rota and {slug}-rota ")
        assert one.reasons_right[-1].startswith(f"{slug}-rota and a-rota ")
        assert "Review Rota" not in " ".join([*one.reasons_left, *one.reasons_right])


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


def topic(text: str, about: tuple[bool, bool] = (True, True), hold: int | None = None, beside: int = 0) -> Topic:
    hold = (PASSING, SPOKEN, SURE)[sum(about)] if hold is None else hold
    return Topic(text, tuple(terms.content_keys(text).tolist()), about, (True, False), all(about), hold, beside)


def ground(**changes: object) -> Ground:
    given = {
        "titles": ("Review Rota", "Response Time"),
        "topics": (topic("working days"), topic("reviewers")),
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
        (ground(), "Like Response Time, it deals with working days and reviewers."),
        (
            ground(lists=("practices", "")),
            "It lists Response Time among its practices, and both deal with working days and reviewers.",
        ),
        (ground(lists=("", "steps"), topics=()), "Response Time lists it among its steps."),
        (ground(lists=("solution", ""), topics=()), "It lists Response Time in its solution."),
        (ground(apart=(True, False), topics=()), "It sets itself apart from Response Time."),
        (ground(apart=(False, True), topics=()), "Response Time sets itself apart from it."),
        (ground(says=("a part of the response time", "")), "It says that it is “a part of the response time”."),
        (ground(says=("", "a kind of review rota")), "Response Time says that it is “a kind of review rota”."),
        (ground(topics=()), "Its passage as a whole reads much like that of Response Time."),
        (ground(names=(True, False)), "It names Response Time, and both deal with working days and reviewers."),
        (ground(names=(False, True)), "Response Time names it, and both deal with working days and reviewers."),
        (ground(topics=(topic("rotas", (True, False)),)), "Response Time speaks of rotas, a subject of this pattern."),
        (
            ground(topics=(topic("hours", (False, True)), topic("responses", (False, True)))),
            "It speaks of responses, a subject of Response Time.",
        ),
        (
            ground(sentences=SENTENCES),
            "Its problem turns on working days and reviewers, which the solution of Response Time takes up.",
        ),
        (
            ground(sentences=SENTENCES).turned(),
            "Its solution takes up working days and reviewers, on which the problem of Review Rota turns.",
        ),
    ],
)
def test_a_reason_claims_what_there_is(asked, expected):
    assert reasons(asked)[0] == expected


@pytest.mark.parametrize(
    ("topics", "expected"),
    [
        ((topic("days", (True, False)), topic("hours")), "Like Response Time, it deals with hours."),
        ((topic("tea break", (True, False)), topic("hours")), "Like Response Time, it deals with hours."),
        ((topic("hours", hold=FAIR), topic("tea break", hold=FAIR)), "Like Response Time, it deals with tea break."),
        (
            (topic("tea break", (False, False)), topic("rotas", (True, False))),
            "Response Time speaks of rotas, a subject",
        ),
        ((topic("tea break", (False, False)), topic("days", (False, False))), "Its passage as a whole reads much like"),
    ],
)
def test_what_both_are_about_goes_before_what_one_is_about_and_that_before_words_in_passing(topics, expected):
    assert reasons(ground(topics=topics))[0].startswith(expected)


@pytest.mark.parametrize(
    ("topics", "firm"),
    [
        ((topic("hours"),), True),
        ((topic("tea break", (True, False)),), True),
        ((topic("hours", (True, False)), topic("days", (False, True))), False),
        ((topic("tea break", (False, False)),), False),
    ],
)
def test_common_ground_is_what_both_are_about_or_a_phrase_that_one_is_about(topics, firm):
    assert ground(topics=topics).firm is firm
    assert ground(topics=topics, names=(True, False)).firm


def test_a_name_alone_is_reason_enough():
    only = (topic("response time"),)
    assert reasons(ground(names=(True, False), topics=only))[0] == "Its own text names Response Time."
    assert (
        reasons(ground(names=(False, True), topics=(topic("review rota"),)))[0] == "The text of Response Time names it."
    )


def test_a_sentence_that_names_the_other_is_quoted_whole_or_not_at_all():
    said = "Reviewers of the week see to it that every response time is kept."
    named = ground(names=(True, False), naming=((said,), ()))
    assert reasons(named)[0] == f"It names Response Time: “{said.rstrip('.')}”."
    assert reasons(named.turned())[0] == f"Review Rota names it: “{said.rstrip('.')}”."
    long = ground(names=(True, False), naming=((f"{said[:-1]} {'and kept ' * 12}for good.",), ()))
    assert reasons(long)[0] == "It names Response Time, and both deal with working days and reviewers."


def test_what_a_pattern_is_called_goes_without_saying_of_it():
    asked = ground(topics=(topic("review rotas"),))
    assert reasons(asked)[0] == "Response Time deals with review rotas as well."
    assert reasons(asked.turned())[0] == "Response Time and Review Rota both deal with review rotas."


def test_what_the_other_is_stands_alone_where_no_word_tells_as_much():
    lead = "Review questions get an answer from somebody within one working day."
    weak = ground(topics=(topic("days", hold=FAIR),), leads=((), (lead,)))
    assert reasons(weak)[0] == f"It goes with Response Time: “{lead.rstrip('.')}”."
    elsewhere = ground(topics=weak.topics, leads=((), ("Tomatoes get water from somebody within one day or two.",)))
    assert not reasons(elsewhere)[0].startswith("It goes with")


@pytest.mark.parametrize(
    ("text", "none"),
    [
        ("Ritual marks the day. A ritual marks our week. The ritual and the mark.", "ritual marks"),
        ("We live without requiring belief. For requiring belief there is none.", "requiring beliefs"),
    ],
)
def test_words_that_act_are_no_phrase(text, none):
    text = f"{text} A mark is a mark. A belief is a belief. Rituals, marks, beliefs."
    assert none not in [one.text for one in study(text, text)]


@pytest.mark.parametrize(("word", "plural"), [("data", "data"), ("media", "media"), ("log", "logs")])
def test_what_is_never_counted_has_no_plural_of_ours(word, plural):
    assert Lexicon.of(topical_shelf()).plural(word) == plural


def test_a_name_is_not_said_twice():
    asked = ground(names=(True, False), topics=(topic("response time"), topic("days")))
    assert reasons(asked)[0] == "It names Response Time, and both deal with days."


@pytest.mark.parametrize(
    "other",
    [
        (SENTENCES[0], Sentence("solution", "A rota names two people for each day.")),
        (SENTENCES[0], Sentence("context", SENTENCES[1].text)),
    ],
)
def test_a_part_is_not_claimed_where_its_quote_does_not_bear_it(other):
    assert reasons(ground(sentences=other)) == reasons(ground())


@pytest.mark.parametrize("title", ["T" * 400, "A very long title " * 20, "Title\nin two lines"])
def test_long_titles_are_shortened(title):
    for text in reasons(ground(titles=("Own", title), sentences=SENTENCES)):
        assert len(text) <= LONGEST
        assert "\n" not in text


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (
            "Structured Professional Judgment Methods (Booz, Allen & Hamilton)",
            "Structured Professional Judgment Methods…",
        ),
        ("Continuous Integration/Continuous Deployment (CI/CD) - Feature Flags", "(CI/CD)…"),
        ("-" * 70, f"{'-' * 59}…"),
    ],
)
def test_a_long_title_is_cut_where_it_still_is_a_name(title, shown):
    assert shortened(title).endswith(shown)


def test_the_own_title_and_a_name_with_its_abbreviation_are_not_what_both_deal_with():
    topics = (topic("review rota habits"), topic("merge queues"))
    assert reasons(ground(topics=topics))[0] == "Like Response Time, it deals with merge queues."
    assert reasons(ground(topics=topics[:1]))[0].endswith("deals with review rota habits.")
    named = ground(topics=(topic("response time (RT)"), topic("merge queues")), names=(True, False))
    assert reasons(named)[0] == "It names Response Time, and both deal with merge queues."


def test_topics_too_long_to_fit_are_left_out():
    said = reasons(ground(topics=(topic("x" * 150), topic("y" * 150))))
    assert said
    assert all(len(text) <= LONGEST for text in said)


def test_turning_a_ground_twice_gives_it_back():
    told = {
        "names": (True, False),
        "lists": ("", "steps"),
        "apart": (True, False),
        "says": ("a part", ""),
        "naming": (("One.",), ()),
    }
    asked = ground(sentences=SENTENCES, topics=(topic("a day", (True, False)),), **told)
    assert asked.turned().turned() == asked
    assert asked.turned().titles == ("Response Time", "Review Rota")


def test_of_two_patterns_that_list_the_same_each_has_a_reason_of_its_own():
    one, other = (
        ground(titles=(title, "Response Time"), lists=("practices", ""), topics=()) for title in ("Rota", "Desk")
    )
    assert reasons(one)[:2] == (
        "It lists Response Time among its practices.",
        "Rota lists Response Time among its practices.",
    )
    assert reasons(other)[1] == "Desk lists Response Time among its practices."
    assert "Response Time lists Rota among its practices." in reasons(
        ground(titles=("Rota", "Response Time"), lists=("", "practices"), topics=())
    )


def test_what_a_text_says_of_itself_and_lists_is_told_of_a_pair():
    text = "## Solution\n\nIt is a cornerstone of the {} method.\n\n- **{}:** at work.\n"
    shelf = shelf_of([("a", "Pull Work (PW)", text.format("Kanban", "Andon")), ("b", "Kanban", ""), ("c", "Andon", "")])
    ranking = rank(shelf, np.eye(3, dtype=np.float32), [], LinkSettings())
    found = explain_pairs(shelf, ranking, [(0, 1), (0, 2)])
    assert found[0, 1].reasons_left[0] == "It says that it is “a cornerstone of the Kanban method”."
    assert found[0, 1].reasons_right[0] == "Pull Work (PW) says that it is “a cornerstone of the Kanban method”."
    assert found[0, 2].reasons_left[0].startswith("It lists Andon in its solution")
    assert found[0, 2].reasons_right[0].startswith("Pull Work (PW) lists it in its solution")


@pytest.mark.parametrize(
    ("signals", "said"),
    [
        ({"meaning": 1.2, "lexical": 3.0}, "Its passage as a whole reads much like that of B (“b”)."),
        ({"meaning": 0.4, "lexical": 3.0}, "It uses many of the words of B (“b”)."),
        ({"meaning": -1.0, "topic": 0.7, "phrase": 0.6}, "It is on much the same subjects as B (“b”)."),
        ({"meaning": -1.0, "topic": 0.4, "phrase": 0.6}, "It shares turns of phrase with B (“b”)."),
        ({"meaning": 0.2, "mention": 0.9}, "It and B (“b”) share words of a title."),
        ({"meaning": 0.2, "mention": 0.1, "any pair": 4.0}, "Its text has little in common with B."),
        ({}, "Its text has little in common with B."),
    ],
)
def test_how_two_texts_are_alike_is_told_as_the_signals_have_it(signals, said):
    of_b = [f"Its passage as a whole reads much like that of {other}." for other in ("B (“b”)", "B")]
    other = "A and B both deal with days."
    found = list(truthful([other, *of_b, "A and B read much alike as a whole."], way(signals)))
    assert (found[0], found[1]) == (other, said)
    assert found[-1] == BOTH[way(signals)].format(own="A", other="B")
    assert max(map(len, found[1:-1])) <= len(of_b[0])


def test_no_reason_of_a_run_says_what_its_signals_deny():
    shelf = shelf_of([("a", "Review Rota", ROTA), ("b", "Pace", PACE), ("c", "Soup", SOUP)])
    evidence = explain_pairs(
        shelf, rank(shelf, np.eye(3, dtype=np.float32), [], LinkSettings()), [(0, 1), (0, 2), (1, 2)]
    )
    alike = [one for one in evidence.values() if "read much alike" in one.reasons_left[-1]]
    assert all(one.details["signals"]["meaning"] > 0 for one in alike)
    assert len(alike) < len(evidence)


def test_no_two_ends_of_a_run_have_the_same_reason():
    same = ("Like A, it deals with days.", "A and B both deal with days.")
    evidence = {
        (0, 1): PairEvidence(same, same, {}),
        (0, 2): PairEvidence(same, same, {}),
        (1, 2): PairEvidence(same, (), {}),
    }
    found = own_reasons(evidence, ["a", "b", "c"])
    assert set(found) == {(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)}
    assert len(set(found.values())) == len(found)
    assert found[0, 1] == same[0]


def test_pairs_of_the_same_titles_and_texts_still_have_reasons_of_their_own():
    shelf = shelf_of([(f"a{i}", "Review Rota", ROTA) for i in range(5)] + [(f"b{i}", "Pace", PACE) for i in range(5)])
    pairs = [(a, b) for a in range(10) for b in range(a + 1, 10)]
    evidence = explain_pairs(shelf, rank(shelf, np.eye(10, dtype=np.float32), [], LinkSettings()), pairs)
    found = own_reasons(evidence, shelf.slugs)
    assert len(set(found.values())) == 90


def study(
    left: str, right: str, entities: list[Entity] | None = None, titles: tuple[str, str] = ("Left", "Right")
) -> list[Topic]:
    others = [(f"soup-{i}", f"Soup {i}", SOUP.replace("leeks", f"leeks{i}")) for i in range(30)]
    shelf = shelf_of([("a", titles[0], left), ("b", titles[1], right), *others], [[*(entities or [])], *([()] * 31)])
    rarity = Rarity.of(shelf.proses)
    keyness = Keyness.of(shelf.proses)
    one, other = shelf.proses[:2]
    about = (subjects(one, rarity, keyness), subjects(other, rarity, keyness))
    ends = Ends(titles, (one, other), (quotes_of(one, rarity), quotes_of(other, rarity)), about)
    return Common(ends, rarity, Lexicon.of(shelf)).topics()


def test_a_phrase_that_one_text_says_once_holds_nothing_unless_it_tells_of_itself_by_it():
    opening = "Here we say at once what others will want from all of us. There is more of it than anyone would like."
    often = "We keep a merge queue. Each merge queue of ours is a merge queue. A queue is a queue of ours."
    once = (
        "We keep a merge queue of ours for all. A queue is a queue of ours, and a queue. A merge is a merge, a merge."
    )
    again = f"{once} We like the merge queue as it is."
    held = [study(f"{opening} {often}", right)[0] for right in (f"{opening} {again}", f"{opening} {once}", once)]
    assert [one.text for one in held] == ["the merge queue", "merge queues", "merge queues"]
    assert [(one.hold, one.beside) for one in held] == [(SURE, 2), (PASSING, 0), (SURE, 0)]


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ("We want a circular economy.", "They have the circular economy.", "the circular economy"),
        ("We want a circular economy.", "They have the circular economies.", "circular economies"),
    ],
)
def test_what_neither_text_has_in_the_plural_is_one_thing(one, other, shown):
    # Texts elsewhere count what a phrase ends with.
    told = "An economy is an economy. It is circular, as we are circular."
    assert shown in [each.text for each in study(f"{told} {one} {one}", f"{told} {other} {other}")]


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ("Talk of graft.", "merge-queue graft"),
        ("Talk of graft. A graft is a graft.", "merge-queue grafts"),
    ],
)
def test_what_is_not_counted_gets_no_plural_that_nobody_wrote(more, shown):
    word = shown.removeprefix("merge-queue ").removesuffix("s")
    entity = Entity(index=0, id="x", label=f"Merge-Queue {word.title()}")
    text = f"We teach merge-queue {word} to all. The merge-queue {word} of a team."
    assert study(f"{text} {more}", text, [entity])[0].text == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("We cross the chasm late. Beyond the chasm there is land. They looked into the chasm once.", "the chasm"),
        (
            "We live in the third age. In the third age we rest. An age is an age, and so is the third age.",
            "the third age",
        ),
    ],
)
def test_what_there_is_one_of_keeps_its_article(text, shown):
    assert shown in [one.text for one in study(text, text)]


def test_a_name_whose_key_is_by_chance_that_of_other_words_is_no_topic():
    words = ["".join(syllables) for syllables in product(("ba", "do", "ki", "lu", "me", "ta", "vo", "zu"), repeat=3)]
    keys = terms.word_keys(words)
    first, second = np.divmod(np.arange(len(keys) ** 2), len(keys))
    phrases = terms.phrase_key(keys[first], keys[second])
    order = np.argsort(phrases, kind="stable")
    same = np.flatnonzero(np.diff(phrases[order]) == 0)
    assert len(same)
    said, named = (f"{words[first[place]]} {words[second[place]]}" for place in order[[same[0], same[0] + 1]])
    text = f"The ladder has rungs. Each ladder needs a ladder. It is {said}, and {said} it stays."
    found = {one.text for one in study(text, text, [Entity(index=0, id="named", label=named)])}
    assert "ladders" in found
    assert named not in found


def test_words_in_passing_and_adjectives_are_no_topics():
    left = "The ladder has rungs. Each ladder needs a ladder. It is quick. A wall stands by the road."
    right = "Climb the ladder. A ladder that is quick. The ladder, again. Paint a wall by the sea."
    assert [one.text for one in study(left, right)] == ["ladders"]


def test_what_one_is_about_and_the_other_only_mentions_is_told_apart():
    left = "A sponsor is there. The sponsor is bold. Every sponsor will sign."
    (found,) = study(left, "We thank the sponsor for it.")
    assert (found.text, found.about) == ("sponsors", (True, False))


def test_what_follows_a_letter_that_stands_for_a_name_is_part_of_one():
    text = "A B Corp backlog is kept. Each B Corp backlog is ours, and we like it so. A backlog is a backlog."
    for written, found in ((text, False), (text.replace("B Corp", "Corp"), True)):
        assert any(one.text.startswith("Corp") for one in study(written, written)) is found


@pytest.mark.parametrize("rest", ["-in", " School"])
def test_the_beginning_of_a_longer_name_is_no_topic(rest):
    words = "Harvard Business" if rest[0] == " " else "vendor lock"
    text = f"The sponsor of {words}{rest} pays. A {words}{rest} is there. One {words}{rest}."
    assert not any(one.text == words for one in study(text, text))


def test_abbreviations_are_shown_as_such():
    left, right = "An API is there. Each API of ours.", "The api is there. The api of ours."
    assert [one.text for one in study(left, right)] == ["API"]


def test_names_of_entities_come_as_they_are_written():
    entity = Entity(index=0, id="x", label="Merge-Queue Practice")
    text = "We teach merge-queue practice to all. The merge-queue practice of a team."
    assert study(text, text, [entity])[0].text == "merge-queue practices"


def test_what_there_is_one_of_is_told_after_the_article():
    left = "All of us live by the circular economy. A circular economy is what we have."
    right = "Here we are at last within the circular economy. Of economies there are many."
    assert [one.text for one in study(left, right)][:1] == ["the circular economy"]
    several = f"{right} We like circular economies as they are."
    assert [one.text for one in study(left, several)][:1] == ["circular economies"]


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ("We talk of chasm and of little else.", "chasm"),
        ("We saw the chasm and were glad.", "the chasm"),
        ("We saw the chasms and were glad.", "chasms"),
        ("We saw a chasm and were glad.", "chasms"),
    ],
)
def test_a_word_is_counted_as_most_texts_of_the_library_count_it(others, told):
    text = "A chasm is there. Each chasm of ours is by a chasm. "
    plain = [(f"other-{i}", f"Other {i}", f"{others} There are {i} of us, with soup{i}.") for i in range(20)]
    shelf = shelf_of([("a", "Left", text), ("b", "Right", text), *plain])
    whole = Study.of(shelf)
    ends = whole.ends(0, 1)
    words = Words(ends)
    writing = Writing(words, ends.quotes, whole.lexicon)
    assert writing.single(terms.term_key("chasm")) == told


def test_what_both_titles_say_is_told_though_texts_have_it_in_longer_names_alone():
    left, right = "Brand virality is there. We like brand virality.", "Brand virality is here. Our brand virality."
    titles = ("Artificial Virality", "Word of Virality")
    assert "virality" not in [one.text for one in study(left, right)]
    assert study(left, right, titles=titles)[0].text == "virality"


def test_words_in_a_row_of_both_titles_are_counted_as_the_texts_count_them():
    text = "Each review rota of ours is there. A review rota is here. We like review rotas."
    one = text.replace(" We like review rotas.", " All of us live by the Review Rota, as told.")
    titles = ("The Review Rota in Teams", "Review Rota Design")
    assert study(text, text, titles=titles)[0].text == "review rotas"
    named = one.replace("Each review rota of ours", "The Review Rota").replace("A review rota", "The Review Rota")
    assert study(named, named, titles=titles)[0].text == "the Review Rota"


PROMISE = "a promise of an answer by the next day"
LEADS = (("We like rotas.",), (f"A response time is {PROMISE}.",))


def test_few_topics_are_joined_by_what_the_other_pattern_is_in_its_own_words():
    few = ground(topics=(topic("reviewers"),), leads=LEADS)
    assert reasons(few)[0] == f"Like Response Time (“{PROMISE}”), it deals with reviewers."
    named = ground(topics=(topic("reviewers"),), leads=LEADS, names=(True, False))
    assert reasons(named)[0].startswith(f"It names Response Time (“{PROMISE}”)")
    many = ground(topics=tuple(map(topic, ("days", "hours", "reviewers"))), leads=LEADS)
    assert reasons(many)[0] == "Like Response Time, it deals with days, hours and reviewers."
    assert reasons(few)[-1] == reasons(few.turned().turned())[-1]


OWN = ("A review rota is a list of reviewers for each working day.",)
THEIRS = (f"A response time is {PROMISE}.",)


@pytest.mark.parametrize(
    ("topics", "expected"),
    [
        (
            (topic("answers", hold=FAIR),),
            "Both deal with answers: here “{}”, in Response Time “{}”.",
        ),
        (
            (),
            "It is “{}”, and Response Time is “{}”.",
        ),
    ],
)
def test_where_what_both_deal_with_says_little_each_says_what_it_is(topics, expected):
    own, theirs = (said[0].split(" is ")[1].rstrip(".") for said in (OWN, THEIRS))
    assert reasons(ground(topics=topics, leads=(OWN, THEIRS)))[0] == expected.format(own, theirs)
    said = reasons(ground(topics=(), leads=(("We share the long list of reviewers with all.",), THEIRS)))[0]
    assert said == f"Its passage as a whole reads much like that of Response Time (“{theirs}”)."


def test_abbreviations_are_counted_as_the_texts_count_them():
    text = "A PCB is a board. Each PCB has layers, and PCBs change. The PCB and its layers. Our PCB."
    assert "PCBs" in [one.text for one in study(text, text)]
    one = text.replace("PCBs", "they")
    assert "PCBs" in [one.text for one in study(one, one)]
    whole = one.replace("A PCB", "The PCB").replace("Each PCB", "Our PCB")
    assert "PCB" in [one.text for one in study(whole, whole)]


def test_what_a_title_is_short_for_is_told_only_where_there_is_nothing_else():
    titles = ("Review Rota (RR)", "Response Time")
    short, fair = topic("RR"), topic("working days", hold=FAIR)
    asked = replace(ground(topics=(short, fair)), titles=titles)
    assert reasons(asked)[0] == "Like Response Time, it deals with working days."
    assert reasons(asked.turned())[0] == "Like Review Rota (RR), it deals with working days."
    assert reasons(replace(asked, topics=(short,)).turned())[0] == "Like Review Rota (RR), it deals with RR."


def test_two_titles_of_one_thing_are_told_so_where_both_deal_with_nothing_more():
    asked = replace(ground(topics=(topic("review rotas"),)), titles=("Review Rota", "Review Rotas"))
    assert reasons(asked)[0] == "Its title names the same thing as that of Review Rotas."


def test_a_title_is_not_said_to_deal_with_itself():
    asked = ground(topics=(topic("response times"),), leads=LEADS)
    assert reasons(asked)[0] == "Review Rota and Response Time both deal with response times."
    again = ground(topics=(topic("response times", beside=1),), leads=LEADS)
    assert reasons(again)[0] == "Its own text names Response Time."
    within = replace(asked, titles=("Response Time Promise", "Response Time"))
    assert reasons(within)[0] == "Its title names Response Time."


@pytest.mark.parametrize(
    ("own", "other"), [("Being", "Having"), ("2026-11-26", "2026-11-27"), ("走", "跑"), ("Go", "42")]
)
def test_a_title_without_words_of_meaning_is_named_by_no_other(own, other):
    asked = replace(ground(topics=(topic("response times"),)), titles=(own, other))
    assert reasons(asked)[0] == f"Like {other}, it deals with response times."


def test_a_title_does_not_name_another_of_its_series():
    asked = replace(ground(topics=(topic("weeks"),)), titles=("Week 12", "Week 13"))
    assert reasons(asked)[0] == "Week 12 and Week 13 both deal with weeks."


def test_a_word_is_named_with_others_that_both_come_back_to_and_a_phrase_is_enough():
    word, phrase = topic("reviewers"), topic("working days")
    others = (topic("hours", hold=FAIR, beside=2), topic("answers", hold=0, beside=2), topic("tides", hold=FAIR))
    assert reasons(ground(topics=(word, *others)))[0] == (
        "Like Response Time, it deals with reviewers, hours and answers."
    )
    assert reasons(ground(topics=(phrase, *others)))[0] == "Like Response Time, it deals with working days."
    last = topic("mornings", hold=0, beside=1)
    assert reasons(ground(topics=(last, word)))[0] == "Like Response Time, it deals with reviewers and mornings."
    assert reasons(ground(topics=(last, word, others[0])))[0] == (
        "Like Response Time, it deals with reviewers and hours."
    )


def test_what_a_pattern_tells_of_itself_at_once_goes_before_what_both_come_back_to():
    passing, lead, both = (
        Topic(text, topic(text).keys, (True, True), leads, whole=True, hold=SURE)
        for text, leads in (("tables", (False, False)), ("days", (True, False)), ("hours", (True, True)))
    )
    assert [one.rank for one in (passing, lead, both)] == [1, 2, 3]
    said = reasons(ground(topics=(passing, lead, both)))
    assert said[0] == "Like Response Time, it deals with hours and days."
    assert reasons(ground(topics=(passing, both)))[0] == "Like Response Time, it deals with hours."


@pytest.mark.parametrize("names", [(False, False), (True, False), (False, True)])
def test_braces_in_titles_are_left_as_they_are(names):
    odd = ground(titles=("{own} {}", "{other} {0"), topics=(topic("days"),), leads=LEADS, names=names)
    assert all("{other} {0" in reason for reason in reasons(odd))


def test_titles_that_name_the_same_thing_are_said_to():
    same = ground(titles=("Review Rota", "Review Rota (RR)"), topics=(topic("days"),))
    assert reasons(same)[0] == "Its title names the same thing as that of Review Rota (RR), and both deal with days."


AUDIT = "An audit is there. Each audit needs an audit of ours. "


@pytest.mark.parametrize(
    ("text", "shown", "hidden"),
    [
        (
            "We pay a triple bottom line. The triple bottom line is old. A triple bottom line.",
            "audits",
            "triple bottoms",
        ),
        ("The General Data Protection is a rule. Our General Data Protection is old.", "audits", "Data Protection"),
        ("We use a bottom-up way. A bottom-up way of ours. The bottom-up way is good to have.", "audits", "bottoms"),
        (
            "Our storyteller has a story for all. A storyteller has the story of us. Each story is of our storyteller.",
            "storytellers",
            "stories",
        ),
    ],
)
def test_no_part_of_a_name_and_no_second_word_of_a_family_is_a_topic(text, shown, hidden):
    found = [one.text for one in study(AUDIT + text, AUDIT + text)]
    assert any(shown in one for one in found)
    assert hidden not in found


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("A single point of failure is here. We look for the single point of failure at noon.", "single point"),
        ("We want to guarantee failure at once. They could guarantee failure in what they do.", "guarantee failure"),
    ],
)
def test_what_is_done_and_the_first_part_of_a_longer_name_are_no_topics(text, hidden):
    text = f"{AUDIT}{text} A point is a point. A failure is a failure. A guarantee is a guarantee."
    assert not any(one.text.startswith(hidden) for one in study(text, text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A product backlog is kept. Each product backlog is ours, and we like it so.", "product backlogs"),
        ("We sort the product backlog at once. We like the product backlog for what it is.", "the product backlog"),
        ("Each product backlog is ours. Between the product backlogs that we keep we choose.", "product backlogs"),
        ("We live with quiet grief at all times. In quiet grief we are at one with others.", "quiet grief"),
    ],
)
def test_a_phrase_is_counted_as_the_texts_count_it(text, shown):
    assert shown in [one.text for one in study(f"{text} A backlog is a backlog. With grief and of grief.", text)]


def test_what_both_titles_say_is_told_with_more_and_is_no_common_ground_alone():
    text = f"{AUDIT} A trial is there. Each trial needs a trial of ours. A trial, a trial and a trial."
    found = study(text, text, titles=("Reverse Trial", "Trial Projects"))
    assert [one.text for one in found] == ["trials", "audits"]
    asked = ground(titles=("Reverse Trial", "Trial Projects"), topics=tuple(found))
    assert reasons(asked)[0] == "Like Trial Projects, it deals with trials and audits."
    alone = ground(titles=("Reverse Trial", "Trial Projects"), topics=(topic("trials"),))
    assert not alone.firm
    assert ground(titles=("Reverse Trial", "Trial Projects"), topics=(topic("trials"), topic("audits"))).firm


@pytest.mark.parametrize(
    ("text", "word", "partial"),
    [
        ("We keep a supply chain here. Every supply chain of ours breaks at times.", "chain", True),
        ("We keep a supply chain here. Every other chain of ours breaks at times.", "chain", False),
        ("The agenda items are sent. We read agenda items before we meet at noon.", "agenda", True),
        ("We like it bottom-up at all times and in all that we do with others.", "bottom", True),
        ("The CI/CD pipelines are slow, so that all of us wait for them at noon.", "CD pipelines", True),
        ("The fast pipelines are slow, so that all of us wait for them at noon.", "fast pipelines", False),
        ("Nothing of the kind is said in this one sentence about other matters.", "chain", False),
    ],
)
def test_words_that_stand_in_longer_names_alone_are_parts_of_them(text, word, partial):
    (said,) = shelf_of([("a", "A", text)]).proses
    quotes = quotes_of(said, Rarity.of([said]))
    assert partial_name(quotes.uses(terms.content_keys(word).tolist()), 1) is partial


def test_what_the_title_of_the_other_says_is_not_told_again():
    asked = ground(topics=(topic("response time"), topic("reviewers")))
    assert reasons(asked)[0] == "Like Response Time, it deals with reviewers."


def test_phrases_of_a_template_are_no_topics():
    worn = "Here the wooden spoon rules. "
    texts = [
        (f"p{i:02}", f"P {i}", f"{worn}A cat{i % 2} is there. Each cat{i % 2} likes a cat{i % 2}.") for i in range(40)
    ]
    shelf = shelf_of(texts)
    found = explain_pairs(shelf, rank(shelf, np.eye(40, dtype=np.float32), [], LinkSettings()), [(0, 2)])[0, 2]
    assert "wooden spoon" not in " ".join(found.details["terms"])


def test_a_title_in_the_text_counts_as_its_name_only_where_it_is_no_common_phrase():
    shelf = shelf_of([("a", "One", "We keep a review rota here."), *((f"b{i}", f"B {i}", SOUP) for i in range(30))])
    rarity = Rarity.of(shelf.proses)
    assert named(shelf.proses[0], "Review Rota", rarity)
    assert not named(shelf.proses[0], "Rota", rarity)
    assert not named(shelf.proses[1], "Review Rota", rarity)
    assert not named(shelf.proses[1], "Simmer Leeks", rarity)


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("We read of the review rota here and now.", True),
        ("All review rotas that we have are ours.", True),
        ("They review rotating things, as we all do.", False),
        ("We want to review rota after rota at once.", False),
        ("We keep a peer-review rota here at noon.", False),
        ("Nothing of the kind is said in this sentence.", False),
    ],
)
def test_a_name_is_called_where_its_words_stand_together_as_they_do_in_it(text, sure):
    said, *others = shelf_of([("a", "A", text), *((f"b{i}", f"B {i}", SOUP) for i in range(30))]).proses
    rarity = Rarity.of([said, *others])
    assert called(quotes_of(said, rarity), "Review Rota", rarity) is sure
    assert not called(quotes_of(said, rarity), "Of the", rarity)


def test_what_a_pattern_is_called_itself_names_no_other():
    text = "A kind review rota begins on Monday at noon."
    said, *others = shelf_of([("a", "A", text), *((f"b{i}", f"B {i}", SOUP) for i in range(30))]).proses
    rarity = Rarity.of([said, *others])
    quotes = quotes_of(said, rarity)
    assert called(quotes, "Review Rota", rarity, "Soup")
    assert not called(quotes, "Review Rota", rarity, "Kind Review Rota")
    assert within("Review Rota (RR)", "Kind Review Rota")
    assert not within("Kind Review Rota", "Review Rota")


def test_another_form_of_a_word_is_not_the_name():
    (said,) = shelf_of([("a", "A", "Our habits stack up. The habit stacks the deck.")]).proses
    assert worded(said, "Habit Stack")
    assert not worded(said, "Habit Stacking")
    assert not worded(said, "Habit Rota")


def test_how_many_patterns_are_about_a_word_tells_how_much_it_says_of_two():
    assert spreads(np.array([0, 40, 100, 300]), 3600).tolist() == [FEW, FEW, SOME, MANY]
    assert spreads(np.array([5, 11]), 30).tolist() == [FEW, MANY]


def test_a_word_is_a_surer_subject_the_more_both_texts_make_of_it():
    before = "This is what we do, and how we do it here. It is what it is, and that is all of it. "
    often = before + "A ladder is there. Each ladder of ours is by a ladder. " * 4
    once = before + "We like the ladder that is there for all of us."
    for left, right, title, hold in (
        (often, often, "Left", FAIR),
        (often, often, "Ladder", SURE),
        (often, once, "Ladder", SPOKEN),
        (often, once, "Left", PASSING),
    ):
        (found,) = study(left, right, titles=(title, "Right"))
        assert (found.text, found.hold) == ("ladders", hold)


def test_a_phrase_of_both_titles_is_what_both_deal_with():
    text = f"{AUDIT} We are at odds. All of us speak of shame resilience to all. They live by shame resilience."
    found = study(text, text, titles=("Shame Resilience Practice", "Building Shame Resilience"))[0]
    assert (found.text, found.hold) == ("shame resilience", SURE)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("We look at the German economy. A German economy is there. We are in german hands.", "the German economy"),
        ("We thank the Quiet Fund. It is the Quiet Fund that pays. A quiet day.", "Quiet Fund"),
    ],
)
def test_names_keep_their_capitals(text, shown):
    text = f"{text} A fund of ours is a fund. An economy is an economy."
    assert shown in [one.text for one in study(text, text)]


def test_new_pairs_without_common_ground_are_given_up_unless_they_alone_link_an_end():
    chosen = Chosen(frozenset({(0, 1), (0, 2), (1, 2), (2, 3)}))
    left = without(chosen, {(0, 1): 0.6, (1, 2): 0.5, (2, 3): 0.9})
    assert left.pairs == {(0, 1), (0, 2), (2, 3)}


def test_a_pair_is_idle_where_all_there_is_to_say_is_that_the_two_have_little_in_common():
    shelf = shelf_of([("a", "Review Rota", ROTA), ("b", "Pace", PACE), ("c", "Soup", SOUP)])
    found = explain_pairs(shelf, rank(shelf, np.eye(3, dtype=np.float32), [], LinkSettings()), [(0, 1), (0, 2)])
    assert {pair: one.idle for pair, one in found.items()} == {(0, 1): False, (0, 2): True}


def test_rarity_of_an_empty_library_is_even():
    rarity = Rarity.of([])
    assert rarity.weights(np.array([1, 2], np.uint64)).tolist() == pytest.approx([np.log(2)] * 2)


def test_texts_that_share_nothing_have_no_topics():
    assert study("Apples.", "Pears.") == []


def test_a_shelf_keeps_its_order():
    shelf = topical_shelf()
    assert isinstance(shelf, Shelf)
    assert list(shelf.slugs) == sorted(shelf.slugs)


def with_text(shelf: Shelf, place: int, title: str, body: str) -> Shelf:
    titles, proses = list(shelf.titles), list(shelf.proses)
    titles[place], proses[place] = title, prose.read(title, (), "", "", body)
    return replace(shelf, titles=tuple(titles), proses=tuple(proses))


def with_label(shelf: Shelf, place: int, label: str) -> Shelf:
    entities = list(shelf.entities)
    entities[place] = (*entities[place], Entity(index=0, id="named", label=label))
    return replace(shelf, entities=tuple(entities))


USUAL = "This is what we do, and what they are and do"  # Not a word with a meaning of its own.
PAID = f"{USUAL}: a review feedback rota. Some pay for a review feedback rota."
LIT = "Many lanterns hang there, and all of us look after these lanterns."


def with_texts(shelf: Shelf, places: Iterable[int], said: str) -> Shelf:
    """The shelf with something more said by some of its texts."""
    return reduce(lambda one, at: with_text(one, at, one.titles[at], f"{said} {one.proses[at].passage}"), places, shelf)


def grown(shelf: Shelf) -> Shelf:
    """The shelf with more texts, which come last."""
    zoo = shelf_of([(f"zoo-{number:02}", "Zoo", "Zebras graze.") for number in range(24)])
    return Shelf(*(getattr(shelf, part.name) + getattr(zoo, part.name) for part in fields(Shelf)))


CHANGES: dict[str, Callable[[Shelf], Shelf]] = {
    "nothing": lambda shelf: shelf,
    "a text": lambda shelf: with_text(shelf, 3, "Grant Budget", "The sponsor pays the invoice of a fund. " * 3),
    "a word becomes common": lambda shelf: with_texts(shelf, range(9), LIT),
    "a word is said more often": lambda shelf: with_texts(shelf, (12,), "Lanterns and lanterns. " * 60),
    "a phrase becomes usual": lambda shelf: with_texts(shelf, range(4, 20), "A review feedback."),
    "a sentence becomes usual": lambda shelf: with_texts(shelf, (14, 15), f"{USUAL}."),
    "words become names'": lambda shelf: with_label(with_label(shelf, 0, "Patch Release"), 1, "Minor Release"),
    "a name": lambda shelf: with_label(shelf, 20, "Review Feedback Rota"),
    "the library grows": grown,
}


@pytest.mark.parametrize("change", CHANGES)
def test_evidence_that_is_kept_is_what_would_be_found_anew(change):
    shelf = with_label(with_label(topical_shelf(), 22, "Weekly Rota"), 23, "Daily Rota")
    shelf = with_texts(with_texts(shelf, (2, 3, 13), PAID), range(9, 20), LIT)
    pairs = list(combinations(range(len(shelf)), 2))
    kept = Kept()
    explain_pairs(shelf, rank(shelf, vectors_of(shelf), [], LinkSettings()), pairs, elsewhere=Here(kept))
    assert (kept.hits, len(kept)) == (0, len(pairs))
    later = CHANGES[change](shelf)
    ranking = rank(later, vectors_of(later), [], LinkSettings())
    anew = explain_pairs(later, ranking, pairs)
    assert explain_pairs(later, ranking, pairs, elsewhere=Here(kept)) == anew
    assert (kept.hits == len(pairs)) == (change == "nothing")


def test_a_changed_text_leaves_the_evidence_of_other_pairs():
    shelf, kept = topical_shelf(), Kept()
    pairs = list(combinations(range(len(shelf)), 2))
    explain_pairs(shelf, rank(shelf, vectors_of(shelf), [], LinkSettings()), pairs, elsewhere=Here(kept))
    later = with_text(shelf, 23, shelf.titles[23], f"{shelf.proses[23].passage} Zebras graze.")
    explain_pairs(later, rank(later, vectors_of(later), [], LinkSettings()), pairs, elsewhere=Here(kept))
    assert kept.hits == len(pairs) - (len(shelf) - 1)
