import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from garden import __version__, ledger
from garden.cli import main
from garden.errors import OutputRefused
from garden.library import writing
from garden.models import Proposal
from garden.plan.facts import is_fact
from garden.review import Answer
from garden.review.session import Session
from garden.workshop import put_result

PATTERNS = Path(__file__).resolve().parents[1] / "patterns"
BAD = "---\nslug: bad\ntitle: [1,\n---\n"


class Result:
    """How a command ended: its exit code, stdout and stderr."""

    def __init__(self, code: object, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def garden(capsys, monkeypatch, fake_encoder):
    monkeypatch.setattr("garden.workshop.SentenceEncoder", lambda settings: fake_encoder)

    def garden(*words: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["garden", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Result(ended.value.code or 0, printed.out, printed.err)

    return garden


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PATTERNS, tmp_path / "patterns"))


def test_check_counts_patterns_and_is_content(garden) -> None:
    result = garden("check", PATTERNS)
    assert (result.code, result.out) == (0, "43 patterns, 0 problems\n")


@pytest.mark.parametrize("words", [["check", PATTERNS, "--json"], ["tend", PATTERNS, "--json", "--report", "report"]])
def test_a_variable_of_the_environment_that_does_nothing_is_told_once_beside_the_result(
    garden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GARDEN_CAHCE", "/elsewhere")
    result = garden(*words)
    assert result.code == 0
    assert len(json.loads(result.out)) > 1
    assert result.err.count("GARDEN_CAHCE does nothing: there is no such setting; near it: GARDEN_CACHE\n") == 1


@pytest.mark.parametrize("words", [("tend", "--only", "bad"), ("explain", "review-rota", "bad")])
def test_a_pattern_that_is_asked_for_but_cannot_be_read_is_told_as_one(garden, library: Path, words) -> None:
    (library / "bad.md").write_text(BAD)
    result = garden(words[0], library, *words[1:])
    assert result.code == 1
    assert "garden: 'bad' cannot be read: bad.md:4:" in result.err


def test_check_names_what_is_wrong_by_path_line_and_column(garden, library: Path) -> None:
    (library / "bad.md").write_text(BAD)
    result = garden("check", library)
    assert result.code == 1
    assert result.out.startswith("bad.md:4:")
    document = json.loads(garden("check", library, "--json").out)
    assert document["patterns"] == 43
    assert [set(problem) for problem in document["problems"]] == [{"path", "line", "column", "code", "message"}]


def test_tend_shows_and_writes_nothing_without_a_mode(garden, library: Path, tmp_path: Path) -> None:
    result = garden("tend", library, "--report", tmp_path / "report")
    assert result.code == 0
    assert "Nothing was written" in result.out
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == [
        "changes.patch",
        "pictures",
        "plan.json",
        "report.html",
        "report.md",
    ]
    assert (library / "decision-record.md").read_bytes() == (PATTERNS / "decision-record.md").read_bytes()


def test_tend_prints_one_json_object_and_nothing_else(garden, library: Path, tmp_path: Path) -> None:
    result = garden("tend", library, "--json", "--report", tmp_path / "report")
    assert result.err == ""
    assert json.loads(result.out)["proposals"]


def test_tend_writes_and_the_next_one_has_nothing_to_do(garden, library: Path, tmp_path: Path) -> None:
    assert garden("tend", library, "--write", "--report", tmp_path / "one").code == 0
    result = garden("tend", library, "--write", "--report", tmp_path / "two")
    assert result.out.startswith("Nothing to do")


def test_reports_go_into_a_folder_of_their_own_by_default(garden, library: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    garden("tend", library, "--today", "2026-11-22")
    [folder] = (tmp_path / "reports").iterdir()
    assert folder.name.startswith("2026-11-22-")


@pytest.mark.parametrize(
    "words", [("--only", "decision-record", "review-rota"), ("--only", "decision-record", "--only", "review-rota")]
)
def test_only_takes_one_slug_or_several(garden, library: Path, tmp_path: Path, words) -> None:
    result = garden("tend", library, "--json", "--report", tmp_path / "report", *words)
    assert json.loads(result.out)["files_changed"] == ["decision-record.md", "review-rota.md"]


def test_one_file_that_was_written_is_told_as_one(garden, library: Path, tmp_path: Path) -> None:
    result = garden("tend", library, "--write", "--only", "review-rota", "--report", tmp_path / "report")
    assert result.out.endswith("Written: 1 file\n")


def test_the_facts_of_the_sample_library_are_written_alone_and_once(garden, library: Path, tmp_path: Path) -> None:
    whole = json.loads(garden("tend", library, "--json", "--report", tmp_path / "whole").out)
    plain = {one["id"] for one in whole["proposals"] if is_fact(Proposal.model_validate(one))}
    told = garden("tend", library, "--facts", "--write", "--report", tmp_path / "facts")
    plan = json.loads((tmp_path / "facts" / "plan.json").read_text())
    written = {one["id"]: one["kind"] for one in plan["proposals"]}
    assert {one for one, kind in written.items() if kind != "touch"} == plain
    assert {"remove_link", "retype_link"} <= {*written.values()} <= {"add_link", "remove_link", "retype_link", "touch"}
    assert plan["health"]["after"]["links_dangling"] == plan["health"]["after"]["links_repeating_curated"] == 0
    assert plan["health"]["after"]["entities_stale"] is None
    assert plan["run"] != whole["run"]
    assert "Plain facts alone." in told.out
    again = garden("tend", library, "--facts", "--report", tmp_path / "again")
    assert "Nothing to do: 43 patterns read, no plain fact to put right." in again.out
    left = json.loads(garden("tend", library, "--json", "--report", tmp_path / "left").out)
    assert left["proposals"]
    assert not any(is_fact(Proposal.model_validate(one)) for one in left["proposals"])


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("tend",), 2, "Missing argument"),
        (("tend", PATTERNS, "--today", "soon"), 2, "no date"),
        (("tend", PATTERNS, "--today", "20261122"), 2, "no date"),
        (("tend", PATTERNS, "--today", ""), 2, "no date"),
        (("tend", PATTERNS, "decision-record"), 2, "--only"),
        (("tend", PATTERNS, "--no-such-flag"), 2, "No such option"),
        (("tend", "/no/such/folder"), 1, "no such folder"),
        (("tend", PATTERNS, "--only", "decision-recrod"), 1, "near it: decision-record"),
        (("tend", PATTERNS, "--only", "Decision-Record"), 1, "near it: decision-record"),
        (("dance",), 2, "No such command"),
    ],
)
def test_wrong_use_ends_with_2_and_failure_with_1_and_both_say_what_to_do(garden, words, code, says) -> None:
    result = garden(*words)
    assert result.code == code
    assert says in result.err


