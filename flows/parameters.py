"""What a flow can be asked for. Each model is the form that Prefect's pages show, and refuses what is out of bounds."""

import re
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from garden.publish.clone import is_address

# A schema's bounds are checked by the server before a run exists, so this one stands in the schema as well.
NO_SECRET = r"^(?![A-Za-z][A-Za-z0-9+.-]*://[^/?#]*:[^/?#]*@)"  # noqa: S105 - says where none may be
EARLIEST = date(2000, 1, 1)
LATEST = date(2199, 12, 31)
# The server looks at patterns, but neither at formats nor at such bounds.
A_DAY = r"^2[01]\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
Mode = Literal["dry-run", "write", "approve", "branch", "pull-request"]


def _without_secret(text: str) -> str:
    if not re.match(NO_SECRET, text):
        raise ValueError("an address holds no password or token; put the token into GARDEN_TOKEN on the worker")
    return text


Slug = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Folder = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4096)]
Address = Annotated[Folder, AfterValidator(_without_secret)]
# What git itself refuses in a name (two dots are a range to it), and a dash in front, which would be an option.
BRANCH = r"^(?!.*\.\.)([^-\s~^:?*\[\\][^\s~^:?*\[\\]*)?$"
Branch = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=BRANCH)]
# A path that stays below where it starts.
INSIDE = r"^(?!(.*/)?\.\.(/|$))([^/].*)?$"
Inside = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4096, pattern=INSIDE)]


class Place(BaseModel):
    """Where a library lies."""

    # Python's own expressions can look ahead, as those of JSON Schema can.
    model_config = ConfigDict(frozen=True, extra="forbid", regex_engine="python-re")

    path: Address = Field(
        "patterns",
        title="Library",
        description="The library's folder as the worker sees it, or the address of a git repository.",
        json_schema_extra={"pattern": NO_SECRET},
    )
    branch: Branch = Field(
        "", title="Branch", description="For a git repository: its branch; none means the repository's main one."
    )
    folder: Inside = Field(
        "", title="Folder inside", description="For a git repository: the library's folder in it; none means its top."
    )

    @property
    def remote(self) -> bool:
        """Whether the library is cloned from an address."""
        return is_address(self.path)

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        if (self.branch or self.folder) and not self.remote:
            raise ValueError(f"branch and folder go with the address of a git repository, not with {self.path!r}")
        return self


def _day(says: str) -> Any:
    return Field(None, title="Date", ge=EARLIEST, le=LATEST, description=says, json_schema_extra={"pattern": A_DAY})


class TendParameters(Place):
    """One tending of a library."""

    mode: Mode = Field(
        "dry-run",
        title="Mode",
        description=(
            "dry-run shows what would change; write changes the files of a folder; approve shows the plan, waits for "
            "an answer and writes what was accepted; branch commits the changes on branches, a topic each; "
            "pull-request pushes these and opens or updates pull requests."
        ),
    )
    only: tuple[Slug, ...] = Field(
        (), title="Only these patterns", max_length=1000, description="Slugs; none means the whole library."
    )
    facts: bool = Field(
        False,
        title="Plain facts alone",
        description="Leaves out whatever needs judgement: what is left are links that are dead, doubled or repeat a "
        "curated one, and targets and types by an old name.",
    )
    today: date | None = _day("The date that changed sections will bear; none means the day of the run.")
    report: Folder | None = Field(
        None,
        title="Report",
        description="The folder for the report's files; none means reports and the run's name.",
    )
    hours: float = Field(
        72, gt=0, le=2400, title="Hours to answer", description="How long approve waits; then nothing is written."
    )

    @model_validator(mode="after")
    def _written_where_it_stays(self) -> Self:
        if self.mode in ("write", "approve") and self.remote:
            raise ValueError(
                f"{self.mode} changes the files of a folder; for a git address take branch or pull-request"
            )
        return self


class HealthParameters(Place):
    """One look at a library's health."""

    today: date | None = _day("The date that ages count from; none means today.")
    fail_on_alarm: bool = Field(
        True, title="Fail on an alarm", description="Whether the run fails where a figure is an alarm."
    )


class LearnParameters(Place):
    """One collecting of what reviewers decided."""
