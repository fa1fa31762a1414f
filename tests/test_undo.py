import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from garden import aftermath, ledger, library, records
from garden.config import Settings
from garden.errors import GardenError
from garden.models import Proposal
from garden.plan.decisions import Said, withheld
from garden.plan.identity import proposal_id
from garden.records import Record, file_records
from garden.run import Run
from garden.store import Store
from garden.undo import NothingToUndo, Undone, undo
from tests.githost.garden import Proposing, both, link, links, means, pattern_text, quiet, run_over, stale

SAID = Said(who="ann", when="2026-11-23T12:00:00Z", where="undo")
RUN = "2026-11-22-12345678"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    for slug in "abcd":
        (folder / f"{slug}.md").write_bytes(pattern_text(slug).encode())
    return folder


def texts(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(root.glob("*.md"))}


def write(root: Path, proposing: Proposing, run: str = RUN, today: str = "2026-11-22") -> Run:
    done = run_over(root, proposing, Store(root.parent / "store.sqlite"), today=today)
    files = file_records(done.edits.edits, done.plan.proposals, root, done.request.settings.read)
    record = Record(run, today, done.request.settings, (), "", files)
    aftermath.keep(root, record, done.library.patterns)
    library.write(root, done.edits.edits, quiet)
    records.complete(root, record, ())
    return done


def take_back(root: Path, what: str) -> Undone:
    return undo(root, what, SAID, means(root.parent))


ALL = both(links("a-b", "a-c"), stale("a", "d"))


def proposals_of(root: Path) -> list[Proposal]:
    return list(run_over(root, ALL, Store(root.parent / "store.sqlite")).plan.proposals)


@pytest.mark.parametrize("what", [RUN, "2026-11-22-1", "2026", "last"])
def test_a_run_taken_back_leaves_every_byte_as_it_was(root: Path, what: str) -> None:
    before = texts(root)
    write(root, ALL)
    assert texts(root) != before
    done = take_back(root, what)
    assert texts(root) == before
    assert done.paths == ("a.md", "b.md", "c.md", "d.md")
    assert not done.problems


def test_a_date_that_was_put_right_is_taken_back_alone(root: Path) -> None:
    path = root / "d.md"
    path.write_bytes(path.read_bytes().replace(b"last_pruned: 2026-01-01", b"last_pruned: 2027-05-01  # typed wrongly"))
    before = texts(root)

    one = proposal_id("touch", "d")
    dated = Proposal(id=one, kind="touch", pattern="d", path="d.md", confidence=1.0, reason="", group="touch:d")
    write(root, lambda patterns: [*links("a-b")(patterns), dated])
    assert b"last_pruned: 2026-11-22  # typed wrongly" in path.read_bytes()
    assert take_back(root, one).proposals == (one,)
    assert texts(root)["d.md"] == before["d.md"]
    assert texts(root)["a.md"] != before["a.md"]


def test_the_last_run_is_the_last_that_still_stands(root: Path) -> None:
    before = texts(root)
    write(root, links("a-b"), "2026-11-22-1")
    write(root, links("a-c"), "2026-11-22-2")
    assert [take_back(root, "last").run for _ in range(2)] == ["2026-11-22-2", "2026-11-22-1"]
    assert texts(root) == before
    with pytest.raises(NothingToUndo, match="last: nothing that was written here is left"):
        take_back(root, "last")


@pytest.mark.parametrize("place", range(6))
def test_one_proposal_taken_back_leaves_the_others_result(tmp_path: Path, root: Path, place: int) -> None:
    proposals = proposals_of(root)
    one = proposals[place]
    write(root, lambda patterns: [p for p in ALL(patterns) if p.group != one.group])
    wanted = texts(root)
    take_back(root, RUN)
    write(root, ALL)
    assert set(take_back(root, one.id).proposals) == {p.id for p in proposals if p.group == one.group}
    assert texts(root) == wanted


def test_proposals_taken_back_one_by_one_leave_what_was(root: Path) -> None:
    before = texts(root)
    done = write(root, ALL)
    for group, proposal in {proposal.group: proposal for proposal in reversed(done.plan.proposals)}.items():
        assert take_back(root, proposal.id).proposals, group
    assert texts(root) == before


