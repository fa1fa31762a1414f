"""The data of the page: what its table and map need at once, and what a row shows when it is opened.

Two JSON documents, columns rather than records, every text once. Texts come in the order in which patterns speak of
them, so that what is said twice (a reason, and its line in the diff) lies near and compresses away.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from garden.models import Proposal
from garden.report.page.graph import STATES, GardenMap
from garden.report.page.layout import Floats
from garden.report.words import subject
from garden.run import Run

Document = dict[str, Any]

# What the page has of a proposal elsewhere, or has no use for.
LEFT_OUT = {"fields", "item", "texts", "sentences", "terms", "entities", "shares", "label"}
LEFT_OUT_WITH_SHARES = LEFT_OUT | {"signals"}
# Places in a list, which a reader has no use for.
PLACES = {"item", "index", "plain"}


class _Numbers(dict[str, int]):
    def __missing__(self, text: str) -> int:
        self[text] = len(self)
        return self[text]


class Texts:
    """Numbers for texts, given out in order of first use."""

    def __init__(self) -> None:
        self._places = _Numbers()

    def number(self, text: str) -> int:
        """The number of ``text``."""
        return self._places[text]

    def numbers(self, texts: Iterable[str]) -> list[int]:
        """The number of each."""
        return list(map(self._places.__getitem__, texts))

    def all(self) -> list[str]:
        """The texts by number."""
        return list(self._places)


def overview(run: Run, chart: GardenMap, places: Floats) -> Document:
    """What is read before anything is shown: the patterns, the graph, and the columns of the table."""
    place = {pattern.slug: number for number, pattern in enumerate(chart.patterns)}
    kinds, types, targets, reasons = Texts(), Texts(), Texts(), Texts()
    proposals, groups = run.plan.proposals, Texts()
    ends = list(chart.edges)
    return {
        "run": run.id,
        "library": run.request.name,
        "section": run.request.settings.section.key,
        "patterns": {
            "slug": [pattern.slug for pattern in chart.patterns],
            "title": [pattern.title for pattern in chart.patterns],
            "bed": chart.bed.tolist(),
            "before": chart.before.tolist(),
            "after": chart.after.tolist(),
            "x": (places[:, 0] * 1e4).round().astype(int).tolist(),
            "y": (places[:, 1] * 1e4).round().astype(int).tolist(),
        },
        "beds": list(chart.beds),
        "edges": {
            "left": [left for left, _ in ends],
            "right": [right for _, right in ends],
            "state": [STATES.index(state) for state in chart.edges.values()],
            "states": list(STATES),
        },
        "proposals": {
            "id": [proposal.id for proposal in proposals],
            "kind": kinds.numbers([proposal.kind for proposal in proposals]),
            "pattern": [place[proposal.pattern] for proposal in proposals],
            "target": [_target(proposal, place, targets) for proposal in proposals],
            "type": types.numbers([proposal.type or "" for proposal in proposals]),
            "confidence": [round(proposal.confidence * 100) for proposal in proposals],
            "reason": reasons.numbers([proposal.reason for proposal in proposals]),
            "group": groups.numbers([proposal.group for proposal in proposals]),
            "label": _labels(proposals),
        },
        "kinds": kinds.all(),
        "types": types.all(),
        "targets": targets.all(),
        "reasons": reasons.all(),
    }


def details(run: Run, chart: GardenMap) -> Document:
    """What an opened row shows: summaries, evidence and diffs."""
    texts, pairs = Texts(), Texts()
    own: dict[str, list[int]] = {}
    for number, proposal in enumerate(run.plan.proposals):
        own.setdefault(proposal.pattern, []).append(number)
    hunks = {edit.path: edit.hunks for edit in run.edits.edits}
    place = {pattern.slug: number for number, pattern in enumerate(chart.patterns)}
    evidence = [0] * len(run.plan.proposals)
    shown: list[Document] = []
    summary, diff = [], []
    for pattern in chart.patterns:
        summary.append(texts.number(pattern.summary))
        for number in own.get(pattern.slug, ()):
            proposal = run.plan.proposals[number]
            evidence[number] = pairs.number(_shared_key(proposal) or f"{number}")
            if evidence[number] == len(shown):
                shown.append(_evidence(proposal.evidence, texts, place))
        diff.append(texts.number(hunks.get(pattern.path, "")))
    return {
        "summary": summary,
        "diff": diff,
        "path": [pattern.path for pattern in chart.patterns],
        "evidence": evidence,
        "shown": shown,
        "texts": texts.all(),
    }


def _target(proposal: Proposal, place: Mapping[str, int], targets: Texts) -> int:
    """The target's place where it is a pattern; else -1 less the number of its name; -1 alone means none at all."""
    if proposal.target is None:
        return -1
    if "link" in proposal.kind and proposal.target in place:
        return place[proposal.target]
    return -2 - targets.number(proposal.target)


def _labels(proposals: Sequence[Proposal]) -> dict[str, str]:
    """What a proposal is about, by its place, where that is more than its target says."""
    named = ((str(number), subject(proposal)) for number, proposal in enumerate(proposals))
    return {number: label for number, label in named if label}


def _shared_key(proposal: Proposal) -> str | None:
    """Mates rest on the same evidence: it is stored once for both."""
    return proposal.group if proposal.kind == "add_link" else None


def _evidence(evidence: Mapping[str, Any], texts: Texts, place: Mapping[str, int]) -> Document:
    """One proposal's evidence with its texts by number; what is not known here is shown as words, by name."""
    document: Document = {}
    if evidence.get("sentences"):
        document["quotes"] = [
            [place.get(s["pattern"], -1), texts.number(s["role"]), texts.number(s["text"])]
            for s in evidence["sentences"]
        ]
    for name in ("terms", "entities"):
        if evidence.get(name):
            document[name] = texts.numbers([str(item) for item in evidence[name]])
    shares, signals = evidence.get("shares"), evidence.get("signals", {})
    if shares:
        document["signals"] = [[texts.number(name), share, signals.get(name, 0)] for name, share in shares.items()]
    left_out = LEFT_OUT_WITH_SHARES if shares else LEFT_OUT
    facts = [(name, _in_words(value)) for name, value in evidence.items() if name not in left_out]
    if any(value for _, value in facts):
        document["facts"] = [texts.numbers([name, value]) for name, value in facts if value]
    return document


def _in_words(value: Any) -> str:
    """A JSON value as a reader's line."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, (int, float)):
        return "" if value is None else str(value)
    if isinstance(value, Mapping):
        return "; ".join(
            [_pair_in_words(key, item) for key, item in value.items() if key not in PLACES and item is not None]
        )
    return ", ".join(map(_in_words, value)) if isinstance(value, (list, tuple)) else str(value)


def _pair_in_words(key: str, value: Any) -> str:
    return _in_words(value) if key == "fields" else f"{key}: {_in_words(value)}"
