"""The library's health over time: one line of JSON for each run that changed something."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

FILE = ".garden/health.jsonl"


@dataclass(frozen=True)
class History:
    """Figures of earlier runs with their ``date``, oldest first, and the numbers of lines that could not be read."""

    entries: tuple[dict[str, Any], ...]
    unread: tuple[int, ...]


def history_line(figures: Mapping[str, Any], day: str) -> str:
    """One line with its end: the figures under their keys, in order, and the ISO date of the run."""
    return json.dumps({"date": day, **figures}, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n"


def read_history(text: str) -> History:
    """Reads lines that ``history_line`` wrote, in whatever order a merge has left them; the same line counts once.

    A line that is no JSON object with an ISO date is not an entry, and its number, from 1, is in ``unread``.
    """
    entries: dict[str, dict[str, Any]] = {}
    unread: list[int] = []
    # At line feeds alone: a text may hold other characters that Python takes for the end of a line.
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        entry = _entry(line)
        if entry:
            entries.setdefault(line.strip(), entry)
        elif line.strip():
            unread.append(number)
    # Sorting by date alone keeps the lines of one day in the order in which they were written.
    return History(tuple(sorted(entries.values(), key=lambda entry: str(entry["date"]))), tuple(unread))


def _entry(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
        date.fromisoformat(found["date"])
    # What a merge or a person has left there may be anything: numbers without end, lists in lists in lists.
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
