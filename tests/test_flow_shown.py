"""What runs show and say without a server to show it to: tables, progress, and what a broken run left."""

import shutil
from base64 import b64decode
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from xml.etree import ElementTree

import pytest

from flows import progress, shown
from flows.hooks import left_behind
from flows.progress import SECONDS_BETWEEN, Gauge
from garden import library, workshop
from garden.library import writing
from garden.models import Problem, Proposal
from garden.run import Request
from garden.tend import tend
from tests.conftest import FakeEncoder

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def sample(tmp_path: Path, fake_encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(workshop, "SentenceEncoder", lambda _: fake_encoder)
    return Path(shutil.copytree(ROOT / "patterns", tmp_path / "sample"))


def proposal(number: int, **more: Any) -> Proposal:
    values: dict[str, Any] = {
        "id": f"{number:012x}",
        "kind": "add_link",
        "pattern": "a",
        "path": "a.md",
        "target": "b",
        "type": "enables",
    }
    values |= {"confidence": round(number % 100 / 100, 2), "reason": "Both speak of it.", "group": f"{number}"}
    return Proposal.model_validate({**values, **more})


class Killed(BaseException):
    """Stands for the end of a process: no handler of the program's own catches it."""


def killed_after(sample: Path, files: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Tends and writes until so many files are written; gives how many would have been."""
    request = Request(root=sample, settings=workshop.settings_of(sample), today="2026-11-22", write=True)
    wanted = len(tend(Request(sample, request.settings, request.today), quiet_tools(request)).edits.edits)
    done: list[str] = []
    real = writing._write_one

    def write(root: Path, edit: Any) -> Problem | None:
        if len(done) == files:
            raise Killed
        done.append(edit.path)
        return real(root, edit)

    monkeypatch.setattr(writing, "_write_one", write)
    with pytest.raises(Killed):
        tend(request, quiet_tools(request))
    return wanted


def quiet_tools(request: Request) -> Any:
    return workshop.tools_for(request.settings, lambda *_: None)


def test_a_run_that_was_killed_while_writing_says_how_far_it_came(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = killed_after(sample, 7, monkeypatch)
    said = left_behind(str(sample), "write")
    assert f"wrote 7 of {wanted} files" in said
    assert "garden undo 2026-11-22-" in said
    assert said.endswith("The library is not locked.")


def test_temporary_files_that_a_kill_left_are_counted(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killed_after(sample, 1, monkeypatch)
    (sample / ".a.md.garden-tmp").write_text("half")
    assert "sweeps away 1 temporary file." in left_behind(str(sample), "write")


def test_a_run_that_broke_before_writing_says_that_nothing_is_half_done(sample: Path) -> None:
    assert left_behind(str(sample), "write").startswith("No file was left half done")


def test_a_library_at_which_another_run_works_is_said_to_be_locked(sample: Path) -> None:
    with library.locked(sample):
        assert left_behind(str(sample), "write").endswith("Another run is at work in the library.")


@pytest.mark.parametrize(
    ("path", "mode", "says"),
    [
        ("patterns", "dry-run", "Nothing was written."),
        ("patterns", "", "Nothing was written."),
        ("patterns", "branch", "Branches are old or new"),
        ("https://example.org/garden", "pull-request", "Branches are old or new"),
        ("nowhere", "write", "There is no folder nowhere"),
    ],
)
def test_what_cannot_have_been_written_was_not(path: str, mode: str, says: str) -> None:
    assert says in left_behind(path, mode)


def test_a_table_holds_the_surest_proposals_and_no_more_than_it_should() -> None:
    rows = shown.proposal_rows([proposal(number) for number in range(1000)], ())
    assert len(rows) == shown.MOST_ROWS
    assert [row["confidence"] for row in rows] == sorted((row["confidence"] for row in rows), reverse=True)
    assert rows[0]["confidence"] == 0.99


def test_a_row_is_short_and_on_one_line() -> None:
    (row,) = shown.proposal_rows([proposal(1, reason="many\nwords \u202e" * 500)], ())
    assert len(row["reason"]) == shown.LONGEST
    assert "\n" not in row["reason"]
    assert "\u202e" not in row["reason"]


def test_an_entity_is_shown_by_its_label() -> None:
    entity = proposal(1, kind="remove_entity", target="old-idea", type=None, evidence={"label": "Old Idea"})
    (row,) = shown.proposal_rows([entity], ())
    assert (row["what"], row["target"]) == ("remove entity", "Old Idea")


def test_a_trend_is_a_picture_from_two_points_on(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []
    monkeypatch.setattr(shown, "create_markdown_artifact", lambda text, *_: given.append(text))
    points = [{"date": "2026-11-01", "targets_share": 0.2}, {"date": "2026-11-08", "targets_share": 0.9}]
    shown.show_trend("garden", points[:1])
    assert given == []
    shown.show_trend("garden", points)
    picture = b64decode(given[0].split("base64,")[1].split(")")[0]).decode()
    assert ElementTree.fromstring(picture).tag.endswith("svg")
    assert "2026-11-08" in picture


@pytest.fixture
def bars(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The per cents that progress artifacts were given."""
    given: list[float] = []

    def create(percent: float, *_: str) -> UUID:
        given.append(percent)
        return uuid4()

    monkeypatch.setattr(progress, "create_progress_artifact", create)
    monkeypatch.setattr(progress, "update_progress_artifact", lambda _, percent: given.append(percent))
    return given


def test_embedding_is_shown_from_its_beginning_to_its_end_and_now_and_then(bars: list[float]) -> None:
    times = iter([0.0, 1.0, SECONDS_BETWEEN, SECONDS_BETWEEN + 1])
    gauge = Gauge("garden", lambda: next(times))
    for done in (10, 20, 30, 40):
        gauge("embed", done, 40)
    assert bars == [25, 75, 100]


@pytest.mark.parametrize(("stage", "done", "total"), [("embed", 40, 40), ("embed", 0, 0), ("read", 1, 40)])
def test_a_stage_with_nothing_to_wait_for_is_not_shown(bars: list[float], stage: str, done: int, total: int) -> None:
    Gauge("garden")(stage, done, total)
    assert bars == []
