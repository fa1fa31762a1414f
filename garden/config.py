"""Every setting with its bounds, its default and what it is for. Where they come from: ``settings``."""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from garden import values
from garden.vocabulary import Vocabulary

LARGEST = 2**63 - 1  # Of whole numbers: plan.json and TOML have none beyond it.


class Group(BaseModel):
    """One table of garden.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _truth_is_no_number(cls, value: object, info: ValidationInfo) -> object:
        # Python takes true for 1.
        if isinstance(value, bool) and cls.model_fields[info.field_name or ""].annotation is not bool:
            raise ValueError("should not be true or false")
        return value


class ReadSettings(Group):
    """What counts as a pattern, and what is too large or too deep to be one."""

    include: Annotated[tuple[str, ...], AfterValidator(values.some)] = Field(
        ("**/*.md",),
        description="Globs of pattern files, at any depth; ** is any number of folders, name/ all that lies below one.",
    )
    exclude: tuple[str, ...] = Field(
        ("**/README.md", "**/index.md", "**/_index.md"), description="The same, of files that are not patterns."
    )
    max_bytes: int = Field(2_000_000, ge=1_000, le=LARGEST, description="A larger file is reported and left alone.")
    max_front_matter_bytes: int = Field(
        256_000, ge=1_000, le=LARGEST, description="The same, for the front matter alone."
    )
    max_depth: int = Field(40, ge=4, le=200, description="How deep front matter may nest.")
    front_matter: Literal["needed", "optional"] = Field(
        "needed", description="Whether a file without front matter is a problem, or a pattern that gets some."
    )


Words = Annotated[str, AfterValidator(values.worded)]
Names = Annotated[tuple[str, ...], BeforeValidator(values.listed)]


class FieldSettings(Group):
    """Which front matter keys hold what people wrote.

    A dot leads down a level. Of several names the first that says something counts; '' means that there is none.
    """

    slug: Names = Field(("slug",), description="A pattern's own name; without one its file's name.")
    id: Names = Field(("id",), description="Another name that relationships may use.")
    id_in_name: Annotated[str, AfterValidator(values.expression)] = Field(
        "", description="What of a file's name is its id where no field gives one: a regular expression."
    )
    title: Names = Field(("title",), description="A pattern's title; without one its slug in words.")
    title_from_heading: bool = Field(False, description="Whether the first heading is the title where no field is.")
    aliases: Names = Field(("aliases",), description="Other titles.")
    summary: Names = Field(("summary",), description="What a pattern says, in a sentence or two.")
    tension: Names = Field(("ontology.search_hints.primary_tension",), description="What pulls against what.")
    keywords: Names = Field(("ontology.search_hints.vector_keywords",), description="Words to find it by.")
    relationships: Names = Field(("relationships",), description="Kinds of relationships, each with its patterns.")
    kinds: Names = Field(
        ("generalizes_from", "specializes_to", "enables", "requires", "related"),
        description="Keys that are kinds of relationships themselves, each with its patterns.",
    )
    target: Names = Field(
        ("slug", "id", "typeid"), description="What names the pattern in a relationship that has keys of its own."
    )
    links: Literal["none", "wiki", "markdown", "both"] = Field(
        "none", description="Which links in a text are relationships that people made: [[wiki]], [markdown](other.md)."
    )
    links_kind: Words = Field("related", description="The kind of relationship that such a link is.")


class EncoderSettings(Group):
    """Which model turns passages into vectors."""

    model: Words = Field(
        "packaged",
        description="'packaged': the installed all-MiniLM-L6-v2; else a sentence-transformers name or path.",
    )
    revision: str = Field("", description="A model's revision, where it is a name.")
    batch: int = Field(8, ge=1, le=1024, description="Passages encoded at a time.")
    max_tokens: int = Field(254, ge=16, le=8192, description="Tokens of a passage that are read.")


class LinkSettings(Group):
    """Which links a pattern should have."""

    most: int = Field(
        8,
        ge=0,
        le=100,
        description="Most inferred links of one pattern; supported ones that stand, and the other ends of such links, "
        "come beyond it. With 0 nothing but these other ends is added.",
    )
    add_above: float = Field(
        0.5,
        ge=0,
        le=1,
        description="A new link is proposed from this confidence on, the other end of a supported one that stands from "
        "any.",
    )
    keep_above: float = Field(0.25, ge=0, le=1, description="A link that stands is kept from this confidence on.")
    lose: float = Field(
        0.02,
        ge=0,
        le=0.5,
        description="Unless the standing links lean, of links like the curated ones, pruning may lose this share.",
    )
    keep_within: float = Field(
        0.7,
        ge=0,
        le=1,
        description="The same where too few curated links are known: one is kept that scores as this share of random "
        "pairs do.",
    )
    rescue_above: float = Field(
        0.15, ge=0, le=1, description="For a pattern that would have no link, the best partner from this confidence on."
    )
    type_above: float = Field(
        0.8, ge=0, le=1, description="A type is claimed where such claims were right this often on links held out."
    )
    neighbours: int = Field(50, ge=5, le=1000, description="Candidates looked at for each pattern.")
    seed: int = Field(0, ge=0, le=LARGEST, description="Seed of the random pairs that links are compared with.")


class EntitySettings(Group):
    """When an entity has gone stale."""

    keep_above: float = Field(
        0.03,
        ge=0,
        le=1,
        description="An entity is pruned below these odds that the text bears it, in a small library below "
        "somewhat higher ones.",
    )
    merge: bool = Field(True, description="Whether ids that are one idea become one id.")
    add: int = Field(8, ge=0, le=50, description="Most entities given to a pattern that has none; 0 gives none.")
    rescore_beyond: float = Field(
        0.15, ge=0.05, le=1, description="A relevance that is off by more than this is rewritten; 1 rewrites none."
    )


class CommunitySettings(Group):
    """Which groups the patterns form, and when a pattern joins or leaves one.

    What a community holds of a pattern's neighbours is counted beyond chance: 0 is chance, 1 is all of them.
    """

    tend: bool = Field(True, description="Whether communities are tended at all.")
    neighbours: int = Field(
        25, ge=2, le=200, description="Most patterns that make up a neighbourhood; fewer in a library of below 625."
    )
    join_above: float = Field(
        0.15, gt=0, le=1, description="A pattern without a community joins one that holds so much of its neighbours."
    )
    leave_below: float = Field(
        0.5, ge=0, le=1, description="It leaves one that holds less than this part of what chance would give it."
    )
    belong_above: float = Field(0.25, gt=0, le=1, description="The same, for the members of a group found anew.")
    smallest: int = Field(4, ge=2, le=100, description="Fewest members of a group found anew.")
    resolution: float = Field(1.0, gt=0, le=20, description="Above 1 for smaller groups, below for larger ones.")
    seed: int = Field(0, ge=0, le=LARGEST, description="Seed of the search for groups.")


class HealthSettings(Group):
    """When a figure of health is an alarm: ``garden health`` then exits with 1, and a flow fails. Unset one with ''."""

    seed: int = Field(0, ge=0, le=LARGEST, description="Seed of the tests for bias.")
    significance: float = Field(0.001, gt=0, le=0.1, description="Bias must be less likely by chance than this.")
    letter_excess: float | None = Field(
        0.25, ge=0, le=1, description="Links that one first letter may get beyond its part of the patterns."
    )
    position_shift: float | None = Field(
        0.2, ge=0, le=0.5, description="How far the mean place of links' targets may lie from the alphabet's middle."
    )
    target_spread: float | None = Field(
        0.05, ge=0, le=1, description="Least evenness of targets: 1 is as even as chance, near 0 a few hold all."
    )
    curated_letter_excess: float | None = Field(
        0.25, ge=0, le=1, description="The same as letter_excess, for curated relationships."
    )
    top_target_share: float | None = Field(None, ge=0, le=1, description="Most of all links that one pattern may hold.")
    targets_share: float | None = Field(None, ge=0, le=1, description="Fewest patterns that are a target, as a share.")
    links_dangling_share: float | None = Field(0.1, ge=0, le=1, description="Most links that may lead to no pattern.")
    curated_dangling: int | None = Field(
        None, ge=0, le=LARGEST, description="Most curated relationships that may lead nowhere."
    )
    inverse_consistency: float | None = Field(None, ge=0, le=1, description="Fewest links told from both ends.")
    cycles: int | None = Field(None, ge=0, le=LARGEST, description="Most circles of requires, and of specializes_to.")
    entities_stale_share: float | None = Field(None, ge=0, le=1, description="Most entities that may be stale.")
    oldest_age_days: int | None = Field(None, ge=0, le=LARGEST, description="Most days since any section was pruned.")
    problems: int | None = Field(None, ge=0, le=LARGEST, description="Most files that may have problems.")

    @model_validator(mode="before")
    @classmethod
    def _empty_means_unset(cls, data: object) -> object:
        # TOML has no null: "" is how a settings file unsets a threshold.
        return {k: None if v == "" else v for k, v in data.items()} if isinstance(data, dict) else data


class SectionSettings(Group):
    """The machine's section of each file."""

    key: Words = Field("graph_garden", description="Front matter key of the section.")
    missing: Literal["create", "skip"] = Field("create", description="What to do where a file has no section.")


