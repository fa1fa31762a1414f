import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "reports" / "example"
FILES = ("plan.json", "changes.patch", "report.md", "report.html")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report that ``make example`` would write now."""
    folder = tmp_path_factory.mktemp("example")
    command = [sys.executable, "-m", "garden", "tend", "patterns", "--report", str(folder)]
    environment = {**os.environ, "GARDEN_CACHE": str(folder / "cache"), "SOURCE_DATE_EPOCH": "1795305600"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_the_example_is_what_a_run_gives_to_the_byte(made: Path, name: str) -> None:
    assert (made / name).read_bytes() == (EXAMPLE / name).read_bytes(), f"{name} differs: make example writes it anew"