def test_later_edits_elsewhere_stay(root: Path) -> None:
    write(root, ALL)
    path = root / "a.md"
    edited = path.read_text().replace("is a thing", "is one thing").replace("license: CC-BY-4.0", "license: CC0-1.0")
    edited = edited.replace("      reason: a and c speak", "      # mine\n      reason: a and c speak")
    path.write_text(edited)
    take_back(root, link("a", "b").id)
    lines = edited.splitlines()
    start = lines.index("    - target: b")
    assert path.read_text().splitlines() == lines[:start] + lines[start + 4 :]


def test_lines_that_a_person_has_changed_since_are_left_and_named(root: Path) -> None:
    write(root, ALL)
    path = root / "a.md"
    path.write_text(path.read_text().replace("a and b speak of one thing.", "They rest on each other."))
    before = texts(root)
    done = take_back(root, link("a", "b").id)
    assert texts(root) == before
    assert [(p.path, p.code) for p in done.problems] == [("a.md", "undo-refused")]
    assert "changed by someone since; take them back by hand" in done.problems[0].message
    lines = before["a.md"].decode().splitlines()
    assert (done.problems[0].line, done.problems[0].column) == (lines.index("graph_garden:") + 1, 1)
    assert done.proposals == ()
    assert not ledger.read(root).decisions


PEOPLES_LIST = "authors:\n    - name: Ann\n    - name: Bea\n"


def ends_with_peoples_list(root: Path) -> None:
    """The file's own list stands right above the section, as deep as the section's lists do."""
    path = root / "a.md"
    path.write_text(path.read_text().replace("# the machine's\n", PEOPLES_LIST))


def section_taken_out(text: str) -> str:
    return re.sub(r"graph_garden:\n(?: .*\n)*", "", text)


def entities_taken_out(text: str) -> str:
    return re.sub(r"  entities:.*\n(?:    .*\n)*", "", text)


@pytest.mark.parametrize("taken_out", [section_taken_out, entities_taken_out])
@pytest.mark.parametrize("whole", [True, False])
def test_nothing_is_put_back_into_a_list_that_people_wrote(root: Path, taken_out, whole: bool) -> None:
    ends_with_peoples_list(root)
    write(root, stale("a", "d"))
    path = root / "a.md"
    left = taken_out(path.read_text())
    assert left != path.read_text()
    path.write_text(left)
    take_back(root, RUN if whole else proposal_id("remove_entity", "a", "old-idea", "0"))
    assert section_taken_out(path.read_text()) == section_taken_out(left)
    assert "old-idea" not in path.read_text() or "  entities:\n" in path.read_text()


@pytest.mark.parametrize("person", ["", "note: mine\n"])
def test_a_section_that_a_run_made_goes_with_what_was_written_around_it_and_nothing_else(
    root: Path, person: str
) -> None:
    path = root / "a.md"
    path.write_text(section_taken_out(path.read_text()))
    before = path.read_text()
    write(root, links("a-b"))
    path.write_text(path.read_text().replace("license:", f"{person}license:").replace("About A", "On A"))
    take_back(root, RUN)
    assert path.read_text().replace(person, "", 1) == before.replace("About A", "On A")


def test_the_rest_of_a_run_is_taken_back_beside_a_file_that_refuses(root: Path) -> None:
    before = texts(root)
    write(root, ALL)
    path = root / "a.md"
    path.write_text(path.read_text().replace("a and b speak of one thing.", "They rest on each other."))
    done = take_back(root, RUN)
    assert done.paths == ("b.md", "c.md", "d.md")
    assert {name: raw for name, raw in texts(root).items() if name != "a.md"} == {
        name: raw for name, raw in before.items() if name != "a.md"
    }


def test_an_older_run_can_be_taken_back_under_a_later_one(root: Path) -> None:
    write(root, links("a-b"))
    write(root, both(links("a-b", "a-c"), stale("a")), "2026-11-29-87654321", today="2026-11-29")
    after = texts(root)
    assert not take_back(root, RUN).problems
    text = (root / "a.md").read_text()
    assert "target: b" not in text
    assert "target: c" in text
    assert "last_pruned: 2026-11-29" in text
    assert "last_pruned: 2026-01-01" in (root / "b.md").read_text()
    assert texts(root)["c.md"] == after["c.md"]


