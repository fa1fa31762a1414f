"""What a shell may put after the words typed so far: the slugs of the library that was named."""

import re
from pathlib import Path

import typer

from garden.config import Settings
from garden.errors import GardenError
from garden.library.find import pattern_files
from garden.shapes.reader import stem
from garden.workshop import settings_of

HEAD_BYTES = 4096


def slugs(context: typer.Context, incomplete: str) -> list[str]:
    """The slugs that begin with what has been typed, in order; none where the library cannot be read.

    A slug is looked for in the head of each file alone: a shell that waits is worse than a name that is missing.
    """
    # Where the word to come is an option's value, the words before it have not been told apart yet.
    place = context.params.get("path") or next((word for word in context.args if not word.startswith("-")), None)
    if place is None:
        return []
    root = Path(place)
    try:
        settings = settings_of(root)
        names, _ = pattern_files(root, settings.read)
        found = {_slug(root / name, settings) for name in names}
    except (GardenError, OSError):
        # An error would land in the middle of the line that is being typed.
        return []
    return sorted(slug for slug in found if slug.startswith(incomplete))


def _slug(path: Path, settings: Settings) -> str:
    with path.open("rb") as handle:
        head = handle.read(HEAD_BYTES).decode(errors="replace")
    for name in settings.fields.slug:
        found = re.search(rf"^{re.escape(name)}:[ \t]*([\"']?)([^\s\"'#]+)\1[ \t]*(?:#.*)?$", head, re.MULTILINE)
        if found:
            return found[2]
    return stem(path.name)