class PublishSettings(Group):
    """How much a reviewer gets at a time, and where it goes. No secret has a place here."""

    files: int = Field(25, ge=1, le=3000, description="Most files of one branch or pull request.")
    proposals: int = Field(60, ge=1, le=5000, description="Most proposals of one branch or pull request.")
    open: int = Field(3, ge=1, le=100, description="Most branches or pull requests that wait for a reviewer.")
    links_per_pattern: int = Field(3, ge=1, le=100, description="Most new links of one pattern in one of them.")
    prefix: Annotated[str, AfterValidator(values.branch_begin)] = Field(
        "graph-garden", description="What names of branches begin with."
    )
    base: Annotated[str, AfterValidator(values.no_option)] = Field(
        "", description="The branch that changes are meant for; empty for the one checked out."
    )
    remote: Annotated[Words, AfterValidator(values.no_option)] = Field(
        "origin", description="The git remote that pull requests are pushed to."
    )
    api: Annotated[str, AfterValidator(values.address)] = Field(
        "https://api.github.com", description="Where the host's API answers; for GitHub Enterprise its own."
    )
    repository: Annotated[str, AfterValidator(values.owner_and_name)] = Field(
        "", description="owner/name at the host; empty to take it from the remote's address."
    )
    labels: Annotated[tuple[str, ...], AfterValidator(values.labels)] = Field(
        ("graph-garden",), description="Labels of a pull request."
    )
    author: Annotated[Words, AfterValidator(values.signed)] = Field(
        "Graph Garden", description="The name that commits bear."
    )
    email: Annotated[Words, AfterValidator(values.signed)] = Field(
        "graph-garden@localhost", min_length=3, description="The address that commits bear."
    )


