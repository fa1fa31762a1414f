"""The plots of a report, as SVG: how links are spread, on which first letters, how sure is sure, and the trend.

Every plot comes with the figures that it draws, so that a page can give them as a table as well.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from garden.report.page.graph import GardenMap
from garden.report.page.svg import label, number, path, tag, words

WIDTH, HEIGHT = 460, 288
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 40, 44
INNER_WIDTH, INNER_HEIGHT = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

TRENDS = {
    "targets_share": "Patterns that some link leads to",
    "top_target_share": "Links held by the most linked pattern",
    "top_letter_share": "Links on the commonest first letter",
}


@dataclass(frozen=True)
class Plot:
    """A picture and its figures. ``svg`` is empty where there is nothing to draw yet, and ``note`` says why."""

    key: str
    title: str
    note: str
    svg: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Bin:
    """One row of a reliability table: proposals of about this confidence, and what share of them was right."""

    confidence: float
    share: float
    count: int


def plots(chart: GardenMap, history: Sequence[Mapping[str, Any]], reliability: Sequence[Bin]) -> tuple[Plot, ...]:
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
    rows = tuple(zip(sorted(expected), *([_percent(s) for s in share] for share in shares), strict=True))
    top = max((value for share in shares for value in share), default=0.0)
    frame = _Frame(_nice(top), _percent)
    drawn = _pairs_of_bars(frame, sorted(expected), shares[0], shares[1], shares[2])
    legend = _legend((("before", "Before"), ("after", "After"), ("expected", "Expected by chance")))
    return Plot(
        key="letters",
        title="First letters of what links lead to",
        note="Links chosen for meaning follow the alphabet only as the patterns do: bars should stand at the marks.",
        svg=_picture("First letters of what links lead to", frame, legend, drawn),
        columns=("Letter", "Before", "After", "Expected"),
        rows=rows,
    )


def in_degree(chart: GardenMap) -> Plot:
    """How many patterns are led to by how many links, in classes that double."""
    highest = max([0, *chart.before.tolist(), *chart.after.tolist()])
    classes = _doubling(highest)
    counts = [_in_classes(held.tolist(), classes) for held in (chart.before, chart.after)]
    names = [str(low) if low == high else f"{low}–{high}" for low, high in classes]
    marks = [_whole(low) for low, _ in classes]
    frame = _Frame(_nice(max(*counts[0], *counts[1], 1)), _whole)
    legend = _legend((("before", "Before"), ("after", "After")))
    return Plot(
        key="in-degree",
        title="Links that lead to a pattern",
        note="How many patterns are led to by so many inferred links, or up to the next mark. At 0: what nobody finds.",
        svg=_picture("Links that lead to a pattern", frame, legend, _pairs_of_bars(frame, marks, *counts)),
        columns=("Links", "Patterns before", "Patterns after"),
        rows=tuple((name, _whole(b), _whole(a)) for name, b, a in zip(names, *counts, strict=True)),
    )


def trend(history: Sequence[Mapping[str, Any]]) -> Plot:
    """Health over the runs that changed something: ``history`` holds figures with their date, oldest first."""
    title = "Health over runs"
    days = [str(line.get("date") or line.get("run") or "") for line in history]
    series = {name: [_figure(line, key) for line in history] for key, name in TRENDS.items()}
    if len(history) < 2:
        note = "There is no trend yet: a line is added to .garden/health.jsonl with every run that changes the library."
        return Plot("trend", title, note, "")
    frame = _Frame(1.0, _percent)
    step = INNER_WIDTH / (len(history) - 1)
    lines = [
        tag("path", class_=f"trend dash{place}", d=path(points))
        for place, values in enumerate(series.values(), 1)
        if len(points := [(LEFT + i * step, frame.y(v)) for i, v in enumerate(values) if v is not None]) > 1
    ]
    ends = [label(LEFT, HEIGHT - 24, days[0]), label(WIDTH - RIGHT, HEIGHT - 24, days[-1], "end")]
    legend = _line_legend(series)
    rows = tuple((day, *(_percent(values[i]) for values in series.values())) for i, day in enumerate(days))
    note = "Shares after each run that changed something."
    return Plot("trend", title, note, _picture(title, frame, legend, [*lines, *ends]), ("Run", *series), rows)


def calibration(bins: Sequence[Bin]) -> Plot:
    """A reliability diagram: the nearer to the diagonal, the more a confidence of 0.8 means eight in ten."""
    title = "How sure is sure"
    if not bins:
        note = "Not measured yet: a backtest or reviewers' decisions will say how often a confidence was right."
        return Plot("calibration", title, note, "")
    frame = _Frame(1.0, _percent)
    most = max(each.count for each in bins)
    drawn = [tag("path", class_="expected", d=path([(LEFT, frame.y(0)), (WIDTH - RIGHT, frame.y(1))]))]
    drawn += [
        tag(
            "circle",
            class_="dot",
            cx=LEFT + INNER_WIDTH * b.confidence,
            cy=frame.y(b.share),
            r=3 + 6 * math.sqrt(b.count / most),
        )
        for b in bins
    ]
    drawn += [label(LEFT + INNER_WIDTH * at, HEIGHT - 26, _percent(at), "middle") for at in (0.25, 0.5, 0.75)]
    drawn.append(label(LEFT + INNER_WIDTH / 2, HEIGHT - 8, "Confidence", "middle"))
    legend = [label(LEFT, 14, "Share that was right; larger dots rest on more cases")]
    rows = tuple((_percent(b.confidence), _percent(b.share), _whole(b.count)) for b in bins)
    note = "On the line, a confidence of 80 % is right eight times in ten."
    return Plot(
        "calibration", title, note, _picture(title, frame, legend, drawn), ("Confidence", "Right", "Cases"), rows
    )


@dataclass(frozen=True)
class _Frame:
    """The vertical axis: from 0 to ``top``."""

    top: float
    shown: Callable[[float], str]

    def y(self, value: float) -> float:
        return TOP + INNER_HEIGHT * (1 - min(value / self.top, 1.0))

    def drawn(self) -> list[str]:
        marks = [self.top * part / 4 for part in range(5)]
        lines = [
            tag("path", class_="grid" if mark else "axis", d=f"M{LEFT} {number(self.y(mark))}H{WIDTH - RIGHT}")
            for mark in marks
        ]
        return lines + [
            label(LEFT - 6, self.y(mark) + 4, self.shown(mark), "end") for mark in (marks[0], marks[2], marks[4])
        ]


def _picture(title: str, frame: _Frame, legend: Iterable[str], drawn: Iterable[str]) -> str:
    return tag(
        "svg",
        tag("title", words(title)),
        *legend,
        *frame.drawn(),
        *drawn,
        class_="plot",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label=title,
    )


def _pairs_of_bars(
    frame: _Frame,
    names: Sequence[str],
    before: Sequence[float],
    after: Sequence[float],
    expected: Sequence[float] = (),
) -> list[str]:
    """Two bars for each name side by side, and a mark where ``expected`` says."""
    step = INNER_WIDTH / max(len(names), 1)
    width = min(step * 0.4, 26.0)
    drawn: list[str] = []
    for place, name in enumerate(names):
        middle = LEFT + step * (place + 0.5)
        drawn += [
            _bar(frame, middle - width, width, before[place], "before"),
            _bar(frame, middle, width, after[place], "after"),
        ]
        if expected:
            y = number(frame.y(expected[place]))
            drawn.append(tag("path", class_="expected", d=f"M{number(middle - width - 1)} {y}h{number(2 * width + 2)}"))
        drawn.append(label(middle, HEIGHT - 26, name, "middle"))
    return drawn


def _bar(frame: _Frame, x: float, width: float, value: float, class_: str) -> str:
    if not value:
        return ""
    top = frame.y(value)
    return tag("rect", class_=class_, x=x, y=top, width=width, height=max(TOP + INNER_HEIGHT - top, 0.5))


def _legend(entries: Sequence[tuple[str, str]]) -> list[str]:
    x, drawn = float(LEFT), []
    for class_, name in entries:
        mark = f"M{number(x)} 10h12"
        drawn.append(
            tag("path", class_="expected", d=mark)
            if class_ == "expected"
            else tag("rect", class_=class_, x=x, y=4, width=12, height=11)
        )
        drawn.append(label(x + 17, 14, name))
        x += 34 + 7 * len(name)
    return drawn


def _line_legend(series: Mapping[str, object]) -> list[str]:
    drawn = []
    for place, name in enumerate(series, 1):
        y = 13 * place - 6
        drawn += [tag("path", class_=f"trend dash{place}", d=f"M{LEFT} {y}h26"), label(LEFT + 32, y + 4, name)]
    return drawn


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


def _nice(top: float) -> float:
    """The next of 1, 2, 4, 5, 10 times a power of ten from ``top`` on."""
    power = 10.0 ** math.floor(math.log10(top)) if top > 0 else 0.1
    return next((factor * power for factor in (1, 2, 4, 5) if factor * power >= top - 1e-12), 10 * power)


def _figure(line: Mapping[str, Any], key: str) -> float | None:
    value = line.get(key, (line.get("figures") or {}).get(key))
    return float(value) if isinstance(value, int | float) else None


def _percent(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0%}" if value == 0 or value >= 0.1 else f"{value:.1%}"


def _whole(value: float) -> str:
    return f"{value:,.0f}"
