"""What a run works with: its encoder, its store, a clock, and whom it tells how far it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from garden.encoder import Encoder
from garden.library import Progress
from garden.processes.second import Second
from garden.shards import HERE, Shards
from garden.store import Store

STAGES = (
    "read",
    "recall",
    "embed",
    "entities",
    "rank",
    "communities",
    "evidence",
    "plan",
    "splice",
    "health",
    "write",
)


@dataclass
class Tools:
    """What a run works with. ``clock`` gives seconds; ``progress`` is told of a stage and how much of it is done.

    ``shards`` is where embedding and similarity are worked on.
    """

    encoder: Encoder
    store: Store
    clock: Callable[[], float]
    progress: Progress
    shards: Shards = HERE
    second: Second = field(default_factory=Second)
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STAGES, 0.0))

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Takes the time of one chapter, or of one more part of it. Two chapters may be told at a time."""
        start = self.clock()
        yield
        self.seconds[name] = round(self.seconds[name] + self.clock() - start, 2)
