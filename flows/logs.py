"""The log of runs, for people: a failure that was to be expected is told by its sentence, without a trace."""

import logging

from garden.errors import GardenError

LOGGERS = ("prefect.flow_runs", "prefect.task_runs")


class _NoTrace(logging.Filter):
    """Takes the trace off a line about an error of ours, or of who asked: it says what to do. A bug keeps its own."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        told = _told(error) if error else ""
        if told:
            record.msg, record.args, record.exc_info, record.exc_text = "Failed: %s", (told,), None, None
        return True


def _told(error: BaseException) -> str:
    """What to say of an error that was to be expected; nothing of another."""
    # Prefect is loaded by now, and may not be before its surroundings are set.
    from prefect.exceptions import ParameterTypeError  # noqa: PLC0415

    if isinstance(error, ParameterTypeError):
        # A heading, and a line for each value: where it stands, and what is wrong with it.
        said = (line.removeprefix(" - ").removeprefix("parameters: ") for line in str(error).splitlines()[1:])
        return "; ".join(line.replace("Value error, ", "", 1) for line in said)
    return str(error) if isinstance(error, GardenError) else ""


NO_TRACE = _NoTrace()


def quieten() -> None:
    """Has Prefect's own lines about runs and tasks without traces of expected errors."""
    for name in LOGGERS:
        # The same filter again is no second one.
        logging.getLogger(name).addFilter(NO_TRACE)
