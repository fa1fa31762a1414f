"""An explanation on a terminal: the score as a waterfall, the two sentences, the links of a pattern; 80 columns."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from garden.links.reasons import both_called
from garden.plan.explained import Explanation, Links
from garden.report.words import visible

BAR = 30
SMALLEST = 0.005
STYLES = {"proposed": "green", "kept": "", "pruned": "red", "curated": "cyan", "not proposed": "yellow"}


def explanation_screen(found: Explanation) -> Group:
    """What becomes of a pair, the parts of its score from the largest on, and the words it rests on."""
    one, other = found.patterns
    named = both_called((one.title, other.title), (one.slug, other.slug))
    head = Text.assemble((visible(" and ".join(named)), "bold"))
    fate = Text.assemble((found.status.capitalize(), STYLES[found.status]), f", confidence {found.confidence:.2f}")
    if found.type:
        fate.append(f", {found.type}")
    parts: list[RenderableType] = [head, fate, Text(visible(found.why)), Text(), _waterfall(found)]
    return Group(*parts, *_words(found.details))


def links_screen(found: Links) -> Group:
    """The links of a pattern, a line each with its reason below."""
    head = Text(visible(found.pattern.title), style="bold")
    if not found.links:
        return Group(head, Text("No link stands, and none is proposed."))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("", "link", "type"):
        table.add_column(name, no_wrap=name != "link")
    table.add_column("sure", justify="right")
    for one in found.links:
        reason = Text(visible(one.why), style="dim")
        told = Group(Text(visible(one.target.slug)), reason) if one.why else Text(visible(one.target.slug))
        status = Text(one.status, style=STYLES[one.status])
        table.add_row(status, told, Text(visible(one.type or "")), Text(f"{one.confidence:.2f}"))
    return Group(head, table)


def _waterfall(found: Explanation) -> Table:
    shares: Mapping[str, float] = found.details["shares"]
    signals: Mapping[str, float] = found.details["signals"]
    shown = sorted((name for name in shares if abs(shares[name]) >= SMALLEST), key=lambda n: (-abs(shares[n]), n))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("signal", no_wrap=True)
    table.add_column("value", justify="right")
    table.add_column("gives", justify="right")
    table.add_column("", no_wrap=True, width=BAR)
    scale = _Scale.of([shares[name] for name in shown])
    level = 0.0
    for name in shown:
        table.add_row(
            Text(visible(name)), f"{signals[name]:.2f}", f"{shares[name]:+.2f}", scale.bar(level, shares[name])
        )
        level += shares[name]
    table.add_section()
    table.add_row("score", "", f"{found.score:+.2f}", Text(f"confidence {found.confidence:.2f}"))
    return table


class _Scale:
    """Where a running sum stands on a line of ``BAR`` characters."""

    def __init__(self, low: float, high: float) -> None:
        self._low, self._step = low, max(high - low, 1e-9) / BAR

    @classmethod
    def of(cls, shares: Sequence[float]) -> "_Scale":
        levels = [0.0]
        for share in shares:
            levels.append(levels[-1] + share)
        return cls(min(levels), max(levels))

    def bar(self, start: float, share: float) -> Text:
        """A bar from a level to the next: full where it rises, light where it falls."""
        ends = sorted((self._at(start), self._at(start + share)))
        mark, style = ("█", "green") if share >= 0 else ("░", "red")
        return Text.assemble(" " * ends[0], (mark * max(ends[1] - ends[0], 1), style))

    def _at(self, level: float) -> int:
        return min(BAR - 1, max(0, round((level - self._low) / self._step)))


def _words(details: Mapping[str, Any]) -> Iterator[Text]:
    if details["terms"]:
        yield Text(visible(f"Both deal with {', '.join(details['terms'])}."))
    if details["entities"]:
        yield Text(visible(f"Entities of both: {', '.join(details['entities'])}."))
    for said in details["sentences"]:
        yield Text(visible(f"{said['pattern']}, {said['role']}: “{said['text']}”"))
