"""What a host finds in the message of a commit: nobody to call, nothing to close."""

import re
from typing import get_args

import pytest

from garden.models import Kind, Proposal
from garden.plan.batches import Batch, Step
from garden.plan.facts import PLAIN
from garden.publish.message import inert, why

CALLED = re.compile(r"(?i)[@#]\w|GH-\d")


@pytest.mark.parametrize("text", ["Fixes #12", "octo/repo#1 and @everyone", "Closes GH-1", "gh-7", "@a@b"])
def test_no_reference_is_left_in_a_message_and_a_reader_sees_the_same(text: str) -> None:
    assert not CALLED.search(inert(text))
    assert inert(text).replace("\u2060", "") == text


@pytest.mark.parametrize("text", ["C# in depth", "10 @ 20", "High-5", "plain"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


def batch(step: Step, *held: tuple[Kind, str | None]) -> Batch:
    told = {"id": "1", "pattern": "a", "path": "a.md", "target": "b", "group": "g", "confidence": 1.0, "reason": "r"}
    made = [{**told, "kind": kind, "evidence": {"cause": cause} if cause else {}} for kind, cause in held]
    return Batch(f"{step}-care", step, "Care", tuple(map(Proposal.model_validate, made)))


FACTS: list[tuple[Kind, str | None]] = [*(("remove_link", cause) for cause in sorted(PLAIN)), ("retype_link", None)]


def test_a_batch_of_plain_facts_speaks_of_no_entity_and_of_no_text() -> None:
    assert why(batch("tidy", *FACTS, ("add_link", "renamed"))) == (
        "What stands there is put right: links that lead nowhere, links that repeat what is said already, links under "
        "old names, types that are unknown or that two ends do not agree on."
    )


@pytest.mark.parametrize(
    ("step", "held", "told"),
    [
        ("tidy", [("remove_link", "dead")], "What stands there is put right: links that lead nowhere."),
        (
            "tidy",
            [("remove_entity", "stale"), ("remove_link", "weak"), ("set_communities", None)],
            "What stands there is put right: links that the texts do not bear, entities of which the text says little",
        ),
        ("prune", [("remove_link", "weak")], "These links are weakly borne"),
        ("prune", [("remove_entity", "stale")], "These entities are weakly borne"),
        ("prune", [("remove_entity", "stale"), ("remove_link", "weak")], "These links and entities are weakly borne"),
    ],
)
def test_why_a_batch_is_proposed_speaks_of_what_is_in_it(step, held, told) -> None:
    assert why(batch(step, *held)).startswith(told)


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_of_proposal_is_spoken_of(kind) -> None:
    assert not why(batch("tidy", (kind, None))).endswith(": .")
