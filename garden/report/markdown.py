"""report.md: a run told to a reviewer, fit for a pull request's body."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from garden.health import Figures, rows
from garden.models import Pattern, Proposal
from garden.report.learning import backtest_markdown, learning_markdown
from garden.report.summary import summary
from garden.report.words import code, counted, fitted, markdown, subject, waits
from garden.run import Run

ROOM = 60_000  # GitHub takes 65,536 characters as the body of a pull request.
MOST_MERGES = MOST_PROBLEMS = 50
MOST_PATHS = 5
# Characters of a text of the library, escapes included: what is longer is cut, and says so.
NAME, REASON = 160, 600


def report_markdown(run: Run) -> str:
    """The report. Where it would grow over ``ROOM`` characters it ends early and says how much is left out."""
    titles = {pattern.slug: pattern for pattern in run.library.patterns}
    head = "\n".join(_head(run))
    merges = [proposal for proposal in run.plan.proposals if proposal.kind == "merge_entity"]
    others = groupby((p for p in run.plan.proposals if p.kind != "merge_entity"), key=lambda p: p.pattern)
    groups = [(slug, list(group)) for slug, group in others]
    shown = list(_merge_blocks(merges))
    room = ROOM - len(head) - sum(map(len, shown))
    left = len(groups)
    # Of a large library's patterns few have room, so each block is written when its turn comes.
    for block in (_pattern_block(titles, slug, group) for slug, group in groups):
        room -= len(block) + 1
        if room < 0:
            break
        shown.append(block)
        left -= 1
    tail = [f"… and {counted(left, 'pattern')} more: all of them are in plan.json and report.html.\n"] if left else []
    return "\n".join([head, *shown, *tail])


def _head(run: Run) -> Iterator[str]:
    proposals, files = run.plan.proposals, len(run.edits.edits)
    name = run.request.name
    yield f"# Tending {markdown(name)}\n"
    yield f"{summary(run)}\n"
    if files:
        added, removed = sum(e.added for e in run.edits.edits), sum(e.removed for e in run.edits.edits)
        yield (
            f"Run {run.id}. Lines: +{added:,} −{removed:,}, all inside {code(run.request.settings.section.key)}. "
            f"To apply: {code('git apply')} changes.patch in the folder {code(name)}.\n"
        )
    if run.waiting:
        yield f"{waits(run.waiting)}\n"
    yield "## Health\n"
    yield "\n".join(_health_table(run.before, run.after))
    yield from backtest_markdown(run.reliability)
    if run.learning.total:
        yield "\n## What reviewers have said\n"
        yield from learning_markdown(run.learning)
    if run.problems:
        yield f"\n## Problems\n\n{counted(len(run.problems), 'file')} could not be tended:\n"
        yield "\n".join(
            f"- {_code(f'{p.path}:{p.line}:{p.column}')} {fitted(p.message, REASON, markdown)}"
            for p in run.problems[:MOST_PROBLEMS]
        )
        if len(run.problems) > MOST_PROBLEMS:
            yield f"- … and {len(run.problems) - MOST_PROBLEMS:,} more, in plan.json"
    if proposals:
        yield "\n## Proposals\n"
        yield from _low_links(proposals, run.request.settings.links.add_above)


def _low_links(proposals: Sequence[Proposal], add_above: float) -> Iterator[str]:
    """Why links are new that rate below what new links are proposed from."""
    low = sum(proposal.kind == "add_link" and proposal.confidence < add_above for proposal in proposals)
    if low:
        rates = "rates" if low == 1 else "rate"
        yield (
            f"{counted(low, 'new link')} {rates} below {add_above:.2f}: the best for a pattern that would have none, "
            "or the other end of a link that stands.\n"
        )


def _health_table(before: Figures, after: Figures) -> Iterator[str]:
    yield "| | before | after |"
    yield "|---|---:|---:|"
    for row in rows(before, after, brief=True):
        yield f"| {row.metric.name} | {markdown(row.before)} | {markdown(row.after)} |"


def _merge_blocks(merges: Sequence[Proposal]) -> Iterator[str]:
    """One line for each idea, in however many files it goes by another id."""
    groups: dict[str, list[Proposal]] = {}
    for proposal in merges:
        groups.setdefault(proposal.group, []).append(proposal)
    lines = [_merge_line(group) for group in groups.values()]
    left = len(lines) - MOST_MERGES
    more = [f"- … and {left:,} more, in report.html"] if left > 0 else []
    if lines:
        yield "\n".join(["### Entities that are one\n", *lines[:MOST_MERGES], *more]) + "\n"


def _merge_line(group: Sequence[Proposal]) -> str:
    first, paths = group[0], sorted({proposal.path for proposal in group})
    ids = ", ".join(_code(name) for name in sorted({proposal.target or "" for proposal in group}))
    becomes, cause = str(first.evidence.get("becomes", "")), str(first.evidence.get("cause", ""))
    more = f" and {len(paths) - MOST_PATHS} more" if len(paths) > MOST_PATHS else ""
    files = f"{counted(len(paths), 'file')}: {', '.join(map(_code, paths[:MOST_PATHS]))}{more}"
    sure = min(proposal.confidence for proposal in group)
    return f"- **merge** {ids} into {_code(becomes)} ({sure:.2f}, {markdown(cause)}) in {files}"


def _pattern_block(patterns: Mapping[str, Pattern], slug: str, proposals: Sequence[Proposal]) -> str:
    lines = [f"### {_name(patterns[slug].title)}\n", f"{_code(patterns[slug].path)}\n"]
    lines += [f"- {_line(patterns, proposal)}" for proposal in proposals]
    return "\n".join(lines) + "\n"


def _line(patterns: Mapping[str, Pattern], proposal: Proposal) -> str:
    reason = fitted(proposal.reason, REASON, markdown)
    name = proposal.target or ""
    target = _name(patterns[name].title) if name in patterns else _code(name)
    if proposal.kind == "add_link":
        return f"**add** {proposal.type} → {target} ({proposal.confidence:.2f}): {reason}"
    if proposal.kind == "remove_link":
        return f"**remove** {_name(proposal.type or 'untyped')} → {target}: {reason}"
    if proposal.kind == "retype_link":
        return f"**retype** to {proposal.type} → {target}: {reason}"
    if proposal.kind == "touch":
        return f"**date**: {reason}"
    if proposal.kind == "set_communities":
        return f"**communities** {_name(subject(proposal))}: {reason}"
    verb, noun = proposal.kind.split("_")
    return f"**{verb}** {noun} {_name(subject(proposal)) or target} ({proposal.confidence:.2f}): {reason}"


def _name(text: str) -> str:
    return fitted(text, NAME, markdown)


def _code(text: str) -> str:
    return fitted(text, NAME, code)
