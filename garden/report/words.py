"""How a run is put into words: one sentence of what it does, the rows of the health table, text made safe."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from garden.models import Pattern, Proposal
from garden.unseen import UNSEEN

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

# Hosts make links of addresses that stand in a text; not where one of their marks is escaped.
_ADDRESS = re.compile(r"(?i)(?<=[a-z])(?=://)|(?<=www)(?=\.)|(?<=mailto)(?=:)|(?<=xmpp)(?=:)")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!&@$])")


def counted(number: int, noun: str) -> str:
    """``1 link``, ``2,000 links``."""
    return f"{number:,} {noun if number == 1 else PLURALS.get(noun, noun + 's')}"


def waits(number: int | None) -> str:
    """How many proposals come later than the branches of this run, in a sentence; nothing where none does."""
    if not number:
        return ""
    verb = "waits" if number == 1 else "wait"
    return f"{counted(number, 'proposal')} {verb} until the branches of this run are done with."


def told_apart(patterns: Iterable[Pattern]) -> dict[str, str]:
    """What each pattern is called, by slug: its title, with its slug behind it where another has the same title."""
    titles = {pattern.slug: pattern.title.strip() for pattern in patterns}
    often = Counter(map(str.casefold, titles.values()))
    return {slug: title if often[title.casefold()] == 1 else f"{title} ({slug})" for slug, title in titles.items()}


def subject(proposal: Proposal) -> str:
    """What a proposal is about where its target does not say it: an entity's label or both of its ids, communities."""
    if proposal.kind == "merge_entity":
        return f"{proposal.target} → {proposal.evidence.get('becomes', '')}"
    if proposal.kind == "set_communities":
        signs = {"in": "+", "out": "−", "renamed": "→"}
        return ", ".join(f"{sign} {_called(p)}" for key, sign in signs.items() for p in proposal.evidence.get(key, ()))
    return str(proposal.evidence.get("label") or "")


def _called(part: Mapping[str, Any]) -> str:
    fields = part.get("fields", part)
    return str(fields.get("label") or fields.get("id")) if isinstance(fields, Mapping) else str(fields)


def visible(text: str) -> str:
    """``text`` on one line, with unseen characters shown by their code."""
    return escaped(re.sub(r"\s+", " ", text))


def escaped(text: str) -> str:
    """``text`` with its lines and blanks as they are, and unseen characters shown by their code, as JSON writes it."""
    if text.isprintable():  # So is most text, and this tells it in half the time.
        return text
    return UNSEEN.sub(lambda match: json.dumps(match.group())[1:-1], text)


def fitted(text: str, most: int, shown: Callable[[str], str]) -> str:
    """``text`` as ``shown`` makes it, in at most ``most`` characters: what is longer is cut, and says so."""
    if len(text) <= most and len(whole := shown(text)) <= most:
        return whole
    room = most - 2
    while len(cut := f"{shown(text[:room])} …") > most and room > 0:
        room = room * 3 // 4
    return cut


def markdown(text: str) -> str:
    """``text`` on one line, to be read in Markdown as just these characters."""
    return _ADDRESS.sub(r"\\", _MARKDOWN.sub(r"\\\1", visible(text)))


def code(text: str) -> str:
    """``text`` as Markdown code, whatever backticks it has."""
    shown = visible(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"
