"""Reading a large library for the first time: a second process reads the later half of it into the store meanwhile."""

import json
from pathlib import Path

from garden.config import Settings
from garden.processes import helper
from garden.store import Store

LARGE = 1000  # With fewer files left, a second process takes longer to start than it saves.


class Ahead(helper.Meanwhile):
    """Files on their way into the store."""

    def __init__(self, root: Path, settings: Settings, store: Store) -> None:
        super().__init__()
        self._root, self._settings, self._store = root, settings, store
        self._names: frozenset[str] = frozenset()

    def begin(self, names: list[str]) -> None:
        """Begins to read the later half of some files, where they are many and there is a core for it."""
        if len(names) < LARGE or not helper.two_cores():
            return
        half = names[len(names) // 2 :]
        asked = {
            "root": str(self._root.resolve()),
            "settings": self._settings.model_dump(mode="json"),
            "store": str(self._store.path.resolve()),
            "names": half,
        }
        self._names = frozenset(half)
        self.start("garden.library.ahead", json.dumps(asked).encode())

    def wait_for(self, names: list[str]) -> None:
        """Waits where one of the files is among those begun. One that could not be read is not in the store then."""
        if not self._names.isdisjoint(names):
            self.wait()


def main() -> None:
    """The second process: what to read comes on stdin."""
    asked = json.loads(helper.asked_for())
    from garden.library.reading import read_into_store  # noqa: PLC0415 - reading knows of this room

    settings = Settings.model_validate(asked["settings"])
    read_into_store(Path(asked["root"]), settings, Store(Path(asked["store"])), asked["names"])
