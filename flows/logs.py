"""The log of runs, for people: a failure that was to be expected is told by its sentence, without a trace."""

import logging

from garden.errors import GardenError

LOGGERS = ("prefect.flow_runs", "prefect.task_runs")


class _NoTrace(logging.Filter):
    """Takes the trace off a line about an error of ours, which says itself what to do. A bug keeps its trace."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, GardenError):
            record.msg, record.args, record.exc_info, record.exc_text = "Failed: %s", (error,), None, None
        return True


NO_TRACE = _NoTrace()


def quieten() -> None:
    """Has Prefect's own lines about runs and tasks without traces of expected errors."""
    for name in LOGGERS:
        # The same filter again is no second one.
        logging.getLogger(name).addFilter(NO_TRACE)
