"""The plots of a report, as SVG: how links are spread, on which first letters, how sure is sure, and the trend.

Every plot comes with the figures that it draws, so that a page can give them as a table as well.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from garden.models import Reliability
from garden.report.page.axes import (
    HEIGHT,
    INNER_WIDTH,
    LEFT,
    RIGHT,
    WIDTH,
    Frame,
    Plot,
    legend,
    line_legend,
    nice,
    pairs_of_bars,
    percent,
    picture,
    whole,
)
from garden.report.page.calibration import calibration
from garden.report.page.graph import GardenMap
from garden.report.page.svg import label, path, tag

TRENDS = {
    "targets_share": "Patterns that some link leads to",
    "top_target_share": "Links held by the most linked pattern",
    "top_letter_share": "Links on the commonest first letter",
}


def plots(
    chart: GardenMap, history: Sequence[Mapping[str, Any]], reliability: Sequence[Reliability]
) -> tuple[Plot, ...]:
    """All plots of a report, in the order in which they are shown."""
    return letters(chart), in_degree(chart), trend(history), calibration(reliability)


def letters(chart: GardenMap) -> Plot:
    """The share of links that lead to slugs of each first letter, against the letter's share of the patterns."""
    first = [_letter(pattern.slug) for pattern in chart.patterns]
    expected, before, after = Counter(first), Counter[str](), Counter[str]()
    for letter, was, will in zip(first, chart.before.tolist(), chart.after.tolist(), strict=True):
        before[letter] += was
        after[letter] += will
    shares = [_shares(counter, sorted(expected)) for counter in (before, after, expected)]
    rows = tuple(zip(sorted(expected), *([percent(s) for s in share] for share in shares), strict=True))
    top = max((value for share in shares for value in share), default=0.0)
    frame = Frame(nice(top), percent)
    drawn = pairs_of_bars(frame, sorted(expected), shares[0], shares[1], shares[2])
    told = legend((("before", "Before"), ("after", "After"), ("expected", "Expected by chance")))
    return Plot(
        key="letters",
        title="First letters of what links lead to",
        note="Links chosen for meaning follow the alphabet only as the patterns do: bars should stand at the marks.",
        svg=picture("First letters of what links lead to", frame, told, drawn),
        columns=("Letter", "Before", "After", "Expected"),
        rows=rows,
    )


def in_degree(chart: GardenMap) -> Plot:
    """How many patterns are led to by how many links, in classes that double."""
    highest = max([0, *chart.before.tolist(), *chart.after.tolist()])
    classes = _doubling(highest)
    counts = [_in_classes(held.tolist(), classes) for held in (chart.before, chart.after)]
    names = [str(low) if low == high else f"{low}–{high}" for low, high in classes]
    marks = [_short(low) for low, _ in classes]
    frame = Frame(nice(max(*counts[0], *counts[1], 1)), whole)
    told = legend((("before", "Before"), ("after", "After")))
    return Plot(
        key="in-degree",
        title="Links that lead to a pattern",
        note="How many patterns are led to by so many inferred links, or up to the next mark. At 0: what nobody finds.",
        svg=picture("Links that lead to a pattern", frame, told, pairs_of_bars(frame, marks, *counts)),
        columns=("Links", "Patterns before", "Patterns after"),
        rows=tuple((name, whole(b), whole(a)) for name, b, a in zip(names, *counts, strict=True)),
    )


def trend(history: Sequence[Mapping[str, Any]]) -> Plot:
    """Health over the runs that changed something: ``history`` holds figures with their date, oldest first."""
    title = "Health over runs"
    days = [str(line.get("date") or line.get("run") or "") for line in history]
    series = {name: [_figure(line, key) for line in history] for key, name in TRENDS.items()}
    if len(history) < 2:
        note = "There is no trend yet: a line is added to .garden/health.jsonl with every run that changes the library."
        return Plot("trend", title, note, "")
    frame = Frame(1.0, percent)
    step = INNER_WIDTH / (len(history) - 1)
    lines = [
        tag("path", class_=f"trend dash{place}", d=path(points))
        for place, values in enumerate(series.values(), 1)
        if len(points := [(LEFT + i * step, frame.y(v)) for i, v in enumerate(values) if v is not None]) > 1
    ]
    ends = [label(LEFT, HEIGHT - 24, days[0]), label(WIDTH - RIGHT, HEIGHT - 24, days[-1], "end")]
    told = line_legend(series)
    rows = tuple((day, *(percent(values[i]) for values in series.values())) for i, day in enumerate(days))
    note = "Shares after each run that changed something."
    return Plot("trend", title, note, picture(title, frame, told, [*lines, *ends]), ("Run", *series), rows)


def _letter(slug: str) -> str:
    return slug[:1].lower() if slug[:1].isalpha() else "#"


def _shares(counts: Mapping[str, int], keys: Sequence[str]) -> list[float]:
    total = sum(counts.values())
    return [counts.get(key, 0) / total if total else 0.0 for key in keys]


def _doubling(highest: int) -> list[tuple[int, int]]:
    """0, 1, 2, 3-4, 5-8, ... up to the class that holds ``highest``."""
    classes, low = [(0, 0), (1, 1)], 2
    while classes[-1][1] < highest:
        high = max(low, (low - 1) * 2)
        classes.append((low, high))
        low = high + 1
    return classes


def _in_classes(values: Sequence[int], classes: Sequence[tuple[int, int]]) -> list[int]:
    counts = Counter(values)
    return [sum(counts[value] for value in range(low, high + 1)) for low, high in classes]


def _short(count: int) -> str:
    return whole(count) if count < 1000 else f"{count / 1000:.0f}k"


def _figure(line: Mapping[str, Any], key: str) -> float | None:
    """A share of a line, None where it has none."""
    figures = line.get("figures")
    value = line.get(key, figures.get(key) if isinstance(figures, Mapping) else None)
    return float(value) if isinstance(value, int | float) and 0 <= value <= 1 else None
