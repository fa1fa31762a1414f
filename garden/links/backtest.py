"""Whether learning pays: links held out in turn, and how high each judge ranks them among the candidates."""

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np

from garden.similarity import Floats, Ints

FOLDS = 4
MOST = 10


def folds(slugs: Iterable[tuple[str, str]], draw: int = 0) -> Ints:
    """The fold of each pair of slugs, the same in every run and whatever other pairs there are.

    Another ``draw`` (0 to 3) gives other folds: a test of what itself learns from folds needs its own.
    """
    return np.array([_fold(min(pair), max(pair), draw) for pair in slugs], dtype=np.intp)


def ranks(asked: tuple[Ints, Ints, Floats], others: tuple[Ints, Ints, Floats], n: int) -> Ints:
    """The rank of each asked pair among the others of its left end, and then of its right end; both start at 1.

    Pairs come as (left, right, score). The other asked pairs are not in the way, for they are right as well.
    """
    ends = np.concatenate([others[0], others[1]])
    scores = np.tile(others[2], 2)
    order = np.lexsort((scores, ends))
    sorted_scores, bounds = scores[order], np.searchsorted(ends[order], np.arange(n + 1))
    found = []
    for end in (asked[0], asked[1]):
        for place, score in zip(end.tolist(), asked[2].tolist(), strict=True):
            own = sorted_scores[bounds[place] : bounds[place + 1]]
            found.append(len(own) - int(np.searchsorted(own, score, side="right")) + 1)
    return np.array(found, dtype=np.intp)


def recall(found: Ints, most: int = MOST) -> float:
    """The share of ranks that are among the first, 0 where nothing was asked.

    Not the mean reciprocal rank: a link that nobody has made yet, but that is right, stands above what was asked, and
    the better judge is punished for it.
    """
    return float(np.mean(found <= most)) if len(found) else 0.0


def _fold(left: str, right: str, draw: int) -> int:
    return blake2b(f"{left}\0{right}".encode("utf-8", "surrogatepass"), digest_size=4).digest()[draw] % FOLDS
