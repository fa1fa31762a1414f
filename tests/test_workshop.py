import re
from datetime import datetime
from pathlib import Path

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from garden import workshop
from garden.config import EncoderSettings, Settings
from garden.errors import SettingsError


def test_a_library_without_a_settings_file_has_the_defaults(tmp_path: Path) -> None:
    assert workshop.settings_of(tmp_path) == Settings()


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "garden.toml").write_text("[links]\nmost = 3\nneighbours = 20\n", encoding="utf-8")
    monkeypatch.setenv("GARDEN_LINKS__MOST", "5")
    links = workshop.settings_of(tmp_path).links
    assert (links.most, links.neighbours) == (5, 20)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"[links\n", "1:7: syntax: "),
        (b"[links]\nmost = -1\n", "2:1: links.most: "),
        (b"[link]\nmost = 1\n", "1:1: link: "),
        (b"# caf\xe9\n", " file: byte 6 is not UTF-8; save the file as UTF-8"),
    ],
)
def test_a_wrong_settings_file_is_named_with_what_is_wrong(tmp_path: Path, raw: bytes, message: str) -> None:
    file = tmp_path / "garden.toml"
    file.write_bytes(raw)
    with pytest.raises(SettingsError, match=f"^{re.escape(f'{file}:{message}')}"):
        workshop.settings_of(tmp_path)


def test_a_settings_file_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path, **how: str) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(SettingsError, match=r"garden\.toml: file: cannot be read: Permission denied"):
        workshop.settings_of(tmp_path)


def test_the_store_lies_in_the_cache_folder_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GARDEN_CACHE", str(tmp_path / "here"))
    assert workshop.store().path == tmp_path / "here" / "store.sqlite"


def test_stages_take_time_unless_a_reproducible_run_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert workshop.tools_for(Settings(), lambda *_: None).clock() > 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    assert workshop.tools_for(Settings(), lambda *_: None).clock() == 0


def test_the_date_is_the_one_that_source_date_epoch_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    assert workshop.current_date() == "2026-11-22"


def test_the_date_is_today_where_nothing_else_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    before = datetime.now().astimezone().date().isoformat()
    assert before <= workshop.current_date() <= datetime.now().astimezone().date().isoformat()


@pytest.mark.parametrize("epoch", ["yesterday", "9" * 30, "1.5"])
def test_a_wrong_source_date_epoch_is_named(monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(SettingsError, match=f"environment: SOURCE_DATE_EPOCH: '{epoch}' is no number"):
        workshop.current_date()


def test_the_encoder_is_the_one_that_the_settings_name() -> None:
    settings = Settings(encoder=EncoderSettings(model="some/model", revision="r1"))
    assert "some/model" in workshop.tools_for(settings, lambda *_: None).encoder.name


def test_numpy_works_with_one_thread_once_there_are_tools():
    with threadpool_limits(2, user_api="blas"):
        workshop.tools_for(Settings(), lambda *_: None)
        assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}
