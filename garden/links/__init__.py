"""Which patterns belong together, how sure that is, and why."""

from garden.links.evidence import Elsewhere, PairEvidence, explain_into, explain_pairs
from garden.links.ranker import Pair, Ranking, measured, rank, rank_by
from garden.links.senses import Meanings, Senses, words_to_ask
from garden.links.shelf import Shelf, Vectors
from garden.links.study import studied
from garden.links.ties import Tie, canonical
from garden.links.told import told_types

__all__ = [
    "Elsewhere",
    "Meanings",
    "Pair",
    "PairEvidence",
    "Ranking",
    "Senses",
    "Shelf",
    "Tie",
    "Vectors",
    "canonical",
    "explain_into",
    "explain_pairs",
    "measured",
    "rank",
    "rank_by",
    "studied",
    "told_types",
    "words_to_ask",
]
