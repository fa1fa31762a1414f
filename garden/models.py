"""The words of the product as frozen values: what is read, what is proposed, what is decided.

Items keep their place (``index``) in the list that they were read from, so that a change can find their own lines.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from garden.unseen import dropped

Scalar = str | int | float | bool | None
ListName = Literal["entities", "communities", "inferred_links"]
Kind = Literal[
    "add_link",
    "remove_link",
    "retype_link",
    "add_entity",
    "remove_entity",
    "merge_entity",
    "rescore_entity",
    "set_communities",
    "touch",
]


class Value(BaseModel):
    """A frozen value."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Problem(Value):
    """Something wrong in one file. ``path`` is relative to the library; ``line`` and ``column`` count from 1."""

    path: str
    line: int
    column: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message} [{self.code}]"


class Entity(Value):
    """A thing that a pattern speaks of. ``plain`` says that it was written as a bare string."""

    index: int
    id: str
    label: str
    type: str | None = None
    relevance: float | None = None
    plain: bool = False


class Community(Value):
    """A group of patterns to which this one belongs. ``source`` taxonomy or curated: a person's word."""

    index: int
    id: str
    label: str
    source: str | None = None
    confidence: float | None = None
    plain: bool = False


class Link(Value):
    """An inferred link as it stands in a file; ``target`` and ``type`` as written."""

    index: int
    target: str
    type: str | None = None
    confidence: float | None = None
    reason: str = ""


class Section(Value):
    """The machine-written group of one pattern. ``last_pruned`` is the date as written, None where there is none."""

    last_pruned: str | None = None
    entities: tuple[Entity, ...] = ()
    communities: tuple[Community, ...] = ()
    links: tuple[Link, ...] = ()


class Relationship(Value):
    """A curated relationship; ``target`` is a slug or an id, as written."""

    kind: str
    target: str
    weight: float | None = None


class Pattern(Value):
    """One file. ``text_hash`` covers what people wrote that meaning rests on: title, aliases, summary and body.

    ``text_sketch`` tells how far that text has moved (see ``sketch``), empty where it was not taken. ``keys`` are the
    front matter's top-level keys in order, ``banner`` the comment lines right above the section.
    """

    path: str
    slug: str
    id: str | None = None
    title: str
    aliases: tuple[str, ...] = ()
    summary: str = ""
    tension: str = ""
    keywords: tuple[str, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    section: Section | None = None
    keys: tuple[str, ...] = ()
    banner: str = ""
    file_hash: str
    text_hash: str
    text_sketch: str = ""


class WantedItem(Value):
    """One item of a wanted list.

    ``index`` is the place of the item in the list as it stands, None for a new one. ``fields`` are, for an item that
    stands, the fields to set (the others stay as they are), for a new one all of them in order; a string for an item
    written as a bare string. None leaves the item as it is, to the byte.
    """

    index: int | None = None
    fields: Mapping[str, Scalar] | str | None = None


class WantedSection(Value):
    """What a section should become. A list that is None is left as it is; so is ``last_pruned`` where it is None."""

    last_pruned: str | None = None
    entities: tuple[WantedItem, ...] | None = None
    communities: tuple[WantedItem, ...] | None = None
    inferred_links: tuple[WantedItem, ...] | None = None


class Proposal(Value):
    """One change with its reason. ``group`` is shared by proposals that only make sense together (inverse mates).

    Titles and labels may hold what nobody sees; a reason that tells of them does not.
    """

    id: str
    kind: Kind
    pattern: str
    path: str
    target: str | None = None
    type: str | None = None
    confidence: float
    reason: Annotated[str, AfterValidator(dropped)]
    evidence: Mapping[str, Any] = Field(default_factory=dict)
    group: str


class Edit(Value):
    """The change of one file: ``old`` at byte ``start`` becomes ``new``; nothing else changes.

    ``old_hash`` is the hash of the whole file that the edit was made from. ``hunks`` is the change as a unified diff
    without file names, ``added`` and ``removed`` its lines, counted as git counts them.
    """

    path: str
    old_hash: str
    start: int
    old: bytes
    new: bytes
    hunks: str = ""
    added: int = 0
    removed: int = 0

    def applied_to(self, raw: bytes) -> bytes:
        """The new bytes of the file whose bytes are ``raw``."""
        end = self.start + len(self.old)
        if raw[self.start : end] != self.old:
            raise ValueError(f"{self.path}: the edit was not made from this text")
        return raw[: self.start] + self.new + raw[end:]


class Bin(Value):
    """Changes of about one confidence (the mean of theirs), and what share of them was right."""

    confidence: float
    share: float
    count: int


class Reliability(Value):
    """How far confidence could be believed, measured on links held out or on what reviewers decided.

    ``bins`` rise with the confidence, and none is empty.
    """

    source: Literal["backtest", "decisions"]
    bins: tuple[Bin, ...]

    @property
    def cases(self) -> int:
        """How many it rests on."""
        return sum(bin_.count for bin_ in self.bins)

    @property
    def error(self) -> float:
        """The expected calibration error (Naeini, Cooper and Hauskrecht 2015), 0 where there is nothing."""
        apart = sum(abs(bin_.share - bin_.confidence) * bin_.count for bin_ in self.bins)
        return apart / self.cases if self.cases else 0.0
