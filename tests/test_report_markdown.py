from dataclasses import replace
from pathlib import Path

from garden.models import Proposal
from garden.plan.identity import proposal_id
from garden.report.markdown import report_markdown
from garden.run import Run
from tests.synthetic_run import synthetic_run


def merge(run: Run, place: int, was: str, becomes: str) -> Proposal:
    pattern = run.library.patterns[place]
    return Proposal(
        id=proposal_id("merge_entity", pattern.slug, was, becomes),
        kind="merge_entity",
        pattern=pattern.slug,
        path=pattern.path,
        target=was,
        type="concept",
        confidence=0.97,
        reason=f"{was} is the same idea as {becomes}.",
        evidence={"cause": "the same label", "becomes": becomes, "fields": {"id": becomes}},
        group=f"entity:{becomes}",
    )


def with_proposals(run: Run, *proposals: Proposal) -> Run:
    return replace(run, plan=replace(run.plan, proposals=proposals))


def test_merges_of_one_idea_are_one_line_however_many_files_it_is_in(tmp_path: Path) -> None:
    run = synthetic_run(tmp_path, 12)
    merges = [merge(run, place, "release-note", "release-notes") for place in range(7)]
    text = report_markdown(with_proposals(run, *merges, merge(run, 8, "code`owner", "code-owners")))
    lines = [line for line in text.splitlines() if line.startswith("- **merge**")]
    paths = [f"`{pattern.path}`" for pattern in run.library.patterns[:5]]
    last = run.library.patterns[8].path
    seven = f"{', '.join(paths)} and 2 more"
    assert lines == [
        f"- **merge** `release-note` into `release-notes` (0.97, the same label) in 7 files: {seven}",
        f"- **merge** ``code`owner`` into `code-owners` (0.97, the same label) in 1 file: `{last}`",
    ]
    assert "###" not in text.split("### Entities that are one")[1]


def test_many_merges_leave_room_for_the_rest_and_say_how_many_are_left_out(tmp_path: Path) -> None:
    run = synthetic_run(tmp_path, 12)
    merges = [merge(run, 0, f"old-{i:03}", f"new-{i:03}") for i in range(80)]
    rest = [proposal for proposal in run.plan.proposals if proposal.kind != "merge_entity"]
    text = report_markdown(with_proposals(run, *merges, *rest))
    assert text.count("**merge**") == 50
    assert "- … and 30 more, in report.html" in text
    assert "**add**" in text


def test_communities_that_a_pattern_joins_and_leaves_are_named(tmp_path: Path) -> None:
    run = synthetic_run(tmp_path, 12)
    evidence = {
        "in": [{"fields": {"id": "care", "label": "Care *and* trust"}}],
        "out": [{"id": "rest", "label": "Rest"}],
    }
    given = merge(run, 0, "care", "").model_copy(update={"kind": "set_communities", "evidence": evidence})
    assert "- **communities** + Care \\*and\\* trust, − Rest: " in report_markdown(with_proposals(run, given))


def test_why_links_are_new_that_rate_low_is_said_above_them(tmp_path: Path) -> None:
    run = synthetic_run(tmp_path, 12)

    def rated(*confidences: float) -> str:
        link = merge(run, 0, "other", "").model_copy(
            update={"kind": "add_link", "target": run.library.patterns[1].slug}
        )
        links = [link.model_copy(update={"confidence": confidence}) for confidence in confidences]
        return report_markdown(with_proposals(run, *links))

    assert "1 new link rates below 0.50: the best for a pattern that would have none" in rated(0.49, 0.5)
    assert "2 new links rate below 0.50" in rated(0.16, 0.3)
    assert "below 0.50" not in rated(0.5)
