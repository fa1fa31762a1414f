"""The documentation: built strictly, asking nothing of the network, true to the program."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import typer

from docs.make.commands import commands_page
from docs.make.console import BLOCK, CommandFailed, Step, rerun, steps
from docs.make.figures import figures_page
from docs.make.settings import settings_page
from docs.make.tables import NoTable, with_tables
from garden.cli import app
from garden.commands.help import Help
from garden.config import Settings
from garden.health.metrics import METRICS
from tests.live.forge import Forge, forging

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
TUTORIAL = ROOT / "docs" / "tutorial.md"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(build, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class Loaded(HTMLParser):
    """Addresses that a page loads by itself; links that a reader may follow are none."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            value
            for name, value in attrs
            if value and (name in ("src", "srcset", "data", "poster") or (tag == "link" and name == "href"))
        ]


def test_every_link_and_anchor_leads_somewhere_for_a_broken_one_fails_the_build(site: Path) -> None:
    assert (site / "index.html").is_file()
    for page in ("tutorial", "schemas", "settings", "reviewing", "links", "commands", "figures", "benchmarks/index"):
        assert (site / f"{page}.html").is_file(), page


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    for path in sorted(site.rglob("*.html")):
        page = Loaded()
        page.feed(path.read_text(encoding="utf-8"))
        assert [address for address in page.found if re.match(r"(?:https?:)?//", address)] == [], path.name
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"url\(['\"]?(?:https?:)?//|@import", styles) == []


def test_every_setting_is_on_its_page_with_what_it_takes() -> None:
    page = settings_page()
    for group, model in Settings():
        assert f"## [{group}]" in page
        for name in type(model).model_fields:
            assert f"| `{name}` |" in page
    assert "| `most` | `8` | whole number, at least 0, at most 100 |" in page
    assert "`needed` or `optional`" in page
    # What is said of a wrong one is what is said of it.
    assert "garden: patterns/garden.toml:2:1: links.mots: there is no such setting; near it: most\n" in page


def test_every_command_option_and_example_is_on_its_page() -> None:
    page = commands_page()
    for name, command in commands().items():
        assert f"## garden {name}\n" in page
        for parameter in command.params:
            shown = [option for option in parameter.opts if option.startswith("--")]
            assert parameter.hidden or all(f"{option}" in page for option in shown)


def test_every_figure_of_health_is_on_its_page() -> None:
    page = figures_page()
    assert all(f"| {metric.name} | {metric.meaning} |" in page for metric in METRICS)


@pytest.mark.parametrize("number", [0, 3])
def test_a_page_that_asks_for_figures_that_are_not_there_fails(tmp_path: Path, number: int) -> None:
    (tmp_path / "b.md").write_text("| a |\n|---|\n| 1 |\n\ntext\n\n| b |\n|---:|\n| 2 |\n| 3 |\n")
    assert with_tables("<!-- table: b.md 2 -->", tmp_path, "x.md").startswith("| b |\n|---:|\n| 2 |\n| 3 |\n\n*From")
    with pytest.raises(NoTable, match="which has 2"):
        with_tables(f"<!-- table: b.md {number} -->", tmp_path, "x.md")


def commands() -> dict[str, Any]:
    found: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    return {name: command for name, command in found.items() if not command.hidden}


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    with forging(tmp_path_factory.mktemp("forge"), ["garden.cli"], {**os.environ, "COLUMNS": "80"}) as forge:
        yield forge


def test_every_command_has_an_example_that_its_help_shows_on_a_screen(forge: Forge, tmp_path: Path) -> None:
    for name, command in commands().items():
        told = Help.of(command.help)
        assert told.examples or name == "version", name
        environment = {**os.environ, "COLUMNS": "80"}
        run = forge.start("garden", name, "--help", cwd=ROOT, env=environment, out=tmp_path / name)
        assert run.wait(timeout=300) == 0
        shown = (tmp_path / name).read_text(encoding="utf-8")
        assert max(map(len, shown.splitlines())) <= 80
        assert all(example.split("  ")[0] in shown for example, _ in told.examples)


SHELL = re.compile(r"^```(?:console|sh|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)
DIFF = re.compile(r"^```diff\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHOWN = re.compile(r"^(?:\$ )?(?:.*[|&] )?(garden [a-z].*?)(?:\s{2,}.*|\s+#.*|\s*[|>&].*)?$")


def shown_commands() -> list[tuple[str, str]]:
    """Every garden command that a page or an example of the help shows, with where it stands."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        lines = [line for block in SHELL.findall(text) for line in block.splitlines()]
        found += [(page.name, match[1]) for line in lines if (match := SHOWN.match(line))]
        found += [(page.name, line) for line in re.findall(r"`(garden [a-z][^`]*)`", text)]
    for name, command in commands().items():
        found += [(f"help of {name}", example) for example, _ in Help.of(command.help).examples]
    return sorted(set(found))


@pytest.mark.parametrize(("where", "line"), shown_commands())
def test_every_command_that_is_shown_exists_with_its_options(where: str, line: str) -> None:
    name, *words = shlex.split(line)[1:]
    assert name in commands(), f"{where}: {line}"
    options = {option for parameter in commands()[name].params for option in parameter.opts} | {"--help", "-h"}
    assert [word for word in words if word.startswith("-") and word not in options] == [], f"{where}: {line}"


def test_the_change_that_the_readme_shows_is_one_of_the_example() -> None:
    (shown,) = DIFF.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    patch = (ROOT / "reports" / "example" / "changes.patch").read_text(encoding="utf-8")
    assert shown in patch, "the kept example has no such diff: take one from reports/example/changes.patch"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_files_of_the_project_lead_somewhere(page: Path) -> None:
    made = {"settings.md", "commands.md", "figures.md"}
    for target in re.findall(r"\]\((?![a-z]+:|#)([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if target in made or target.startswith(("benchmarks/", "Old", "mulch", "other", "2024")):
            continue
        assert (page.parent / target).exists(), target


@pytest.mark.slow
def test_the_tutorial_followed_word_by_word_prints_what_it_says() -> None:
    page = TUTORIAL.read_text(encoding="utf-8")
    assert rerun(page) == page, "make tutorial writes its outputs anew"


def test_a_page_is_run_in_one_shell_that_goes_from_folder_to_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GARDEN_LINKS__MOST", "1")
    page = '```console\n$ cd patterns\nold\n$ ls | head -1; echo "<$GARDEN_LINKS__MOST>"\n```\n\n```sh\n$ false\n```\n'
    expected = page.replace("old\n", "").replace('MOST>"\n', 'MOST>"\narchitecture-map.md\n<>\n')
    assert rerun(page) == expected
    with pytest.raises(CommandFailed, match="ended with 3"):
        rerun("```console\n$ exit 3\n```\n")


def test_a_block_is_read_as_commands_and_what_they_print() -> None:
    (block,) = BLOCK.findall("```console\n$ one \\\n  two\nprinted\n\n$ three\n```\n")
    assert list(steps(block)) == [Step("one \\\n  two\n", "printed\n\n"), Step("three\n", "")]


@pytest.mark.parametrize("picture", sorted((ROOT / "docs" / "images").glob("*.png")), ids=lambda path: path.name)
def test_a_screenshot_is_shown_somewhere_and_is_no_burden(picture: Path) -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    assert [page.name for page in pages if f"images/{picture.name})" in page.read_text(encoding="utf-8")]
    assert picture.stat().st_size < 250_000
