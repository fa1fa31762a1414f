"""``garden init``: what a person sees in the first minute, and the files that they then have."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from garden import library as libraries
from garden.cli import main
from garden.store import Store
from garden.workshop import settings_of
from tests.test_fields import JEKYLL, OBSIDIAN, ZETTELKASTEN

PATTERNS = Path(__file__).resolve().parents[1] / "patterns"
FILES = ("garden.toml", "prefect.yaml", ".github/workflows/graph-garden.yml")
TEXT = "---\ntitle: {}\n---\n{}\n"


@pytest.fixture
def init(capsys, monkeypatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)

    def init(*words: object) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["garden", "init", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return init


@pytest.fixture
def patterns(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PATTERNS, tmp_path / "patterns"))


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def test_it_says_what_it_found_what_it_wrote_and_what_comes_next(init, patterns: Path) -> None:
    code, out, _ = init("patterns")
    assert code == 0
    assert out.startswith("patterns is a pattern library.\n")
    for said in ("43 files", "complementary 39", "37 files have graph_garden", "enabler 6", "English", "none"):
        assert said in out
    for name in FILES:
        assert f"patterns/{name}\n" in out
        assert (patterns / name).is_file()
    assert out.endswith("garden tend patterns\n")


def test_what_it_found_fits_a_screen(init, patterns: Path, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = init("patterns")[1].splitlines()
    assert len(lines) <= 23
    assert max(map(len, lines)) <= 80


def test_a_pattern_is_read_as_before_with_the_settings_that_were_written(init, patterns: Path, tmp_path: Path) -> None:
    init("patterns")
    store = Store(tmp_path / "store.sqlite")
    before = libraries.read(PATTERNS, settings_of(PATTERNS), store, lambda *_: None)
    after = libraries.read(patterns, settings_of(patterns), store, lambda *_: None)
    assert after.patterns == before.patterns
    assert after.problems == ()


def test_one_file_with_a_section_is_told_as_one(init, patterns: Path) -> None:
    for file in patterns.glob("*.md"):
        if file.name != "review-rota.md":
            file.unlink()
    assert "1 file has graph_garden" in init(patterns, "--dry-run")[1]


def test_it_never_writes_over_a_file(init, patterns: Path) -> None:
    (patterns / "garden.toml").write_text("[links]\nmost = 3\n")
    (patterns / "prefect.yaml").symlink_to("nowhere")
    _, out, _ = init("patterns")
    assert (patterns / "garden.toml").read_text() == "[links]\nmost = 3\n"
    assert (patterns / "prefect.yaml").readlink() == Path("nowhere")
    assert "Left as it is    patterns/garden.toml" in out
    assert "Left as it is    patterns/prefect.yaml" in out
    assert (patterns / FILES[2]).is_file()


def test_a_second_time_it_changes_nothing(init, patterns: Path) -> None:
    init("patterns")
    texts = [(patterns / name).read_bytes() for name in FILES]
    code, out, _ = init("patterns")
    assert code == 0
    assert out.count("Left as it is") == 3
    assert [(patterns / name).read_bytes() for name in FILES] == texts


def test_a_dry_run_writes_nothing(init, patterns: Path) -> None:
    _, out, _ = init("patterns", "--dry-run")
    assert "Would write" in out
    assert sorted(path.name for path in patterns.iterdir() if path.suffix != ".md") == []


def test_in_a_repository_tools_find_their_files_at_the_top(init, patterns: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    init("patterns")
    assert (patterns / "garden.toml").is_file()
    deployments = yaml.safe_load((tmp_path / "prefect.yaml").read_text())["deployments"]
    assert {each["parameters"]["parameters"]["path"] for each in deployments} == {"patterns"}
    assert "garden check patterns" in (tmp_path / FILES[2]).read_text()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "no such folder"),
        (lambda path: path.mkdir(), "no Markdown file"),
        (lambda path: path.write_text("x"), "not a folder"),
        (lambda path: [path.mkdir(), (path / "README.md").write_text("# Hi")], "no Markdown file"),
    ],
)
def test_a_folder_without_notes_is_refused_with_the_reason(init, tmp_path: Path, make, says: str) -> None:
    make(tmp_path / "notes")
    code, out, err = init("notes")
    assert (code, out) == (1, "")
    assert err.startswith("garden: notes: ")
    assert says in err
    assert "name a folder" in err
    assert not (tmp_path / "notes" / "garden.toml").exists()


def test_a_folder_that_may_not_be_written_is_named(init, patterns: Path) -> None:
    (patterns / ".github").write_text("a file where a folder should be")
    code, _, err = init("patterns")
    assert code == 1
    assert "graph-garden.yml: cannot be written" in err


LIBRARIES = [
    (OBSIDIAN, ".obsidian/app.json", "an Obsidian vault", {"links": "wiki", "keywords": ("tags",)}),
    (ZETTELKASTEN, "x.txt", "a Zettelkasten", {"links": "wiki", "id_in_name": r"^\d{8,14}"}),
    (JEKYLL, "_config.yml", "a Jekyll site", {"summary": ("excerpt",), "keywords": ("tags",)}),
]


@pytest.mark.parametrize(("files", "mark", "kind", "fields"), LIBRARIES)
def test_it_knows_the_common_kinds_of_libraries(init, make_library, tmp_path, files, mark, kind, fields) -> None:
    root = make_library({**files, mark: ""})
    code, out, _ = init("library")
    assert code == 0
    assert f"library is {kind}." in out
    settings = settings_of(root)
    assert {name: getattr(settings.fields, name) for name in fields} == fields
    shelf = libraries.read(root, settings, Store(tmp_path / "store.sqlite"), lambda *_: None)
    assert len(shelf.readings) == len(files)
    assert shelf.problems == ()


def test_problems_are_counted_by_kind_and_the_next_command_names_them(init, patterns: Path) -> None:
    (patterns / "bad.md").write_text("---\ntitle: [1,\n---\n")
    _, out, _ = init("patterns")
    assert "1 file: reserved-character 1" in out
    assert out.endswith("garden check patterns\n")
    assert "continue-on-error: true" in (patterns / FILES[2]).read_text()


def test_a_library_in_another_language_is_told_which_model_it_needs(init, make_library) -> None:
    german = "Der Garten braucht im Frühling viel Wasser, und wer ihn pflegt, der erntet im Herbst die Früchte. "
    root = make_library({f"{n}.md": TEXT.format(f"Notiz {n}", german * 3) for n in range(3)})
    _, out, _ = init("library")
    assert "German (100% of texts)" in out
    assert "encoder.model" in out
    assert "Most texts here are in German" in (root / "garden.toml").read_text()


def test_names_that_would_break_a_file_are_quoted(init, tmp_path: Path) -> None:
    name = 'it\'s: a "test" #1\u202e'
    (tmp_path / name).mkdir()
    (tmp_path / name / "a.md").write_text(TEXT.format("A", "Text."))
    git(tmp_path, "init", "-q")
    code, out, _ = init(name)
    assert code == 0
    assert "\u202e" not in out
    deployments = yaml.safe_load((tmp_path / "prefect.yaml").read_text())["deployments"]
    assert {each["parameters"]["parameters"]["path"] for each in deployments} == {name}
    run = yaml.safe_load((tmp_path / FILES[2]).read_text())["jobs"]["check"]["steps"][-1]["run"]
    words = subprocess.run(["sh", "-c", f'set -- {run}; printf %s "$3"'], capture_output=True, text=True, check=True)
    assert words.stdout == name


def test_the_deployments_name_flows_that_are_there_and_parameters_that_they_take(init, patterns: Path) -> None:
    init("patterns")
    deployments = yaml.safe_load((patterns / "prefect.yaml").read_text())["deployments"]
    assert [each["schedules"][0]["cron"] for each in deployments] == ["0 5 * * 1", "0 6 * * *", "*/30 * * * *"]
    code = (
        "import json, sys; from prefect.flows import load_flow_from_entrypoint as load\n"
        "for each in json.loads(sys.argv[1]):\n"
        "    load(each['entrypoint'], use_placeholder_flow=False).validate_parameters(each['parameters'])"
    )
    run = [sys.executable, "-c", code, json.dumps(deployments)]
    done = subprocess.run(run, cwd=PATTERNS.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_workflow_is_one_that_github_takes(init, patterns: Path) -> None:
    init("patterns")
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    done = subprocess.run([*check, patterns / FILES[2]], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_garden_command_of_the_workflow_is_one_that_exists(init, patterns: Path) -> None:
    init("patterns")
    jobs = yaml.safe_load((patterns / FILES[2]).read_text())["jobs"]
    runs = [step["run"] for job in jobs.values() for step in job["steps"] if step.get("run", "").startswith("garden ")]
    assert [run.split()[1] for run in runs] == ["check", "tend", "health"]
    for run in runs:
        command, *words = run.split()[1:]
        shown = subprocess.run(
            [sys.executable, "-m", "garden", command, "--help"], capture_output=True, text=True, check=True
        )
        assert all(word in shown.stdout for word in words if word.startswith("--"))
