import subprocess
import sys

import numpy as np
import pytest

from garden import terms

SAME = [
    ("policy", "policies"),
    ("behaviour", "behavior", "behaviours"),
    ("organise", "organize", "organising", "organized"),
    ("organisation", "organizations"),
    ("analyse", "analyze", "analysis", "analyses", "analysing"),
    ("share", "sharing", "shared", "shares"),
    ("plan", "planning", "planned", "plans"),
    ("travel", "travelling", "traveling", "travelled"),
    ("centre", "center", "centred", "centered", "centres"),
    ("programme", "program", "programmes"),
    ("catalogue", "catalog", "catalogues"),
    ("licence", "license", "licensing"),
    ("manage", "managing", "managed", "manages"),
    ("process", "processes", "processing"),
    ("team's", "team", "teams", "team’s"),
    ("commit", "committed", "committing"),
    ("box", "boxes"),
    ("label", "labelled", "labeled", "labelling"),
]
DIFFERENT = [
    ("car", "care"),
    ("tour", "tor"),
    ("status", "state"),
    ("commit", "commitment"),
    ("need", "nee"),
    ("manage", "manager"),
    ("universe", "university"),
]


@pytest.mark.parametrize("words", SAME, ids=lambda words: words[0])
def test_forms_of_one_word_have_one_key(words):
    assert len({terms.term_key(word) for word in words}) == 1
    assert len({terms.term_key(word.capitalize()) for word in words}) == 1


@pytest.mark.parametrize("words", DIFFERENT, ids=lambda words: words[0])
def test_different_words_have_different_keys(words):
    assert len({terms.term_key(word) for word in words}) == len(words)


@pytest.mark.parametrize("word", ["the", "The", "whose", "2024", "7", "x", "of", "it", "IT", "don't", "don’t"])
def test_words_without_meaning_have_the_key_zero(word):
    assert terms.term_key(word) == 0


@pytest.mark.parametrize("word", ["AI", "UX", "5s", "oauth2", "naïve", "Größe"])
def test_abbreviations_and_foreign_words_carry_meaning(word):
    assert terms.term_key(word) != 0


def test_keys_do_not_depend_on_the_hash_seed():
    code = "from garden.terms import *; print(term_key('commons'), phrase_keys(token_keys('shared code')[1]))"
    command = [sys.executable, "-c", code]
    said = {
        subprocess.run(command, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(said) == 1


def test_a_bag_counts_folded_words_and_shows_them_as_first_written():
    bag = terms.bag("Policies of the team: a policy, two Teams.")
    counted = dict(zip(bag.words, bag.counts.tolist(), strict=True))
    assert counted == {"Policies": 2, "team": 2}
    assert bag.keys.tolist() == sorted(bag.keys.tolist())


def test_phrases_are_two_meaningful_words_in_a_row():
    def phrases(text: str) -> set[int]:
        return set(terms.phrase_keys(terms.token_keys(text)[1]).tolist())

    assert phrases("shared code") == phrases("We shared codes.") - phrases("We")
    assert phrases("code shared") != phrases("shared code")
    assert phrases("theory of change") == set()
    assert phrases("") == set()


def test_a_phrase_key_is_that_of_its_two_words():
    one, other = (np.array([terms.term_key(word)], np.uint64) for word in ("mutual", "aid"))
    assert terms.phrase_key(one, other).tolist() == terms.phrase_keys(terms.token_keys("mutual aid")[1]).tolist()


@pytest.mark.parametrize("words", [0, 1, 2, 3, 7, 8])
def test_phrases_of_a_name_have_the_keys_that_they_have_in_a_long_text(words):
    name = np.random.default_rng(words).integers(1, 2**64, words, dtype=np.uint64)
    name[1::3] *= np.uint64(words % 2)
    text = np.concatenate([np.zeros(20, np.uint64), name, np.zeros(20, np.uint64)])
    found = terms.phrase_keys(name)
    assert found.dtype == np.uint32
    assert found.tolist() == terms.phrase_keys(text).tolist()
