"""What tests share: real input where it lies beside the checkout, a small encoder, a library made of strings.

A test that asks for ``corpus`` or ``gardens`` is marked ``corpus``, one that asks for ``prefect_server`` is marked
``server``.
"""

import fcntl
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import certifi
import numpy as np
import pytest
from hypothesis import settings as hypothesis_settings
from numpy.typing import NDArray

import flows  # noqa: F401 - sets Prefect's environment before any test module imports Prefect
from garden.store import FILE

if TYPE_CHECKING:
    from tests.live.server import LiveServer, Servers

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
ARCHIVE = SHARED / "corpus" / "commons-os-patterns.tar.xz"
GARDENS = SHARED / "gardens"
WORD = re.compile(r"\w+")

# A machine that is busy is no failure. "steady" looks at the same examples each time: a run depends on the code alone.
hypothesis_settings.register_profile("default", deadline=None)
hypothesis_settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis_settings.load_profile("default")

MakeLibrary = Callable[[dict[str, str]], Path]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if asked & {"corpus", "gardens"}:
            item.add_marker(pytest.mark.corpus)
        if asked & {"prefect_server", "live_server"}:
            item.add_marker(pytest.mark.server)
        if "live_server" in asked:
            item.add_marker(pytest.mark.slow)
    # A file is one worker's. Those that need a server come first, so that it ends with the last of them; of the others
    # those that take long, so that no worker is left with one while others rest.
    heavy = Counter(item.path for item in items if any(item.iter_markers("slow")) or any(item.iter_markers("server")))
    served = {item.path for item in items if item.get_closest_marker("server")}
    items.sort(key=lambda item: (item.path not in served, -heavy[item.path]))


@pytest.fixture(scope="session", autouse=True)
def _session_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test sees the settings or the cache of the person who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GARDEN_")]:
            patch.delenv(name)
        session = tmp_path_factory.mktemp("session-cache")
        patch.setenv("GARDEN_CACHE", str(session))
        patch.setenv("SSL_CERT_FILE", str(_one_certificate(session / "certificate.pem")))
        yield


def _one_certificate(path: Path) -> Path:
    """A file with one authority in place of all. Prefect reads them for each client, though nothing here speaks TLS."""
    end = "-----END CERTIFICATE-----\n"
    path.write_text(Path(certifi.where()).read_text(encoding="utf-8").partition(end)[0] + end, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _own_cache(_session_environment: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GARDEN_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the corpus's 3,616 patterns, shared by all workers: read it, or copy from it."""
    if not ARCHIVE.is_file():
        pytest.skip("the corpus does not lie beside the checkout (../shared/corpus/commons-os-patterns.tar.xz)")
    return _once(shared_by_workers(tmp_path_factory) / "corpus", _unpack) / "_patterns"


def shared_by_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The session's folder, which is the same one for all workers."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def _once(folder: Path, make: Callable[[Path], None]) -> Path:
    """``folder`` as it was made; whoever comes first makes it, and the others wait."""
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            part = folder.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            make(part)
            part.rename(folder)
    return folder


def _unpack(folder: Path) -> None:
    with tarfile.open(ARCHIVE) as tar:
        tar.extractall(folder, filter="data")


@pytest.fixture(scope="session")
def sample_vectors(_session_environment: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that knows the sample library's vectors and nothing else, for tests of what comes after: copy it.

    To load the packaged model takes longer than all else that a run does.
    """
    return _once(shared_by_workers(tmp_path_factory) / "vectors", _encode)


def _encode(folder: Path) -> None:
    command = [sys.executable, "-m", "garden", "tend", "patterns", "--report", str(folder / "report")]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "GARDEN_CACHE": str(folder)}, check=True, capture_output=True)
    shutil.rmtree(folder / "report")
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as store:
        store.execute("DELETE FROM blobs WHERE key NOT LIKE 'vector:%'")


@pytest.fixture(scope="session")
def gardens() -> Path:
    """The folder of gardens whose links people made; each holds notes.jsonl and links.jsonl."""
    if not GARDENS.is_dir():
        pytest.skip("the gardens do not lie beside the checkout (../shared/gardens)")
    return GARDENS


class FakeEncoder:
    """A hashed bag of words: texts that share words are near. ``encoded`` lists what was asked for, in order."""

    name = "fake-bag-of-words-64"
    dimensions = 64

    def __init__(self) -> None:
        self.encoded: list[str] = []
        self._words: dict[str, NDArray[np.float64]] = {}

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded.extend(texts)
        rows = [self._bag(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimensions)

    def _bag(self, text: str) -> NDArray[np.float64]:
        total = np.sum([self._word(word) for word in ["", *WORD.findall(text.lower())]], axis=0)
        return np.asarray(total / np.linalg.norm(total))

    def _word(self, word: str) -> NDArray[np.float64]:
        if word not in self._words:
            seed = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big")
            self._words[word] = np.random.default_rng(seed).standard_normal(self.dimensions)
        return self._words[word]


@pytest.fixture
def fake_encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def make_library(tmp_path: Path) -> MakeLibrary:
    """Writes texts by relative path, to the byte, and gives the library's folder; a second call adds to it."""
    root = tmp_path / "library"

    def make(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        return root

    return make


@pytest.fixture(scope="session")
def _servers() -> "Iterator[Servers]":
    from tests.live.server import Servers  # noqa: PLC0415 - seconds that most sessions can save

    servers = Servers()
    yield servers
    servers.end()


@pytest.fixture(scope="module", autouse=True)
def _no_idle_server(request: pytest.FixtureRequest) -> None:
    """Ends the server before a file of tests that needs none."""
    if not any(item.get_closest_marker("server") for item in request.session.items if item.path == request.path):
        request.getfixturevalue("_servers").end()


@pytest.fixture(scope="module")
def prefect_server(_servers: "Servers", tmp_path_factory: pytest.TempPathFactory) -> None:
    """Flows in this process are told to a real server, the same one as ``live_server``."""
    _servers.harness(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def live_server(_servers: "Servers", sample_vectors: Path, tmp_path_factory: pytest.TempPathFactory) -> "LiveServer":
    """A real server on a free port, with the work pool ``garden`` and what prefect.yaml deploys."""
    server = _servers.deployed(tmp_path_factory.getbasetemp())
    if not server.cache.exists():
        shutil.copytree(sample_vectors, server.cache)
    return server