@pytest.mark.parametrize(
    "words",
    [
        ["tend", ""],
        ["check", "", "--json"],
        ["undo", "last", ""],
        ["explain", "", "a"],
        ["init", ""],
        ["serve", ""],
        ["suggest", "", "--known", "known.jsonl", "--out", "out.jsonl"],
    ],
)
def test_an_empty_path_is_not_the_folder_where_one_is(garden, library: Path, monkeypatch, words: list[str]) -> None:
    monkeypatch.chdir(library)
    result = garden(*words)
    assert result.code == 2
    assert "it is empty; the folder where you are is ." in result.err


def test_an_empty_name_is_refused(garden) -> None:
    result = garden("explain", PATTERNS, "")
    assert result.code == 2
    assert result.err.endswith("Invalid value for 'A': it is empty\n")


def test_an_empty_value_of_an_option_is_no_empty_path(garden, library: Path, monkeypatch) -> None:
    monkeypatch.chdir(library)
    monkeypatch.setattr("garden.commands.serve.os.execv", lambda program, words: None)
    assert garden("serve", ".", "--timezone", "").code == 0


def test_a_wrong_setting_is_named_with_its_file(garden, library: Path) -> None:
    (library / "garden.toml").write_text("[links]\nmots = 3\n")
    result = garden("tend", library)
    assert result.code == 1
    assert "garden.toml:2:1: links.mots" in result.err


