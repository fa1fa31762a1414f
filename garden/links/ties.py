"""Links that people made, as the ranking learns from them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from garden.vocabulary import Vocabulary

FEWEST = 25  # A type with fewer ties is learned together with the other rare ones.
OTHER = "*"


class Tie(NamedTuple):
    """A link from one place to another. ``type`` is empty where nothing is known of it."""

    source: int
    target: int
    type: str = ""


def canonical(ties: Iterable[Tie], vocabulary: Vocabulary) -> list[Tie]:
    """The same ties with one name for a type and its inverse, and a symmetric one from both ends; sorted."""
    said: set[Tie] = set()
    for source, target, name in ties:
        type_ = vocabulary.canonical(name) or name
        inverse = vocabulary.inverse(type_)
        if inverse == type_:
            said |= {Tie(source, target, type_), Tie(target, source, type_)}
        elif inverse is not None and inverse < type_:
            said.add(Tie(target, source, inverse))
        else:
            said.add(Tie(source, target, type_))
    return sorted(said)


def by_type(ties: Sequence[Tie], n: int) -> dict[str, sparse.csr_matrix]:
    """For each type with enough ties, and for the others together, a matrix of ones from source to target."""
    counts = Counter(tie.type for tie in ties)
    groups: dict[str, list[Tie]] = {}
    for tie in ties:
        if tie.source != tie.target:
            groups.setdefault(tie.type if counts[tie.type] >= FEWEST else OTHER, []).append(tie)
    if len(groups) > 1 and len(groups.get(OTHER, ())) < FEWEST // 2:
        # Too few to learn from: they count as ties of the most frequent type, so that their pairs still teach.
        largest = max(sorted(set(groups) - {OTHER}), key=lambda name: len(groups[name]))
        groups[largest] += groups.pop(OTHER, [])
    return {name: matrix(group, n) for name, group in sorted(groups.items())}


def matrix(ties: Iterable[Tie], n: int) -> sparse.csr_matrix:
    """Ones from source to target."""
    ends = np.array(sorted({(tie.source, tie.target) for tie in ties}), dtype=np.int32).reshape(-1, 2)
    return sparse.csr_matrix((np.ones(len(ends), np.float32), (ends[:, 0], ends[:, 1])), shape=(n, n))
