"""What a run shows on Prefect's pages: reports, tables, pictures and links, as artifacts of bounded size.

Artifacts of one key are versions of one another, so a library's page shows how it went from run to run.
"""

import re
import unicodedata
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_table_artifact,
)

from flows.publishing import Handed, lines
from garden.health import Alarm, Figures, rows
from garden.learn import Learned
from garden.library import Library
from garden.models import Pattern, Problem, Proposal
from garden.names import composed
from garden.plan.decisions import Decision
from garden.report.markdown import report_markdown
from garden.report.page.plots import trend
from garden.report.stills import plot_still
from garden.report.summary import summary
from garden.report.words import counted, markdown, visible
from garden.run import Run
from garden.store import digest

MOST_ROWS = 200
MOST_RUNS = 100
LONGEST = 300


def show_run(run: Run, history: Sequence[Mapping[str, Any]]) -> None:
    """A tending: its report, its proposals, health before and after, and the trend that ends in it."""
    name, proposals = run.request.name, run.plan.proposals
    says = summary(run)
    create_markdown_artifact(report_markdown(run), artifact_key("tend", name), f"{run.id}: {says}")
    if proposals:
        first = f", of which these are the surest {MOST_ROWS}" if len(proposals) > MOST_ROWS else ""
        create_table_artifact(
            proposal_rows(proposals, run.library.patterns),
            artifact_key("proposals", name),
            f"{run.id}: {counted(len(proposals), 'proposal')}{first}.",
        )
    create_table_artifact(
        health_rows(run.before, run.after), artifact_key("health-of-run", name), f"{run.id}: before and after."
    )
    day = run.request.today
    show_trend(name, [*history, {"date": day, **run.before}, {"date": f"{day}, tended", **run.after}])


def show_handed(name: str, handed: Handed) -> None:
    """What reviewers were given: every branch, with a link to its pull request or what to write into its form."""
    listed = [f"- {markdown(line)}" for line in lines(handed)] or ["No branch was needed."]
    # An address in a text is no link; those of the pull requests are meant as links.
    listed += [f"- <{one.url}>" for one in handed.requests]
    create_markdown_artifact(
        "\n".join(["# For review\n", *listed, ""]), artifact_key("review", name), "Branches of this run."
    )
    for one in handed.requests:
        topic = one.branch.batch.topic
        create_link_artifact(
            one.url, f"{topic}: {one.outcome}", artifact_key("pull-request", name, topic), f"Pull request {one.number}."
        )
    for branch, file in handed.forms.items():
        # A run's files may be gone with the machine that it ran on.
        says = f"To open a pull request of {branch} by hand: its title, then its text."
        create_markdown_artifact(file.read_text(encoding="utf-8"), artifact_key("pull-request", name, file.stem), says)


def show_health(
    name: str, today: str, figures: Figures, history: Sequence[Mapping[str, Any]], raised: Sequence[Alarm]
) -> None:
    """A library's health: alarms, figures, and the trend up to ``today``."""
    told = [f"# Health of {markdown(name)}\n"]
    told += [f"**Alarm:** {markdown(str(alarm))}\n" for alarm in raised] or ["No alarm.\n"]
    told += ["| | now |", "|---|---:|"]
    told += [f"| {row.metric.name} | {markdown(row.after)} |" for row in rows(figures)]
    create_markdown_artifact("\n".join(told), artifact_key("health", name), counted(len(raised), "alarm"))
    show_trend(name, [*history, {"date": today, **figures}])


def show_problems(name: str, shelf: Library) -> None:
    """What could not be read, where there is anything."""
    if shelf.problems:
        create_table_artifact(
            [problem_row(problem) for problem in shelf.problems[:MOST_ROWS]],
            artifact_key("problems", name),
            f"{counted(len(shelf.problems), 'problem')} in {counted(len(shelf.readings), 'pattern')}.",
        )


def show_learned(name: str, learned: Learned) -> None:
    """What reviewers decided since the last time, where there is anything."""
    if learned.new:
        create_table_artifact(
            [decision_row(said) for said in learned.new[:MOST_ROWS]],
            artifact_key("decisions", name),
            f"{counted(len(learned.new), 'new decision')}, {len(learned.ledger.decisions):,} in all.",
        )


def show_trend(name: str, history: Sequence[Mapping[str, Any]]) -> None:
    """Health over runs as a picture, where there are two to compare.

    In Markdown: an image artifact would show the picture's whole text as its address.
    """
    plot = trend(history[-MOST_RUNS:])
    if plot.svg:
        picture = b64encode(plot_still(plot).encode()).decode()
        text = f"![{plot.title}](data:image/svg+xml;base64,{picture})\n\n{plot.note}\n"
        create_markdown_artifact(text, artifact_key("trend", name), plot.title)


def proposal_rows(proposals: Sequence[Proposal], patterns: Sequence[Pattern]) -> list[dict[str, Any]]:
    """A table of the surest proposals first."""
    titles = {pattern.slug: pattern.title for pattern in patterns}
    surest = sorted(proposals, key=lambda one: (-one.confidence, one.pattern, one.id))
    return [_proposal_row(proposal, titles) for proposal in surest[:MOST_ROWS]]


def _proposal_row(proposal: Proposal, titles: Mapping[str, str]) -> dict[str, Any]:
    target = proposal.target or ""
    return {
        "pattern": _short(titles.get(proposal.pattern, proposal.pattern)),
        "what": f"{proposal.kind.replace('_', ' ')} {proposal.type or ''}".strip(),
        "target": _short(titles.get(target) or str(proposal.evidence.get("label") or target)),
        "confidence": round(proposal.confidence, 2),
        "reason": _short(proposal.reason),
        "id": proposal.id,
    }


def health_rows(before: Figures, after: Figures) -> list[dict[str, str]]:
    """A table of all figures before and after, and which way that is."""
    return [
        {"figure": row.metric.name, "before": row.before, "after": row.after, "trend": row.trend or ""}
        for row in rows(before, after)
    ]


def problem_row(problem: Problem) -> dict[str, str]:
    """One problem as a row."""
    return {"where": f"{problem.path}:{problem.line}:{problem.column}", "what": _short(problem.message)}


def decision_row(said: Decision) -> dict[str, str]:
    """One decision as a row."""
    between = " – ".join(end.slug for end in said.ends)
    what = said.kind.replace("_", " ")
    return {"between": between, "what": what, "said": said.verdict, "why": _short(said.why), "where": said.where}


def artifact_key(*parts: str) -> str:
    """A key of the letters that Prefect allows; runs on libraries of one name are versions of one artifact.

    Names in other letters than Latin ones are told apart by a digest of theirs.
    """
    return "-".join(filter(None, map(_key_part, parts)))


def _key_part(text: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    name = composed(text)
    lost = any(one.isalnum() and not unicodedata.name(one, "").startswith(("LATIN", "DIGIT")) for one in name)
    return f"{plain}-{digest(name.encode()).hex()[:8]}".strip("-") if lost else plain


def _short(text: str) -> str:
    flat = visible(text)
    return flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 1]}…"
