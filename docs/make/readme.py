"""What README.md shows of a run, brought up to date with the kept example: one file's change, and the map as a picture.

python -m docs.make.readme, called by ``make example``.
"""

import re
from pathlib import Path

from garden.console import Bars
from garden.report.html import pictures_of
from garden.report.stills import stills
from garden.run import Request
from garden.tend import tend
from garden.workshop import current_date, settings_of, tools_for

ROOT = Path(__file__).resolve().parents[2]
DIFF = re.compile(r"^```diff\n(--- a/([^\n]+)\n.*?)^```", re.MULTILINE | re.DOTALL)


def main() -> None:
    """Writes README.md and docs/images/map.svg."""
    readme = ROOT / "README.md"
    patch = (ROOT / "reports" / "example" / "changes.patch").read_text(encoding="utf-8")
    readme.write_text(with_diff(readme.read_text(encoding="utf-8"), patch), encoding="utf-8")
    picture = ROOT / "docs" / "images" / "map.svg"
    picture.parent.mkdir(exist_ok=True)
    picture.write_text(map_of(ROOT / "patterns"), encoding="utf-8")


def with_diff(page: str, patch: str) -> str:
    """The page with the change of the file that it shows as the patch has it now."""

    def now(match: re.Match[str]) -> str:
        found = re.search(rf"^--- a/{re.escape(match[2])}\n.*?(?=^--- a/|\Z)", patch, re.MULTILINE | re.DOTALL)
        return f"```diff\n{found[0]}```" if found else match[0]

    return DIFF.sub(now, page)


def map_of(root: Path) -> str:
    """The map of a library after a run, as an SVG document."""
    request = Request(root=root, settings=settings_of(root), today=current_date())
    with Bars() as bars:
        return stills(pictures_of(tend(request, tools_for(request.settings, bars))))["map.svg"]


if __name__ == "__main__":
    main()
