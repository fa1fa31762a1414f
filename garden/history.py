"""The library's health over the runs that changed it, kept in the library itself."""

import os
from pathlib import Path

from garden.health import Figures, History, history_line, read_history
from garden.health.history import FILE
from garden.ledger import ATTRIBUTES, ATTRIBUTES_TEXT, allowed, put


def remember_health(root: Path, figures: Figures, today: str) -> None:
    """Appends the figures of a run that changed something. Raises ``NotKept`` where that is not allowed.

    Git is told beside them that two branches which both append are no conflict.
    """
    path = root / FILE
    if not (root / ATTRIBUTES).exists():
        put(root / ATTRIBUTES, ATTRIBUTES_TEXT.encode())
    with allowed(path):
        path.parent.mkdir(exist_ok=True)
        whole = not path.exists() or path.read_bytes()[-1:] in (b"", b"\n")
        with path.open("a", encoding="utf-8") as handle:
            # A line that a kill cut short stays a line of its own.
            handle.write(("" if whole else "\n") + history_line(figures, today))
            handle.flush()
            os.fsync(handle.fileno())


def health_history(root: Path) -> History:
    """The figures of earlier runs, oldest first."""
    path = root / FILE
    return read_history(path.read_text(encoding="utf-8", errors="replace") if path.is_file() else "")
