import io
import os
import pty
import select
import subprocess
import sys
import tty
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import orjson
import pytest

from garden import ledger, records
from garden.errors import InputError
from garden.plan.decisions import Said, withheld
from garden.report.document import plan_document, to_json
from garden.review import (
    Keyboard,
    Question,
    Reviewed,
    accepted_above,
    answers_from,
    ask,
    proposals_from,
    questions,
    settle,
)
from garden.review.answers import answer
from garden.review.ask import Desk
from garden.review.given import is_plan, still_fitting, unanswered
from garden.review.session import SESSION
from garden.review.settle import Shelf, diff
from garden.run import Run
from garden.store import Store
from garden.undo import undo
from tests.githost.garden import TODAY, Proposing, both, link, links, means, pattern_text, quiet, run_over, stale

SAID = Said(who="ann", when="2026-11-22T12:00:00Z", where="terminal")
ALL = both(stale("d"), links("a-b", confidence=0.9), links("a-c", confidence=0.6))


@dataclass
class Script:
    """A terminal at which the keys and lines to come are known."""

    keys: list[str]
    lines: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    def show(self, text: str) -> None:
        self.shown.append(text)

    def key(self, prompt: str, keys: Sequence[str]) -> str:
        pressed = self.keys.pop(0) if self.keys else "q"
        assert pressed in keys
        return pressed

    def line(self, prompt: str, default: str = "") -> str:
        return (self.lines.pop(0) if self.lines else "") or default


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    for slug in "abcd":
        (folder / f"{slug}.md").write_bytes(pattern_text(slug).encode())
    return folder


def texts(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(root.glob("*.md"))}


def dry(root: Path, proposing: Proposing = ALL) -> Run:
    return run_over(root, proposing, Store(root.parent / "store.sqlite"))


def shelf_of(run: Run) -> Shelf:
    return Shelf(run.id, run.request, run.library, Store(run.request.root.parent / "store.sqlite"), quiet)


def asked_of(run: Run) -> list[Question]:
    return questions(run.plan.proposals, run.library.patterns)


def desk_of(run: Run) -> Desk:
    patterns = {pattern.slug: pattern for pattern in run.library.patterns}
    vocabulary = run.request.settings.vocabulary
    return Desk(run.request.root, patterns, vocabulary, TODAY, lambda proposals: diff(shelf_of(run), proposals))


def review(root: Path, script: Script) -> Reviewed:
    run = dry(root)
    asked = asked_of(run)
    return settle(shelf_of(run), asked, ask(asked, desk_of(run), script), SAID)


def test_mates_are_one_question_and_sure_clean_ups_come_first(root: Path) -> None:
    asked = asked_of(dry(root))
    assert [(q.heading, [p.pattern for p in q.proposals]) for q in asked] == [
        ("tidy · Care", ["d"]),
        ("links · Care", ["a", "b"]),
        ("links · Care", ["a", "c"]),
    ]


def test_only_what_was_accepted_is_written(root: Path) -> None:
    before = texts(root)
    done = review(root, Script(["n", "y", "s"]))
    assert done.paths == ("a.md", "b.md")
    after = texts(root)
    assert (after["c.md"], after["d.md"]) == (before["c.md"], before["d.md"])
    assert b"target: b" in after["a.md"]
    assert b"target: c" not in after["a.md"]


def test_what_was_said_is_remembered_with_its_reason(root: Path) -> None:
    review(root, Script(["n", "y", "l"], ["it is spoken of in the title"]))
    said = {(d.ends[0].slug, d.verdict, d.why, d.until) for d in ledger.read(root).decisions}
    assert said == {
        ("d", "rejected", "it is spoken of in the title", None),
        ("a", "accepted", "", None),
        ("b", "accepted", "", None),
        ("a", "snoozed", "", "2026-12-22"),
        ("c", "snoozed", "", "2026-12-22"),
    }


def test_what_was_rejected_is_not_asked_again(root: Path) -> None:
    review(root, Script(["n", "n", "n"]))
    run = dry(root)
    assert withheld(run.plan.proposals, ledger.read(root).decisions, run.library.patterns, TODAY) == {
        proposal.id for proposal in run.plan.proposals
    }


