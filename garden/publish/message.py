"""The message of a commit that we make: why, what, and trailers from which everything can be told again.

A commit proves that it is ours, and untouched, by naming its own tree. One that a reviewer amended no longer does.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from pydantic import ValidationError

from garden.models import Pattern, Value
from garden.plan.batches import Batch
from garden.plan.decisions import Decision, Said, Verdict, decision
from garden.publish.git import Commit
from garden.report.words import visible

RUN, TOPIC, PROPOSAL, JOINS, TREE = (
    "Graph-Garden-Run",
    "Graph-Garden-Topic",
    "Graph-Garden-Proposal",
    "Graph-Garden-Joins",
    "Graph-Garden-Tree",
)
WHY = {
    "tidy": "What stands there no longer holds: dead or doubled links, entities that the text does not speak of.",
    "links": "These patterns belong together by their texts, and nothing says so yet.",
    "prune": "These links and entities are weakly borne by the texts; a second pair of eyes is asked for.",
}
TITLES = {"tidy": "Tidy {about}", "links": "Link {about}", "prune": "Prune {about}"}
WIDTH = 72


class Proposed(Value):
    """One proposal as a commit keeps it: all of a decision but what was decided."""

    decision: Decision

    def decided(self, verdict: Verdict, said: Said) -> Decision:
        """What was said to it."""
        update = {"verdict": verdict, "who": said.who, "when": said.when, "where": said.where, "why": said.why}
        return self.decision.model_copy(update={**update, "until": said.until})


@dataclass(frozen=True)
class Ours:
    """What a commit of ours says of itself; ``joins`` where it only brings a reviewer's commits and ours together."""

    run: str
    topic: str
    joins: bool
    proposed: tuple[Proposed, ...]


def title(batch: Batch) -> str:
    """A batch in a few words, as the subject of a commit and the title of a pull request."""
    return TITLES[batch.step].format(about=visible(batch.about))


def message(run: str, batch: Batch, patterns: Mapping[str, Pattern], tree: str) -> str:
    """The message of a commit that makes the changes of ``batch``. ``patterns`` are by slug."""
    lines = [f"- {visible(p.pattern)}: {visible(p.reason)}" for p in batch.proposals]
    trailers = [(RUN, run), (TOPIC, batch.topic)]
    trailers += [(PROPOSAL, _written(decision(p, "snoozed", patterns, NOBODY))) for p in batch.proposals]
    body = [title(batch), "", textwrap.fill(WHY[batch.step], WIDTH), "", *lines]
    return _with_trailers(body, [*trailers, (TREE, tree)])


def joining_message(run: str, topic: str, tree: str) -> str:
    """The message of a commit that puts our newer changes beside those of a reviewer."""
    body = ["Bring the branch up to this run", "", "What others have committed here stays as it is."]
    return _with_trailers(body, [(RUN, run), (TOPIC, topic), (JOINS, "yes"), (TREE, tree)])


def ours(commit: Commit) -> Ours | None:
    """What a commit says of itself, or None where it is somebody else's or was changed since."""
    told = trailers_of(commit.message)
    if told.get(TREE, [""])[-1] != commit.tree:
        return None
    return Ours(
        run=told.get(RUN, [""])[-1],
        topic=told.get(TOPIC, [""])[-1],
        joins=JOINS in told,
        proposed=proposed_in(commit.message),
    )


def proposed_in(text: str) -> tuple[Proposed, ...]:
    """The proposals that a message speaks of, also where it is a squashed or rebased commit's."""
    found: dict[str, Proposed] = {}
    for value in trailers_of(text).get(PROPOSAL, []):
        try:
            values = orjson.loads(value.partition(" ")[2])
            one = Decision.model_validate({**values, **_UNSAID, "proposal": value.partition(" ")[0]})
        except (ValidationError, orjson.JSONDecodeError, TypeError):
            # Cut short or changed by a person or a host: then there is nothing to be learned from this line.
            continue
        found[one.proposal] = Proposed(decision=one)
    return tuple(found.values())


def trailers_of(text: str) -> dict[str, list[str]]:
    """The values of our trailers by name, wherever in the message they stand: hosts put several messages into one."""
    found: dict[str, list[str]] = {}
    for line in text.split("\n"):
        name, colon, value = line.strip().partition(": ")
        if colon and name.startswith("Graph-Garden-"):
            found.setdefault(name, []).append(value.strip())
    return found


NOBODY = Said(who="", when="", where="")
_UNSAID = {"verdict": "snoozed", "who": "", "when": "", "where": ""}


def _written(proposed: Decision) -> str:
    values = proposed.model_dump(mode="json", exclude={"proposal", *_UNSAID, "why", "until"})
    values["ends"] = [{key: value for key, value in end.items() if value is not None} for end in values["ends"]]
    lean = {key: value for key, value in values.items() if value not in (None, {})}
    return f"{proposed.proposal} {orjson.dumps(lean, option=orjson.OPT_SORT_KEYS).decode()}"


def _with_trailers(body: Sequence[str], trailers: Sequence[tuple[str, str]]) -> str:
    return "\n".join([*body, "", *(f"{name}: {value}" for name, value in trailers), ""])
