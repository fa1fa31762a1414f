"""The files of a report: plan.json, changes.patch, report.md, report.html, and its pictures."""

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from garden.edits import patch
from garden.errors import ReportRefused
from garden.history import health_history
from garden.library import find
from garden.report.document import plan_document, to_json
from garden.report.html import Beside, begin, page_of
from garden.report.markdown import report_markdown
from garden.report.page.places import Places
from garden.report.stills import stills
from garden.run import Run

PICTURES, REPORT = "pictures", "report.md"
FRONT_MATTER = b"---"


def write_report(run: Run, folder: Path, places: Places | None = None) -> None:
    """Writes the four files into ``folder``, which is made where it is missing, and the pictures beside them.

    With ``places`` the map is not laid out twice, and patterns keep their places on it from run to run. Raises
    ``ReportRefused`` where the folder cannot be written, or is the library.
    """
    refuse_library(folder, run.request.root)
    try:
        _write(run, folder, places)
    except OSError as error:
        raise ReportRefused(str(folder), error.strerror or str(error)) from error


def refuse_library(folder: Path, root: Path) -> None:
    """Raises ``ReportRefused`` where a report would be written between the patterns themselves, or over a text.

    A folder with a report in it is passed over when a library is read, and all that lies below it.
    """
    try:
        real, library = folder.resolve(), root.resolve()
    except (OSError, RuntimeError) as error:
        raise ReportRefused(str(folder), "where it leads cannot be found out") from error
    if real == library:
        raise ReportRefused(str(folder), "it is the library itself")
    with suppress(OSError):
        if (folder / REPORT).read_bytes().startswith(FRONT_MATTER):
            raise ReportRefused(str(folder), f"its {REPORT} is a note")
    if real.is_relative_to(library) and _holds_notes(folder):
        raise ReportRefused(str(folder), "notes of the library lie in it")


def refuse_unwritable(folder: Path) -> None:
    """Raises ``ReportRefused`` where no report can be written to ``folder``, to say so before a library is changed."""
    near = folder.absolute()
    while not os.path.exists(near) and near != near.parent:  # noqa: PTH110 - a Path raises where it may not look
        near = near.parent
    if not near.is_dir():
        raise ReportRefused(str(folder), os.strerror(errno.ENOTDIR))
    if not os.access(near, os.W_OK | os.X_OK):
        raise ReportRefused(str(folder), f"{near} may not be written")


def _holds_notes(folder: Path) -> bool:
    """Whether Markdown files lie in a folder, or below it, that are no parts of a report."""
    for _, folders, files in os.walk(folder):
        if find.REPORT.issubset(files):
            folders.clear()
        elif any(name.endswith(".md") for name in files):
            return True
    return False


def _write(run: Run, folder: Path, places: Places | None) -> None:
    beside = Beside(places=places, history=health_history(run.request.root).entries)
    (folder / PICTURES).mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor() as pool:
        page = begin(run, beside, pool)
        # The largest by far: the others are made while it is written.
        plan = pool.submit((folder / "plan.json").write_bytes, to_json(plan_document(run)))
        (folder / "changes.patch").write_bytes(patch(run.edits.edits))
        (folder / REPORT).write_text(report_markdown(run), encoding="utf-8")
        for name, svg in stills(page.pictures).items():
            (folder / PICTURES / name).write_text(svg, encoding="utf-8")
        (folder / "report.html").write_text(page_of(run, page), encoding="utf-8")
        plan.result()