def test_an_edit_is_written_as_edited_and_its_mate_gets_the_inverse_type(root: Path) -> None:
    review(root, Script(["s", "e"], ["requires", "A rests on B."]))
    assert "target: b\n      type: requires\n" in (root / "a.md").read_text()
    assert "reason: A rests on B.\n" in (root / "a.md").read_text()
    assert "target: a\n      type: enables\n" in (root / "b.md").read_text()
    assert {d.verdict for d in ledger.read(root).decisions} == {"edited"}


@pytest.mark.parametrize(("keys", "lines"), [(["s", "e", "q"], ["nonsense"]), (["e", "q"], []), (["s", "e", "q"], [])])
def test_an_edit_that_changes_nothing_asks_again(root: Path, keys: list[str], lines: list[str]) -> None:
    script = Script(keys, lines)
    assert review(root, script).paths == ()
    assert not script.keys


def test_a_type_that_does_not_exist_is_asked_for_again_at_once(root: Path) -> None:
    script = Script(["s", "e", "q"], ["requiers", "requires", "A rests on B."])
    review(root, script)
    assert "requiers is none of these. Enter alone leaves complementary." in script.shown
    assert "target: b\n      type: requires\n" in (root / "a.md").read_text()


@pytest.mark.parametrize("said", ["require", "Requires", "enabled by"])
def test_a_type_may_be_said_by_another_name_of_it(root: Path, said: str) -> None:
    review(root, Script(["s", "e", "q"], [said, "A rests on B."]))
    assert "target: b\n      type: requires\n" in (root / "a.md").read_text()


