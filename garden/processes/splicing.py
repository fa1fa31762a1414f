"""Making the edits of a large library: a second process makes the later half of them into the store meanwhile."""

import pickle
from collections.abc import Sequence
from typing import TYPE_CHECKING

from garden.processes import helper

if TYPE_CHECKING:
    from garden.edits import Change, Desk

LARGE = 500  # With fewer files, a second process takes longer to start than it saves.


class Splicing(helper.Meanwhile):
    """Edits on their way into the store. An edit that could not be made is not there once they have been waited for."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__()
        self._desk = desk

    def begin(self, changes: Sequence["Change"]) -> int:
        """Begins with the later half of many changes where there is a core for it; gives the place where it starts."""
        half = len(changes) // 2
        if len(changes) < LARGE or not helper.two_cores():
            return len(changes)
        asked = pickle.dumps((self._desk, changes[half:]))
        return half if self.start("garden.processes.splicing", asked) else len(changes)


def main() -> None:
    """The second process: where to work, and the changes, come on stdin."""
    asked = helper.asked_for()
    desk, changes = pickle.loads(asked)  # noqa: S301 - made by the first process a moment ago
    desk.make(changes, lambda _: None)
