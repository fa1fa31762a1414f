"""What a run is asked for, and what comes of it."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from garden.config import Settings
from garden.edits import Edits
from garden.health import Figures
from garden.ledger import Ledger
from garden.library import Library, Written, as_text
from garden.models import Problem, Proposal, Reliability
from garden.names import Names, composed
from garden.plan import Plan
from garden.plan.facts import is_fact
from garden.plan.outcomes import Learning, learning


@dataclass(frozen=True)
class Request:
    """What is asked for. ``today`` is an ISO date; an empty ``only`` means every pattern, and ``facts``
    leaves out whatever needs judgement.

    Proposals whose ids are ``under_review`` stay, whatever these two say. A run that writes waits ``patience`` seconds
    for another to let go of the library.
    """

    root: Path
    settings: Settings
    today: str
    only: tuple[str, ...] = ()
    facts: bool = False
    write: bool = False
    patience: float = 0.0
    under_review: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The library's name, which is its folder's."""
        return as_text(self.root.resolve().name)

    def wants(self, proposal: Proposal) -> bool:
        """Whether a proposal belongs to what is asked for."""
        asked = (not self.only or composed(proposal.pattern) in self._only) and (not self.facts or is_fact(proposal))
        return asked or proposal.id in self.under_review

    @property
    def partial(self) -> bool:
        """Whether a part of the plan is asked for."""
        return bool(self.part)

    @property
    def part(self) -> tuple[str, ...]:
        """What part of the plan is asked for, in words that differ where the part does; none for the whole."""
        return (*self.only, *(["plain facts"] if self.facts else []))

    @cached_property
    def _only(self) -> frozenset[str]:
        return frozenset(map(composed, self.only))


@dataclass(frozen=True)
class Known:
    """A library, what its names mean, and what reviewers have said."""

    library: Library
    names: Names
    ledger: Ledger = field(default_factory=Ledger)


@dataclass(frozen=True)
class Prepared:
    """A plan, the edits that it comes to, and the backtest of the confidence that it gives, where there was one.

    ``said`` is of how many entities the text has the label, before and after.
    """

    plan: Plan
    edits: Edits
    said: tuple[int, int]
    tested: Reliability | None = None


@dataclass(frozen=True)
class Run:
    """What a run found, wants and did. ``written`` is None for a dry run; ``seconds`` is by stage.

    ``reliability`` is how far its confidence was borne out, once for each way in which that could be measured.
    ``learning`` is what reviewers have said so far. ``waiting`` are the proposals that come later, where the run was
    handed over in pieces.
    """

    id: str
    request: Request
    library: Library
    plan: Plan
    edits: Edits
    before: Figures
    after: Figures
    problems: tuple[Problem, ...]
    written: Written | None
    seconds: dict[str, float]
    reliability: tuple[Reliability, ...] = ()
    learning: Learning = field(default_factory=lambda: learning(()))
    waiting: int | None = None
