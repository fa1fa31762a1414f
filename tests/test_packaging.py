"""The project as people get it: what it installs, what it pins, what importing it costs."""

import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import garden

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEWEST = 2_000_000_000
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[A-Za-z0-9.]+)$")


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [PIN.match(line) for line in lines if not line.startswith("#")]
    return {canonicalize_name(pin["name"]): pin["version"] for pin in found if pin}


def requirements() -> list[Requirement]:
    return [Requirement(text) for text in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"])]


def run_python(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env={**environment}
    )
    return done.stdout.strip()


def test_every_line_of_the_constraints_is_an_exact_pin_without_a_local_version() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#") and not PIN.match(line)] == []


def test_no_package_is_pinned_twice() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if "==" in line]
    assert len(pins()) == len(lines)


@pytest.mark.parametrize("requirement", requirements(), ids=lambda requirement: requirement.name)
def test_each_requirement_is_pinned_within_its_range(requirement: Requirement) -> None:
    pinned = pins()[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(pinned)


def test_everything_that_is_needed_is_pinned_down_to_the_last_dependency() -> None:
    waiting, seen = [requirement.name for requirement in requirements()], set[str]()
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in seen:
            seen.add(name)
            waiting += needed_here(name)
    assert sorted(seen - set(pins())) == []


def needed_here(name: str) -> list[str]:
    """Names that the installed ``name`` asks for on this machine, extras aside."""
    found = [Requirement(text) for text in metadata.requires(name) or ()]
    return [each.name for each in found if each.marker is None or each.marker.evaluate({"extra": ""})]


def test_the_set_of_prefect_is_one_whose_schedules_run() -> None:
    assert pins()["prefect"] == "3.8.8"
    assert Requirement("fastapi>=0.139,<0.151").specifier.contains(pins()["fastapi"])
    assert Requirement("sqlalchemy>=2.0,<2.1").specifier.contains(pins()["sqlalchemy"])


def test_the_distribution_has_the_version_and_the_command_of_the_package() -> None:
    distribution = metadata.distribution("graph-garden")
    commands = {point.name: point.value for point in distribution.entry_points}
    assert distribution.version == garden.__version__
    assert commands == {"garden": "garden.entry:program"}


def test_the_package_says_that_it_is_typed() -> None:
    assert (ROOT / "garden" / "py.typed").is_file()


def test_a_wheel_holds_both_packages_whole_and_nothing_else(tmp_path: Path) -> None:
    copy = tmp_path / "source"
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, files.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-q"]
    subprocess.run([*pip, "-w", str(tmp_path), str(copy)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = subprocess.run(
        [sys.executable, "-m", "zipfile", "-l", str(wheel)], capture_output=True, text=True, check=True
    ).stdout
    held = {line.split()[0] for line in names.splitlines()[1:]}
    kept = [path for top in ("garden", "flows") for path in (copy / top).rglob("*") if path.is_file()]
    assert sorted({str(path.relative_to(copy)) for path in kept} - held) == []
    assert {name.split("/")[0] for name in held} == {"garden", "flows", f"graph_garden-{garden.__version__}.dist-info"}


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A checkout in which everything has been installed, as far as make can see."""
    stamps = [tmp_path / ".venv" / name for name in (".torch", ".installed", ".installed-dev")]
    stamps[0].parent.mkdir()
    for age, stamp in enumerate(reversed(stamps)):
        stamp.touch()
        os.utime(stamp, (NEWEST - age, NEWEST - age))
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
        os.utime(tmp_path / name, (NEWEST - 60, NEWEST - 60))
    return tmp_path


def would_run(folder: Path, target: str) -> str:
    return subprocess.run(["make", "-n", target], cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("target", ["tend", "test"])
def test_the_second_make_installs_nothing(installed: Path, target: str) -> None:
    assert " install " not in would_run(installed, target)


@pytest.mark.parametrize(
    ("changed", "installs"),
    [("constraints.txt", ["torch setuptools", "-e .", "-e '.[dev]'"]), ("pyproject.toml", ["-e .", "-e '.[dev]'"])],
)
def test_other_pins_make_another_environment_with_torch_first(
    installed: Path, changed: str, installs: list[str]
) -> None:
    os.utime(installed / changed, (NEWEST + 60, NEWEST + 60))
    lines = [line for line in would_run(installed, "test").splitlines() if " install " in line]
    assert [line.split("constraints.txt ")[1].removeprefix("--no-build-isolation ") for line in lines] == installs


def test_every_folder_of_modules_is_a_package_which_the_contracts_can_see() -> None:
    folders = {path.parent for top in ("garden", "flows") for path in (ROOT / top).rglob("*.py")}
    assert sorted(str(folder) for folder in folders if not (folder / "__init__.py").is_file()) == []


HEAVY = ("prefect", "torch", "sentence_transformers", "transformers", "sklearn")


def test_importing_garden_imports_nothing_heavy() -> None:
    code = f"import sys, garden.config; print([name for name in {HEAVY} if name in sys.modules])"
    assert run_python(code) == "[]"


def test_importing_flows_keeps_prefect_quiet_and_patient() -> None:
    code = "import os, flows; print(*(os.environ[name] for name in sorted(flows.DEFAULTS)))"
    assert run_python(code) == "1 false 120"


def test_importing_flows_leaves_what_the_user_has_set() -> None:
    code = "import os, flows; print(os.environ['PREFECT_SERVER_ANALYTICS_ENABLED'])"
    assert run_python(code, PREFECT_SERVER_ANALYTICS_ENABLED="true") == "true"
