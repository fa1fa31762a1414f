"""How a run is put into words: one sentence of what it does, the rows of the health table, text made safe."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from garden.models import Proposal

VERBS = {
    "add_link": ("add", "link"),
    "remove_link": ("remove", "link"),
    "retype_link": ("retype", "link"),
    "add_entity": ("add", "entity"),
    "remove_entity": ("remove", "entity"),
    "merge_entity": ("merge", "entity"),
    "rescore_entity": ("rescore", "entity"),
    "set_communities": ("set the communities of", "pattern"),
    "touch": ("put right the date of", "pattern"),
}
PLURALS = {"link": "links", "entity": "entities", "pattern": "patterns"}

# Control characters, and the marks that turn the direction of text, could make a line show what it does not say.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!&@$])")


def counted(number: int, noun: str) -> str:
    """``1 link``, ``2,000 links``."""
    return f"{number:,} {noun if number == 1 else PLURALS.get(noun, noun + 's')}"


def summary_sentence(proposals: Sequence[Proposal], patterns: int, files: int) -> str:
    """What a run would do, in one sentence."""
    if not proposals:
        return f"Nothing to do: {counted(patterns, 'pattern')} read, all well tended."
    counts = Counter[str](proposal.kind for proposal in proposals)
    parts = [f"{VERBS[kind][0]} {counted(counts[kind], VERBS[kind][1])}" for kind in VERBS if counts[kind]]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"{listed[0].upper()}{listed[1:]}, in {files:,} of {counted(patterns, 'pattern')}."


def subject(proposal: Proposal) -> str:
    """What a proposal is about where its target does not say it: an entity's label or both of its ids, communities."""
    if proposal.kind == "merge_entity":
        return f"{proposal.target} → {proposal.evidence.get('becomes', '')}"
    if proposal.kind == "set_communities":
        joined = [f"+ {_called(part)}" for part in proposal.evidence.get("in", ())]
        return ", ".join([*joined, *(f"− {_called(part)}" for part in proposal.evidence.get("out", ()))])
    return str(proposal.evidence.get("label") or "")


def _called(part: Mapping[str, Any]) -> str:
    fields = part.get("fields", part)
    return str(fields.get("label") or fields.get("id")) if isinstance(fields, Mapping) else str(fields)


def visible(text: str) -> str:
    """``text`` on one line, with unseen characters shown by their code."""
    flat = re.sub(r"\s+", " ", text)
    return _UNSEEN.sub(lambda match: f"\\u{ord(match.group()):04x}", flat)


def markdown(text: str) -> str:
    """``text`` on one line, to be read in Markdown as just these characters."""
    return _MARKDOWN.sub(r"\\\1", visible(text))


def code(text: str) -> str:
    """``text`` as Markdown code, whatever backticks it has."""
    shown = visible(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"
