"""Questions and answers: proposals that only make sense together are one question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from garden.config import PublishSettings
from garden.models import Pattern, Proposal, Value
from garden.plan.batches import cut
from garden.vocabulary import Vocabulary

Says = Literal["accepted", "edited", "rejected", "snoozed", "skipped"]
ALL = PublishSettings(files=3000, proposals=5000, open=100, links_per_pattern=100)


@dataclass(frozen=True)
class Question:
    """The proposals of one group, in the order of their files. ``heading`` says what it is about."""

    heading: str
    proposals: tuple[Proposal, ...]

    @property
    def group(self) -> str:
        """What the proposals have in common."""
        return self.proposals[0].group

    @property
    def confidence(self) -> float:
        """That of the least sure of them."""
        return min(proposal.confidence for proposal in self.proposals)


class Answer(Value):
    """What was said to one question. ``fields`` are what an edit changes in the first of its proposals.

    ``ids`` are those of the proposals that were shown: the answer is to these and no others.
    """

    group: str
    ids: tuple[str, ...]
    says: Says
    why: str = ""
    until: str | None = None
    fields: Mapping[str, Any] | None = None


def questions(proposals: Sequence[Proposal], patterns: Sequence[Pattern]) -> list[Question]:
    """The questions in the order of review: surest clean-ups, then new links, then the rest, topic by topic."""
    left, found = tuple(proposals), []
    while left:
        batches = cut(left, patterns, ALL)
        for batch in batches.now:
            groups: dict[str, list[Proposal]] = {}
            for proposal in batch.proposals:
                groups.setdefault(proposal.group, []).append(proposal)
            found += [Question(f"{batch.step} · {batch.about}", tuple(group)) for group in groups.values()]
        left = batches.waiting
    return found


def accepted_above(asked: Sequence[Question], confidence: float) -> list[Answer]:
    """A yes to every question whose proposals are all at least so sure; the others are not answered."""
    return [answer(question, "accepted") for question in asked if question.confidence >= confidence]


def answer(question: Question, says: Says, why: str = "", until: str | None = None) -> Answer:
    """An answer to a question."""
    ids = tuple(proposal.id for proposal in question.proposals)
    return Answer(group=question.group, ids=ids, says=says, why=why, until=until)


def edited(question: Question, fields: Mapping[str, Any], vocabulary: Vocabulary) -> tuple[Proposal, ...]:
    """The question's proposals with ``fields`` set in the first; a mate gets the inverse of a changed type."""
    first, *mates = question.proposals
    inverse = vocabulary.inverse(str(fields["type"])) if fields.get("type") else None
    changed = [_with(first, fields)]
    for mate in mates:
        returns = mate.pattern == first.target and inverse and mate.kind in ("add_link", "retype_link")
        changed.append(_with(mate, {"type": inverse}) if returns else mate)
    return tuple(changed)


def editable(question: Question, vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """What a person may change in the first proposal, each with the values to choose from, none where it is free."""
    first = question.proposals[0]
    fields = first.evidence.get("fields")
    if not isinstance(fields, Mapping):
        return {}
    types = tuple(sorted(vocabulary.inverses)) if first.kind in ("add_link", "retype_link") else ()
    return {name: types if name == "type" else () for name in ("type", "reason", "label") if name in fields}


def _with(proposal: Proposal, fields: Mapping[str, Any]) -> Proposal:
    known = proposal.evidence.get("fields")
    values = {**known, **fields} if isinstance(known, Mapping) else known
    own = {name: fields[name] for name in ("type", "reason") if name in fields}
    return proposal.model_copy(update={"evidence": {**proposal.evidence, "fields": values}, **own})
