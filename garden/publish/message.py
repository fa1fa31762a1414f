"""The message of a commit that we make: why, what, and trailers from which everything can be told again.

A commit proves that it is ours, and untouched, by naming its own tree. One that a reviewer amended no longer does.
"""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson
from pydantic import ValidationError

from garden.models import Kind, Proposal
from garden.plan.batches import Batch
from garden.plan.decisions import Matter
from garden.publish.git import Commit
from garden.report.words import visible

RUN, BASE, TOPIC, PROPOSAL, JOINS, TREE = (
    "Graph-Garden-Run",
    "Graph-Garden-Base",
    "Graph-Garden-Topic",
    "Graph-Garden-Proposal",
    "Graph-Garden-Joins",
    "Graph-Garden-Tree",
)
WHY = {
    "tidy": "What stands there is put right: {held}.",
    "links": "These patterns belong together by their texts, and nothing says so yet.",
    "prune": "These {held} are weakly borne by the texts; a second pair of eyes is asked for.",
}
# What a clean-up may hold: by the cause of a proposal on a link, else by the kind, in the order in which it is told.
_CAUSES = {
    "dead": "links that lead nowhere",
    "self": "links that lead nowhere",
    "duplicate": "links that repeat what is said already",
    "curated": "links that repeat what is said already",
    "renamed": "links under old names",
}
_KINDS: dict[Kind, str] = {
    "remove_link": "links that the texts do not bear",
    "retype_link": "types that are unknown or that two ends do not agree on",
    "add_link": "links that are missing",
    "remove_entity": "entities of which the text says little or nothing",
    "rescore_entity": "entities of which the text says little or nothing",
    "add_entity": "entities that are missing",
    "merge_entity": "entities under several names",
    "set_communities": "communities",
    "touch": "dates that lie in the future",
}
TITLES = {"tidy": "Tidy {about}", "links": "Link {about}", "prune": "Prune {about}"}
WIDTH = 72
# Hosts take these in a commit's message for mentions and references, and close what is "fixed" by them.
_REFERENCE = re.compile(r"(?i)(?<=[@#])(?=\w)|(?<=\bGH-)(?=\d)")
APART = "\u2060"  # Unseen, and of no width.


@dataclass(frozen=True)
class Ours:
    """What a commit of ours says of itself; ``joins`` where it only brings a reviewer's commits and ours together."""

    run: str
    base: str
    topic: str
    joins: bool
    proposed: tuple[Matter, ...]


def why(batch: Batch) -> str:
    """Why a batch is proposed, in a sentence that speaks of what is in it alone."""
    return WHY[batch.step].format(held=_tidied(batch) if batch.step == "tidy" else _doubted(batch))


def _tidied(batch: Batch) -> str:
    told = {_held(proposal) for proposal in batch.proposals}
    return ", ".join(dict.fromkeys(words for words in (*_CAUSES.values(), *_KINDS.values()) if words in told))


def _doubted(batch: Batch) -> str:
    kinds = {proposal.kind for proposal in batch.proposals}
    ends = {"links": "_link", "entities": "_entity", "communities": "_communities"}
    return " and ".join(name for name, end in ends.items() if any(kind.endswith(end) for kind in kinds))


def _held(proposal: Proposal) -> str:
    """What a proposal is about, in a few words that it shares with others."""
    cause = str(proposal.evidence.get("cause")) if proposal.kind.endswith("_link") else ""
    return _CAUSES.get(cause, _KINDS[proposal.kind])


def title(batch: Batch) -> str:
    """A batch in a few words, as the subject of a commit and the title of a pull request."""
    return TITLES[batch.step].format(about=inert(batch.about))


def inert(text: str) -> str:
    """``text`` on one line, in which a host finds nobody to call and nothing to close."""
    return _REFERENCE.sub(APART, visible(text))


@dataclass(frozen=True)
class Origin:
    """The run that a commit comes of, and the commit whose files it changes."""

    run: str
    base: str


def message(origin: Origin, batch: Batch, proposed: Sequence[Matter], tree: str) -> str:
    """The message of a commit that makes the changes of ``batch``, which ``proposed`` tells in brief."""
    lines = [f"- {inert(p.pattern)}: {inert(p.reason)}" for p in batch.proposals]
    trailers = [(RUN, origin.run), (BASE, origin.base), (TOPIC, batch.topic)]
    trailers += [(PROPOSAL, _written(one)) for one in proposed]
    body = [title(batch), "", textwrap.fill(why(batch), WIDTH), "", *lines]
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
        base=told.get(BASE, [""])[-1],
        topic=told.get(TOPIC, [""])[-1],
        joins=JOINS in told,
        proposed=proposed_in(commit.message),
    )


def proposed_in(text: str) -> tuple[Matter, ...]:
    """The proposals that a message speaks of, also where it is a squashed or rebased commit's."""
    found: dict[str, Matter] = {}
    for value in _last_said(text):
        name, _, values = value.partition(" ")
        try:
            found[name] = Matter.model_validate({**orjson.loads(values), "proposal": name})
        except (ValidationError, orjson.JSONDecodeError, TypeError):
            # Cut short or changed by a person or a host: then there is nothing to be learned from this line.
            continue
    return tuple(found.values())


def trailers_of(text: str) -> dict[str, list[str]]:
    """The values of our trailers by name, wherever in the message they stand: hosts put several messages into one."""
    found: dict[str, list[str]] = {}
    for name, value in _trailers(text):
        found.setdefault(name, []).append(value)
    return found


def _trailers(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n"):
        name, colon, value = line.strip().partition(": ")
        if colon and name.startswith("Graph-Garden-"):
            yield name, value.strip()


def _last_said(text: str) -> list[str]:
    """What the messages in a text propose. Of several on one topic those of the newest day count: what an older one
    alone has was withdrawn.
    """
    day, topic = "", ""
    found: dict[str, dict[str, list[str]]] = {}
    for name, value in _trailers(text):
        if name == RUN:
            day, topic = value[:10], ""
        elif name == TOPIC:
            topic = value
        elif name == PROPOSAL:
            found.setdefault(topic, {}).setdefault(day, []).append(value)
    return [value for days in found.values() for value in days[max(days)]]


def _written(proposed: Matter) -> str:
    lean = {key: value for key, value in proposed.lean().items() if key != "proposal"}
    return f"{proposed.proposal} {orjson.dumps(lean, option=orjson.OPT_SORT_KEYS).decode()}"


def _with_trailers(body: Sequence[str], trailers: Sequence[tuple[str, str]]) -> str:
    return "\n".join([*body, "", *(f"{name}: {value}" for name, value in trailers), ""])
