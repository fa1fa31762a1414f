"""A text in 128 bits that alike texts nearly share: enough to tell a slip of the pen put right from a new thought.

SimHash (Charikar 2002): each term votes on every bit by its own hash, weighted by how often it occurs. The part of bits
that differ is the angle between two texts' vectors of terms, in half turns.
"""

import numpy as np
from numpy.typing import NDArray

from garden.terms import Keys

BITS = 128
SAME = 9  # Up to so many bits apart a text is the same: about a twentieth of its words; see benchmarks/year.md.


def sketch(keys: Keys, counts: NDArray[np.float32]) -> str:
    """32 hexadecimal digits made of a text's terms: their 64-bit ``keys``, and how often each occurs."""
    if not len(keys):
        return ""
    mixed = np.column_stack([_mixed(keys, np.uint64(turn)) for turn in range(BITS // 64)])
    votes = np.unpackbits(mixed.astype("<u8").view(np.uint8), axis=1).astype(np.float32) * 2 - 1
    return np.packbits(np.log1p(counts) @ votes > 0).tobytes().hex()


def alike(left: str, right: str) -> bool:
    """Whether two sketches are those of one text, but for a few words. An empty one is like none, itself neither."""
    if not left or len(left) != len(right):
        return False
    return (int(left, 16) ^ int(right, 16)).bit_count() <= SAME


def _mixed(keys: Keys, turn: np.uint64) -> Keys:
    """The finalizer of SplitMix64 (Steele, Lea and Flood 2014) over ``keys``, another one for each ``turn``."""
    with np.errstate(over="ignore"):
        z = keys + (turn + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(z ^ (z >> np.uint64(31)))
