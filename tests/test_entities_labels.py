"""What a label says and where it is said."""

import pytest

from garden import prose
from garden.entities.labels import Labels, read_label, spoken

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


def test_no_labels_at_once_are_said_by_no_text():
    assert Labels([]).said_by(prose.read("A title", (), "", "", TEXT)).tolist() == []
