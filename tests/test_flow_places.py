"""Flows on a library that lies elsewhere: fetched, tended on branches, handed over, and what a bad network does."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import Artifact, TaskRun
from prefect.utilities.schema_tools import validate
from prefect.utilities.schema_tools.validation import ValidationError as SchemaError
from pydantic import ValidationError

from flows.health import AlarmRaised, health
from flows.learn import Heard, learn
from flows.parameters import HealthParameters, LearnParameters, TendParameters
from flows.stages import TRIES_AGAIN
from flows.tend import tend
from garden import ledger, workshop
from garden.publish.clone import CloneError
from tests.conftest import FakeEncoder
from tests.githost.garden import Checkout
from tests.githost.server import TOKEN, GitHost, serving
from tests.githost.team import authorised

ROOT = Path(__file__).resolve().parents[1]
TODAY = "2026-11-22"
ALARMING = "[health]\ntargets_share = 0.999\ninverse_consistency = 0.999\n"


@pytest.fixture
def host(tmp_path: Path, fake_encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHost]:
    """A host with the sample library in the folder ``lib`` of its repository, and the token for it."""
    monkeypatch.setattr(workshop, "SentenceEncoder", lambda _: fake_encoder)
    monkeypatch.setenv("GARDEN_TOKEN", TOKEN)
    monkeypatch.chdir(tmp_path)
    with serving(tmp_path / "host") as host:
        origin = Checkout(tmp_path / "origin")
        shutil.copytree(ROOT / "patterns", origin.folder / "lib")
        origin.git("init", "-q", "-b", "main")
        origin.write("lib/garden.toml", f'{ALARMING}\n[publish]\napi = "{host.api}"\nopen = 2\n')
        origin.commit("Begin")
        origin.git("remote", "add", "origin", host.remote)
        origin.git(*authorised(host), "push", "-q", "origin", "main")
        yield host


def at(host: GitHost, **more: Any) -> dict[str, Any]:
    return {"path": host.remote, "folder": "lib", **more}


def refs(host: GitHost) -> dict[str, str]:
    lines = host.git("for-each-ref", "--format=%(refname:short) %(objectname)").splitlines()
    return dict(line.split(" ") for line in lines)


def artifacts_of(flow_run: object) -> dict[str, Artifact]:
    of_run = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run]))  # type: ignore[list-item]
    with get_client(sync_client=True) as client:
        return {found.key: found for found in client.read_artifacts(flow_run_filter=of_run) if found.key}


def task_runs_of(flow_run: object) -> list[TaskRun]:
    of_run = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run]))  # type: ignore[list-item]
    with get_client(sync_client=True) as client:
        return client.read_task_runs(flow_run_filter=of_run)


def test_a_remote_library_is_read_without_changing_it(prefect_server: None, host: GitHost) -> None:
    before = refs(host)
    outcome = tend(TendParameters.model_validate(at(host, today=TODAY)))
    assert (outcome.patterns, outcome.written) == (43, None)
    assert outcome.proposals > 0
    assert refs(host) == before


def test_branches_are_pushed_to_the_remote_and_the_next_run_leaves_them(prefect_server: None, host: GitHost) -> None:
    asked = TendParameters.model_validate(at(host, mode="branch", today=TODAY))
    tend(asked)
    first = refs(host)
    assert len([name for name in first if name.startswith("graph-garden/")]) == 2
    tend(asked)
    assert refs(host) == first


def test_pull_requests_are_opened_shown_and_never_doubled(prefect_server: None, host: GitHost) -> None:
    asked = TendParameters.model_validate(at(host, mode="pull-request", today=TODAY))
    state = tend(asked, return_state=True)
    shown = artifacts_of(state.state_details.flow_run_id)
    urls = [pull["html_url"] for pull in [host._shown(pull) for pull in host.pulls.values()]]
    links = [found.data for key, found in shown.items() if key.startswith("pull-request-lib-")]
    assert len(urls) == 2
    assert all(any(url in str(link) for link in links) for url in urls)
    assert all(url in str(shown["review-lib"].data) for url in urls)
    tend(asked)
    assert len(host.pulls) == 2


def test_what_to_write_into_the_form_of_a_host_that_is_not_spoken_to_is_left_as_files_and_shown(
    prefect_server: None, host: GitHost, tmp_path: Path
) -> None:
    origin, bare = Checkout(tmp_path / "origin"), tmp_path / "elsewhere.git"
    origin.git("clone", "-q", "--bare", str(origin.folder), str(bare))
    origin.git("remote", "set-url", "origin", str(bare))
    origin.write("lib/garden.toml", "[publish]\nopen = 2\n")
    asked = {"path": str(origin.folder / "lib"), "mode": "pull-request", "today": TODAY, "report": "report"}
    state = tend(TendParameters.model_validate(asked), return_state=True)
    pushed = Checkout(bare).git("for-each-ref", "--format=%(refname:short)", "refs/heads/graph-garden").splitlines()
    names = [name.removeprefix("graph-garden/") for name in pushed]
    files = sorted(Path("report", "branches").iterdir())
    assert [file.stem for file in files] == names != []
    shown = artifacts_of(state.state_details.flow_run_id)
    assert all(f"To open a pull request by hand: {file}" in str(shown["review-lib"].data) for file in files)
    forms = [shown[f"pull-request-lib-{name}"] for name in names]
    assert [form.data for form in forms] == [file.read_text() for file in files]
    assert all(branch in str(form.description) for branch, form in zip(pushed, forms, strict=True))


def test_some_patterns_alone_leave_the_pull_requests_of_others_open(prefect_server: None, host: GitHost) -> None:
    tend(TendParameters.model_validate(at(host, mode="pull-request", today=TODAY)))
    before = {number: pull.body.count("- [x]") for number, pull in host.pulls.items()}
    tend(TendParameters.model_validate(at(host, mode="pull-request", today=TODAY, only=["review-rota"])))
    assert {pull.state for pull in host.pulls.values()} == {"open"}
    assert all(host.pulls[number].body.count("- [x]") >= asked for number, asked in before.items())


def test_a_no_is_learned_from_the_host_and_kept_for_the_next_run(prefect_server: None, host: GitHost) -> None:
    tend(TendParameters.model_validate(at(host, mode="pull-request", today=TODAY)))
    number, pull = next(iter(host.pulls.items()))
    proposal = pull.body.split("- [x] `")[1][:12]
    host.untick(number, proposal)
    assert learn(LearnParameters.model_validate(at(host))) == Heard(new=1, known=1)
    assert learn(LearnParameters.model_validate(at(host))) == Heard(new=0, known=1)
    (kept,) = Path("cache", "clones").rglob(ledger.NAME)
    assert proposal in kept.read_text()
    outcome = tend(TendParameters.model_validate(at(host, today=TODAY, mode="branch")))
    assert proposal not in Path(outcome.report, "plan.json").read_text()


def test_an_alarm_fails_the_run_with_its_sentence_and_is_shown(prefect_server: None, host: GitHost) -> None:
    state = health(HealthParameters.model_validate(at(host, today=TODAY)), return_state=True)
    assert state.is_failed()
    with pytest.raises(AlarmRaised, match=r"^lib: \d alarms?\. .*run garden tend"):
        state.result()
    shown = artifacts_of(state.state_details.flow_run_id)
    assert "**Alarm:**" in str(shown["health-lib"].data)
    calm = health(HealthParameters.model_validate(at(host, today=TODAY, fail_on_alarm=False)))
    assert (calm.patterns, calm.alarms > 0) == (43, True)


@pytest.mark.slow
def test_a_remote_that_fails_twice_is_reached_by_trying_again(prefect_server: None, host: GitHost) -> None:
    host.away = 2
    state = tend(TendParameters.model_validate(at(host, today=TODAY)), return_state=True)
    assert state.is_completed()
    assert host.away == 0
    tried = {run.name: run.run_count for run in task_runs_of(state.state_details.flow_run_id)}
    assert tried["fetch lib"] == 3
    assert tried["read lib"] == 1


@pytest.mark.slow
def test_a_dead_remote_is_named_and_nothing_is_changed(prefect_server: None, host: GitHost) -> None:
    before, host.away = refs(host), 1000
    state = tend(TendParameters.model_validate(at(host, mode="pull-request")), return_state=True)
    with pytest.raises(CloneError, match=rf"^{host.remote}: cannot be reached: .*503"):
        state.result()
    assert refs(host) == before
    assert host.pulls == {}
    assert 1000 - host.away == TRIES_AGAIN + 1


def test_what_is_no_fault_of_the_network_is_not_tried_again(
    prefect_server: None, host: GitHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.ground.cloned", _refused)
    state = tend(TendParameters.model_validate(at(host)), return_state=True)
    with pytest.raises(ValueError, match="not of the network"):
        state.result()
    assert [run.run_count for run in task_runs_of(state.state_details.flow_run_id)] == [1]


def _refused(*_: object, **__: object) -> None:
    raise ValueError("not of the network")


@pytest.mark.parametrize(
    "path",
    ["https://ann:secret@example.org/garden", "https://ann:@example.org/x", "http://:secret@example.org/garden.git"],
)
def test_an_address_with_a_password_is_refused_by_model_and_schema_alike(path: str) -> None:
    with pytest.raises(ValidationError, match="GARDEN_TOKEN") as caught:
        TendParameters.model_validate({"path": path})
    assert "secret" not in caught.value.errors()[0]["msg"]
    with pytest.raises(SchemaError):
        validate({"path": path}, TendParameters.model_json_schema(), raise_on_error=True)


@pytest.mark.parametrize(
    "given",
    [
        {"today": "2026-13-45"},
        {"today": "2026-11-31x"},
        {"today": "1999-12-31"},
        {"today": "tomorrow"},
        {"folder": "/lib"},
        {"folder": ".."},
        {"folder": "../lib"},
        {"folder": "lib/../../etc"},
        {"branch": "--upload-pack=evil"},
        {"branch": "../.."},
        {"branch": "main..evil"},
        {"mode": "erase"},
        {"hours": 0},
        {"only": [""]},
        {"report": ""},
    ],
)
def test_a_value_out_of_bounds_is_refused_by_the_server_before_a_run_exists(given: dict[str, Any]) -> None:
    asked = {"path": "https://example.org/x", **given}
    with pytest.raises(ValidationError):
        TendParameters.model_validate(asked)
    with pytest.raises(SchemaError):
        validate(asked, TendParameters.model_json_schema(), raise_on_error=True)


@pytest.mark.parametrize(
    "given",
    [
        {"today": "2026-02-28"},
        {"today": None},
        {"folder": "a/b..c/..d"},
        {"folder": ""},
        {"branch": "release/1.0"},
        {"branch": ""},
    ],
)
def test_a_value_within_bounds_is_taken_by_model_and_schema_alike(given: dict[str, Any]) -> None:
    asked = {"path": "https://example.org/x", **given}
    TendParameters.model_validate(asked)
    validate(asked, TendParameters.model_json_schema(), raise_on_error=True)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"path": "patterns", "branch": "main"}, "go with the address"),
        ({"path": "patterns", "folder": "lib"}, "go with the address"),
        ({"path": "https://example.org/x", "mode": "write"}, "take branch or pull-request"),
    ],
)
def test_what_does_not_go_together_is_refused(given: dict[str, Any], word: str) -> None:
    with pytest.raises(ValidationError, match=word):
        TendParameters.model_validate(given)
