"""Reading a large library for the first time: a second process reads the later half of it into the store meanwhile."""

import json
import os
from pathlib import Path
from typing import Self

from garden import helper
from garden.config import Settings
from garden.store import Store

LARGE = 1000  # With fewer files left, a second process takes longer to start than it saves.


class Ahead:
    """Files on their way into the store. Made for ``with``, which ends the second process."""

    def __init__(self, root: Path, settings: Settings, store: Store) -> None:
        self._root, self._settings, self._store = root, settings, store
        self._names: frozenset[str] = frozenset()
        self._process: helper.Process | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            helper.stop(self._process)

    def begin(self, names: list[str]) -> None:
        """Begins to read the later half of some files, where they are many and there is a core for it."""
        if len(names) < LARGE or (os.cpu_count() or 1) < 2:
            return
        half = names[len(names) // 2 :]
        asked = {
            "root": str(self._root.resolve()),
            "settings": self._settings.model_dump(mode="json"),
            "store": str(self._store.path.resolve()),
            "names": half,
        }
        self._names, self._process = frozenset(half), helper.start("garden.library.ahead", json.dumps(asked).encode())

    def wait_for(self, names: list[str]) -> None:
        """Waits where one of the files is among those begun. One that could not be read is not in the store then."""
        if self._process is not None and not self._names.isdisjoint(names):
            process, self._process = self._process, None
            helper.finish(process)


def main() -> None:
    """The second process: what to read comes on stdin."""
    asked = json.loads(helper.asked_for())
    from garden.library.reading import read_into_store  # noqa: PLC0415 - reading knows of this room

    settings = Settings.model_validate(asked["settings"])
    read_into_store(Path(asked["root"]), settings, Store(Path(asked["store"])), asked["names"])


if __name__ == "__main__":
    main()
