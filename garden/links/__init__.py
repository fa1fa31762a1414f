"""Which patterns belong together, how sure that is, and why."""

from garden.links.evidence import Elsewhere, PairEvidence, explain_into, explain_pairs
from garden.links.ranker import Pair, Ranking, measured, rank, rank_by
from garden.links.shelf import Shelf, Vectors
from garden.links.study import studied
from garden.links.ties import Tie, canonical
from garden.links.told import told_types

__all__ = [
    "Elsewhere",
    "Pair",
    "PairEvidence",
    "Ranking",
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
]
