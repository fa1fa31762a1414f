"""Health before and after as cards: what a figure is called, what it means, and whether the run betters it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from garden.health import Figures

HIGHER, LOWER = "higher", "lower"


@dataclass(frozen=True)
class Row:
    """One figure of health. ``better`` says which way is up; ``good`` and ``poor`` bound the three grades.

    ``fair_share`` widens the bounds in a small library, to that many times what one pattern of all would hold.
    """

    key: str
    name: str
    meaning: str
    better: str
    share: bool = False
    good: float = 0.0
    poor: float = 0.0
    fair_share: float = 0.0


@dataclass(frozen=True)
class Card:
    """A figure as it is shown. ``grade`` is good, fair or poor after the run; ``change`` better, worse or same."""

    key: str
    name: str
    meaning: str
    before: str
    after: str
    change: str
    grade: str
    part: float | None


ROWS = (
    Row(
        "targets_share",
        "Found",
        "Patterns that some inferred link leads to. What nobody links to is hard to come upon.",
        HIGHER,
        True,
        0.95,
        0.7,
    ),
    Row(
        "top_target_share",
        "Largest hub",
        "Share of all inferred links that lead to the most linked pattern. High where meaning did not choose.",
        LOWER,
        True,
        good=0.02,
        poor=0.05,
        fair_share=4,
    ),
    Row(
        "top_letter_share",
        "Commonest first letter",
        "Share of links that lead to slugs of one first letter. Far above chance, links follow the alphabet.",
        LOWER,
        True,
        good=0.15,
        poor=0.4,
    ),
    Row(
        "inverse_consistency",
        "Told from both ends",
        "Links whose other end stores the inverse. Where it is missing, the link is seen from one side only.",
        HIGHER,
        True,
        0.98,
        0.8,
    ),
    Row("links_dangling", "Dead links", "Inferred links to patterns that do not exist.", LOWER, poor=10),
    Row(
        "links_repeating_curated",
        "Repeats",
        "Inferred links that only say again what a person has curated.",
        LOWER,
        poor=10,
    ),
    Row(
        "links_unknown_type",
        "Unknown types",
        "Links whose type is not in the library's vocabulary.",
        LOWER,
        poor=10,
    ),
    Row(
        "patterns_without_links",
        "Unlinked",
        "Patterns that no inferred link leads from or to.",
        LOWER,
        poor=10,
    ),
)


def cards(before: Figures, after: Figures, rows: Sequence[Row] = ROWS) -> tuple[Card, ...]:
    """The cards in order, for the figures that both have."""
    patterns = max(int(after.get("patterns") or 0), 1)
    shown = [row for row in rows if row.key in before and row.key in after]
    return tuple(_card(_widened(row, patterns), before[row.key], after[row.key]) for row in shown)


def _widened(row: Row, patterns: int) -> Row:
    least = row.fair_share / patterns
    return replace(row, good=max(row.good, least), poor=max(row.poor, 2 * least)) if row.fair_share else row


def _card(row: Row, before: float | None, after: float | None) -> Card:
    return Card(
        key=row.key,
        name=row.name,
        meaning=row.meaning,
        before=_shown(row, before),
        after=_shown(row, after),
        change=_change(row, before, after),
        grade=_grade(row, after),
        part=after if row.share else None,
    )


def _shown(row: Row, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.1%}" if row.share else f"{value:,.0f}"


def _change(row: Row, before: float | None, after: float | None) -> str:
    if before is None or after is None or _shown(row, before) == _shown(row, after):
        return "same"
    return "better" if (after > before) == (row.better == HIGHER) else "worse"


def _grade(row: Row, value: float | None) -> str:
    if value is None:
        return "none"
    if row.better == HIGHER:
        return "good" if value >= row.good else "fair" if value >= row.poor else "poor"
    return "good" if value <= row.good else "fair" if value <= row.poor else "poor"
