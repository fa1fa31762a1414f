"""Making the edits of a large library: a second process makes the later half of them into the store meanwhile."""

import os
import pickle
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from garden import helper

if TYPE_CHECKING:
    from garden.edits import Change, Desk

LARGE = 500  # With fewer files, a second process takes longer to start than it saves.


class Splicing:
    """Edits on their way into the store. Made for ``with``, which ends the second process."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._process: helper.Process | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            helper.stop(self._process)

    def begin(self, changes: Sequence["Change"]) -> int:
        """Begins with the later half of many changes where there is a core for it; gives the place where it starts."""
        half = len(changes) // 2
        if len(changes) < LARGE or (os.cpu_count() or 1) < 2:
            return len(changes)
        self._process = helper.start("garden.splicing", pickle.dumps((self._desk, changes[half:])))
        return half if self._process else len(changes)

    def wait(self) -> None:
        """Waits for what was begun. An edit that could not be made is not in the store then."""
        if self._process is not None:
            process, self._process = self._process, None
            helper.finish(process)


def main() -> None:
    """The second process: where to work, and the changes, come on stdin."""
    asked = helper.asked_for()
    desk, changes = pickle.loads(asked)  # noqa: S301 - made by the first process a moment ago
    desk.make(changes, lambda _: None)


if __name__ == "__main__":
    main()
