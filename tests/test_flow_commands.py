"""The flows' commands, and how their failures are told."""

import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import typer
from prefect.exceptions import ParameterTypeError
from prefect.settings import PREFECT_LOGGING_TO_API_ENABLED, temporary_settings

from flows import health, learn
from flows.commands import parameters_of
from flows.logs import LOGGERS
from flows.parameters import TendParameters
from flows.tend import tend
from garden.errors import GardenError, NotALibrary
from tests.githost.garden import library_in_git


@contextmanager
def lines_of(logger: logging.Logger) -> Iterator[list[logging.LogRecord]]:
    """What reaches the log by one of Prefect's loggers, which its own configuration has set up."""
    found: list[logging.LogRecord] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record)

    handler = Kept()
    logger.addHandler(handler)
    try:
        yield found
    finally:
        logger.removeHandler(handler)


@pytest.mark.parametrize("name", LOGGERS)
def test_an_expected_failure_is_told_by_its_sentence_and_a_bug_with_its_trace(name: str) -> None:
    logger = logging.getLogger(name)
    # No run is at work here, so that there is none to send lines of.
    with lines_of(logger) as lines, temporary_settings({PREFECT_LOGGING_TO_API_ENABLED: False}):
        for error in (NotALibrary("notes", "no such folder"), ValueError("a bug")):
            try:
                raise error
            except Exception:
                # As Prefect's engine has it.
                logger.exception("Encountered exception during execution: %r", error)
    expected, bug = lines
    assert expected.exc_info is None
    assert expected.getMessage().startswith("Failed: notes: no such folder; name a folder")
    assert bug.exc_info is not None


@pytest.mark.usefixtures("prefect_server")
def test_a_failure_that_goes_through_a_task_and_its_run_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with ExitStack() as stack:
        lines = [stack.enter_context(lines_of(logging.getLogger(name))) for name in LOGGERS]
        with pytest.raises(NotALibrary) as failure:
            tend(TendParameters(path=str(tmp_path / "empty"), report=str(tmp_path / "report")))
        said = [line.getMessage() for some in lines for line in some]
    assert [line for line in said if str(failure.value) in line] == [f"Failed: {failure.value}"]
    assert said.count("Finished in state Failed") == 2, "the task and the run"
    assert [line for line in said if "Nothing was written" in line] == ["Failed. Nothing was written."]


def test_wrong_parameters_of_a_run_are_told_without_a_trace() -> None:
    logger = logging.getLogger("prefect.flow_runs")
    with lines_of(logger) as lines, temporary_settings({PREFECT_LOGGING_TO_API_ENABLED: False}):
        try:
            tend.validate_parameters({"parameters": {"branch": "main", "hours": 0}})
        except ParameterTypeError:
            logger.exception("Engine execution exited with unexpected exception")
        try:
            tend.validate_parameters({"parameters": {"branch": "main"}})
        except ParameterTypeError:
            logger.exception("Engine execution exited with unexpected exception")
    hours, together = lines
    assert (hours.exc_info, together.exc_info) == (None, None)
    assert hours.getMessage() == "Failed: parameters.hours: Input should be greater than 0"
    says = "Failed: branch and folder go with the address of a git repository, not with 'patterns'"
    assert together.getMessage() == says


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"mode": "erase"}, "mode: Input should be 'dry-run', 'write', 'approve', 'branch' or 'pull-request'\n"),
        (
            {"path": "https://ann:secret@example.org/x"},
            "path: an address holds no password or token; put the token into GARDEN_TOKEN on the worker\n",
        ),
        ({"branch": "main"}, "branch and folder go with the address of a git repository, not with 'patterns'\n"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(
    asked: dict[str, str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        parameters_of(TendParameters, asked)
    assert ended.value.exit_code == 2
    assert capsys.readouterr().err == says


def test_health_and_learning_run_once_by_a_command(
    prefect_server: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = library_in_git(tmp_path / "repo").folder / "lib"
    health.command(str(library), today="2026-11-22", fail_on_alarm=False)
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["patterns"], told["problems"]) == (8, 0)
    learn.command(str(library))
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"new": 0, "known": 0}
    with pytest.raises(GardenError, match="no such folder"):
        health.command(str(tmp_path / "nowhere"))
