"""Looking at a folder that may become a library: its files, the signs of other tools, the language of its texts."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from garden.config import ReadSettings
from garden.errors import FrontMatterError, NotALibrary
from garden.frontmatter import decode, parse
from garden.library import Progress, read_bounded
from garden.library.find import pattern_files
from garden.survey import Look

EVERYTHING = ReadSettings(front_matter="optional")
MOST_TEXTS, MOST_CHARS, LEAST_CHARS = 200, 2000, 80
EVERY = 200


def looks_at(root: Path, progress: Progress) -> list[Look]:
    """Every Markdown file below ``root``. Raises ``NotALibrary`` where there is no folder or none in it."""
    if not root.is_dir():
        raise NotALibrary(str(root), "not a folder" if root.exists() else "no such folder")
    names, _ = pattern_files(root, EVERYTHING)
    if not names:
        raise NotALibrary(str(root), "there is no Markdown file in it (README.md and index.md do not count)")
    looks = []
    for done, name in enumerate(names):
        if done % EVERY == 0:
            progress("look", done, len(names))
        looks.append(_look(root, name))
    progress("look", len(names), len(names))
    return looks


def marks_of(root: Path) -> frozenset[str]:
    """The names of what lies in a folder, and in the folder above it: tools leave theirs at the top."""
    return frozenset(path.name for folder in (root.resolve(), root.resolve().parent) for path in folder.iterdir())


def language_of(looks: Sequence[Look]) -> tuple[str, float]:
    """The code of the language most of the texts are in, and the share of them; ("", 0) where there is too little text.

    A sample of the longer texts is judged, spread over all of them.
    """
    # Its tables are read at import: half a second that only this command should take.
    import py3langid  # noqa: PLC0415

    bodies = [look.body for look in looks if len(look.body) >= LEAST_CHARS]
    if not bodies:
        return "", 0.0
    sample = bodies[:: max(1, len(bodies) // MOST_TEXTS)]
    counts = Counter(str(py3langid.classify(body[:MOST_CHARS])[0]) for body in sample)
    code, count = min(counts.items(), key=lambda item: (-item[1], item[0]))
    return code, count / len(sample)


def _look(root: Path, name: str) -> Look:
    try:
        front = parse(decode(read_bounded(root / name, EVERYTHING.max_bytes)), EVERYTHING)
    except (OSError, FrontMatterError):
        # What is wrong with it is told by reading the library as it will be read.
        return Look(name, None)
    return Look(name, front.data, front.body, bare=front.missing)
