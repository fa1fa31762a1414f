import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from garden.errors import StoreError
from garden.store import TABLE, Store, cache_folder, digest

VALUES = {f"key {number}": bytes([number % 256]) * number for number in range(1200)}


def test_gives_back_what_was_put(tmp_path: Path) -> None:
    Store(tmp_path / "store").put_many(VALUES)
    assert Store(tmp_path / "store").get_many([*VALUES, "unknown"]) == VALUES


def test_a_later_value_replaces_an_earlier_one(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    store.put_many({"a": b"old"})
    store.put_many({"a": b"new"})
    assert store.get_many(["a", "a"]) == {"a": b"new"}


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 500])
def test_a_file_that_is_no_store_is_begun_anew(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "store"
    path.write_bytes(damage)
    store = Store(path)
    assert store.get_many(["a"]) == {}
    store.put_many({"a": b"1"})
    assert store.get_many(["a"]) == {"a": b"1"}


def test_a_store_damaged_in_its_middle_never_gives_a_wrong_value(tmp_path: Path) -> None:
    path = tmp_path / "store"
    Store(path).put_many(VALUES)
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 3 : len(raw) // 2] = os.urandom(len(raw) // 2 - len(raw) // 3)
    path.write_bytes(raw)
    store = Store(path)
    found = store.get_many(VALUES)
    assert all(VALUES[key] == value for key, value in found.items())
    store.put_many(VALUES)
    assert store.get_many(VALUES) == VALUES


def test_a_row_whose_value_was_altered_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "store"
    store = Store(path)
    store.put_many({"a": b"1", "b": b"2"})
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE blobs SET value = x'00' WHERE key = 'a'")
    assert store.get_many(["a", "b"]) == {"b": b"2"}


def test_a_process_killed_while_writing_leaves_a_store_that_works(tmp_path: Path) -> None:
    path = tmp_path / "store"
    Store(path).put_many({"a": b"1"})
    script = (
        "import sys; from pathlib import Path; from garden.store import Store\n"
        "store = Store(Path(sys.argv[1])); print('ready', flush=True)\n"
        "while True: store.put_many({f'k{i}': bytes(1000) for i in range(2000)})"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        while not path.with_name("store-wal").exists() or path.with_name("store-wal").stat().st_size == 0:
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
    assert Store(path).get_many(["a"]) == {"a": b"1"}


def test_a_folder_that_cannot_be_used_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="GARDEN_CACHE"):
        Store(tmp_path / "file" / "store")


def test_a_user_without_a_home_is_told_to_name_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(_: str) -> Path:
        raise RuntimeError("could not determine the home directory")

    monkeypatch.delenv("GARDEN_CACHE")
    monkeypatch.setattr("garden.store.user_cache_path", homeless)
    with pytest.raises(StoreError, match=r"no home to keep it in; .* GARDEN_CACHE"):
        cache_folder()


@pytest.mark.parametrize("whole", [True, False])
def test_a_store_that_is_deleted_while_it_is_used_is_begun_anew(tmp_path: Path, whole: bool) -> None:
    store = Store(tmp_path / "cache" / "store")
    store.put_many({"a": b"1"})
    if whole:
        shutil.rmtree(tmp_path / "cache")
    else:
        for file in (tmp_path / "cache").iterdir():
            file.unlink()
    assert store.get_many(["a"]) == {}
    store.put_many({"a": b"2"})
    assert store.get_many(["a"]) == {"a": b"2"}


def test_a_store_of_a_later_version_with_a_column_more_is_read_and_written(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    with closing(sqlite3.connect(store.path)) as connection, connection:
        connection.execute("ALTER TABLE blobs ADD COLUMN more INTEGER NOT NULL DEFAULT 0")
    Store(tmp_path / "store").put_many({"a": b"1"})
    assert store.get_many(["a"]) == {"a": b"1"}


def test_what_no_run_asks_for_in_half_a_year_is_dropped_and_the_file_shrinks(tmp_path: Path) -> None:
    path = tmp_path / "store"
    Store(path, lambda: 1000).put_many({"asked": b"a", "never asked": b"b" * 1_000_000})
    size = path.stat().st_size
    Store(path, lambda: 1100).get_many(["asked"])
    assert set(Store(path, lambda: 1180).get_many(["asked", "never asked"])) == {"asked", "never asked"}
    Store(path, lambda: 1250).get_many(["asked"])
    later = Store(path, lambda: 1370)
    assert later.get_many(["asked", "never asked"]) == {"asked": b"a"}
    assert path.stat().st_size < size / 10


def test_a_store_of_an_earlier_version_keeps_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(TABLE)
        connection.execute("INSERT INTO blobs VALUES ('a', ?, ?)", (digest(b"1"), b"1"))
    assert Store(path, lambda: 1000).get_many(["a"]) == {"a": b"1"}
    assert Store(path, lambda: 1180).get_many(["a"]) == {"a": b"1"}
