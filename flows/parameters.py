"""What a flow can be asked for. Each model is the form that Prefect's pages show, and refuses what is out of bounds."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Folder = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4096)]
EARLIEST = date(2000, 1, 1)
LATEST = date(2199, 12, 31)


class TendParameters(BaseModel):
    """One tending of a library."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Folder = Field("patterns", title="Library", description="The library's folder, seen from the worker.")
    mode: Literal["dry-run", "write"] = Field(
        "dry-run", title="Mode", description="dry-run shows what would change; write changes the files."
    )
    only: tuple[Slug, ...] = Field(
        (), title="Only these patterns", max_length=1000, description="Slugs; none means the whole library."
    )
    today: date | None = Field(
        None,
        title="Date",
        ge=EARLIEST,
        le=LATEST,
        description="The date that changed sections will bear; none means the day of the run.",
    )
    report: Folder | None = Field(
        None, title="Report", description="The folder for the report's files; none means reports/<run>."
    )
