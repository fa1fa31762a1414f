"""Plain facts: what is put right without anybody's judgement, and nothing else."""

import pytest

from garden.models import Kind, Proposal
from garden.plan.facts import is_fact


def proposal(kind: Kind, cause: str | None, confidence: float) -> Proposal:
    evidence = {} if cause is None else {"cause": cause}
    told = {"id": "1", "kind": kind, "pattern": "a", "path": "a.md", "target": "b", "group": "link:a:b"}
    return Proposal.model_validate({**told, "confidence": confidence, "reason": "r", "evidence": evidence})


@pytest.mark.parametrize(
    ("kind", "cause", "confidence", "plain"),
    [
        ("remove_link", "curated", 1.0, True),
        ("remove_link", "dead", 1.0, True),
        ("remove_link", "duplicate", 1.0, True),
        ("remove_link", "self", 1.0, True),
        ("remove_link", "renamed", 1.0, True),
        ("add_link", "renamed", 1.0, True),  # The link under the present name.
        ("remove_link", "renamed", 0.9, False),  # The present name is guessed.
        ("add_link", "renamed", 0.9, False),
        ("remove_link", "weak", 1.0, False),
        ("remove_link", "full", 1.0, False),
        ("add_link", None, 1.0, False),
        ("retype_link", None, 1.0, True),
        ("retype_link", None, 0.9, False),
        ("remove_entity", "stale", 1.0, False),
        ("merge_entity", None, 1.0, False),
        ("set_communities", None, 1.0, False),
    ],
)
def test_a_fact_is_what_no_text_was_weighed_for(kind, cause, confidence, plain) -> None:
    assert is_fact(proposal(kind, cause, confidence)) is plain
