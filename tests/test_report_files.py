"""Where a report may be written."""

from pathlib import Path

import pytest

from garden.errors import ReportRefused
from garden.report import refuse_library

NOTE = "---\ntitle: A Note\n---\nIts text.\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library with notes in a folder, a note called report.md, and a report of an earlier run with its bodies."""
    files = {
        "people/ada.md": NOTE,
        "people/deep/eve.md": NOTE,
        "sub/report.md": NOTE,
        "reports/one/plan.json": "{}",
        "reports/one/changes.patch": "",
        "reports/one/report.md": "# Tending\n",
        "reports/one/branches/links.md": "What is asked.\n",
    }
    for name, text in files.items():
        path = tmp_path / "library" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "library"


@pytest.mark.parametrize(
    ("folder", "says"),
    [
        (".", "it is the library itself"),
        ("people", "notes of the library lie in it"),
        ("people/deep", "notes of the library lie in it"),
        ("sub", "its report.md is a note"),
        ("loop", "where it leads cannot be found out"),
    ],
)
def test_a_report_is_written_over_no_note_and_makes_none_vanish(library: Path, folder: str, says: str) -> None:
    (library / "loop").symlink_to(library / "loop")
    with pytest.raises(ReportRefused, match=says):
        refuse_library(library / folder, library)


def test_nor_over_a_note_that_lies_elsewhere(library: Path) -> None:
    with pytest.raises(ReportRefused, match=r"its report\.md is a note; name another folder"):
        refuse_library(library / "sub", library / "people")


@pytest.mark.parametrize("folder", ["new", "reports", "reports/one", "reports/two", "../elsewhere"])
def test_reports_go_beside_the_notes_and_over_earlier_reports(library: Path, folder: str) -> None:
    refuse_library(library / folder, library)
