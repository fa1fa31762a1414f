"""A reliability diagram: how often a confidence was right, where that has been measured."""

import math
from collections.abc import Iterator, Sequence

from garden.models import Bin, Reliability
from garden.report.page.axes import (
    HEIGHT,
    INNER_WIDTH,
    LEFT,
    RIGHT,
    WIDTH,
    Frame,
    Plot,
    percent,
    picture,
    whole,
)
from garden.report.page.svg import label, number, path, tag

TITLE = "How sure is sure"
COLUMNS = ("Confidence", "Right", "Likely between", "Cases", "Measured on")
NAMES = {"backtest": "curated links held out", "decisions": "reviewers' decisions"}
LEGEND = {"backtest": "Links held out", "decisions": "Decisions"}
SPREAD = 1.96  # Standard deviations that hold 95 of 100 cases.
FEW = 50  # Cases below which a table is called thin.


def calibration(tables: Sequence[Reliability]) -> Plot:
    """The nearer to the diagonal, the more a confidence of 0.8 means eight in ten. A line shows what chance allows."""
    measured = [table for table in tables if table.bins]
    if not measured:
        note = "Not measured yet: a backtest or reviewers' decisions will say how often a confidence was right."
        return Plot("calibration", TITLE, note, "")
    frame = Frame(1.0, percent)
    svg = picture(TITLE, frame, _legend(measured), [*_ground(frame), *_dots(frame, measured)])
    rows = tuple(_row(table, bin_) for table in measured for bin_ in table.bins)
    return Plot("calibration", TITLE, _note(measured), svg, COLUMNS, rows)


def likely(bin_: Bin) -> tuple[float, float]:
    """The bounds that hold the true share in 95 of 100 cases: Wilson's score interval (1927)."""
    n, square = bin_.count, SPREAD**2
    middle = (bin_.share + square / (2 * n)) / (1 + square / n)
    half = SPREAD / (1 + square / n) * math.sqrt(bin_.share * (1 - bin_.share) / n + square / (4 * n * n))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _note(measured: Sequence[Reliability]) -> str:
    told = [f"{table.cases:,} {NAMES[table.source]}, off by {percent(table.error)} on average" for table in measured]
    thin = " So few say little yet." if all(table.cases < FEW for table in measured) else ""
    return f"On the line, a confidence of 80% is right eight times in ten. {'; '.join(told)}.{thin}"


def _row(table: Reliability, bin_: Bin) -> tuple[str, ...]:
    low, high = likely(bin_)
    between = f"{percent(low)} and {percent(high)}"
    return percent(bin_.confidence), percent(bin_.share), between, whole(bin_.count), NAMES[table.source]


def _ground(frame: Frame) -> Iterator[str]:
    yield tag("path", class_="expected", d=path([(LEFT, frame.y(0)), (WIDTH - RIGHT, frame.y(1))]))
    for at in (0.25, 0.5, 0.75):
        yield label(LEFT + INNER_WIDTH * at, HEIGHT - 26, percent(at), "middle")
    yield label(LEFT + INNER_WIDTH / 2, HEIGHT - 8, "Confidence", "middle")


def _dots(frame: Frame, measured: Sequence[Reliability]) -> Iterator[str]:
    most = max(bin_.count for table in measured for bin_ in table.bins)
    for table in measured:
        for bin_ in table.bins:
            x, (low, high) = LEFT + INNER_WIDTH * bin_.confidence, likely(bin_)
            whisker = f"M{number(x)} {number(frame.y(low))}V{number(frame.y(high))}"
            yield tag("path", class_=f"whisker {table.source}", d=whisker)
            radius = 3 + 5 * math.sqrt(bin_.count / most)
            yield tag("circle", class_=f"dot {table.source}", cx=x, cy=frame.y(bin_.share), r=radius)


def _legend(measured: Sequence[Reliability]) -> Iterator[str]:
    x = float(LEFT)
    for table in measured:
        name = LEGEND[table.source]
        yield tag("circle", class_=f"dot {table.source}", cx=x + 6, cy=10, r=5)
        yield label(x + 17, 14, name)
        x += 34 + 7 * len(name)
