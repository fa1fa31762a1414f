"""What the ranking rests on: the texts of all patterns, in slug order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from garden.models import Entity, Pattern
from garden.prose import Prose
from garden.terms import said_keys

Vectors = NDArray[np.float32]
Passages = Vectors | Callable[[], Vectors]  # Rows of length 1, or what gives them when they are needed.


@dataclass(frozen=True, eq=False)
class Shelf:
    """Patterns side by side: the same place in each tuple is the same pattern, and places follow the slugs.

    ``entities`` are those that the texts still bear; ``text_hashes`` name the texts that a judgement rests on.
    """

    slugs: tuple[str, ...]
    titles: tuple[str, ...]
    aliases: tuple[tuple[str, ...], ...]
    proses: tuple[Prose, ...]
    entities: tuple[tuple[Entity, ...], ...]
    text_hashes: tuple[str, ...]

    @classmethod
    def of(
        cls, patterns: Sequence[Pattern], proses: Sequence[Prose], entities: Sequence[Sequence[Entity]] = ()
    ) -> "Shelf":
        """The shelf of these patterns, which are in slug order, with their proses and, where known, their entities."""
        return cls(
            slugs=tuple(pattern.slug for pattern in patterns),
            titles=tuple(pattern.title for pattern in patterns),
            aliases=tuple(pattern.aliases for pattern in patterns),
            proses=tuple(proses),
            entities=tuple(map(tuple, entities)) if entities else ((),) * len(patterns),
            text_hashes=tuple(pattern.text_hash for pattern in patterns),
        )

    def __len__(self) -> int:
        return len(self.slugs)

    @property
    def silent(self) -> frozenset[int]:
        """The places of patterns that say nothing but their title: no link of theirs could have a reason."""
        return frozenset(
            place
            for place, prose in enumerate(self.proses)
            if len(prose.keys) <= len(said_keys(self.titles[place])) and not prose.sentences
        )
