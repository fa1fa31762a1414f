from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from garden import prose
from garden.sketch import BITS, SAME, alike, sketch

TEXT = (
    "A rota says who reviews on which day. Without one the same two people review everything and grow tired, while "
    "newcomers wait for a week and leave. Write the names down, let everyone swap days freely, and look at the list "
    "once a month in the open meeting. A rota that nobody may change is a prison; one that nobody reads is a wall "
    "decoration. Small projects can do with a single page, larger ones give each component a list of its own and a "
    "steward who fills the gaps before they hurt anybody, and who says aloud when the load has become too much."
)
OTHER = (
    "Compost is made of what the kitchen leaves, turned every other week and kept as damp as a wrung sponge. Worms do "
    "the work, and heat kills the seeds of weeds. Where meat goes in, rats come; where only grass goes in, it rots."
)


def of(text: str, title: str = "Review Rota") -> str:
    read = prose.read(title, (), "", "", text)
    return sketch(read.keys, read.counts)


def rewritten(text: str) -> str:
    sentences = text.split(". ")
    return ". ".join([*sentences[:2], OTHER, *sentences[4:]])


@pytest.mark.parametrize(
    ("edit", "same"),
    [
        (lambda text: text, True),
        (lambda text: text.replace("reviews", "reveiws"), True),
        (lambda text: text.replace("Without one the", "Without one, the").upper(), True),
        (lambda text: text.replace(" which day", " which weekday"), True),
        (lambda text: text + "\n\n```\nrota --print\n```\n", True),
        (rewritten, False),
        (lambda text: text + " " + OTHER, False),
        (lambda text: text[: len(text) // 2], False),
        (lambda text: OTHER, False),
    ],
)
def test_a_slip_put_right_leaves_a_text_the_same_and_a_new_thought_does_not(
    edit: Callable[[str], str], same: bool
) -> None:
    assert alike(of(TEXT), of(edit(TEXT))) is same


def test_a_sketch_is_the_same_on_every_machine_and_short() -> None:
    # The first two numbers of SplitMix64 from the seed 0, as its authors publish them, lowest byte first.
    published = b"".join(number.to_bytes(8, "little") for number in (0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4))
    assert sketch(np.array([0], np.uint64), np.ones(1, np.float32)) == published.hex()
    assert len(of(TEXT)) == BITS // 4


def test_the_order_of_terms_does_not_count() -> None:
    keys, counts = np.array([7, 8, 9], np.uint64), np.array([1, 2, 3], np.float32)
    assert sketch(keys, counts) == sketch(keys[::-1], counts[::-1])


def test_a_text_without_words_is_like_none() -> None:
    empty = sketch(np.array([], np.uint64), np.array([], np.float32))
    assert not alike(empty, empty)
    assert not alike(empty, of(TEXT))


@given(st.sets(st.integers(0, BITS - 1)))
def test_a_text_is_the_same_up_to_so_many_bits(bits: set[int]) -> None:
    flipped = int(of(TEXT), 16) ^ sum(1 << bit for bit in bits)
    assert alike(of(TEXT), f"{flipped:032x}") is (len(bits) <= SAME)