def test_line_ends_of_windows_are_shown_as_any_other(root: Path) -> None:
    for path in root.glob("*.md"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    script = Script(["q"])
    review(root, script)
    assert "+" in "".join(script.shown)
    assert "\\u000d" not in "".join(script.shown)
    assert "\r" not in "".join(script.shown)


def test_back_asks_the_question_before_again(root: Path) -> None:
    done = review(root, Script(["s", "y", "b", "n", "q"]))
    assert done.paths == ()
    assert {d.verdict for d in done.decisions} == {"rejected"}


def test_quitting_writes_what_was_accepted_so_far(root: Path) -> None:
    assert review(root, Script(["y", "q"])).paths == ("d.md",)


def test_an_interrupted_review_goes_on_where_it_stopped(root: Path) -> None:
    run = dry(root)
    stopped = Interrupted(["y", "n"])
    with pytest.raises(KeyboardInterrupt):
        ask(asked_of(run), desk_of(run), stopped)
    assert stopped.shown[-1] == "2 answers are kept, and not carried out yet: the next review goes on after them."
    script = Script(["y"])
    done = review(root, script)
    assert script.shown[0] == "Going on where the last review stopped: 2 answered."
    assert done.paths == ("a.md", "c.md", "d.md")
    assert not (root / SESSION).exists()


def interrupt(root: Path, keys: list[str]) -> None:
    run = dry(root)
    with pytest.raises(KeyboardInterrupt):
        ask(asked_of(run), desk_of(run), Interrupted(keys))


@pytest.mark.parametrize("where", ["terminal", "file", "flow run 1"])
def test_the_answers_of_an_interrupted_review_go_before_a_rule_for_all(root: Path, where: str) -> None:
    interrupt(root, ["n", "s"])
    run = dry(root)
    asked = asked_of(run)
    said = replace(SAID, where=where)
    assert settle(shelf_of(run), asked, accepted_above(asked, 0.0), said).paths == ("a.md", "c.md")
    told = {(d.ends[0].slug, d.verdict, d.where) for d in ledger.read(root).decisions}
    assert told == {("d", "rejected", "terminal"), ("a", "accepted", where), ("c", "accepted", where)}
    assert not (root / SESSION).exists()


def test_a_no_that_is_said_now_stands_against_a_kept_yes(root: Path) -> None:
    interrupt(root, ["y", "y"])
    run = dry(root)
    asked = asked_of(run)
    said = replace(SAID, where="file")
    assert settle(shelf_of(run), asked, [answer(one, "rejected", "Not these.") for one in asked], said).paths == ()
    assert {(d.verdict, d.where, d.why) for d in ledger.read(root).decisions} == {("rejected", "file", "Not these.")}
    assert not (root / SESSION).exists()


def test_nobody_else_is_said_to_have_given_the_answers_of_an_interrupted_review(root: Path) -> None:
    interrupt(root, ["n"])
    run = dry(root)
    settle(shelf_of(run), asked_of(run), [], Said(who="bob", when=SAID.when, where="flow run 1"))
    assert [(d.verdict, d.who) for d in ledger.read(root).decisions] == [("rejected", "")]


def test_answers_to_what_is_not_asked_now_are_kept(root: Path) -> None:
    interrupt(root, ["n", "n"])
    part = dry(root, links("a-b", "a-c"))
    asked = asked_of(part)
    settle(shelf_of(part), asked, ask(asked, desk_of(part), Script(["y"])), SAID)
    script = Script(["q"])
    assert review(root, script).paths == ()
    assert script.shown[0] == "Going on where the last review stopped: 1 answered."
    assert {(d.ends[0].slug, d.verdict) for d in ledger.read(root).decisions} == {
        ("d", "rejected"),
        ("a", "rejected"),
        ("b", "rejected"),
        ("a", "accepted"),
        ("c", "accepted"),
    }


class Interrupted(Script):
    def key(self, prompt: str, keys: Sequence[str]) -> str:
        if not self.keys:
            raise KeyboardInterrupt
        return super().key(prompt, keys)


def test_an_answer_to_a_question_that_has_changed_is_asked_again(root: Path) -> None:
    run = dry(root)
    (root / SESSION).parent.mkdir(parents=True)
    (root / SESSION).write_text('{"group":"link:a:b","ids":["0"],"says":"accepted"}\nnot json\n')
    assert ask(asked_of(run), desk_of(run), Script(["q"])) == []


def test_a_question_fits_a_screen_of_eighty_columns(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    run = dry(root)
    asked = asked_of(run)[1:2]
    first = asked[0].proposals[0].model_copy(update={"reason": " ".join(["reasonably"] * 30)})
    script = Script(["q"])
    ask([Question(asked[0].heading, (first, *asked[0].proposals[1:]))], desk_of(run), script)
    lines = script.shown[0].split("\n")
    assert sum("reasonably" in line for line in lines) > 3
    assert max(len(line) for line in lines if "reasonably" in line) < 80


def test_a_question_shows_its_reason_its_evidence_and_its_diff(root: Path) -> None:
    run = dry(root)
    asked = asked_of(run)[1:2]
    evidence = {
        **asked[0].proposals[0].evidence,
        "terms": ["thing"],
        "sentences": [{"pattern": "a", "role": "solution", "text": "A thing\x1b[31m."}],
    }
    first = asked[0].proposals[0].model_copy(update={"evidence": evidence})
    script = Script(["?", "q"])
    ask([Question(asked[0].heading, (first, *asked[0].proposals[1:]))], desk_of(run), script)
    text = script.shown[0]
    assert "1 of 1 · links · Care · confidence 0.90" in text
    assert "A: add link (complementary) → B" in text
    assert "Why: a and b speak of one thing." in text
    assert "  Both speak of: thing\n" in text
    assert "  A: “A thing\\u001b[31m.”\n" in text
    assert "+    - target: b" in text
    assert "last_pruned" not in text
    assert "Every file that is written gets a new date" in script.shown[1]
    assert "\x1b" not in text
    assert "not be asked again" in script.shown[1]


def test_two_files_of_one_title_are_told_apart_in_questions(root: Path) -> None:
    run = dry(root)
    desk = desk_of(run)
    other = desk.patterns["b"].model_copy(update={"title": "A"})
    script = Script(["q"])
    ask(asked_of(run)[1:2], replace(desk, patterns={**desk.patterns, "b": other}), script)
    assert "A (a): add link (complementary) → A (b)" in script.shown[0]


def test_a_file_changed_meanwhile_is_left_and_its_yes_forgotten(root: Path) -> None:
    run = dry(root)
    asked = asked_of(run)
    answers = accepted_above(asked, 0.0)
    (root / "b.md").write_text(pattern_text("b").replace("is a thing", "is another thing"))
    done = settle(shelf_of(run), asked, answers, SAID)
    assert [problem.path for problem in done.problems] == ["b.md"]
    assert {d.ends[0].slug for d in ledger.read(root).decisions} == {"a", "c", "d"}
    assert all(d.target != "b" for d in ledger.read(root).decisions)


def test_a_file_that_was_deleted_meanwhile_is_named_in_words(root: Path, tmp_path: Path) -> None:
    run = dry(root)
    asked = asked_of(run)
    (root / "b.md").unlink()
    shelf = replace(shelf_of(run), store=Store(tmp_path / "another"))
    done = settle(shelf, asked, accepted_above(asked, 0.0), SAID)
    says = "was deleted, renamed or moved during the run, so it is left as it is; run again [changed-meanwhile]"
    assert [str(problem) for problem in done.problems] == [f"b.md:1:1: {says}"]
    assert done.paths == ("a.md", "c.md", "d.md")


def test_a_review_can_be_taken_back(root: Path) -> None:
    before = texts(root)
    done = review(root, Script(["y", "y", "y"]))
    undo(root, done.run, SAID, means(root.parent))
    assert texts(root) == before


@pytest.mark.parametrize(("above", "written"), [(0.95, ("d.md",)), (0.9, ("a.md", "b.md", "d.md")), (1.0, ())])
def test_a_script_accepts_what_is_sure_enough(root: Path, above: float, written: tuple[str, ...]) -> None:
    run = dry(root)
    asked = asked_of(run)
    assert settle(shelf_of(run), asked, accepted_above(asked, above), SAID).paths == written


def lines_of(*rows: dict[str, str]) -> bytes:
    return b"".join(orjson.dumps(row) + b"\n" for row in rows)


def test_a_decisions_file_answers_by_id_and_a_no_goes_before_a_mates_yes(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    rows = [
        {"id": link("a", "b").id, "decision": "accepted"},
        {"id": link("b", "a").id, "decision": "rejected", "note": "no"},
        {"id": link("a", "c").id, "decision": "accepted", "kind": "add_link", "pattern": "a"},
        {"id": "ffffffffffff", "decision": "accepted"},
    ]
    file.write_bytes(lines_of(*rows))
    run = dry(root)
    given = answers_from(file, asked_of(run))
    assert [(a.group, a.says, a.why) for a in given.answers] == [
        ("link:a:b", "rejected", "no"),
        ("link:a:c", "accepted", ""),
    ]
    assert list(given.strange or {}) == ["ffffffffffff"]
    assert settle(shelf_of(run), asked_of(run), given.answers, SAID).paths == ("a.md", "c.md")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", ":1: is no JSON"),
        ('{"id": "a", "decision": "accepted"}\n[]', ":2: expected one JSON object a line"),
        ('{"id": "a"}', ":1: expected {"),
        ('{"id": "a", "decision": "perhaps"}', ":1: expected {"),
    ],
)
def test_a_wrong_line_of_a_decisions_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "decisions.jsonl"
    file.write_text(text)
    with pytest.raises(InputError, match=r"decisions\.jsonl") as error:
        answers_from(file, [])
    assert message in str(error.value)


def test_a_plan_of_an_earlier_run_is_reviewed_where_it_still_fits(root: Path, tmp_path: Path) -> None:
    run = dry(root)
    file = tmp_path / "plan.json"
    file.write_bytes(to_json(plan_document(run)))
    assert is_plan(file)
    (root / "d.md").write_text(
        pattern_text("d").replace("    - id: old-idea\n      label: Old Idea\n", "    - id: new\n")
    )
    (root / "c.md").unlink()
    (root / "c.md").write_text(pattern_text("c").replace("inferred_links: []", "inferred_links:\n    - target: a"))
    now = dry(root, links())
    given = proposals_from(file, now.library.patterns)
    assert {p.group for p in given.proposals} == {"link:a:b"}
    assert len(given.strange or {}) == 3


def test_what_was_turned_down_since_is_not_asked_again_by_an_earlier_plan(root: Path, tmp_path: Path) -> None:
    run = dry(root)
    asked = asked_of(run)
    no = next(question for question in asked if question.group == "link:a:b")
    settle(shelf_of(run), asked, [answer(no, "rejected")], SAID)
    given = unanswered(
        still_fitting(run.plan.proposals, run.library.patterns),
        ledger.read(root).decisions,
        run.library.patterns,
        run.request.today,
    )
    assert {p.group for p in given.proposals} == {p.group for p in run.plan.proposals} - {"link:a:b"}
    assert set(given.strange or {}) == {p.id for p in no.proposals}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"proposals": [1]}'])
