"""Health on a terminal: one screen of 80 columns, alarms first."""

from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from garden.health import Alarm, Row, rows
from garden.report.words import visible

WIDTH, NAMES, WIDE, NARROW = 80, 38, 36, 15
STYLES = {"better": "green", "worse": "red", "same": "", None: ""}
MARKS = {"better": "↑", "worse": "↓", "same": "=", None: ""}


def health_screen(
    before: Mapping[str, Any],
    after: Mapping[str, Any] | None = None,
    raised: Sequence[Alarm] = (),
    *,
    full: bool = False,
) -> Group:
    """What to print with rich: alarms, then the figures, one column or before and after; ``full`` shows all figures.

    Arrows say better or worse in words of shape and not of colour alone.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_header=after is not None)
    table.add_column("", min_width=NAMES, no_wrap=True)
    for head in ("before", "after") if after is not None else ("now",):
        room = NARROW if after is not None else WIDE
        table.add_column(head, justify="right", overflow="ellipsis", no_wrap=True, max_width=room)
    if after is not None:
        table.add_column("")
    for row in rows(before, after, brief=not full):
        table.add_row(*_cells(row, both=after is not None))
    return Group(*(_alarm(alarm) for alarm in raised), table)


def print_health(screen: Group, stream: TextIO | None = None) -> None:
    """Prints a screen no wider than 80 columns; without colours where the stream is no terminal or NO_COLOR is set."""
    console = Console(file=stream, highlight=False)
    console.width = min(console.width, WIDTH)
    console.print(screen)


def _cells(row: Row, *, both: bool) -> list[Text]:
    name = Text(row.metric.name)
    if not both:
        return [name, Text(visible(row.after))]
    style = STYLES[row.trend]
    return [name, Text(visible(row.before)), Text(visible(row.after), style=style), Text(MARKS[row.trend], style=style)]


def _alarm(alarm: Alarm) -> Text:
    return Text.assemble(("Alarm: ", "bold red"), visible(alarm.sentence))
