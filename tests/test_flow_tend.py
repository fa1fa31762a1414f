"""The Prefect flow, run for real against one test server, on a copy of the sample library."""

import ast
import inspect
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterKey,
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterId,
)
from prefect.client.schemas.objects import FlowRun, StateType, TaskRun
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ParameterTypeError, PrefectHTTPStatusError
from pydantic import ValidationError

from flows.parameters import TendParameters
from flows.shown import artifact_key
from flows.stages import Narrator, library_name
from flows.tend import Tended, tend, told
from garden import library, workshop
from garden.edits import patch
from garden.errors import LibraryLocked, NotWritten, ReportRefused, UnknownPattern
from garden.library import writing
from garden.plan.facts import PLAIN
from garden.report.document import plan_document, to_json
from garden.run import Request
from garden.tend import tend as tell
from tests.conftest import FakeEncoder

ROOT = Path(__file__).resolve().parents[1]
TODAY = "2026-11-22"
STAGES = ["embed", "finish", "judge", "prepare edits of", "read", "recall", "report on"]
STAGES_OF_A_RECALLED_RUN = ["finish", "read", "recall", "report on"]


@pytest.fixture
def sample(tmp_path: Path, fake_encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample library, tended with the small encoder and without a clock, reports beside it."""
    monkeypatch.setattr(workshop, "SentenceEncoder", lambda _: fake_encoder)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(ROOT / "patterns", tmp_path / "sample"))


def asked(path: Path, **more: Any) -> TendParameters:
    return TendParameters.model_validate({"path": str(path), "today": TODAY, **more})


def flow_run_of(parameters: TendParameters, stages: int = len(STAGES)) -> tuple[Tended, FlowRun, list[TaskRun]]:
    state = tend(parameters, return_state=True)
    outcome = state.result()
    with get_client(sync_client=True) as client:
        flow_run = client.read_flow_run(_id(state.state_details.flow_run_id))
        return outcome, flow_run, finished_task_runs(client, flow_run, stages)


def finished_task_runs(client: SyncPrefectClient, flow_run: FlowRun, stages: int) -> list[TaskRun]:
    """The task runs of a run that succeeded; the server hears of them by events, a moment after they end."""
    of_run = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run.id]))
    found: list[TaskRun] = []
    end = time.monotonic() + 20
    while len(found) < stages and time.monotonic() < end:
        runs = client.read_task_runs(flow_run_filter=of_run)
        found = [run for run in runs if run.state_type == StateType.COMPLETED]
        time.sleep(0.1)
    return found


def _id(given: UUID | None) -> UUID:
    assert given is not None
    return given


def texts(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_dry_run_is_one_task_a_stage_and_changes_no_file(prefect_server: None, sample: Path) -> None:
    before = texts(sample)
    outcome, flow_run, task_runs = flow_run_of(asked(sample))
    assert sorted(run.name for run in task_runs) == [f"{verb} sample" for verb in STAGES]
    assert flow_run.name == "tend sample (dry-run)"
    assert outcome.proposals > 0
    assert outcome.written is None
    assert texts(sample) == before


def test_the_flow_leaves_the_report_beside_it_and_on_the_run_page(prefect_server: None, sample: Path) -> None:
    outcome, flow_run, _ = flow_run_of(asked(sample))
    folder = Path(outcome.report)
    assert folder == Path("reports", outcome.run)
    assert {"plan.json", "changes.patch", "report.md"} <= {path.name for path in folder.iterdir()}
    key = ArtifactFilter(key=ArtifactFilterKey(any_=["tend-sample"]))
    with get_client(sync_client=True) as client:
        artifacts = client.read_artifacts(artifact_filter=key)
    (shown,) = [artifact.data for artifact in artifacts if artifact.flow_run_id == flow_run.id]
    assert shown == (folder / "report.md").read_text(encoding="utf-8")


def test_the_flow_comes_to_the_same_bytes_as_the_command_line(
    prefect_server: None, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome, _, _ = flow_run_of(asked(sample))
    monkeypatch.setenv("GARDEN_CACHE", "another-cache")
    request = Request(root=sample, settings=workshop.settings_of(sample), today=TODAY)
    run = tell(request, workshop.tools_for(request.settings, lambda *_: None))
    folder = Path(outcome.report)
    assert (folder / "changes.patch").read_bytes() == patch(run.edits.edits)
    assert (folder / "plan.json").read_bytes() == to_json(plan_document(run))


def test_what_was_found_for_the_same_input_is_not_judged_again(prefect_server: None, sample: Path) -> None:
    first, _, _ = flow_run_of(asked(sample, report="first"))
    second, _, task_runs = flow_run_of(asked(sample, report="second"), len(STAGES_OF_A_RECALLED_RUN))
    assert sorted(run.name for run in task_runs) == [f"{verb} sample" for verb in STAGES_OF_A_RECALLED_RUN]
    assert texts(Path(second.report)) == texts(Path(first.report))


def test_the_flow_uses_the_words_of_the_story() -> None:
    def words(function: Callable[..., Any]) -> str:
        (definition,) = ast.parse(inspect.getsource(function)).body
        assert isinstance(definition, ast.FunctionDef)
        return ast.unparse(ast.Module(definition.body[1:], type_ignores=[]))

    assert words(told) == words(tell)


def test_writing_changes_the_files_and_leaves_nothing_to_do(prefect_server: None, sample: Path) -> None:
    first, _, _ = flow_run_of(asked(sample, mode="write"))
    after = texts(sample)
    second, _, _ = flow_run_of(asked(sample, mode="write"))
    assert first.written == first.files_changed > 0
    assert (second.proposals, second.written) == (0, 0)
    assert texts(sample) == after


def test_only_the_patterns_asked_for_are_changed(prefect_server: None, sample: Path) -> None:
    whole, _, _ = flow_run_of(asked(sample, report="whole"))
    plan = json.loads(Path(whole.report, "plan.json").read_text(encoding="utf-8"))
    slug = plan["proposals"][0]["pattern"]
    part, flow_run, _ = flow_run_of(asked(sample, only=[slug], report="part"))
    assert part.files_changed == 1
    assert flow_run.name == f"tend sample (dry-run, only {slug})"
    facts, flow_run, _ = flow_run_of(asked(sample, facts=True, report="facts"))
    plan = json.loads(Path(facts.report, "plan.json").read_text(encoding="utf-8"))
    assert 0 < facts.proposals < whole.proposals
    assert {one["evidence"].get("cause") for one in plan["proposals"] if one["kind"] == "remove_link"} <= PLAIN
    assert flow_run.name == "tend sample (dry-run, plain facts)"


def test_a_run_on_a_library_that_stays_locked_fails_and_writes_nothing(
    prefect_server: None, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.tend.PATIENCE", 0.3)
    before = texts(sample)
    with library.locked(sample), pytest.raises(LibraryLocked):
        tend(asked(sample, mode="write"))
    assert texts(sample) == before


def test_a_run_fails_once_it_is_reported_where_a_file_cannot_be_written(
    prefect_server: None, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = writing._put_beside

    def refuse(temporary: Path, raw: bytes, path: Path) -> None:
        if path.name == "review-rota.md":
            raise PermissionError(13, "Permission denied")
        put(temporary, raw, path)

    before = texts(sample)
    with monkeypatch.context() as patch:
        patch.setattr("garden.library.writing._put_beside", refuse)
        state = tend(asked(sample, mode="write", report="refused"), return_state=True)
    assert state.is_failed()
    with pytest.raises(NotWritten, match=r"^1 file was .*: review-rota\.md cannot be written: Permission denied"):
        state.result()
    assert (sample.parent / "refused" / "report.md").is_file()
    changed = {name for name, text in texts(sample).items() if text != before.get(name)}
    assert changed
    assert "review-rota.md" not in changed
    again, _, _ = flow_run_of(asked(sample, mode="write"))
    assert again.written == 1


def test_where_no_report_can_be_written_nothing_else_is(prefect_server: None, sample: Path) -> None:
    before = texts(sample)
    (sample.parent / "file").touch()
    state = tend(asked(sample, mode="write", report="file"), return_state=True)
    with pytest.raises(ReportRefused, match="file: the report cannot be written: Not a directory"):
        state.result()
    assert texts(sample) == before


def test_an_unknown_slug_fails_in_the_task_that_reads(prefect_server: None, sample: Path) -> None:
    state = tend(asked(sample, only=["no-such-pattern"]), return_state=True)
    assert state.is_failed()
    with pytest.raises(UnknownPattern):
        state.result()


def test_the_server_is_given_no_data_of_the_library(prefect_server: None, sample: Path) -> None:
    _, flow_run, task_runs = flow_run_of(asked(sample))
    assert [run.state.data for run in task_runs if run.state and run.state.data is not None] == []
    assert flow_run.state is not None
    assert flow_run.state.data is None
    assert [run.name for run in task_runs if any(run.task_inputs.values())] == []


def test_a_deployed_flow_refuses_parameters_out_of_bounds_before_a_run_exists(prefect_server: None) -> None:
    made = tend.to_deployment("bounds")
    assert isinstance(made, RunnerDeployment)
    deployment = made.apply()
    assert isinstance(deployment, UUID)
    with get_client(sync_client=True) as client:
        of_deployment = DeploymentFilter(id=DeploymentFilterId(any_=[deployment]))
        with pytest.raises(PrefectHTTPStatusError, match="'erase' is not one of"):
            client.create_flow_run_from_deployment(deployment, parameters={"parameters": {"mode": "erase"}})
        assert client.read_flow_runs(deployment_filter=of_deployment) == []
        client.create_flow_run_from_deployment(deployment, parameters={"parameters": {"mode": "write"}})
        assert len(client.read_flow_runs(deployment_filter=of_deployment)) == 1


def test_a_direct_call_with_parameters_out_of_bounds_starts_no_task(prefect_server: None) -> None:
    with pytest.raises(ParameterTypeError, match=r"parameters\.mode: Input should be"):
        tend({"path": "patterns", "mode": "erase"})  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"path": ""}, ("path",)),
        ({"path": "  "}, ("path",)),
        ({"path": "x" * 5000}, ("path",)),
        ({"mode": "erase"}, ("mode",)),
        ({"only": [""]}, ("only", 0)),
        ({"only": ["slug"] * 1001}, ("only",)),
        ({"today": "2026-02-30"}, ("today",)),
        ({"today": "1999-12-31"}, ("today",)),
        ({"today": "2200-01-01"}, ("today",)),
        ({"report": ""}, ("report",)),
        ({"force": True}, ("force",)),
    ],
)
def test_a_parameter_out_of_bounds_is_named(given: dict[str, Any], place: tuple[str | int, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        TendParameters.model_validate(given)
    assert caught.value.errors()[0]["loc"] == place


def test_every_parameter_has_a_default_and_says_what_it_is() -> None:
    schema = TendParameters.model_json_schema()
    assert TendParameters().mode == "dry-run"
    assert [name for name, field in schema["properties"].items() if not field.get("description")] == []
    assert "required" not in schema


@pytest.mark.parametrize(
    ("parts", "key"),
    [
        (("tend", "patterns"), "tend-patterns"),
        (("tend", "My Patterns (2)"), "tend-my-patterns-2"),
        (("tend", "Ünïcode"), "tend-n-code"),
        (("tend", "..."), "tend"),
    ],
)
def test_artifact_keys_hold_only_what_prefect_allows(parts: tuple[str, ...], key: str) -> None:
    assert artifact_key(*parts) == key


def test_artifacts_of_libraries_in_other_letters_than_latin_ones_have_keys_of_their_own() -> None:
    names = ["庭園", "花園", "сад", "庭園 garden", "garden", "Ĝardeno", "café 2"]
    keys = [artifact_key("tend", name) for name in names]
    assert len(set(keys)) == len(names)
    assert keys[-3:] == ["tend-garden", "tend-ardeno", "tend-caf-2"], "as they always were"
    assert all(re.fullmatch("tend(-[a-z0-9]+)+", key) for key in keys)
    assert artifact_key("tend", "が") == artifact_key("tend", "か\u3099"), "macOS stores a folder's name in its parts"


@pytest.mark.parametrize("as_mapping", [False, True], ids=["model", "mapping"])
def test_a_library_is_called_by_its_folder(tmp_path: Path, as_mapping: bool) -> None:
    parameters = asked(tmp_path / "garden" / "..")
    assert library_name({"parameters": parameters.model_dump() if as_mapping else parameters}) == tmp_path.name


def test_the_narrator_speaks_at_the_end_of_a_stage_and_now_and_then() -> None:
    lines: list[str] = []
    times = iter([0.0, 1.0, 20.0, 21.0, 22.0])
    narrator = Narrator(lines.append, lambda: next(times))
    for done in (1, 500, 501, 1000):
        narrator("embed", done, 1000)
    assert lines == ["Embedding texts: 500 of 1,000", "Embedding texts: 1,000 of 1,000"]


def test_the_narrator_is_silent_where_there_is_nothing_to_do() -> None:
    lines: list[str] = []
    Narrator(lines.append)("embed", 0, 0)
    assert lines == []


def test_wrong_usage_of_the_module_exits_with_two_and_names_the_parameter() -> None:
    command = [sys.executable, "-m", "flows.tend", "patterns", "--today", "yesterday"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("today: ")
