"""Many sorted rows of keys, asked all at once which of them hold what: row by row takes several times as long."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.unsignedinteger[Any]]
Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Rows:
    """Sorted rows, one after the other in ``flat``; row i is ``flat[bounds[i]:bounds[i + 1]]``."""

    flat: Keys
    bounds: Ints

    @classmethod
    def of(cls, rows: Sequence[Keys]) -> "Rows":
        """Takes rows of one type, each sorted."""
        flat = np.concatenate(rows) if rows else np.empty(0, np.uint64)
        return cls(flat, np.cumsum([0, *map(len, rows)]))

    def hold(self, rows: Ints, keys: Keys) -> NDArray[np.bool_]:
        """Whether the row of each place in ``rows`` holds each key, shape (keys,)."""
        low, high = self.bounds[rows], self.bounds[rows + 1]
        stop = high.copy()
        last = max(len(self.flat) - 1, 0)
        # As a binary search does, for all keys together.
        while (searching := low < high).any():
            middle = (low + high) >> 1
            below = searching & (self.flat[np.minimum(middle, last)] < keys)
            low = np.where(below, middle + 1, low)
            high = np.where(searching & ~below, middle, high)
        found = low < stop
        found[found] = self.flat[low[found]] == keys[found]
        return found
