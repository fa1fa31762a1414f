"""What plots are drawn on and with: the axis, its picture, bars, legends, and figures in words."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from garden.report.page.svg import label, number, tag, words

WIDTH, HEIGHT = 460, 288
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 40, 44
INNER_WIDTH, INNER_HEIGHT = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM


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
class Frame:
    """The vertical axis: from 0 to ``top``."""

    top: float
    shown: Callable[[float], str]

    def y(self, value: float) -> float:
        """How far down a value stands."""
        return TOP + INNER_HEIGHT * (1 - min(value / self.top, 1.0))

    def drawn(self) -> list[str]:
        """Lines across, and figures beside every other one."""
        marks = [self.top * part / 4 for part in range(5)]
        lines = [
            tag("path", class_="grid" if mark else "axis", d=f"M{LEFT} {number(self.y(mark))}H{WIDTH - RIGHT}")
            for mark in marks
        ]
        return lines + [
            label(LEFT - 6, self.y(mark) + 4, self.shown(mark), "end") for mark in (marks[0], marks[2], marks[4])
        ]


def picture(title: str, frame: Frame, legend: Iterable[str], drawn: Iterable[str]) -> str:
    """The whole plot: its legend, its axis, and what is drawn on it."""
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


def pairs_of_bars(
    frame: Frame,
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


def _bar(frame: Frame, x: float, width: float, value: float, class_: str) -> str:
    if not value:
        return ""
    top = frame.y(value)
    return tag("rect", class_=class_, x=x, y=top, width=width, height=max(TOP + INNER_HEIGHT - top, 0.5))


def legend(entries: Sequence[tuple[str, str]]) -> list[str]:
    """What bars and marks mean, side by side."""
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


def line_legend(series: Mapping[str, object]) -> list[str]:
    """What lines mean, one below the other."""
    drawn = []
    for place, name in enumerate(series, 1):
        y = 13 * place - 6
        drawn += [tag("path", class_=f"trend dash{place}", d=f"M{LEFT} {y}h26"), label(LEFT + 32, y + 4, name)]
    return drawn


def nice(top: float) -> float:
    """The next of 1, 2, 4, 5, 10 times a power of ten from ``top`` on."""
    power = 10.0 ** math.floor(math.log10(top)) if top > 0 else 0.1
    return next((factor * power for factor in (1, 2, 4, 5) if factor * power >= top - 1e-12), 10 * power)


def percent(value: float | None) -> str:
    """A share as a reader knows it; a dash for none."""
    if value is None:
        return "–"
    return f"{value:.0%}" if value == 0 or value >= 0.1 else f"{value:.1%}"


def whole(value: float) -> str:
    """A count."""
    return f"{value:,.0f}"
