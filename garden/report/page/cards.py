"""Health as cards and as a table, in the words of ``garden.health``: before, after, better or worse, and alarms."""

from dataclasses import dataclass
from typing import Any

from garden.config import HealthSettings
from garden.health import Alarm, Figures, Row, alarms, rows

CARDS = (
    "targets_share",
    "top_target_share",
    "letter_excess",
    "inverse_consistency",
    "links_dangling",
    "links_repeating_curated",
    "patterns_without_links",
    "links_unknown_type",
)


@dataclass(frozen=True)
class Card:
    """A figure as it is shown. ``part`` is a share in 0..1 after the run, None where the figure is none."""

    row: Row
    alarming: bool
    part: float | None


@dataclass(frozen=True)
class Health:
    """The cards, every figure, the alarms that this run ends, and those that stay or come."""

    cards: tuple[Card, ...]
    rows: tuple[Row, ...]
    ended: tuple[Alarm, ...]
    standing: tuple[Alarm, ...]


def health_shown(before: Figures, after: Figures, settings: HealthSettings) -> Health:
    """Health as a report shows it."""
    every = {row.metric.key: row for row in rows(before, after)}
    standing = alarms(after, settings)
    alarming = {alarm.figure for alarm in standing}
    return Health(
        cards=tuple(_card(every[key], key in alarming, after) for key in CARDS if key in every),
        rows=tuple(every.values()),
        ended=tuple(alarm for alarm in alarms(before, settings) if alarm.figure not in alarming),
        standing=standing,
    )


def _card(row: Row, alarming: bool, after: Figures) -> Card:
    value: Any = after.get(row.metric.key)
    part = float(value) if row.metric.form == "share" and value is not None else None
    return Card(row, alarming, part)
