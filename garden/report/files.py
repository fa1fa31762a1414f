"""The files of a report: plan.json, changes.patch, report.md, report.html, and its pictures."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from garden.edits import patch
from garden.errors import ReportRefused
from garden.history import health_history
from garden.report.document import plan_document, to_json
from garden.report.html import Beside, begin, page_of
from garden.report.markdown import report_markdown
from garden.report.page.places import Places
from garden.report.stills import stills
from garden.run import Run

PICTURES = "pictures"


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
    """Raises ``ReportRefused`` where a report would be written between the patterns themselves, and be read as one."""
    if folder.resolve() == root.resolve():
        raise ReportRefused(str(folder), "it is the library itself")


def _write(run: Run, folder: Path, places: Places | None) -> None:
    beside = Beside(places=places, history=health_history(run.request.root).entries)
    (folder / PICTURES).mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor() as pool:
        page = begin(run, beside, pool)
        # The largest by far: the others are made while it is written.
        plan = pool.submit((folder / "plan.json").write_bytes, to_json(plan_document(run)))
        (folder / "changes.patch").write_bytes(patch(run.edits.edits))
        (folder / "report.md").write_text(report_markdown(run), encoding="utf-8")
        for name, svg in stills(page.pictures).items():
            (folder / PICTURES / name).write_text(svg, encoding="utf-8")
        (folder / "report.html").write_text(page_of(run, page), encoding="utf-8")
        plan.result()
