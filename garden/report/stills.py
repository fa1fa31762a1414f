"""Stills: the map and the plots of a run as SVG files that stand alone, for a README, a pull request, an artifact.

They follow the viewer's light or dark scheme, and hold no script and no reference to anything else.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

import numpy as np

from garden.report.html import Pictures
from garden.report.page.axes import HEIGHT, WIDTH, Plot
from garden.report.page.graph import GardenMap
from garden.report.page.layout import Floats
from garden.report.page.svg import label, number, tag, words

SIDE = 1200
MARGIN = 60
FOOT = 46
MOST_NAMES = 16
DRAWN = ("kept", "removed", "new")
# Paul Tol's "muted" scheme, which stays apart for colour-blind eyes, as on the page.
BEDS = ("#117733", "#cc6677", "#332288", "#ddaa33", "#44aa99", "#882255", "#88ccee", "#999933", "#aa4499")
STYLE = (
    ".still .sheet{fill:var(--p-paper)}"
    ".still .line{fill:none;stroke-width:1}"
    ".still .new{stroke:var(--p-new)}.still .removed{stroke:var(--p-removed);stroke-dasharray:5 4}"
    ".still .kept{stroke:var(--p-kept)}"
    ".still .dots{fill:none;stroke-linecap:round}.still .nobed{stroke:var(--p-nobed)}"
    ".still .bed{font:600 17px Georgia,serif;fill:var(--p-ink);text-anchor:middle;"
    "paint-order:stroke;stroke:var(--p-paper);stroke-width:4px;stroke-linejoin:round}"
    ".still .legend{font-size:15px}"
)


def stills(pictures: Pictures) -> dict[str, str]:
    """SVG documents by file name: ``map.svg``, and one for each plot that there is something to draw of."""
    drawn = {f"{plot.key}.svg": plot_still(plot) for plot in pictures.plots if plot.svg}
    return {"map.svg": map_still(pictures.chart, pictures.places), **drawn}


def plot_still(plot: Plot) -> str:
    """One plot as a document of its own."""
    inner = plot.svg.replace('class="plot"', f'class="plot" y="26" width="{WIDTH}" height="{HEIGHT}"', 1)
    title = label(14, 24, plot.title, "name")
    return _document(WIDTH, HEIGHT + 26, plot.title, [title, inner])


def map_still(chart: GardenMap, places: Floats) -> str:
    """The map after the run: links that come, go and stay, patterns by community, larger the more links lead there."""
    points = _on_sheet(places)
    count = len(chart.patterns)
    title = f"The garden from above: {count:,} {'pattern' if count == 1 else 'patterns'}"
    inside = [*_lines(chart, points), *_dots(chart, points), *_names(chart, points), *_legend(chart)]
    return _document(SIDE, SIDE + FOOT, title, inside)


def _document(width: int, height: int, title: str, inside: Iterable[str]) -> str:
    return tag(
        "svg",
        tag("title", words(title)),
        tag("style", _plot_style() + STYLE),
        tag("rect", class_="sheet", width=width, height=height),
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        class_="still",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="img",
    )


@cache
def _plot_style() -> str:
    return resources.files("garden.report").joinpath("data", "plot.css").read_text(encoding="utf-8")


def _on_sheet(places: Floats) -> Floats:
    """Places on the sheet, whose y axis points down."""
    if not len(places):
        return places
    low, high = places.min(axis=0), places.max(axis=0)
    scale = (SIDE - 2 * MARGIN) / max(float((high - low).max()), 1e-9)
    points: Floats = (places - (low + high) / 2) * scale * np.array([1.0, -1.0]) + SIDE / 2
    return points


def _lines(chart: GardenMap, points: Floats) -> list[str]:
    """One path for all links of a state: the more there are, the fainter they are."""
    drawn = []
    for state in DRAWN:
        pairs = [pair for pair, own in chart.edges.items() if own == state]
        data = "".join(f"M{_at(points[left])}L{_at(points[right])}" for left, right in pairs)
        faint = min(0.7, max(0.12, 12 / max(len(pairs), 1) ** 0.5))
        if data:
            drawn.append(tag("path", class_=f"line {state}", d=data, stroke_opacity=f"{faint:.2f}"))
    return drawn


def _dots(chart: GardenMap, points: Floats) -> list[str]:
    """One path for all patterns of one community and size: a line without length has round ends, and is a dot."""
    step = 3.0 if len(chart.patterns) > 600 else 7.0
    sizes = np.minimum(np.round(np.sqrt(chart.after)), 6).astype(int).tolist()
    groups: dict[tuple[int, int], list[int]] = {}
    for place, (bed, size) in enumerate(zip(chart.bed.tolist(), sizes, strict=True)):
        groups.setdefault((bed, size), []).append(place)
    return [_dots_of(points[members], bed, step * (1 + 0.35 * size)) for (bed, size), members in sorted(groups.items())]


def _dots_of(points: Floats, bed: int, width: float) -> str:
    data = "".join(f"M{_at(point)}h0" for point in points)
    colour = {"stroke": BEDS[bed % len(BEDS)]} if bed >= 0 else {}
    return tag("path", class_="dots" if bed >= 0 else "dots nobed", d=data, stroke_width=width, **colour)


def _names(chart: GardenMap, points: Floats) -> list[str]:
    """The names of the largest communities at their middles, those left out that would cover another."""
    drawn: list[str] = []
    taken: list[tuple[float, float, float]] = []
    for bed, name in enumerate(chart.beds):
        members = points[chart.bed == bed]
        if not len(members) or len(drawn) == MOST_NAMES:
            continue
        x, y = np.median(members, axis=0).tolist()
        half = 4.6 * min(len(name), 40)
        if any(abs(x - other) < half + width and abs(y - level) < 22 for other, level, width in taken):
            continue
        taken.append((x, y, half))
        drawn.append(label(x, y + 6, name[:40], "bed"))
    return drawn


def _legend(chart: GardenMap) -> list[str]:
    told = (("new", "new"), ("removed", "pruned"), ("kept", "untouched"))
    counts = [(state, name, sum(own == state for own in chart.edges.values())) for state, name in told]
    drawn, x = [], float(MARGIN)
    for state, name, count in counts:
        text = f"{count:,} {name}"
        mark = tag("path", class_=f"line {state}", d=f"M{number(x)} {SIDE + 12}h30", stroke_width=3)
        drawn += [mark, label(x + 38, SIDE + 17, text, "legend")]
        x += 76 + 8.5 * len(text)
    return drawn


def _at(point: Sequence[float] | Floats) -> str:
    return f"{number(point[0])} {number(point[1])}"