def to_folder(path: Path) -> None:
    path.mkdir()


def to_dangling_link(path: Path) -> None:
    path.symlink_to("nowhere.toml")


@pytest.mark.parametrize("command", ["check", "init"])
@pytest.mark.parametrize(
    ("become", "says"),
    [(to_folder, "file: is a folder; put"), (to_dangling_link, "file: is a link that leads nowhere")],
)
def test_settings_that_are_no_file_are_an_error(garden, library: Path, become, says: str, command: str) -> None:
    become(library / "garden.toml")
    result = garden(command, library)
    assert result.code == 1
    assert f"garden: {library / 'garden.toml'}: {says}" in result.err


def test_health_of_a_fair_library_is_no_alarm(garden, library: Path, tmp_path: Path) -> None:
    garden("tend", library, "--write", "--report", tmp_path / "report")
    result = garden("health", library, "--json")
    assert result.code == 0
    assert json.loads(result.out)["targets_share"] == 1.0


def test_a_plan_of_another_library_asks_nothing_and_says_so_in_a_line(garden, library: Path, tmp_path: Path) -> None:
    garden("tend", library, "--report", tmp_path / "report")
    for file in library.glob("*.md"):
        file.rename(file.with_name(f"other-{file.name}"))
    result = garden("review", library, "--from", tmp_path / "report" / "plan.json")
    assert (result.code, result.out) == (0, "Written: 0 files. Remembered: 0 decisions.\n")
    assert result.err.count("the library has been changed since the plan was made") == 1
    assert "There is nothing to ask about." in result.err


def test_a_file_that_is_no_plan_and_no_answers_is_refused_at_once(garden, library: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"a": 1}')
    result = garden("review", library, "--from", wrong)
    assert result.code == 1
    assert "in each line, or a whole plan.json" in result.err
    assert "Reading patterns" not in result.err


def test_review_takes_the_sure_ones_and_undo_takes_them_back(garden, library: Path) -> None:
    result = garden("review", library, "--accept-above", "0.95")
    assert result.code == 0
    run = result.out.rsplit("garden undo ", 1)[1].split()[0]
    assert garden("undo", run, library).code == 0
    for path in sorted(PATTERNS.glob("*.md")):
        assert (library / path.name).read_bytes() == path.read_bytes()


