"""plan.json: a whole run as one JSON document, the same bytes for the same run."""

from typing import Any

import orjson

from garden.report.learning import learning_document
from garden.run import Run


def plan_document(run: Run) -> dict[str, Any]:
    """The document as plain values. ``numstat`` is what git will count: lines added, lines removed, path."""
    return {
        "run": run.id,
        "library": run.request.name,
        "settings": run.request.settings.deciding(),
        "patterns": len(run.library.readings),
        "problems": [problem.model_dump() for problem in run.problems],
        "health": {"before": run.before, "after": run.after},
        # A model's own dictionary holds its fields in their order; a large library has tens of thousands of proposals.
        "proposals": list(map(vars, run.plan.proposals)),
        "files_changed": [edit.path for edit in run.edits.edits],
        "numstat": [[edit.added, edit.removed, edit.path] for edit in run.edits.edits],
        "waiting": run.waiting,
        "learning": learning_document(run.learning),
        "seconds": run.seconds,
    }


def plan_json(run: Run) -> str:
    """The document as one line."""
    return orjson.dumps(plan_document(run)).decode()


def to_json(document: dict[str, Any]) -> bytes:
    """The document's bytes: indented, keys in the order given, one newline at the end."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
