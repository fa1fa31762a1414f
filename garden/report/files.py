"""The files of a report: plan.json, changes.patch, report.md, report.html."""

from pathlib import Path

from garden.edits import patch
from garden.history import health_history
from garden.report.document import plan_document, to_json
from garden.report.html import Beside, report_html
from garden.report.markdown import report_markdown
from garden.run import Run
from garden.store import Store


def write_report(run: Run, folder: Path, store: Store | None = None) -> None:
    """Writes the four files into ``folder``, which is made where it is missing.

    With a ``store`` the map is not laid out twice, and patterns keep their places on it from run to run.
    """
    beside = Beside(store=store, history=health_history(run.request.root).entries)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.json").write_bytes(to_json(plan_document(run)))
    (folder / "changes.patch").write_bytes(patch(run.edits.edits))
    (folder / "report.md").write_text(report_markdown(run), encoding="utf-8")
    (folder / "report.html").write_text(report_html(run, beside), encoding="utf-8")