def test_a_file_that_is_no_plan_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(text)
    with pytest.raises(InputError, match=r"is no plan\.json"):
        proposals_from(file, [])


def test_keys_without_a_terminal_are_lines(tmp_path: Path) -> None:
    output = io.StringIO()
    keyboard = Keyboard(output, io.StringIO("yes\n\nx\nn\nbecause\n"))
    assert keyboard.key("Now?", ["y", "n"]) == "y"
    assert keyboard.key("Now?", ["y", "n"]) == "n"
    assert keyboard.line("Why", "so") == "because"
    assert keyboard.line("Why", "so") == "so"
    assert keyboard.key("Now?", ["y", "n"]) == "q"


@pytest.mark.parametrize(("typed", "pressed"), [(b"n", "n"), (b"xy", "y"), (b"\x04", "q"), (b"Y", "y")])
def test_in_a_terminal_a_key_counts_at_once(typed: bytes, pressed: str) -> None:
    ours, theirs = pty.openpty()
    # What is typed before the question must not be taken for a line being written.
    tty.setcbreak(theirs)
    with os.fdopen(theirs, encoding="utf-8") as terminal:
        os.write(ours, typed)
        assert Keyboard(io.StringIO(), terminal).key("Now?", ["y", "n"]) == pressed
    os.close(ours)


