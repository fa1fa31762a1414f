"""Which words a pattern is about."""

import numpy as np
import pytest

from garden import prose, terms
from garden.links.keyness import KEY, Keyness
from garden.prose import Prose


def text(body: str) -> Prose:
    return prose.read("", (), "", "", body)


def value(keyness: Keyness, said: Prose, word: str) -> float:
    return float(keyness.values(said)[np.searchsorted(said.keys, terms.term_key(word))])


def test_a_word_is_key_where_it_comes_far_more_often_than_elsewhere():
    own = text("ladder " * 12 + "common " * 6)
    keyness = Keyness.of([own, *[text("common " * 6 + "ladder wall road")] * 20])
    assert value(keyness, own, "ladder") > KEY
    assert value(keyness, own, "common") == 0


def test_the_measure_is_the_log_likelihood_ratio():
    own, other = text("ladder ladder wall"), text("wall wall wall road road road road road road")
    # Two of three words where two of twelve are looked for: half a one.
    expected = 2 * (2 * np.log(2 / 0.5) - 1.5)
    assert value(Keyness.of([own, other]), own, "ladder") == pytest.approx(expected, abs=0.01)


def test_of_each_word_it_is_told_how_many_patterns_are_about_it():
    proses = [text("ladder " * 12 + "wall"), text("ladder " * 9 + "wall"), *[text("common " * 6 + "wall road")] * 20]
    keyness = Keyness.of(proses)
    told = dict(zip(keyness.keys.tolist(), keyness.subjects.tolist(), strict=True))
    assert [told[terms.term_key(word)] for word in ("ladder", "wall")] == [2, 0]


def test_an_empty_library_has_no_keys():
    assert not len(Keyness.of([]).keys)
