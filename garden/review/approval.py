"""One answer to a whole plan: accept all of it, or what is sure enough, but for what is named."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from garden.plan.decisions import with_mates
from garden.review.answers import Answer, Question, answer

Accept = Literal["all", "above", "none"]
Rest = Literal["later", "no", "again"]
LATER = 30


@dataclass(frozen=True)
class Approval:
    """What is accepted, and what becomes of the rest.

    ``above`` is the least confidence where ``accept`` says so. ``reject`` are ids that are no in any case. The rest is
    put off for 30 days (later), rejected (no), or asked again by the next run.
    """

    accept: Accept
    above: float = 0.0
    reject: tuple[str, ...] = ()
    rest: Rest = "later"
    why: str = ""


def answers_of(given: Approval, asked: Sequence[Question], today: str) -> list[Answer]:
    """An answer to every question but those to be asked again. A no to one proposal is a no to its mates."""
    proposals = [proposal for question in asked for proposal in question.proposals]
    refused = with_mates(given.reject, proposals)
    answers = [_answer(given, question, refused, today) for question in asked]
    return [one for one in answers if one is not None]


def unknown(given: Approval, asked: Iterable[Question]) -> list[str]:
    """Ids to be rejected that are none of the plan's."""
    known = {proposal.id for question in asked for proposal in question.proposals}
    return sorted(set(given.reject) - known)


def _answer(given: Approval, question: Question, refused: set[str], today: str) -> Answer | None:
    if any(proposal.id in refused for proposal in question.proposals):
        return answer(question, "rejected", given.why)
    if given.accept == "all" or (given.accept == "above" and question.confidence >= given.above):
        return answer(question, "accepted", given.why)
    if given.rest == "no":
        return answer(question, "rejected", given.why)
    until = datetime.date.fromisoformat(today) + datetime.timedelta(days=LATER)
    return answer(question, "snoozed", given.why, until.isoformat()) if given.rest == "later" else None