ASKING = """
import os, sys, time
from garden.review import Keyboard
while os.tcgetpgrp(0) != os.getpgrp():
    time.sleep(0.01)
print(f"pressed {Keyboard(sys.stdout, sys.stdin).key('Now?', ['y', 'n'])}!")
"""
# What a shell does: it starts a job on the terminal, takes that back where the job is stopped, and goes on with it.
SHELL = """
import fcntl, os, signal, subprocess, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
modes = termios.tcgetattr(0)
job = subprocess.Popen([sys.executable, "-c", sys.argv[1]], process_group=0)
os.tcsetpgrp(0, job.pid)
os.waitpid(job.pid, os.WUNTRACED)
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
os.tcsetpgrp(0, os.getpgrp())
termios.tcsetattr(0, termios.TCSANOW, modes)
print("stopped.", flush=True)
os.tcsetpgrp(0, job.pid)
os.killpg(job.pid, signal.SIGCONT)
job.wait()
"""


def test_a_question_that_was_stopped_and_taken_up_again_is_asked_anew_and_a_key_counts_at_once() -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", SHELL, ASKING]
    shell = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    text = ""

    def told(until: str) -> str:
        nonlocal text
        while until not in text:
            assert select.select([ours], [], [], 60)[0], f"{text!r}, and nothing more"
            text += os.read(ours, 4096).decode()
        before, _, text = text.partition(until)
        return before

    try:
        told("Now? ")
        os.write(ours, b"\x1a")
        told("stopped.")
        told("Now? ")
        os.write(ours, b"y")
        assert told("!").endswith("pressed y")
    finally:
        os.close(ours)
        shell.kill()
        shell.wait()
        os.close(theirs)


@pytest.mark.parametrize("key", ["[A", "[B", "[1;5B", "[[B", "[15~", "OQ", "OS", "b"])
def test_a_key_that_is_no_letter_answers_nothing(key: str) -> None:
    ours, theirs = pty.openpty()
    tty.setcbreak(theirs)
    with os.fdopen(theirs, encoding="utf-8") as terminal:
        os.write(ours, f"\x1b{key}y".encode())
        assert Keyboard(io.StringIO(), terminal).key("Now?", ["y", "n", "b", "s", "q", "a", "?"]) == "y"
    os.close(ours)


def test_records_of_a_review_hold_only_what_was_accepted(root: Path) -> None:
    done = review(root, Script(["n", "y", "n"]))
    assert {m.proposal for m in records.matters(root, done.run)} == {link("a", "b").id, link("b", "a").id}


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_headings_and_diffs_in_colour_unless_told_not_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = "1 of 3 · links · Care\n    +    - target: b\n    -    - target: c\n  Why: it fits."
    Keyboard(screen := Screen()).show(text)
    assert screen.getvalue() == (
        "\x1b[1m1 of 3 · links · Care\x1b[0m\n\x1b[32m    +    - target: b\x1b[0m\n"
        "\x1b[31m    -    - target: c\x1b[0m\n  Why: it fits.\n"
    )
    monkeypatch.setenv("NO_COLOR", "1")
    Keyboard(screen := Screen()).show(text)
    assert screen.getvalue() == f"{text}\n"


def test_a_change_of_the_date_alone_is_shown(root: Path) -> None:
    run = dry(root, links("a-b"))
    alone = [proposal for proposal in run.plan.proposals if proposal.pattern == "a"]
    dated = alone[0].model_copy(update={"kind": "touch", "target": None, "type": None, "evidence": {}})
    assert "+  last_pruned: 2026-11-22" in diff(shelf_of(run), [dated])
