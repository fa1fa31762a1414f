"""Explaining the many pairs of a large library: a second process explains the later ones into the store meanwhile."""

import pickle
from collections.abc import Sequence

from garden.keep import Keep
from garden.links import Pair, Senses, Shelf, explain_into
from garden.processes import helper

LARGE = 1000  # With fewer pairs, a second process takes longer to start than it saves.
HERE = 0.6  # The part that is explained here: the second process has to be started and to study the library, too.


class Explaining(helper.Meanwhile):
    """Evidence on its way into a drawer of the store, which both processes open; see ``garden.links.Elsewhere``."""

    def __init__(self, keep: Keep) -> None:
        super().__init__()
        self.keep = keep

    def begin(self, shelf: Shelf, pairs: Sequence[Pair], senses: Senses | None = None) -> int:
        """Begins with the later of many pairs where there is a core for it; gives the place where it starts."""
        first = int(HERE * len(pairs))
        if len(pairs) < LARGE or not helper.two_cores():
            return len(pairs)
        asked = pickle.dumps((self.keep, shelf, pairs[first:], senses))
        return first if self.start("garden.processes.explaining", asked) else len(pairs)


def main() -> None:
    """The second process: where to keep what is found, the library, the pairs and the senses come on stdin."""
    keep, shelf, pairs, senses = pickle.loads(helper.asked_for())  # noqa: S301 - made by the first process a moment ago
    explain_into(keep, shelf, pairs, senses)
