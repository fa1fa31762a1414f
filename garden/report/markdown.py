"""report.md: a run told to a reviewer, fit for a pull request's body."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from garden.health import Figures, rows
from garden.models import Pattern, Proposal
from garden.report.words import code, counted, markdown, summary_sentence
from garden.run import Run

ROOM = 60_000  # GitHub takes 65,536 characters as the body of a pull request.


def report_markdown(run: Run) -> str:
    """The report. Where it would grow over ``ROOM`` characters it ends early and says how much is left out."""
    titles = {pattern.slug: pattern for pattern in run.library.patterns}
    head = "\n".join(_head(run))
    by_pattern = groupby(run.plan.proposals, key=lambda p: p.pattern)
    blocks = [_pattern_block(titles, slug, list(group)) for slug, group in by_pattern]
    shown: list[str] = []
    room = ROOM - len(head)
    for block in blocks:
        room -= len(block) + 1
        if room < 0:
            break
        shown.append(block)
    left = len(blocks) - len(shown)
    tail = [f"… and {counted(left, 'pattern')} more: all of them are in plan.json and report.html.\n"] if left else []
    return "\n".join([head, *shown, *tail])


def _head(run: Run) -> Iterator[str]:
    proposals, files = run.plan.proposals, len(run.edits.edits)
    name = run.request.root.resolve().name
    yield f"# Tending {markdown(name)}\n"
    yield f"{summary_sentence(proposals, len(run.library.readings), files)}\n"
    if files:
        added, removed = sum(e.added for e in run.edits.edits), sum(e.removed for e in run.edits.edits)
        yield (
            f"Run {run.id}. Lines: +{added:,} −{removed:,}, all inside {code(run.request.settings.section.key)}. "
            f"To apply: {code('git apply')} changes.patch in the folder {code(name)}.\n"
        )
    yield "## Health\n"
    yield "\n".join(_health_table(run.before, run.after))
    if run.problems:
        yield f"\n## Problems\n\n{counted(len(run.problems), 'file')} could not be tended:\n"
        yield "\n".join(f"- {code(f'{p.path}:{p.line}:{p.column}')} {markdown(p.message)}" for p in run.problems[:50])
    if proposals:
        yield "\n## Proposals\n"


def _health_table(before: Figures, after: Figures) -> Iterator[str]:
    yield "| | before | after |"
    yield "|---|---:|---:|"
    for row in rows(before, after, brief=True):
        yield f"| {row.metric.name} | {markdown(row.before)} | {markdown(row.after)} |"


def _pattern_block(patterns: Mapping[str, Pattern], slug: str, proposals: Sequence[Proposal]) -> str:
    lines = [f"### {markdown(patterns[slug].title)}\n", f"{code(patterns[slug].path)}\n"]
    lines += [f"- {_line(patterns, proposal)}" for proposal in proposals]
    return "\n".join(lines) + "\n"


def _line(patterns: Mapping[str, Pattern], proposal: Proposal) -> str:
    reason = markdown(proposal.reason)
    name = proposal.target or ""
    target = markdown(patterns[name].title) if name in patterns else code(name)
    if proposal.kind == "add_link":
        return f"**add** {proposal.type} → {target} ({proposal.confidence:.2f}): {reason}"
    if proposal.kind == "remove_link":
        return f"**remove** {proposal.type or 'untyped'} → {target}: {reason}"
    if proposal.kind == "retype_link":
        return f"**retype** to {proposal.type} → {target}: {reason}"
    if proposal.kind == "touch":
        return f"**date**: {reason}"
    verb, noun = proposal.kind.split("_")
    label = proposal.evidence.get("label")
    return f"**{verb}** {noun} {markdown(str(label)) if label else target}: {reason}"
