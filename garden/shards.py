"""Work cut into shards: one pure function over many parts, the same values wherever the parts are worked on.

Who cuts work knows only this; where it is done is said by the settings and arranged by ``runners`` or by flows.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

Shared = TypeVar("Shared")
Part = TypeVar("Part")
Done = TypeVar("Done")

MANY = 1_000_000


class Shards(Protocol):
    """A place where shards are worked on."""

    @property
    def most(self) -> int:
        """Into how many parts work should be cut at most."""

    def map(
        self, what: str, work: Callable[[Shared, Part], Done], shared: Shared, parts: Sequence[Part]
    ) -> Iterator[Done]:
        """What ``work`` makes of ``shared`` with each part, in the order of the parts, each as soon as it is there.

        ``work`` is a function of a module, pure, and everything can be pickled. ``what`` names the work to a reader.
        """


@dataclass(frozen=True)
class Here:
    """Work done on the spot, one part after the other."""

    most: int = MANY

    def map(
        self,
        what: str,  # noqa: ARG002 - nobody is told of work that does not travel
        work: Callable[[Shared, Part], Done],
        shared: Shared,
        parts: Sequence[Part],
    ) -> Iterator[Done]:
        """See ``Shards``."""
        return (work(shared, part) for part in parts)


HERE = Here()


def cut(total: int, size: int, most: int) -> list[slice]:
    """Slices that cover 0 to ``total`` in order: at most ``most``, each of a multiple of ``size`` but for the last."""
    units = -(-total // size)
    step = size * max(1, -(-units // max(most, 1)))
    return [slice(start, min(start + step, total)) for start in range(0, total, step)]
