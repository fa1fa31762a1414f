"""The library on disk: reading it whole, writing changed files atomically, and the lock that keeps runs apart."""

from garden.library.find import as_text
from garden.library.meanwhile import GONE, as_read, changed, fate, file_hash
from garden.library.reading import SETTINGS_FILE, Library, Progress, Reading, look, read, read_bounded, settings_text
from garden.library.writing import Written, locked, unwritten, write

__all__ = [
    "GONE",
    "SETTINGS_FILE",
    "Library",
    "Progress",
    "Reading",
    "Written",
    "as_read",
    "as_text",
    "changed",
    "fate",
    "file_hash",
    "locked",
    "look",
    "read",
    "read_bounded",
    "settings_text",
    "unwritten",
    "write",
]
