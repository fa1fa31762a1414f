"""Which patterns belong together, how sure that is, and why."""

from garden.links.evidence import PairEvidence, explain_pairs
from garden.links.ranker import Pair, Ranking, rank
from garden.links.shelf import Shelf, Vectors

__all__ = ["Pair", "PairEvidence", "Ranking", "Shelf", "Vectors", "explain_pairs", "rank"]
