import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from garden.splice.merge import merge

BASE = "a\nb\nc\nd\n"
ITEMS = "links:\n  - target: a\n    type: x\n  - target: b\n    type: x\nend\n"


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        (BASE, BASE, BASE),
        ("A\nb\nc\nd\n", BASE, "A\nb\nc\nd\n"),
        ("A\nb\nc\nd\n", "a\nB\nc\nd\n", "A\nB\nc\nd\n"),
        ("a\nb\nd\n", "a\nb\nc\nD\n", "a\nb\nD\n"),
        ("a\nb\nc\nx\nd\n", "a\nb\nC\nd\n", "a\nb\nC\nx\nd\n"),
        ("a\nx\nb\nc\nd\n", "a\ny\nb\nc\nd\n", "a\nx\ny\nb\nc\nd\n"),
        ("a\nB\nc\nd\n", "a\nB\nc\nd\n", "a\nB\nc\nd\n"),
        ("a\nB\nc\nd\n", "a\nQ\nc\nd\n", None),
        ("a\nd\n", "a\nb\nx\nc\nd\n", None),
        ("a\nd\n", "a\nb\nC\nd\n", None),
        ("a\nd\n", "a\nx\nb\nc\nd\n", None),
        ("a\nd\n", "a\nb\nc\nx\nd\n", None),
        ("a\nb\nc\nd", "A\nb\nc\nd\n", "A\nb\nc\nd"),
        ("", "a\nb\nc\nD\n", None),
    ],
)
def test_changes_are_brought_together_unless_they_are_of_the_same_lines(
    ours: str, theirs: str, merged: str | None
) -> None:
    assert merge(BASE, ours, theirs) == merged


def test_a_block_begins_where_an_item_does() -> None:
    without_b = ITEMS.replace("  - target: b\n    type: x\n", "")
    assert merge(ITEMS, without_b, ITEMS.replace("a\n    type: x", "a\n    type: y")) == without_b.replace("x", "y")
    assert merge(ITEMS, without_b, ITEMS.replace("b\n    type: x", "b\n    type: y")) is None


def test_an_item_added_after_one_that_was_edited_stays_whole() -> None:
    more = ITEMS.replace("end\n", "  - target: c\n    type: x\nend\n")
    edited = ITEMS.replace("b\n    type: x", "b\n    type: y")
    assert merge(ITEMS, more, edited) == edited.replace("end\n", "  - target: c\n    type: x\nend\n")


texts = st.lists(st.sampled_from(["a\n", "b\n", "- c\n", "- d\n"]), max_size=8).map("".join)


@settings(max_examples=300)
@given(texts, texts)
def test_a_change_of_one_side_is_taken_as_it_is(base: str, changed: str) -> None:
    assert merge(base, changed, base) == changed
    assert merge(base, base, changed) == changed
    assert merge(base, changed, changed) == changed


@given(texts, texts, texts)
def test_whether_two_changes_clash_does_not_depend_on_whose_they_are(base: str, ours: str, theirs: str) -> None:
    assert (merge(base, ours, theirs) is None) == (merge(base, theirs, ours) is None)
