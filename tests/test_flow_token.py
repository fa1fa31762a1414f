import pytest
from prefect.blocks.system import Secret
from pydantic import SecretStr

from flows.token import BLOCK, surroundings

TOKEN = "ghp_keptByPrefectAndNeverSeen11"

pytestmark = [pytest.mark.server, pytest.mark.slow]


def test_the_token_comes_from_a_secret_block_where_the_environment_has_none(
    prefect_server: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GARDEN_TOKEN", raising=False)
    assert "GARDEN_TOKEN" not in surroundings()
    Secret(value=SecretStr(TOKEN)).save(BLOCK)
    try:
        assert surroundings()["GARDEN_TOKEN"] == TOKEN
        monkeypatch.setenv("GARDEN_TOKEN", "of the environment")
        assert surroundings()["GARDEN_TOKEN"] == "of the environment"
        assert TOKEN not in repr(Secret.load(BLOCK))
    finally:
        Secret.delete(BLOCK)
