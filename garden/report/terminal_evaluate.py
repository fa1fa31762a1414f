"""A backtest on a terminal, in 80 columns."""

from collections.abc import Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from garden.links.trial import Figure, Score, TypeScore
from garden.links.typed import Trial
from garden.models import Reliability
from garden.report.words import counted, visible


def score_table(scores: tuple[Score, ...]) -> Table:
    """A row for each judge."""
    table = _table("", "recall@10", "MRR", "coverage")
    for one in scores:
        table.add_row(visible(one.name), told(one.recall), told(one.mrr), f"{one.coverage:.3f}")
    return table


def type_table(scores: tuple[TypeScore, ...]) -> Table:
    """A row for each type."""
    table = _table("by type", "pairs", "recall@10", "MRR")
    for one in scores:
        table.add_row(visible(one.name), f"{one.pairs:,}", told(one.recall), told(one.mrr))
    return table


def calibration_table(calibration: Reliability) -> Table:
    """A row for each tenth of confidence."""
    table = _table("confidence", "suggestions", "linked")
    for one in calibration.bins:
        table.add_row(f"{one.confidence:.2f}", f"{one.count:,}", f"{one.share:.2f}")
    return table


def type_sentence(trial: Trial | None) -> str:
    """How far types can be told."""
    if trial is None:
        return "Types: too few typed links, or all of one type; new links get the fallback."
    told_right = f"Types: told rightly of {trial.right:,} of {counted(trial.pairs, 'pair')} held out"
    usual = f"the most frequent type would be right of {trial.usual:,}."
    if trial.certain is None or not trial.gains:
        return f"{told_right}; {usual} No claim is certain enough, so new links get the fallback."
    return f"{told_right}; {usual} Claims are made from certainty {trial.certain:.2f} on, {trial.claimed:,} of these."


def told(figure: Figure) -> str:
    """A figure with its interval: ``.512 (.44 to .58)``."""
    return f"{figure.value:.3f} ({figure.low:.2f} to {figure.high:.2f})"


def evaluation_parts(
    scores: tuple[Score, ...], by_type: tuple[TypeScore, ...], calibration: Reliability, types: Trial | None
) -> Group:
    """All tables, with the calibration error and the sentence on types."""
    return Group(*_parts(scores, by_type, calibration, types))


def _parts(
    scores: tuple[Score, ...], by_type: tuple[TypeScore, ...], calibration: Reliability, types: Trial | None
) -> Iterator[RenderableType]:
    yield score_table(scores)
    yield type_table(by_type)
    if calibration.bins:
        yield calibration_table(calibration)
        yield Text(f"Expected calibration error: {calibration.error:.3f}. A link that nobody made counts as wrong,")
        yield Text("so a right one that is still to be made makes confidence look too high.")
    yield Text(type_sentence(types))


def _table(*heads: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(head, justify="left" if place == 0 else "right", no_wrap=True)
    return table
