"""The reviewer of the simulated year: her rule, which the tool does not know.

She reads the two texts and nothing that the tool has measured. A link is worth having where

- both texts dwell on the same things: the words of six letters and more that each uses at least twice, if no more than
  a tenth of the library's texts use them;
- it is no link to a pattern for everything: one whose title is made of words that every other text uses (half as much);
- it does not touch a subject that she keeps apart: a fifth of the domains, drawn by the seed (one standard deviation);
- and she is in the mood: a normal deviation for the two texts as they stand (half of one).

Each counts in standard deviations of what the first run proposes, and the bar lets four in five of that pass. A weak
link may go where it falls below a bar that lets four in five of the first run's go. An entity goes where the text has
few of its label's words (by their first five letters); of some types she thinks better than of others, by the seed, and
mood counts here too. A plain fact passes always: a dead, doubled, renamed or curated link. Whatever else is asked is a
matter of taste that nothing tells, and four in five pass, by a draw for each matter.

All of it was fixed before the first such year was run.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from statistics import NormalDist
from typing import Protocol

import numpy as np

from garden.models import Proposal
from garden.review import Answer, Question
from garden.review.answers import answer
from garden.run import Run

ACCEPTS = 0.8
DOUBTFUL = ("weak", "full")  # Reasons for a link to go that are a judgement; the others are facts.
GENERAL, APART, MOOD, TYPE = 0.5, 1.0, 0.5, 0.3
KEPT_APART = 0.2
COMMON = 0.1
LONG, STEM = 6, 5


class Place(Protocol):
    """What she can see of the library."""

    @property
    def ids(self) -> Mapping[str, str]: ...

    def version(self, slug: str) -> str: ...

    def text(self, slug: str) -> str: ...

    def domain(self, slug: str) -> str: ...


@dataclass(frozen=True)
class Chance:
    """Numbers in 0..1 that are always the same for the same seed and words."""

    seed: int

    def of(self, *parts: str) -> float:
        digest = blake2b("\0".join((str(self.seed), *parts)).encode(), digest_size=8).digest()
        return (int.from_bytes(digest, "big") + 0.5) / 2**64

    def deviation(self, *parts: str) -> float:
        return NormalDist().inv_cdf(self.of(*parts))


@dataclass
class Reviewer:
    """Answers by her rule, and remembers what she turned down."""

    place: Place
    chance: Chance
    used: Counter[str] = field(default_factory=Counter)
    texts: int = 0
    scale: dict[str, tuple[float, float]] = field(default_factory=dict)
    bars: dict[str, float] = field(default_factory=dict)
    no: set[tuple[str, ...]] = field(default_factory=set)

    def settle_on(self, run: Run) -> None:
        """Takes her measures from the first run; they stay for the year."""
        for pattern in run.library.patterns:
            self.used.update(set(words(self.place.text(pattern.slug))))
        self.texts = len(run.library.patterns)
        judged = [p for p in run.plan.proposals if self._is_judged(p)]
        for name, look in (("ground", self._ground), ("general", self._general)):
            seen = [look(p) for p in judged if p.kind == "add_link"]
            self.scale[name] = (float(np.mean(seen)), float(np.std(seen)) or 1.0)
        for kind in ("add_link", "remove_link", "remove_entity"):
            worth = [self._worth(p) for p in judged if p.kind == kind] or [0.0]
            self.bars[kind] = float(np.quantile(worth, 1 - ACCEPTS if kind == "add_link" else ACCEPTS))

    def says(self, question: Question) -> Answer:
        likes = self._is_fact(question.proposals) or all(self._likes(proposal) for proposal in question.proposals)
        if not likes:
            self.no |= {self.key(proposal) for proposal in question.proposals}
        return answer(question, "accepted" if likes else "rejected")

    def key(self, proposal: Proposal) -> tuple[str, ...]:
        """What a proposal asks, by patterns and how often they were rewritten: reckoned apart from the ledger's way."""
        ends = self._versions(proposal)
        pair = len(ends) == 2 and proposal.kind != "retype_link"
        return (proposal.kind, "" if pair else f"{proposal.target} {proposal.type}", *ends)

    def _versions(self, proposal: Proposal) -> list[str]:
        slugs = {proposal.pattern, proposal.target or ""} if proposal.kind.endswith("link") else {proposal.pattern}
        return sorted(self.place.version(slug) for slug in slugs if slug in self.place.ids)

    def _is_fact(self, proposals: Sequence[Proposal]) -> bool:
        """Whether links go for a plain reason, with those that take their place."""
        gone = [p.evidence.get("cause") not in DOUBTFUL for p in proposals if p.kind == "remove_link"]
        return bool(gone) and all(gone) and all(p.kind in ("remove_link", "add_link") for p in proposals)

    def _likes(self, proposal: Proposal) -> bool:
        if not self._is_judged(proposal):
            return proposal.kind == "remove_link" or self.chance.of(*self.key(proposal)) < ACCEPTS
        worth = self._worth(proposal)
        return worth >= self.bars["add_link"] if proposal.kind == "add_link" else worth < self.bars[proposal.kind]

    def _is_judged(self, proposal: Proposal) -> bool:
        if proposal.kind == "remove_entity":
            return proposal.evidence.get("cause") == "stale"
        doubtful = proposal.kind == "remove_link" and proposal.evidence.get("cause") in DOUBTFUL
        return (proposal.kind == "add_link" or doubtful) and proposal.target in self.place.ids

    def _worth(self, proposal: Proposal) -> float:
        """How much what a proposal is about is worth to her, a link or an entity."""
        mood = MOOD * self.chance.deviation("mood", proposal.kind.split("_")[1], *self._versions(proposal))
        if proposal.kind == "remove_entity":
            fond = TYPE * self.chance.deviation("type", str(proposal.type))
            return self._borne(proposal) + fond + MOOD * TYPE * self.chance.deviation("mood", *self.key(proposal))
        ends = (proposal.pattern, proposal.target or "")
        apart = any(self.chance.of("apart", self.place.domain(slug)) < KEPT_APART for slug in ends)
        ground = self._scaled("ground", self._ground(proposal))
        return ground - GENERAL * self._scaled("general", self._general(proposal)) - APART * apart + mood

    def _scaled(self, name: str, value: float) -> float:
        mean, spread = self.scale[name]
        return (value - mean) / spread

    def _ground(self, proposal: Proposal) -> float:
        """How many telling words both texts dwell on, as a logarithm."""
        one, other = (self._telling(slug) for slug in (proposal.pattern, proposal.target or ""))
        return float(np.log1p(len(one & other)))

    def _telling(self, slug: str) -> set[str]:
        counts = Counter(words(self.place.text(slug)))
        return {word for word, count in counts.items() if count > 1 and self.used[word] <= COMMON * self.texts}

    def _general(self, proposal: Proposal) -> float:
        """How common the words of the more general of the two names are in the library's texts."""
        ends = (proposal.pattern, proposal.target or "")
        names = [list(words(slug)) or [""] for slug in ends]
        return max(float(np.mean([self.used[word] / self.texts for word in name])) for name in names)

    def _borne(self, proposal: Proposal) -> float:
        """The share of a label's words that the text has."""
        text = self.place.text(proposal.pattern).lower()
        label = [word[:STEM] for word in re.findall(r"[a-z]{3,}", str(proposal.evidence.get("label", "")).lower())]
        return float(np.mean([word in text for word in label])) if label else 0.0


def words(text: str) -> Iterable[str]:
    return re.findall(rf"[a-z]{{{LONG},}}", text.lower())