def test_a_link_taken_back_goes_at_both_ends_and_is_remembered_as_rejected(root: Path) -> None:
    write(root, ALL)
    ends = {link("a", "b").id, link("b", "a").id}
    assert set(take_back(root, link("a", "b").id).proposals) == ends
    told = {(d.proposal, d.verdict, d.who) for d in ledger.read(root).decisions}
    assert told == {(end, "rejected", "ann") for end in ends}


def test_what_is_taken_back_stays_away_while_the_texts_of_that_day_stand(root: Path) -> None:
    write(root, links("a-b"))
    for path in (root / "a.md", root / "b.md"):
        path.write_text(path.read_text() + "\n" + f"Since then, {path.stem} has been told in quite other words.\n" * 9)
    take_back(root, link("a", "b").id)
    patterns = library.read(root, Settings(), Store(root.parent / "store.sqlite"), quiet).patterns
    ends = [link("a", "b"), link("b", "a")]
    assert withheld(ends, ledger.read(root).decisions, patterns, "2026-11-24") == {end.id for end in ends}


def test_where_a_person_has_changed_one_end_the_other_stays_too(root: Path) -> None:
    write(root, links("a-b"))
    path = root / "b.md"
    path.write_text(path.read_text().replace("b and a speak of one thing.", "B rests on A."))
    before = texts(root)
    done = take_back(root, link("a", "b").id)
    assert (done.proposals, done.paths, [problem.path for problem in done.problems]) == ((), (), ["b.md"])
    assert texts(root) == before
    assert not ledger.read(root).decisions


def test_a_run_taken_back_rejects_nothing(root: Path) -> None:
    write(root, ALL)
    take_back(root, RUN)
    assert not ledger.read(root).decisions


@pytest.mark.parametrize("what", [RUN, link("a", "b").id])
def test_what_was_taken_back_cannot_be_taken_back_again(root: Path, what: str) -> None:
    write(root, ALL)
    take_back(root, what)
    with pytest.raises(NothingToUndo, match="taken back already"):
        take_back(root, what)


@pytest.mark.parametrize(("what", "message"), [("nope", "no run or proposal"), ("2026-11", "could be any of")])
def test_an_id_that_says_too_little_is_refused(root: Path, what: str, message: str) -> None:
    write(root, links("a-b"))
    write(root, links("a-b", "a-c"), "2026-11-29-87654321")
    with pytest.raises(NothingToUndo, match=message):
        take_back(root, what)


