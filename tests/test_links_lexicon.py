"""Which words of a library are nouns."""

import pytest

from garden import terms
from garden.links.lexicon import Lexicon
from garden.models import Entity
from tests.shelves import shelf_of

TEXTS = (
    "The ladder is tall. Every ladder leads up. A proactive and bold team. We need to retain it.",
    "A ladder stands there. The ladder of it. To retain them, to retain us. An informal rule.",
    "A ladder is there, and debt. Retain what is proactive. Privacy is dear. The quality of it.",
)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    labels = ("technical debt", "old debt", "weekly assembly", "general assembly", "dark mode")
    entities = [Entity(index=place, id=label, label=label) for place, label in enumerate(labels)]
    return Lexicon.of(shelf_of([(f"p{i}", f"P {i}", text) for i, text in enumerate(TEXTS)], [entities, (), ()]))


def key(word: str) -> int:
    return int(terms.content_keys(word)[0])


@pytest.mark.parametrize(
    ("word", "noun"),
    [
        ("ladder", True),  # stands alone after an article
        ("debt", True),  # ends two names
        ("assembly", True),  # the same, though it ends like an adverb
        ("privacy", True),  # by its ending
        ("mode", False),  # ends one name alone
        ("proactive", False),
        ("informal", False),
        ("retain", False),
        ("four-ladder", False),
    ],
)
def test_nouns(lexicon: Lexicon, word: str, noun: bool) -> None:
    assert lexicon.noun(key(word), word) is noun


@pytest.mark.parametrize(
    ("word", "leads"),
    [
        ("ladder", True),
        ("proactive", True),
        ("retain", False),
        ("boldly", False),
        ("team's", False),
        ("ladders", False),
    ],
)
def test_first_words_of_names(lexicon: Lexicon, word: str, leads: bool) -> None:
    assert lexicon.leads(key(word), word) is leads


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("ladder", "ladders"),
        ("quality", "qualities"),
        ("matrix", "matrices"),
        ("box", "boxes"),
        ("boxes", "boxes"),
        ("building", "buildings"),
        ("knife", "knives"),
        ("grandchild", "grandchildren"),
        ("process", "processes"),
    ],
)
def test_plurals(lexicon: Lexicon, word: str, shown: str) -> None:
    assert lexicon.plural(word) == shown


@pytest.mark.parametrize(("word", "counted"), [("ladder", True), ("debt", False), ("wealth", False)])
def test_what_texts_count_is_told_from_what_they_have_much_of(word: str, counted: bool) -> None:
    text = "A ladder is there. We live with debt and with ladders. A wealth of ideas. The price of wealth is high."
    lexicon = Lexicon.of(shelf_of([("p", "P", text)]))
    assert lexicon.usage.counted(key(word)) is counted


@pytest.mark.parametrize(("word", "noun"), [("three", False), ("curated", False), ("ladder", True)])
def test_numbers_and_participles_are_no_nouns(word: str, noun: bool) -> None:
    lexicon = Lexicon.of(shelf_of([("p", "P", f"The {word} of it is there. A {word} is near. Each {word} is old.")]))
    assert lexicon.noun(key(word), word) is noun


def test_an_unknown_word_is_nothing(lexicon: Lexicon) -> None:
    assert not lexicon.usage.noun(1, doubtful=False)
    assert not lexicon.usage.verb(1)
