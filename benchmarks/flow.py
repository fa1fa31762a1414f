"""Times a tending as a Prefect flow beside the same as a command, and says what it leaves in the server's database.

    python benchmarks/flow.py FOLDER_OF_PATTERNS

A server is started on a free port with new data. The library's vectors are put into a cache first; each run has a copy
of that cache, so that all judge everything anew. Prints each figure beside its goal.
"""

import argparse
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def server(folder: Path):
    """A Prefect server with new data: its surroundings."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    around = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    around |= {
        "PREFECT_HOME": str(folder),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    command = [
        sys.executable,
        "-m",
        "prefect",
        "server",
        "start",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-ui",
    ]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=around, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        while not healthy(f"{around['PREFECT_API_URL']}/health"):
            assert process.poll() is None, "the server did not start"
            time.sleep(0.2)
        yield around
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def seconds(command: list[str], around: dict[str, str], cache: Path) -> float:
    """How long a command takes from its start to its end, on a copy of the cache."""
    with tempfile.TemporaryDirectory() as scratch:
        own = shutil.copytree(cache, Path(scratch, "cache"))
        environment = {**around, "GARDEN_CACHE": str(own), "PYTHONPATH": str(ROOT)}
        start = time.monotonic()
        subprocess.run(command, env=environment, cwd=scratch, check=True, capture_output=True)
        return time.monotonic() - start


def database(home: Path) -> tuple[int, int]:
    """The bytes of the server's database, and its task runs."""
    with closing(sqlite3.connect(home / "prefect.db", timeout=60)) as known:
        known.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages, size = (known.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
        return pages * size, known.execute("SELECT count(*) FROM task_run").fetchone()[0]


def settled(home: Path) -> tuple[int, int]:
    """The same, once the server has written down what it was last told."""
    last = database(home)
    while True:
        time.sleep(5)
        now = database(home)
        if now == last:
            return now
        last = now


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, help="a cache that has the library's vectors already")
    args = parser.parse_args()
    command = [sys.executable, "-m", "garden", "tend", str(args.folder.resolve()), "--report", "report"]
    flow = [sys.executable, "-m", "flows.tend", str(args.folder.resolve()), "--report", "report"]
    with tempfile.TemporaryDirectory() as scratch:
        cache = Path(scratch, "cache")
        if args.cache:
            cache.mkdir()
            with (
                closing(sqlite3.connect(args.cache / "store.sqlite")) as old,
                closing(sqlite3.connect(cache / "store.sqlite")) as new,
            ):
                old.backup(new)
                new.execute("DELETE FROM blobs WHERE key NOT LIKE 'vector:%'")
                new.commit()
        home = Path(scratch, "home")
        with server(home) as around:
            measure(command, flow, around, cache, home)


def measure(command: list[str], flow: list[str], around: dict[str, str], cache: Path, home: Path) -> None:
    print("| what | measured | goal | met |\n|---|---:|---:|---|")
    told: list[float] = []
    for _ in range(2):
        told.append(seconds(command, around, cache))
        told.append(seconds(flow, around, cache))
    first = settled(home)
    seconds(flow, around, cache)
    second = settled(home)
    alone, whole = min(told[0::2]), min(told[1::2])
    grown = (second[0] - first[0]) / 1e6
    row("the command, s", f"{alone:.1f}", "", True)
    row("the flow, s", f"{whole:.1f}", "", True)
    row("the flow over the command, s", f"{whole - alone:.1f}", "15", whole - alone < 15)
    row("task runs", second[1] - first[1], "60", second[1] - first[1] < 60)
    row("the database grows by, MB", f"{grown:.2f}", "2", grown < 2)


def row(what: str, value: object, goal: str, good: bool) -> None:
    print(f"| {what} | {value} | {goal} | {'yes' if good else '**no**'} |", flush=True)


if __name__ == "__main__":
    main()