def test_a_kill_between_writing_and_noting_is_mended_by_doing_it_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = texts(root)
    write(root, ALL)
    with monkeypatch.context() as patch:
        patch.setattr(records, "mark_undone", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            take_back(root, RUN)
    assert texts(root) == before
    take_back(root, RUN)
    assert texts(root) == before
    assert records.undone(root, RUN) == {matter.proposal for matter in records.matters(root, RUN)}


def test_a_write_that_was_killed_half_way_can_be_taken_back(root: Path) -> None:
    before = texts(root)
    write(root, ALL)
    (root / "b.md").write_bytes(before["b.md"])
    done = take_back(root, RUN)
    assert texts(root) == before
    # What never got into a file is not told to be taken back from it, and does not stand any more all the same.
    proposals = records.load(root, RUN).files
    assert done.paths == ("a.md", "c.md", "d.md")
    assert set(done.taken) == {p.id for file in proposals if file.path != "b.md" for p in file.proposals}
    assert set(done.proposals) == {p.id for file in proposals for p in file.proposals} == records.undone(root, RUN)


def front_matter_taken_out(path: Path) -> None:
    path.write_text("Words without front matter.\n")


def bracket_left_open(path: Path) -> None:
    path.write_text("---\nslug: b\ntitle: [1,\n---\n")


def folder_put_there(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("become", "says"),
    [
        (Path.unlink, "b.md:1:1: was deleted, renamed or moved since; put it back to take back what was written to it"),
        (folder_put_there, "b.md:1:1: a folder has taken its place since; put it back to take back what was written"),
        (front_matter_taken_out, "b.md:1:1: the file does not open with front matter; begin it"),
        (bracket_left_open, "b.md:4:1: - is not expected here; put the value in quotes"),
    ],
)
def test_a_file_that_is_not_there_to_be_put_right_is_named_in_words(root: Path, become, says: str) -> None:
    write(root, ALL)
    become(root / "b.md")
    done = take_back(root, RUN)
    assert done.paths == ("a.md", "c.md", "d.md")
    assert [str(problem).startswith(says) for problem in done.problems] == [True], done.problems
    assert done.problems[0].code == "undo-refused"


def test_a_damaged_record_is_named(root: Path) -> None:
    write(root, ALL)
    path = root / records.RUNS / f"{RUN}.texts.gz"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(GardenError, match=r"texts\.gz: is damaged"):
        take_back(root, RUN)


DAMAGED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "a list cut short": (".proposals.gz", lambda raw: raw[:40]),
    "a list of something else": (".proposals.gz", lambda _: gzip.compress(b'{"kind": "add_link"}\n')),
    "a state cut short": (".state", lambda raw: raw[:10]),
    "a state of something else": (".state", lambda _: b'{"complete": 5, "undone": []}'),
    "a state with no list": (".state", lambda _: b'{"complete": "2026-11-22", "undone": null}'),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_record_is_passed_over_and_named_but_for_undoing_it(root: Path, name: str) -> None:
    suffix, damage = DAMAGED[name]
    write(root, links("a-b"))
    done = write(root, links("a-c"), "2026-11-29-87654321", "2026-11-29")
    path = root / records.RUNS / f"{RUN}{suffix}"
    path.write_bytes(damage(path.read_bytes()))
    problems = aftermath.recalled(root, done.library.patterns, "2026-11-30").problems
    assert [(p.path, p.code) for p in problems] == [(f"{records.RUNS}/{RUN}{suffix}", "record")]
    assert "is damaged" in problems[0].message
    with pytest.raises(GardenError, match="is damaged"):
        take_back(root, RUN)
    path.unlink()
    assert not aftermath.recalled(root, done.library.patterns, "2026-11-30").problems
    assert take_back(root, "2026-11-29-87654321").taken


@pytest.mark.parametrize("damaged", [RUN, "2026-12-06-12345678"], ids=["an older run", "a newer run"])
def test_one_proposal_is_taken_back_past_the_damaged_record_of_another_run(root: Path, damaged: str) -> None:
    write(root, links("a-b"))
    run = write(root, links("a-c"), "2026-11-29-87654321", "2026-11-29")
    write(root, links("b-c"), "2026-12-06-12345678", "2026-12-06")
    path = root / records.RUNS / f"{damaged}.proposals.gz"
    path.write_bytes(path.read_bytes()[:40])
    done = take_back(root, run.plan.proposals[0].id)
    assert (done.run, done.problems) == ("2026-11-29-87654321", ())
    assert run.plan.proposals[0].id in done.taken
    assert [(p.path, p.code) for p in done.passed] == [(f"{records.RUNS}/{damaged}.proposals.gz", "record")]


def test_where_a_proposal_is_in_no_record_that_can_be_read_the_others_are_named(root: Path) -> None:
    write(root, links("a-b"))
    path = root / records.RUNS / f"{RUN}.proposals.gz"
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(NothingToUndo, match=rf"It may be in {records.RUNS}/{RUN}\.proposals\.gz, which cannot be read"):
        take_back(root, "0123abcd")


def test_the_last_run_is_not_guessed_past_a_damaged_record(root: Path) -> None:
    write(root, links("a-b"))
    write(root, links("a-c"), "2026-11-29-87654321", "2026-11-29")
    path = root / records.RUNS / "2026-11-29-87654321.state"
    path.write_bytes(path.read_bytes()[:10])
    with pytest.raises(GardenError, match="is damaged"):
        take_back(root, "last")


def test_a_state_that_says_nothing_of_undoing_says_that_all_stands(root: Path) -> None:
    done = write(root, links("a-b"))
    (root / records.RUNS / f"{RUN}.state").write_bytes(b'{"complete": "2026-11-22"}')
    assert not aftermath.recalled(root, done.library.patterns, "2026-11-30").problems


def test_records_hide_from_git_and_are_not_kept_for_ever(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "KEPT", 2)
    for day in range(1, 5):
        write(root, ALL, f"2026-11-0{day}-00000000")
        take_back(root, f"2026-11-0{day}")
    assert records.runs(root) == ["2026-11-03-00000000", "2026-11-04-00000000"]
    assert (root / records.RUNS / ".gitignore").read_text() == "*\n"
    assert len(list((root / records.RUNS).iterdir())) == 7
