"""What a pattern is about: the words that it uses far more often than others do, and comes back to."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from garden import terms
from garden.links.keyness import KEY, Keyness
from garden.links.rarity import Rarity, most_of
from garden.prose import Prose
from garden.similarity import Floats

OFTEN, SURELY = 3, 5
# A word of the title, or of the sentences that tell what a pattern is, need be no more of a key word than this for the
# pattern to be about it, and weighs so much more.
LEADING, LEAD_GAIN = 4.0, 1.5
FIRM = 25.0  # A word that is in no title or summary is a subject where it is so much more of a key word.
# Of the patterns of a library the share that may be about a word which says something of two, and about one that says
# enough by itself.
SOME_SHARE, FEW_SHARE = 0.05, 0.012
FEW, SOME, MANY = 0, 1, 2
AT_LEAST = 8  # A short text, too, is about a few of the words that come often in it.


@dataclass(frozen=True, eq=False)
class Subjects:
    """What a pattern is about: how far each of its terms is a key word of it, weighted by rarity.

    ``firm`` are the terms that it comes back to again and again; ``spread`` tells of each whether few patterns of the
    library are about it, some, or many.
    """

    weights: Floats
    central: NDArray[np.bool_]
    firm: NDArray[np.bool_]
    spread: NDArray[np.int8]


def subjects(said: Prose, rarity: Rarity, keyness: Keyness, lead: frozenset[int] = frozenset()) -> Subjects:
    """What a pattern is about. ``lead`` are the words of its title and of the sentences that tell what it is."""
    # Both have counted the same proses, so their keys are the same, and one look is enough.
    places = keyness.places(said)
    values = keyness.values(said, places)
    often = said.counts >= OFTEN
    least = min([KEY, *np.sort(values[often])[::-1][:AT_LEAST].tolist()])
    central = (values >= KEY) | (often & (values >= least))
    weights = np.sqrt(values * np.maximum(rarity.weights_in(rarity.documents[places]), 0))
    leading = terms.holds(np.sort(np.fromiter(lead, np.uint64, len(lead))), said.keys)
    central |= leading & (values >= LEADING)
    weights = np.where(leading, LEAD_GAIN * weights, weights)
    return Subjects(
        weights=weights.astype(np.float32),
        central=central & (values > 0),
        firm=(values >= FIRM) & (said.counts >= SURELY),
        spread=spreads(keyness.subjects[places], rarity.size),
    )


def spreads(subjects: NDArray[np.int64], size: int) -> NDArray[np.int8]:
    """``FEW``, ``SOME`` or ``MANY``, by how many of so many patterns are about a term."""
    few, some = (subjects > most_of(share, size) for share in (FEW_SHARE, SOME_SHARE))
    return few.astype(np.int8) + some
