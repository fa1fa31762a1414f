"""A run in one sentence."""

from collections import Counter

from garden.plan.facts import is_fact
from garden.report.words import VERBS, counted
from garden.run import Run


def summary(run: Run) -> str:
    """What a run would do, or has done."""
    proposals, patterns = run.plan.proposals, counted(len(run.library.readings), "pattern")
    if not proposals:
        fine = "no plain fact to put right" if run.request.facts else "all well tended"
        well = f"{counted(len(run.problems), 'problem')} named" if run.problems else fine
        return f"Nothing to do: {patterns} read, {well}."
    counts = Counter[str](proposal.kind for proposal in proposals)
    parts = [f"{VERBS[kind][0]} {counted(counts[kind], VERBS[kind][1])}" for kind in VERBS if counts[kind]]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    waits = any(one.id in run.request.under_review and not is_fact(one) for one in proposals)
    also = ", besides what reviewers have before them already" if waits else ""
    alone = f" Plain facts alone{also}." if run.request.facts else ""
    return f"{listed[0].upper()}{listed[1:]}, in {len(run.edits.edits):,} of {patterns}.{alone}"
