"""What a host finds in the message of a commit: nobody to call, nothing to close."""

import re

import pytest

from garden.publish.message import inert

CALLED = re.compile(r"(?i)[@#]\w|GH-\d")


@pytest.mark.parametrize("text", ["Fixes #12", "octo/repo#1 and @everyone", "Closes GH-1", "gh-7", "@a@b"])
def test_no_reference_is_left_in_a_message_and_a_reader_sees_the_same(text: str) -> None:
    assert not CALLED.search(inert(text))
    assert inert(text).replace("\u2060", "") == text


@pytest.mark.parametrize("text", ["C# in depth", "10 @ 20", "High-5", "plain"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert inert(text) == text
