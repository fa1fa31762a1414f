"""What reviewers' decisions come to, for the terminal, Markdown, the page and programs: the same figures everywhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from garden.models import Reliability
from garden.plan.outcomes import ENOUGH, Learning, Tally
from garden.report.words import VERBS, counted, markdown, visible

GOOD_ERROR = 0.05


@dataclass(frozen=True)
class Part:
    """One table: what the decisions are counted by, and the counts."""

    title: str
    tallies: tuple[Tally, ...]


def sentence(learned: Learning) -> str:
    """The whole in a sentence: accepted of decided, how many were expected, and how far confidence was off."""
    total = learned.total
    if total is None or learned.error is None:
        return "Nothing has been decided yet."
    verdict = "as sure as it says" if learned.error <= GOOD_ERROR else "surer or less sure than it says"
    return (
        f"{total.accepted:,} of {counted(total.decided, 'proposal')} accepted, {total.expected:.0f} expected. "
        f"Calibration error {learned.error:.3f}: confidence is {verdict}."
    )


def parts(learned: Learning) -> Iterator[Part]:
    """The tables that there is something in: the reliability table, then by kind, by type of link, by signal."""
    kinds = tuple(Tally(_kind(one.name), one.decided, one.accepted, one.expected) for one in learned.kinds)
    told = (
        Part("Confidence", learned.bins),
        Part("Kind", kinds),
        Part("Type of new link", learned.types),
        Part("Strongest signal of new link", learned.signals),
    )
    return (part for part in told if part.tallies)


def learning_document(learned: Learning) -> dict[str, Any]:
    """The figures as plain values."""
    return {
        "total": _values(learned.total) if learned.total else None,
        "calibration_error": None if learned.error is None else round(learned.error, 4),
        "reliability": [_values(one) for one in learned.bins],
        "kinds": [_values(one) for one in learned.kinds],
        "types": [_values(one) for one in learned.types],
        "signals": [_values(one) for one in learned.signals],
    }


def learning_markdown(learned: Learning) -> Iterator[str]:
    """The figures as Markdown: a sentence and tables; nothing where nothing has been decided."""
    if learned.total is None:
        return
    yield f"{sentence(learned)}\n"
    for part in parts(learned):
        yield f"| {part.title} | decided | accepted | expected | share |\n|---|---:|---:|---:|---:|"
        yield "\n".join(f"| {' | '.join((markdown(cells[0]), *cells[1:]))} |" for cells in map(_cells, part.tallies))
        yield ""


def backtest_markdown(tables: Sequence[Reliability]) -> Iterator[str]:
    """How far confidence was borne out by links that were held out; nothing where there was no backtest."""
    for table in tables:
        if table.source != "backtest" or not table.bins:
            continue
        yield "\n## How sure is sure\n"
        yield (
            "Curated links were hidden, a quarter at a time, and all pairs rated without them. Right links that nobody "
            "has made yet count against the rating here, so that the share may well lie below the confidence.\n"
        )
        yield "| Confidence | pairs | of them curated |\n|---:|---:|---:|"
        yield "\n".join(f"| {one.confidence:.2f} | {one.count:,} | {one.share:.0%} |" for one in table.bins)
        yield ""


def learning_screen(learned: Learning) -> Group:
    """What to print with rich; see ``print_health``."""
    return Group(Text(sentence(learned)), *map(_table, parts(learned)), *_hint(learned))


def _hint(learned: Learning) -> Sequence[Text]:
    few = [one for one in learned.kinds if one.decided < ENOUGH]
    if not few:
        return ()
    names = ", ".join(f"{_kind(one.name)} {one.decided}" for one in few)
    return (Text(f"Confidence is fitted to decisions from {ENOUGH} of a kind on; so far {names}."),)


def _table(part: Part) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(part.title, min_width=30, overflow="ellipsis", no_wrap=True)
    for head in ("decided", "accepted", "expected", "share"):
        table.add_column(head, justify="right", no_wrap=True)
    for tally in part.tallies:
        table.add_row(*_cells(tally))
    return table


def _cells(tally: Tally) -> tuple[str, ...]:
    counts = f"{tally.decided:,}", f"{tally.accepted:,}", f"{tally.expected:.1f}"
    return visible(tally.name) or "none", *counts, f"{tally.share:.0%}"


def _kind(name: str) -> str:
    return " ".join(VERBS[name]) if name in VERBS else name


def _values(tally: Tally) -> dict[str, Any]:
    return {
        "name": tally.name,
        "decided": tally.decided,
        "accepted": tally.accepted,
        "expected": round(tally.expected, 2),
    }
