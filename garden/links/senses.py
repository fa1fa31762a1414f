"""How well words fit texts by what they mean: the cosine of a word's vector and a passage's.

Both texts may have a word that neither is about, often enough to look like a subject. What such a word means is far
from what the passages say, as an encoder sees it, and nearer where it is a subject in whatever other words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from garden import terms
from garden.links.keyness import OFTEN
from garden.links.quotes import without_owner
from garden.links.shelf import Passages, Vectors
from garden.prose import NOUN, Prose

# Words with a passage each is about: how near is near depends on the encoder, so it is measured with them.
KNOWN = (
    (
        "bread",
        "How to bake a loaf at home: mix flour, water, salt and yeast, let it rise, and use a hot oven.",
    ),
    ("sleep", "Go to bed at the same hour each night, keep the room dark and cool, and leave the screens outside."),
    ("taxes", "What is owed to the state each year on wages, rent and savings, and which costs may be deducted."),
    ("bees", "A hive in the garden: when to look after the colony, how to harvest honey, and what harms the queen."),
    ("chess", "Openings, the middle game and endings, and how to learn from games that were lost on the board."),
    ("bridges", "Spans of steel and concrete over rivers, the loads that they carry, and how they are inspected."),
    ("grief", "After a death in the family people mourn in many ways, and need company more than advice."),
    (
        "software",
        "Write small functions, review each change, test it, and release often so that errors show early.",
    ),
    ("elections", "How votes are cast and counted, who may stand, and how seats are shared among parties."),
    ("vaccines", "A dose teaches the body to recognise a virus, so that an infection later on does little harm."),
    ("music", "Practise scales slowly, listen to the other players, and sing the melody before playing it."),
    ("deserts", "Little rain falls, days are hot and nights cold, and plants and animals store what water they find."),
)
LEAST_APART = 0.1  # Of the cosines: an encoder to which known words are no nearer than that to their own passages.


@dataclass(frozen=True, eq=False)
class Meanings:
    """What can tell the senses of a library's words. ``encoder`` names who made ``passages``, and makes the rest.

    ``encoded`` gives a unit vector for each of some texts.
    """

    encoder: str
    passages: Passages
    encoded: Callable[[Sequence[str]], Vectors]

    def of(self, words: Sequence[str]) -> "Senses | None":
        """The senses of some words, each once.

        None where the encoder does not even tell the known words' own passages from the others.
        """
        known = [text for pair in KNOWN for text in pair]
        rows = self.encoded([*known, *words])
        near = rows[0 : len(known) : 2] @ rows[1 : len(known) : 2].T
        own = float(near.trace()) / len(KNOWN)
        other = float(near.sum() - near.trace()) / (len(KNOWN) * (len(KNOWN) - 1))
        if own - other < LEAST_APART:
            return None
        return Senses(
            encoder=self.encoder,
            words={word: place for place, word in enumerate(words)},
            rows=rows[len(known) :],
            passages=self.passages() if callable(self.passages) else self.passages,
            near=own,
            far=other,
        )


@dataclass(frozen=True, eq=False)
class Senses:
    """Unit vectors of one encoder: in ``rows`` one for each of the ``words``, and in ``passages`` one for each pattern.

    ``near`` is the cosine of a word and a passage that is about it, ``far`` of those that have nothing in common.
    """

    encoder: str
    words: Mapping[str, int]
    rows: Vectors
    passages: Vectors
    near: float
    far: float

    def fit(self, rows: Sequence[int], pair: tuple[int, int]) -> float:
        """How well the words of some rows, taken together, fit the passages of two patterns: 0 is far, 1 is near."""
        meant = self.rows[rows[0]] if len(rows) == 1 else self.rows[list(rows)].sum(axis=0)
        one, other = pair
        cosine = float(meant @ (self.passages[one] + self.passages[other])) / 2 / max(float(meant @ meant) ** 0.5, 1e-9)
        return float((cosine - self.far) / max(self.near - self.far, 1e-9))


def plain(word: str) -> str:
    """A word as its sense is asked for."""
    return without_owner(word).lower()


def words_to_ask(title: str, prose: Prose) -> set[str]:
    """The words of a text whose senses will be asked for, but for a few: its nouns, and those that it comes back to."""
    titled = np.sort(np.fromiter(terms.said_keys(title), np.uint64))
    words = prose.words
    asked = (prose.kinds >= NOUN) | (prose.counts >= OFTEN) | terms.holds(titled, prose.keys)
    return {plain(words[place]) for place in np.flatnonzero(asked).tolist()}
