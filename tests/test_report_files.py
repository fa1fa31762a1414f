"""Where a report may be written."""

from pathlib import Path

import pytest

from garden.errors import ReportRefused
from garden.report import refuse_library, refuse_unwritable

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


@pytest.mark.parametrize("folder", ["file", "file/below", "file/below/it"])
def test_what_lies_below_a_file_can_hold_no_report(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ReportRefused, match=r": the report cannot be written: Not a directory; name another folder"):
        refuse_unwritable(tmp_path / folder)


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, _: path != tmp_path)
    with pytest.raises(ReportRefused, match=rf"new/one: the report cannot be written: {tmp_path} may not be written;"):
        refuse_unwritable(tmp_path / "new" / "one")


@pytest.mark.parametrize("folder", [".", "new", "new/one"])
def test_a_folder_need_not_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    monkeypatch.chdir(tmp_path)
    refuse_unwritable(Path(folder))
    refuse_unwritable(tmp_path / folder)
