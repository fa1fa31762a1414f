"""Answers and plans that come from files: a decisions file of the report's page, or an earlier run's plan.json."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from garden.errors import InputError
from garden.models import Entity, Link, Pattern, Proposal, Section
from garden.names import Names, names_of
from garden.plan.curated import curated_pairs
from garden.plan.decisions import Decision, withheld
from garden.review.answers import Answer, Question, Says, answer

DECISIONS: dict[str, Says] = {
    "accepted": "accepted",
    "accept": "accepted",
    "rejected": "rejected",
    "reject": "rejected",
    "snoozed": "snoozed",
}


EXPECTED = 'expected {"id": …, "decision": "accepted" or "rejected"} in each line, or a whole plan.json'
CHANGED = "the library has been changed since the plan was made"
ANSWERED = "was answered with no, or put off, since the plan was made"


@dataclass(frozen=True)
class Given:
    """What a file gave, and the ids in it that mean nothing here, each with the reason."""

    answers: tuple[Answer, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    strange: Mapping[str, str] | None = None


def answers_from(path: Path, asked: Sequence[Question]) -> Given:
    """Answers from JSON lines: ``{"id", "decision": accepted | rejected | snoozed, "note", "until"}``.

    A no to one of several mates is a no to all; a yes needs no other to say no. Raises ``InputError`` at the line that
    is wrong.
    """
    known = {proposal.id: question for question in asked for proposal in question.proposals}
    said: dict[str, Answer] = {}
    strange: dict[str, str] = {}
    for number, values in _lines(path):
        name, says = str(values.get("id", "")), DECISIONS.get(str(values.get("decision", "")))
        if not name or says is None:
            raise InputError(str(path), number, EXPECTED)
        question = known.get(name)
        if question is None:
            strange[name] = "is not among the proposals of this run: made already, withdrawn, or answered before"
        elif question.group not in said or says == "rejected":
            note = str(values.get("note") or "")
            said[question.group] = answer(question, says, note, values.get("until"))
    return Given(tuple(said.values()), strange=strange)


def proposals_from(path: Path, patterns: Sequence[Pattern]) -> Given:
    """The proposals of an earlier run's plan.json that still fit the library; the others are named.

    Raises ``InputError`` where the file is no plan.
    """
    try:
        document = orjson.loads(path.read_bytes())
        proposals = [Proposal.model_validate(values) for values in document["proposals"]]
    except OSError as error:
        raise InputError(str(path), 1, f"cannot be read: {error.strerror}") from error
    except (orjson.JSONDecodeError, ValidationError, KeyError, TypeError) as error:
        raise InputError(str(path), 1, "is no plan.json of this program") from error
    return still_fitting(proposals, patterns)


def still_fitting(proposals: Sequence[Proposal], patterns: Sequence[Pattern]) -> Given:
    """Those of an earlier plan's proposals that still fit the library, mates together; the others are named."""
    fits = _Fits.of(patterns)
    fitting = [proposal for proposal in proposals if fits.proposal(proposal)]
    fit = {proposal.id for proposal in fitting}
    parted = {proposal.group for proposal in proposals if proposal.id not in fit}
    return Given(
        proposals=tuple(proposal for proposal in fitting if proposal.group not in parted),
        strange={proposal.id: CHANGED for proposal in proposals if proposal.group in parted},
    )


def unanswered(given: Given, decisions: Sequence[Decision], patterns: Sequence[Pattern], today: str) -> Given:
    """An earlier plan without what was turned down or put off meanwhile: nothing is asked twice."""
    quiet = withheld(given.proposals, decisions, patterns, today)
    left = tuple(proposal for proposal in given.proposals if proposal.id not in quiet)
    return Given(given.answers, left, {**(given.strange or {}), **dict.fromkeys(sorted(quiet), ANSWERED)})


def well_formed(path: Path) -> None:
    """Raises ``InputError`` where a file is neither a plan nor answers, before a run is made for it."""
    if is_plan(path):
        proposals_from(path, ())
    else:
        answers_from(path, ())


def is_plan(path: Path) -> bool:
    """Whether a file is one JSON object with proposals, and not JSON lines."""
    try:
        document = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return False
    return isinstance(document, dict) and "proposals" in document


def _lines(path: Path) -> list[tuple[int, dict[str, Any]]]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(str(path), 1, f"cannot be read: {error.strerror}") from error
    found: list[tuple[int, dict[str, Any]]] = []
    for number, line in enumerate(raw.splitlines(), 1):
        if not line.strip():
            continue
        try:
            values = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise InputError(str(path), number, f"is no JSON: {error}") from error
        if not isinstance(values, dict):
            raise InputError(str(path), number, "expected one JSON object a line")
        found.append((number, values))
    return found


@dataclass(frozen=True)
class _Fits:
    """Whether what a proposal would change is still what it was. ``curated`` are pairs that people have joined."""

    patterns: Mapping[str, Pattern]
    names: Names
    curated: Container[tuple[int, int]]

    @classmethod
    def of(cls, patterns: Sequence[Pattern]) -> "_Fits":
        names = names_of(patterns)
        return cls({pattern.slug: pattern for pattern in patterns}, names, curated_pairs(tuple(patterns), names))

    def proposal(self, proposal: Proposal) -> bool:
        pattern = self.patterns.get(proposal.pattern)
        if pattern is None or pattern.path != proposal.path:
            return False
        section = pattern.section or Section()
        if proposal.kind == "add_link":
            return all(link.target != proposal.target for link in section.links) and self._open(proposal)
        if proposal.kind == "add_entity":
            return all(entity.id != proposal.target for entity in section.entities)
        place = proposal.evidence.get("item")
        items: Sequence[Link | Entity] = section.links if proposal.kind.endswith("link") else section.entities
        if place is None:
            return True
        return isinstance(place, int) and place < len(items) and _is_still(items[place], proposal)

    def _open(self, proposal: Proposal) -> bool:
        """Whether a new link's target is there, and nobody has joined the two meanwhile."""
        ends = [self.names.exact(proposal.pattern), self.names.exact(proposal.target or "")]
        places = sorted(place for place in ends if place is not None)
        return len(places) == 2 and (places[0], places[1]) not in self.curated


def _is_still(item: Link | Entity, proposal: Proposal) -> bool:
    was, now = proposal.evidence.get("was"), item.model_dump()
    name = now.get("target") or now.get("id")
    return all(now.get(k) == v for k, v in was.items()) if isinstance(was, Mapping) else name in (was, proposal.target)
