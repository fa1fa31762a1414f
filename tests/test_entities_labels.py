"""What a label says and where it is said."""

import pytest

from garden import prose, terms
from garden.entities.labels import Labels, adjacency, mentioned, read_label, spoken

TEXT = "Reviewers organize hand-overs. Feedback loops are short; the behaviour of labelled builds is checked."


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Feedback Loop", True),
        ("feedback-loops", True),
        ("Feedback_Loop", True),
        ("Loop Feedback", False),
        ("Feedback of Loops", True),
        ("Hand-over", True),
        ("Handover", False),
        ("Behavior", True),
        ("Organised Hand-Overs", True),
        ("Labeled Builds", True),
        ("Feedback Loop (FL)", True),
        ("Checked Feedback Loop", False),
        ("Review", False),
        ("Reviewer", True),
    ],
)
def test_a_label_is_said_whatever_its_endings_spelling_and_hyphens(label, said):
    read = prose.read("A title", (), "", "", TEXT)

    assert read_label(label).mentioned_in(read) is said


@pytest.mark.parametrize(
    ("label", "known"),
    [("Feedback Loop", True), ("The", False), ("2026", False), ("反馈循环", False), ("วงจร", False), ("Петля", True)],
)
def test_a_label_without_words_that_could_be_looked_for_is_not_known(label, known):
    assert read_label(label).known is known


def test_words_keep_their_order_and_count_once():
    assert read_label("Trust, and again trust in Teams").words == ("Trust", "Teams")


@pytest.mark.parametrize("name", ["Feedback Loop", "feedback-loop", "feedback_loop", " FEEDBACK  loop "])
def test_ids_are_spoken_alike_whatever_their_case_and_hyphens(name):
    assert spoken(name) == "feedback loop"


@pytest.mark.parametrize("body", [TEXT, "A loop of feedback, and FL.", ""])
def test_many_labels_at_once_are_said_by_the_texts_that_say_each(body):
    names = ["Feedback Loop", "Loop Feedback", "Loop", "FL (Feedback Loop)", "Short (Loop)", "The", "Hand-over", "FL"]
    labels, read = [read_label(name) for name in names], prose.read("A title", (), "", "", body)

    said = [names[place] for place in Labels(labels).said_by(read).tolist()]

    assert said == [label.text for label in labels if label.mentioned_in(read)]


NAMES = ("Feedback Loop", "Feedback Loop (FL)", "Loop Feedback", "Reviewer", "Review", "Checked Feedback Loop", "The")


def test_labels_asked_of_many_texts_at_once_are_said_as_each_says_of_itself():
    bodies = (TEXT, "", "A review of a feedback loop. Loop feedback.", "Checked feedback loops.")
    proses = [prose.read("A title", (), "", "", body) for body in bodies]
    asked = [(read_label(name), owner) for owner in range(len(proses)) for name in NAMES]
    expected = [label.mentioned_in(proses[owner]) for label, owner in asked]
    assert mentioned(asked, proses) == expected
    assert {True, False} == {*expected}
    assert mentioned([], proses) == []


def test_of_words_side_by_side_the_share_is_told_that_stands_so_in_the_text():
    proses = [prose.read("A title", (), "", "", body) for body in (TEXT, "Feedback of loops and short feedback.")]
    labels = [read_label(name) for name in ("Short Feedback Loop", "Feedback Loop", "Reviewer")]
    assert all(len(terms.phrase_keys(label.ways[0])) < len(label.ways[0]) for label in labels)
    asked = [(label, owner) for owner in (0, 1) for label in labels]
    assert adjacency(asked, proses).tolist() == [0.5, 1, 0, 0.5, 0, 0]


def test_no_labels_at_once_are_said_by_no_text():
    assert Labels([]).said_by(prose.read("A title", (), "", "", TEXT)).tolist() == []