def test_who_has_a_number_and_no_name_can_answer_and_take_back(garden, library: Path, monkeypatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr("getpass.getuser", nameless)
    monkeypatch.setattr("os.getuid", lambda: 12345)
    result = garden("review", library, "--accept-above", "0.95")
    assert result.code == 0
    assert {one.who for one in ledger.read(library).decisions} == {"12345"}
    run = result.out.rsplit("garden undo ", 1)[1].split()[0]
    assert garden("undo", run, library).code == 0


@pytest.mark.parametrize("told", ["Ann Reviewer", ""])
def test_who_answers_goes_by_the_name_of_their_commits_where_there_is_one(
    garden, library: Path, monkeypatch, told: str
) -> None:
    for name in ("GLOBAL", "SYSTEM"):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", "/dev/null")
    subprocess.run(["git", "init", "-q", library], check=True)
    if told:
        subprocess.run(["git", "-C", library, "config", "user.name", told], check=True)
    monkeypatch.setattr("getpass.getuser", lambda: "account")
    assert garden("review", library, "--accept-above", "0.95").code == 0
    assert {one.who for one in ledger.read(library).decisions} == {told or "account"}


def test_the_sure_ones_are_not_taken_against_an_interrupted_review(garden, library: Path, tmp_path: Path) -> None:
    garden("tend", library, "--report", tmp_path / "report")
    proposals = json.loads((tmp_path / "report" / "plan.json").read_text())["proposals"]
    no = next(one for one in proposals if one["confidence"] >= 0.95 and one["kind"] == "remove_entity")
    Session(library).note(Answer(group=no["group"], ids=(no["id"],), says="rejected"))
    result = garden("review", library, "--accept-above", "0.95")
    assert "1 answer of an interrupted review goes first." in result.err
    said = {one.proposal: one.verdict for one in ledger.read(library).decisions}
    assert said.pop(no["id"]) == "rejected"
    assert set(said.values()) == {"accepted"}


@pytest.mark.parametrize("words", [["tend", "--write", "--report", "report"], ["review", "--accept-above", "0.9"]])
def test_a_library_that_may_not_be_written_is_refused_in_a_line(
    garden, library: Path, tmp_path: Path, monkeypatch, words: list[str]
) -> None:
    mkdir = Path.mkdir

    def refuse(self: Path, *given: object, **more: object) -> None:
        if self.is_relative_to(library):
            raise PermissionError(13, "Permission denied", str(self))
        mkdir(self, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "mkdir", refuse)
    monkeypatch.chdir(tmp_path)
    before = {path: path.read_bytes() for path in library.iterdir()}
    result = garden(words[0], library, *words[1:])
    assert result.code == 1
    assert re.fullmatch(
        r"garden: \S+/\.garden(/runs)?: cannot be written: Permission denied; allow writing there",
        result.err.splitlines()[-1],
    )
    assert {path: path.read_bytes() for path in library.iterdir()} == before


@pytest.mark.parametrize("words", [["--report", "reports/below"], []])
def test_where_no_report_can_be_written_nothing_else_is(
    garden, library: Path, tmp_path: Path, monkeypatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reports").touch()
    before = {path: path.read_bytes() for path in library.iterdir()}
    result = garden("tend", library, "--write", *words)
    assert result.code == 1
    assert "the report cannot be written: Not a directory; name another folder with --report" in result.err
    assert {path: path.read_bytes() for path in library.iterdir()} == before


def test_a_library_whose_own_name_is_not_utf8_is_tended_and_named(garden, library: Path, tmp_path: Path) -> None:
    root = library.rename(tmp_path / os.fsdecode(b"caf\xe9"))
    result = garden("tend", root, "--write", "--report", tmp_path / "report")
    assert (result.code, "Written: " in result.out) == (0, True)
    assert json.loads((tmp_path / "report" / "plan.json").read_bytes())["library"] == "caf\\xe9"
    for name in ("report.md", "report.html"):
        assert "caf\\xe9" in (tmp_path / "report" / name).read_text(encoding="utf-8").replace("\\\\", "\\")
    assert garden("undo", "last", root).code == 0


@pytest.mark.parametrize("as_json", [False, True])
def test_tend_ends_with_1_where_a_file_cannot_be_written(
    garden, library: Path, tmp_path: Path, monkeypatch, as_json: bool
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("garden.library.writing._put_beside", refuse)
    result = garden("tend", library, "--write", "--report", tmp_path / "report", *(["--json"] if as_json else []))
    assert result.code == 1
    if as_json:
        codes = {problem["code"] for problem in json.loads(result.out)["problems"]}
        assert codes == {"unwritable"}
    else:
        assert "cannot be written: Permission denied; the file is as it was" in result.err
        assert "Written: 0 files" in result.out


def test_tend_ends_with_0_where_a_file_was_changed_meanwhile(
    garden, library: Path, tmp_path: Path, monkeypatch
) -> None:
    put = writing._put_beside

    def touched(temporary: Path, raw: bytes, pattern: Path) -> None:
        put(temporary, raw, pattern)
        if pattern.name == "review-rota.md":
            pattern.write_bytes(pattern.read_bytes() + b"\nMore.\n")

    monkeypatch.setattr(writing, "_put_beside", touched)
    result = garden("tend", library, "--write", "--report", tmp_path / "report")
    assert result.code == 0
    assert "changed-meanwhile" in result.err


@pytest.mark.parametrize(
    ("out", "says"), [("nowhere/out.jsonl", "there is no folder {}/nowhere"), (".", "it is a folder")]
)
def test_suggest_refuses_a_file_that_cannot_be_written_before_it_works(
    garden, tmp_path: Path, monkeypatch, out: str, says: str
) -> None:
    monkeypatch.setattr("garden.cli.suggest_links", lambda *_: pytest.fail("the work was begun"))
    result = garden("suggest", tmp_path, "--known", tmp_path / "known.jsonl", "--out", tmp_path / out)
    assert result.code == 1
    reason = says.format(tmp_path)
    assert result.err == f"garden: {tmp_path / out}: cannot be written: {reason}; name another file with --out\n"


@pytest.mark.parametrize("out", ["notes.jsonl", "known.jsonl", "again.jsonl"])
def test_suggest_does_not_write_over_what_it_reads(garden, tmp_path: Path, out: str) -> None:
    (tmp_path / "notes.jsonl").write_text('{"slug": "a", "title": "A", "summary": "", "body": "Text."}\n')
    (tmp_path / "known.jsonl").touch()
    (tmp_path / "again.jsonl").symlink_to("notes.jsonl")
    before = (tmp_path / "notes.jsonl").read_bytes()
    result = garden("suggest", tmp_path, "--known", tmp_path / "known.jsonl", "--out", tmp_path / out)
    assert (result.code, "is what is read" in result.err) == (2, True)
    assert (tmp_path / "notes.jsonl").read_bytes() == before


def test_a_result_that_fails_to_be_written_is_named(tmp_path: Path, monkeypatch) -> None:
    def refuse(self: Path, raw: bytes) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(OutputRefused, match="out: cannot be written: Input/output error; name another file"):
        put_result(tmp_path / "out", lambda: b"made")


def test_something_else_in_the_place_of_what_is_kept_is_named(garden, library: Path, tmp_path: Path) -> None:
    (library / ".garden").write_text("A note on gardening.\n")
    result = garden("tend", library, "--write", "--report", tmp_path / "report")
    assert result.code == 1
    assert "/.garden" in result.err.splitlines()[-1]
    assert result.err.endswith(": cannot be written: a file stands where a folder goes; move it elsewhere\n")


@pytest.mark.parametrize("asked", ["version", "--version"])
def test_the_version_is_the_package_s(garden, asked: str) -> None:
    assert garden(asked).out == f"{__version__}\n"


@pytest.mark.parametrize("words", [("check", "."), ("tend", ".", "--write"), ("init", ".")])
def test_a_current_folder_that_was_deleted_is_said_in_a_line(
    garden, tmp_path: Path, monkeypatch, words: tuple[str, ...]
) -> None:
    folder = tmp_path / "deleted"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    result = garden(*words)
    assert (result.code, result.out) == (1, "")
    assert result.err == "garden: the folder where this was typed is there no more; go to another and run it again\n"


def test_without_words_it_says_what_it_can_do(garden) -> None:
    result = garden()
    assert "Usage:" in result.out + result.err


def test_a_reader_that_goes_away_is_no_failure(library: Path) -> None:
    command = [sys.executable, "-m", "garden", "check", str(library)]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert "Traceback" not in done.stderr
    assert "bug" not in done.stderr
    assert done.returncode == 128 + signal.SIGPIPE


def test_a_report_is_not_written_between_the_patterns(garden, library: Path) -> None:
    before = sorted(path.name for path in library.iterdir())
    result = garden("tend", library, "--report", library / ".")
    assert result.code == 1
    assert result.err.startswith(
        f"garden: {library}: the report cannot be written: it is the library itself; name another"
    )
    assert sorted(path.name for path in library.iterdir()) == before


def test_a_report_that_cannot_be_written_does_not_hide_that_files_are(garden, library: Path, tmp_path: Path) -> None:
    # The folder can be written to, so that this shows only once the report is.
    (tmp_path / "report" / "plan.json").mkdir(parents=True)
    result = garden("tend", library, "--write", "--report", tmp_path / "report")
    assert result.code == 1
    count = len([path for path in library.glob("*.md") if path.read_bytes() != (PATTERNS / path.name).read_bytes()])
    assert count
    assert f"garden: {count} files of the library written; the report alone is missing\n" in result.err
    assert "name another folder with --report" in result.err


@pytest.mark.parametrize(("epoch", "code"), [("abc", 1), ("-5", 1), ("", 0)])
def test_a_date_that_is_none_is_named(library: Path, epoch: str, code: int) -> None:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": epoch}
    command = [sys.executable, "-m", "garden", "check", str(library)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code
    said = f"garden: SOURCE_DATE_EPOCH: {epoch!r} is no number of seconds since 1970\n"
    assert (done.stderr == said) == bool(code)


def test_an_output_that_lacks_a_character_escapes_it(library: Path, sample_vectors: Path, tmp_path: Path) -> None:
    cache = str(shutil.copytree(sample_vectors, tmp_path / "vectors"))
    environment = {**os.environ, "GARDEN_CACHE": cache, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    (library / "bad.md").write_text("---\ntitle: \u2192\ntitle: b\n---\n", encoding="utf-8")
    command = [sys.executable, "-m", "garden", "explain", str(library), "review-rota"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert done.stdout.isascii()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [["check"], ["check", "--json"], ["health"]])
def test_a_disk_that_is_full_is_named_and_is_no_bug(library: Path, words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "garden", words[0], str(library), *words[1:]]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    said = "garden: output, or a disk: No space left on device; make room and run it again"
    assert done.stderr.splitlines()[-1] == said
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_with_130_and_says_that_nothing_is_broken(library: Path) -> None:
    # What runs in the background inherits a Ctrl-C that is ignored.
    script = (
        "import os, signal, garden.tend as story\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "def stopped(*_): os.kill(os.getpid(), signal.SIGINT); signal.pause()\n"
        "story.embed = stopped\n"
        "from garden.cli import main; main()"
    )
    command = [sys.executable, "-c", script, "tend", str(library)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 128 + signal.SIGINT
    assert "every file is as it was or wholly new" in done.stderr


@pytest.mark.parametrize("way", ["runpy.run_module('garden', run_name='__main__')", "garden.entry.program()"])
@pytest.mark.parametrize("moment", ["typer", "networkx", "garden.tend"])
def test_ctrl_c_while_the_program_is_loaded_is_a_line(way: str, moment: str) -> None:
    script = (
        "import os, runpy, signal, sys, garden.entry\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "class Stopping:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name == {moment!r}: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Stopping())\n" + way
    )
    done = subprocess.run([sys.executable, "-c", script, "version"], capture_output=True, text=True, check=False)
    assert done.returncode == 128 + signal.SIGINT
    assert done.stderr == "garden: stopped\n"
    assert done.stdout == ""


def test_branches_carry_the_proposals_and_the_work_tree_stays_as_it_is(garden, library: Path, tmp_path: Path) -> None:
    def git(*words: str) -> str:
        command = ["git", "-c", "user.name=ann", "-c", "user.email=ann@example.org", *words]
        return subprocess.run(command, cwd=library, check=True, capture_output=True, text=True).stdout

    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "as found")
    result = garden("tend", library, "--branch", "--report", tmp_path / "report")
    assert result.code == 0
    branches = git("branch", "--format=%(refname:short)").split()
    assert len(branches) == 4
    assert all(name == "main" or f"{name}: created" in result.out for name in branches)
    assert git("status", "--porcelain") == ""
    assert garden("learn", library).out.startswith("Learned: 0 new decisions")


def test_only_one_mode_at_a_time(garden) -> None:
    result = garden("tend", PATTERNS, "--write", "--branch")
    assert result.code == 2
    assert "take one of" in result.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["tend", "no-such-folder"], "no-such-folder: no such folder"),
        (["tend", "no-such-folder", "--write"], "no-such-folder: no such file or directory"),
        (["tend", PATTERNS, "--report", "/dev/null/report"], "the report cannot be written: Not a directory"),
    ],
)
def test_a_place_that_cannot_be_used_is_a_failure_and_no_bug(garden, words, said) -> None:
    result = garden(*words)
    assert result.code == 1
    assert said in result.err
    assert "Traceback" not in result.err
