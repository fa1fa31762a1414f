"""A pattern's text as the rooms above need it: one passage to embed, sentences to quote, terms to count."""

from collections.abc import Sequence
from itertools import islice

from garden import telling
from garden.prose.counted import Counted, counted
from garden.prose.lists import MADE_OF, Listed, listed
from garden.prose.markdown import plain, sections, without_noise
from garden.prose.passage import PASSAGE_CHARS, passage
from garden.prose.record import Prose, dump, load
from garden.prose.sentences import LONGEST, SHORTEST, Sentence, quotable
from garden.prose.words import (
    BARE,
    BEFORE_BARE,
    BEFORE_NOUNS,
    BEFORE_ONE,
    BEFORE_VERBS,
    COUNTED,
    MANY,
    MASS,
    NOUN,
    ONE,
    SINGULAR_S,
    THE,
    VERB,
    terms_of,
)
from garden.titles import abbreviations, plain_name

__all__ = [
    "BARE",
    "BEFORE_BARE",
    "BEFORE_NOUNS",
    "BEFORE_ONE",
    "BEFORE_VERBS",
    "COUNTED",
    "LONGEST",
    "MADE_OF",
    "MANY",
    "MASS",
    "MOST_SENTENCES",
    "NOUN",
    "ONE",
    "PASSAGE_CHARS",
    "SHORTEST",
    "SINGULAR_S",
    "THE",
    "TITLE_WEIGHT",
    "VERB",
    "Counted",
    "Listed",
    "Prose",
    "Sentence",
    "counted",
    "dump",
    "load",
    "read",
    "sections",
    "without_noise",
]

TITLE_WEIGHT = 3
MOST_SENTENCES = 24
MOST_LISTED, MOST_TOLD = 40, 24


def read(title: str, aliases: Sequence[str], summary: str, tension: str, body: str) -> Prose:
    """What a pattern says, read from its title, aliases, summary, tension and Markdown body."""
    text = without_noise(body)
    parts = list(sections(text))
    said = terms_of([title] * TITLE_WEIGHT + list(aliases), (summary, tension, text))
    return Prose(
        passage=passage(title, plain(summary), plain(tension), parts),
        sentences=tuple(islice(quotable(plain(summary), parts), MOST_SENTENCES)),
        keys=said.bag.keys,
        counts=said.bag.counts,
        phrases=said.phrases,
        phrase_counts=said.phrase_counts,
        kinds=said.kinds,
        ways=said.ways,
        phrase_ways=said.phrase_ways,
        joined_words=" ".join(said.bag.words),
        listed=tuple(islice(listed(text), MOST_LISTED)),
        told=tuple(islice(telling.told(plain_name(title), abbreviations(title), f"{summary}\n{text}"), MOST_TOLD)),
    )
