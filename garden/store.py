"""A content-addressed store of small blobs in one SQLite file: a key names what its value was made from.

Nothing in it is ever needed: it can be deleted at any time, and a broken or half-written store is thrown away and begun
anew. Each row carries a digest of its value, so that a row damaged on disk is a row that is not there. What no run has
asked for in half a year is dropped, so that years of scheduled runs do not fill a disk.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

from platformdirs import user_cache_path

from garden.errors import StoreError

T = TypeVar("T")

CACHE_VARIABLE, FILE = "GARDEN_CACHE", "store.sqlite"
BATCH = 500
TABLE = "CREATE TABLE IF NOT EXISTS blobs (key TEXT PRIMARY KEY, digest BLOB NOT NULL, value BLOB NOT NULL)"
# By name: a later version may have columns more.
INSERT = "INSERT OR REPLACE INTO blobs (key, digest, value, used) VALUES (?, ?, ?, ?)"
# The day on which a row was last asked for, a few days more or less, with an index, for it stands behind the value.
USED = ("ALTER TABLE blobs ADD COLUMN used INTEGER NOT NULL DEFAULT 0", "CREATE INDEX used ON blobs (used)")
FRESH, KEPT = 7, 180  # Days after which a row that is asked for is marked anew, and one that is not is dropped.
SLACK = 0.5  # The share of empty pages from which on the file is made smaller.
DAY = 86400


def cache_folder() -> Path:
    """Where vectors and readings are kept: $GARDEN_CACHE, else the user's cache folder.

    Raises ``StoreError`` where the user has none.
    """
    given = os.environ.get(CACHE_VARIABLE)
    try:
        return Path(given) if given else user_cache_path("graph-garden")
    except RuntimeError as error:
        raise StoreError("folder", "this user has no home to keep it in") from error


def today() -> int:
    """The day, counted from 1970."""
    return int(time.time()) // DAY


def digest(value: bytes) -> bytes:
    """16 bytes that tell two values apart."""
    return blake2b(value, digest_size=16).digest()


@cache
def code_digest() -> str:
    """32 hexadecimal digits that change with this package's code: what was made by other code is made anew."""
    package = Path(__file__).parent
    sources = sorted(package.rglob("*.py"))
    return digest(b"\0".join(path.read_bytes() for path in sources)).hex()


class Store:
    """Blobs by key, shared between processes. A store that cannot be read is rebuilt, never an error."""

    def __init__(self, path: Path, day: Callable[[], int] = today) -> None:
        self.path = path
        self._day = day
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(str(path), str(error.strerror)) from error
        self._mending(self._prepare)

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The values of those keys that are there, whole and undamaged."""
        wanted = list(dict.fromkeys(keys))
        return self._mending(lambda: self._read(wanted))

    def put_many(self, items: Mapping[str, bytes]) -> None:
        """Writes all of the items, or none of them if the process ends meanwhile."""
        rows = [(key, digest(value), value) for key, value in items.items()]
        self._mending(lambda: self._write(rows))

    def touch(self) -> None:
        """Dates the store as if something had been put in: a run has found all that it needed."""
        with suppress(OSError):
            os.utime(self.path)

    def drawer(self, name: str) -> "Drawer":
        """The part of the store for one kind of thing that this code makes."""
        return Drawer(self, f"{name}:{code_digest()}:")

    def _mending(self, action: Callable[[], T]) -> T:
        # An operational error is the surroundings' (a full disk, a lock held too long): no reason to throw data away.
        try:
            return action()
        except sqlite3.OperationalError as error:
            if self.path.exists() and "no such table" not in str(error):
                raise StoreError(str(self.path), str(error)) from error
            return self._begun_anew(action)
        except sqlite3.DatabaseError:
            self._rebuild()
            return action()

    def _begun_anew(self, action: Callable[[], T]) -> T:
        """The same once somebody has deleted the store, or its folder, while it was in use."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._prepare()
            return action()
        except (OSError, sqlite3.OperationalError) as error:
            raise StoreError(str(self.path), str(error)) from error

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=60)
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    def _prepare(self) -> None:
        with closing(self._connect()) as connection:
            with connection:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute(TABLE)
                self._date(connection)
                self._sweep(connection)
            pages, empty = (connection.execute(f"PRAGMA {of}").fetchone()[0] for of in ("page_count", "freelist_count"))
            if empty > SLACK * pages:
                connection.execute("VACUUM")

    def _date(self, connection: sqlite3.Connection) -> None:
        """Gives a store of an earlier version its dates."""
        if not _dated(connection):
            connection.execute("BEGIN IMMEDIATE")
            # Another process may have done so meanwhile.
            if not _dated(connection):
                for statement in USED:
                    connection.execute(statement)
                connection.execute("UPDATE blobs SET used = ?", (self._day(),))

    def _sweep(self, connection: sqlite3.Connection) -> None:
        last = (self._day() - KEPT,)
        # Only then is there any need to wait for others who write.
        if connection.execute("SELECT 1 FROM blobs WHERE used < ? LIMIT 1", last).fetchone():
            connection.execute("DELETE FROM blobs WHERE used < ?", last)

    def _read(self, keys: list[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        old: list[str] = []
        with closing(self._connect()) as connection:
            for start in range(0, len(keys), BATCH):
                batch = keys[start : start + BATCH]
                marks = ",".join("?" * len(batch))
                rows = connection.execute(f"SELECT key, digest, value, used FROM blobs WHERE key IN ({marks})", batch)  # noqa: S608 - only question marks are put in
                for key, check, value, used in rows:
                    if digest(value) == check:
                        found[key] = value
                        old += [key] * (used < self._day() - FRESH)
            if old:
                # Where that fails the next run does it: what is asked for has been read.
                with suppress(sqlite3.OperationalError), connection:
                    connection.executemany("UPDATE blobs SET used = ? WHERE key = ?", [(self._day(), k) for k in old])
        return found

    def _write(self, rows: list[tuple[str, bytes, bytes]]) -> None:
        day = self._day()
        with closing(self._connect()) as connection, connection:
            connection.executemany(INSERT, [(*row, day) for row in rows])

    def _rebuild(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        self._prepare()


def _dated(connection: sqlite3.Connection) -> bool:
    return "used" in {row[1] for row in connection.execute("PRAGMA table_info(blobs)")}


class Drawer:
    """The blobs of a store whose names begin in one way."""

    def __init__(self, store: Store, prefix: str) -> None:
        self._store, self._prefix = store, prefix

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """See ``Store``."""
        found = self._store.get_many(self._prefix + key for key in keys)
        return {key.removeprefix(self._prefix): value for key, value in found.items()}

    def put_many(self, items: Mapping[str, bytes]) -> None:
        """See ``Store``."""
        self._store.put_many({self._prefix + key: value for key, value in items.items()})
