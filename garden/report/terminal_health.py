"""Health on a terminal: one screen of 80 columns, alarms first."""

from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from garden.health import Alarm, Row, rows
from garden.report.words import visible

LEAST, WIDTH, NAMES, WIDE, NARROW = 64, 80, 38, 36, 15
# What the rest of a run's summary leaves of 24 lines.
MOST, MOST_CHANGES = 19, 13
NOTHING = ("0", "0.0%", "0.00")
STYLES = {"better": "green", "worse": "red", "same": "", None: ""}
MARKS = {"better": "↑", "worse": "↓", "same": "=", None: ""}


def health_screen(
    before: Mapping[str, Any],
    after: Mapping[str, Any] | None = None,
    raised: Sequence[Alarm] = (),
    *,
    full: bool = False,
) -> Group:
    """What to print with rich: alarms, then the figures, one column or before and after, on one screen of 24 lines.

    What did not change, or is nothing as it should be, is only counted; ``full`` shows all. Arrows say better or worse
    in words of shape and not of colour alone.
    """
    both = after is not None
    found = rows(before, after, brief=not full)
    shown = found if full else _telling(found, both=both)
    table = Table(box=box.SIMPLE_HEAD if both else None, pad_edge=False, show_header=both)
    table.add_column("", min_width=NAMES, no_wrap=True)
    for head in ("before", "after") if both else ("now",):
        table.add_column(head, justify="right", overflow="ellipsis", no_wrap=True, max_width=NARROW if both else WIDE)
    if both:
        table.add_column("")
    for row in shown:
        table.add_row(*_cells(row, both=both))
    return Group(*(_alarm(alarm) for alarm in raised), table, *_left_out(len(found) - len(shown), both=both))


def _telling(found: Sequence[Row], *, both: bool) -> Sequence[Row]:
    """The figures that say something: those that changed, or that are not the nothing that they should be."""
    if both:
        telling = [row for row in found if row.before != row.after]
    else:
        telling = [row for row in found if row.metric.better != "down" or row.after not in NOTHING]
    return telling[: MOST_CHANGES if both else MOST]


def _left_out(count: int, *, both: bool) -> list[Text]:
    if not count:
        return []
    where = "in the report" if both else "garden health --full"
    return [Text(f"{count} figures more: {where}" if count > 1 else f"One figure more: {where}")]


def print_health(screen: Group, stream: TextIO | None = None) -> None:
    """Prints a screen of 64 to 80 columns; without colours where the stream is no terminal or NO_COLOR is set."""
    console = Console(file=stream, highlight=False)
    # On a narrower one each line breaks: without room for a figure, rich would leave it out.
    console.width = min(max(console.width, LEAST), WIDTH)
    console.print(screen)


def _cells(row: Row, *, both: bool) -> list[Text]:
    name = Text(row.metric.name)
    if not both:
        return [name, Text(visible(row.after))]
    style = STYLES[row.trend]
    return [name, Text(visible(row.before)), Text(visible(row.after), style=style), Text(MARKS[row.trend], style=style)]


def _alarm(alarm: Alarm) -> Text:
    return Text.assemble(("Alarm: ", "bold red"), visible(alarm.sentence))
