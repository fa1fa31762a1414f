"""The log of runs, for people: a failure that was to be expected is told once, by its sentence, without a trace."""

import logging
import re
from collections.abc import Iterator
from typing import Any

from garden.errors import GardenError

LOGGERS = ("prefect.flow_runs", "prefect.task_runs")
# How Prefect ends its line on a run or task that failed: with the whole of the error, which has been told.
_ENDED = re.compile(r"""(Finished in state Failed)\(["'](?:(?:Flow|Task) run encountered an exception:? |)(\w+):? """)
_VALIDATION = "Validation"  # of flow parameters failed with error


class _ToldOnce(logging.Filter):
    """Tells an error of ours, or of who asked, once and by its sentence, which says what to do. A bug keeps its trace.

    An error goes through the task and then through the run, and both would tell of it and of their end.
    """

    def __init__(self) -> None:
        super().__init__()
        self._last: tuple[Any, str] | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line is to be told, having put it into words."""
        error = record.exc_info[1] if record.exc_info else None
        told = _told(error) if error else ""
        if told:
            record.msg, record.args, record.exc_info, record.exc_text = "Failed: %s", (told,), None, None
            return self._is_news(record, told)
        ended = _ENDED.match(str(record.msg))
        if ended and ended[2] in {_VALIDATION, *(one.__name__ for one in _kinds(GardenError))}:
            record.msg, record.args = ended[1], ()
        return True

    def _is_news(self, record: logging.LogRecord, told: str) -> bool:
        """Whether it is another than what was told last of the same run."""
        run, last = getattr(record, "flow_run_id", None), self._last
        self._last = (run, told)
        return run is None or self._last != last


def _kinds(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for one in kind.__subclasses__():
        yield from _kinds(one)


def _told(error: BaseException) -> str:
    """What to say of an error that was to be expected; nothing of another."""
    # Prefect is loaded by now, and may not be before its surroundings are set.
    from prefect.exceptions import ParameterTypeError  # noqa: PLC0415

    if isinstance(error, ParameterTypeError):
        # A heading, and a line for each value: where it stands, and what is wrong with it.
        said = (line.removeprefix(" - ").removeprefix("parameters: ") for line in str(error).splitlines()[1:])
        return "; ".join(line.replace("Value error, ", "", 1) for line in said)
    return str(error) if isinstance(error, GardenError) else ""


TOLD_ONCE = _ToldOnce()


def quieten() -> None:
    """Has Prefect's own lines about runs and tasks without traces of expected errors."""
    for name in LOGGERS:
        # The same filter again is no second one.
        logging.getLogger(name).addFilter(TOLD_ONCE)
