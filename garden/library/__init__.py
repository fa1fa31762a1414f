"""The library on disk: reading it whole, writing changed files atomically, and the lock that keeps runs apart."""

from garden.library.reading import SETTINGS_FILE, Library, Progress, Reading, file_hash, read, settings_text
from garden.library.writing import Written, locked, write

__all__ = [
    "SETTINGS_FILE",
    "Library",
    "Progress",
    "Reading",
    "Written",
    "file_hash",
    "locked",
    "read",
    "settings_text",
    "write",
]
