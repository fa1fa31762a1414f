"""What a pair's signals are where people's links can be learned from: its texts', and what the links around it say."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from garden.links import graph
from garden.links.field import Field
from garden.links.graph import Scaled
from garden.links.signals import Mention
from garden.links.ties import Tie, by_type, matrix
from garden.similarity import Floats, Ints

LOOKS = 20
AROUND_MOST = 40
AROUND = ("common neighbours", "paths", "look-alikes", "namesakes")
BETWEEN = (
    "source's look-alikes",
    "target's look-alikes",
    "both's look-alikes",
    "links of source",
    "links to target",
    "source links",
    "links of target",
    "links to source",
)
LEANING = "names target"
TOGETHER = ("alike and paths", "alike and source's look-alikes", "alike and target's look-alikes")


@dataclass(frozen=True, eq=False)
class TieGraph:
    """What the ties of one type say from source to target."""

    ties: sparse.csr_matrix
    sources: Scaled
    targets: Scaled
    both: Scaled
    out: Floats
    into: Floats

    @classmethod
    def of(cls, ties: sparse.csr_matrix, looks: sparse.csr_matrix) -> "TieGraph":
        """Measures the ties of one type among patterns with these look-alikes."""
        return cls(
            ties=ties,
            sources=Scaled.of((looks @ ties).tocsr()),
            targets=Scaled.of((ties @ looks.T).tocsr()),
            both=graph.likes_ends(looks, ties),
            out=np.asarray(ties.sum(axis=1), dtype=np.float32).ravel(),
            into=np.asarray(ties.sum(axis=0), dtype=np.float32).ravel(),
        )

    def at(self, sources: Ints, targets: Ints) -> list[Floats]:
        """The signals of ``BETWEEN`` for some pairs; the pair's own ties are left out."""
        forth, back = graph.values(self.ties, sources, targets), graph.values(self.ties, targets, sources)
        out = np.maximum(self.out[sources] - forth, 0)
        return [
            self.sources.at(sources, targets),
            self.targets.at(sources, targets),
            self.both.at(sources, targets),
            np.log1p(out),
            np.log1p(np.maximum(self.into[targets] - forth, 0)),
            (out > 0).astype(np.float32),
            np.log1p(np.maximum(self.out[targets] - back, 0)),
            np.log1p(np.maximum(self.into[sources] - back, 0)),
        ]


class Features:
    """The signals of pairs from source to target, for each type of tie."""

    def __init__(self, field: Field, ties: Sequence[Tie], near: tuple[Ints, Ints]) -> None:
        """``near`` are pairs (left, right) that hold each pattern's nearest look-alikes."""
        self.field = field
        n = field.n
        self.linked = matrix([*ties, *(Tie(tie.target, tie.source) for tie in ties)], n)
        texts = graph.squashed(field.pairs(*near))
        looks = graph.kernel(n, near, texts.mean(axis=1), LOOKS)
        mention = texts[:, field.names.index("mention")] + texts[:, field.names.index("phrase")]
        self.around = (
            graph.common_neighbours(self.linked),
            graph.paths(self.linked),
            graph.alike(looks, self.linked),
            graph.alike(graph.kernel(n, near, mention, LOOKS // 2), self.linked),
        )
        self.mention = next(signal for signal in field.signals if isinstance(signal, Mention))
        self.types = {name: TieGraph.of(group, looks) for name, group in by_type(ties, n).items()}

    @property
    def pairs(self) -> tuple[Ints, Ints]:
        """The linked pairs (left, right), left < right, in order."""
        upper = sparse.triu(self.linked, 1).tocsr()
        upper.sort_indices()
        left, right = upper.nonzero()
        return left.astype(np.intp), right.astype(np.intp)

    def neighbourhood(self, near: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
        """Pairs that the links around them speak for most: for each pattern those of the most paths and look-alikes."""
        n = self.field.n
        codes = [near[0] * n + near[1]]
        for scaled in (self.around[AROUND.index("paths")], self.around[AROUND.index("look-alikes")]):
            rows, columns = graph.strongest(scaled.matrix, AROUND_MOST)
            codes.append(np.minimum(rows, columns) * n + np.maximum(rows, columns))
        distinct = np.unique(np.concatenate(codes))
        return distinct // n, distinct % n

    @property
    def names(self) -> tuple[str, ...]:
        """What each column of ``at`` is called."""
        return (*self.field.names, *AROUND, LEANING, *BETWEEN, *TOGETHER)

    def shared(self, sources: Ints, targets: Ints) -> Floats:
        """The signals that do not depend on the type, shape (pairs, signals)."""
        texts = graph.squashed(self.field.pairs(sources, targets))
        around = [scaled.at(sources, targets) for scaled in self.around]
        return np.column_stack([texts, *around, self.mention.leaning(sources, targets)])

    def at(self, type_: str, sources: Ints, targets: Ints, shared: Floats | None = None) -> Floats:
        """All signals of some pairs as a tie of one type, shape (pairs, signals), in the order of ``names``."""
        shared = self.shared(sources, targets) if shared is None else shared
        between = self.types[type_].at(sources, targets)
        texts = len(self.field.names)
        like = shared[:, :texts].mean(axis=1)
        together = [like * shared[:, texts + AROUND.index("paths")], like * between[0], like * between[1]]
        return np.column_stack([shared, *between, *together]).astype(np.float32)

    def tied(self, type_: str, sources: Ints, targets: Ints) -> NDArray[np.bool_]:
        """Whether each source is tied to its target by that type."""
        return graph.values(self.types[type_].ties, sources, targets) > 0
