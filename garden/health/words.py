"""Figures in words: the one source of wording for the terminal, Markdown and HTML."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from garden.health.metrics import METRICS, Metric


@dataclass(frozen=True)
class Row:
    """One figure before and after, as a person reads it; ``trend`` is None where neither way is better."""

    metric: Metric
    before: str
    after: str
    trend: Literal["better", "worse", "same"] | None


def rows(before: Mapping[str, Any], after: Mapping[str, Any] | None = None, *, brief: bool = False) -> tuple[Row, ...]:
    """The figures in the order of reading, before and after; one column alone where ``after`` is None.

    Figures that neither side has are left out, and so, where ``brief``, are those of less weight.
    """
    second = before if after is None else after
    shown = [m for m in METRICS if (m.brief or not brief) and (before.get(m.key), second.get(m.key)) != (None, None)]
    return tuple(
        Row(
            metric,
            told(metric, before.get(metric.key)),
            told(metric, second.get(metric.key)),
            _trend(metric, before, second),
        )
        for metric in shown
    )


def told(metric: Metric, value: Any) -> str:
    """One figure as a person reads it: shares in per cent, thousands set apart, a dash where there is none."""
    if value is None:
        return "–"
    if metric.form == "share":
        return f"{value:.1%}"
    if metric.form == "number":
        return f"{value:.2f}"
    if metric.form == "chance":
        return "0.001 or less" if value <= 0.001 else f"{value:.3f}"
    if metric.form == "days":
        return "1 day" if value == 1 else f"{value:,} days"
    return f"{value:,}" if metric.form == "count" else str(value)


def _trend(
    metric: Metric, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Literal["better", "worse", "same"] | None:
    old, new = before.get(metric.key), after.get(metric.key)
    if metric.better is None or old is None or new is None:
        return None
    if metric.better == "middle":
        old, new = -abs(old - 0.5), -abs(new - 0.5)
    if old == new:
        return "same"
    return "better" if (new > old) == (metric.better != "down") else "worse"