class RunnerSettings(Group):
    """Where embedding and similarity are worked on. The result is the same everywhere.

    In garden.toml the kind may stand by itself: ``runner = "processes"``.
    """

    kind: Literal["here", "threads", "processes", "dask"] = Field(
        "here", description="here: this process; threads, processes: several of this machine; dask: a Dask cluster."
    )
    workers: int = Field(0, ge=0, le=512, description="How many at a time; 0 for as many as there are processors.")
    address: str = Field(
        "",
        max_length=500,
        description="Where a Dask scheduler answers, like tcp://10.0.0.5:8786; empty: one here.",
    )
    folder: str = Field(
        "", max_length=4096, description="A folder that all workers can reach; empty for the cache of this machine."
    )
    shards: int = Field(16, ge=1, le=200, description="Into how many shards one piece of work is cut at most.")

    @model_validator(mode="before")
    @classmethod
    def _kind_by_itself(cls, data: object) -> object:
        return {"kind": data} if isinstance(data, str) else data


class Settings(Group):
    """All settings of a library."""

    read: ReadSettings = ReadSettings()
    fields: FieldSettings = FieldSettings()
    encoder: EncoderSettings = EncoderSettings()
    links: LinkSettings = LinkSettings()
    entities: EntitySettings = EntitySettings()
    communities: CommunitySettings = CommunitySettings()
    health: HealthSettings = HealthSettings()
    section: SectionSettings = SectionSettings()
    publish: PublishSettings = PublishSettings()
    runner: RunnerSettings = RunnerSettings()
    vocabulary: Vocabulary = Vocabulary()

    def deciding(self) -> dict[str, Any]:
        """The settings that a plan rests on, as plain values: all but where the work is done."""
        return self.model_dump(mode="json", exclude={"runner"})
