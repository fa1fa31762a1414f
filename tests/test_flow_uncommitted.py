"""What a flow says to commit: the same lines as the command line, where decisions keep branches from being merged."""

from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from prefect import flow

from flows import approval, learn, publishing, stages, tend
from flows.approval import Answers, carry_out, show_settled, waiting_name
from flows.ground import Site
from flows.parameters import LearnParameters, TendParameters
from flows.publishing import to_commit
from garden import workshop
from garden.config import Settings
from garden.review.waiting import Waiting, keep
from garden.run import Request
from tests.conftest import FakeEncoder
from tests.githost.garden import Checkout, link
from tests.test_uncommitted import BOTH, repo  # noqa: F401 - a fixture

TODAY = "2026-11-22"


@pytest.fixture
def lines(fake_encoder: FakeEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The log of the flows to come, on the small encoder."""
    told: list[str] = []
    log = Mock()
    log.info = log.warning = lambda form, *values: told.append(form % values)
    for module in (approval, learn, publishing, stages, tend):
        monkeypatch.setattr(module, "get_run_logger", lambda: log)
    monkeypatch.setattr(workshop, "SentenceEncoder", lambda _: fake_encoder)
    monkeypatch.chdir(tmp_path)
    return told


def at(repo: Checkout, **more: Any) -> dict[str, Any]:  # noqa: F811
    return {"path": str(repo.folder / "lib"), **more}


def test_learning_says_what_to_commit_until_it_is(
    prefect_server: None,
    repo: Checkout,  # noqa: F811
    lines: list[str],
) -> None:
    learn.learn(LearnParameters.model_validate(at(repo)))
    assert lines[-1:] == list(BOTH)
    repo.commit("Decisions")
    learn.learn(LearnParameters.model_validate(at(repo)))
    assert lines.count(BOTH[0]) == 1


def test_a_run_that_makes_branches_says_what_to_commit(
    prefect_server: None,
    repo: Checkout,  # noqa: F811
    lines: list[str],
) -> None:
    tend.tend(TendParameters.model_validate(at(repo, mode="branch", today=TODAY)))
    assert lines.count(BOTH[0]) == 1


def test_an_answer_that_is_remembered_says_what_to_commit(
    prefect_server: None,
    repo: Checkout,  # noqa: F811
    lines: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = repo.folder / "lib"
    monkeypatch.setattr(approval, "create_markdown_artifact", lambda *_: None)
    request = Request(root, Settings(), TODAY)

    @flow
    def answered(parameters: TendParameters) -> None:
        keep(root, waiting_name(), Waiting(run="run", until="2099-01-01T00:00:00Z", proposals=(link("a", "b"),)))
        tools = workshop.tools_for(request.settings, lambda *_: None)
        show_settled(carry_out(request, Answers(accept="none", rest="no", who="ann"), tools), "lib")

    answered(TendParameters.model_validate(at(repo)))
    assert lines[0].startswith("Written: 0 files. Remembered: ")
    assert lines.count(BOTH[0]) == 1


def test_a_clone_of_ours_is_nobodys_to_commit(repo: Checkout) -> None:  # noqa: F811
    assert to_commit(Site(repo.folder / "lib", Settings())) == BOTH
    assert to_commit(Site(repo.folder / "lib", Settings(), at="refs/remotes/origin/main")) == ()
