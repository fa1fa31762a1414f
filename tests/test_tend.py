import json
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from garden import ledger
from garden import tend as story
from garden.config import LinkSettings, SectionSettings, Settings
from garden.edits import patch
from garden.entities import looking
from garden.entities.labels import Label, mentioned
from garden.errors import LibraryLocked, NothingReadable, NotKept, UnknownPattern
from garden.findings import aside_of, stale_entities
from garden.library import locked
from garden.models import Proposal
from garden.plan.decisions import Said, Verdict, decision
from garden.processes import helper, second
from garden.prose import Prose
from garden.report import write_report
from garden.report.document import plan_document
from garden.report.summary import summary
from garden.run import Known, Prepared, Request, Run
from garden.store import Store
from garden.tend import tend
from garden.tools import Tools

BAD = "---\ntitle: [1,\n---\n"
PATTERNS = Path(__file__).resolve().parents[1] / "patterns"
Tend = Callable[..., Run]


@pytest.fixture
def garden(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PATTERNS, tmp_path / "garden"))


@pytest.fixture
def run(fake_encoder, tmp_path: Path) -> Tend:
    def run(root: Path, **options) -> Run:
        request = Request(root, options.pop("settings", Settings()), options.pop("today", "2026-11-22"), **options)
        return tend(request, Tools(fake_encoder, Store(tmp_path / "store"), lambda: 0.0, lambda *_: None))

    return run


def texts(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*.md"))}


def outside_section(raw: bytes) -> list[bytes]:
    """The lines of a file without those of its section and of the section's banner."""
    kept, inside = [], False
    for line in raw.splitlines(keepends=True):
        if line.startswith(b"graph_garden:"):
            inside = True
        elif inside and not line.startswith((b" ", b"- ", b"\n")):
            inside = False
        if not inside and not line.startswith(b"#"):
            kept.append(line)
    return kept


def test_a_dry_run_changes_nothing(garden: Path, run: Tend) -> None:
    before = texts(garden)
    assert run(garden).plan.proposals
    assert texts(garden) == before


def test_writing_changes_no_byte_outside_the_section(garden: Path, run: Tend) -> None:
    before = texts(garden)
    written = run(garden, write=True).written
    after = texts(garden)
    assert written is not None
    assert set(written.paths) == {path for path in before if before[path] != after[path]} != set()
    for path, raw in before.items():
        assert outside_section(raw) == outside_section(after[path]), path


def test_health_tells_the_stale_share_before_and_after(garden: Path, run: Tend, fake_encoder, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    assert (
        stale_entities(run(garden, only=("lazy-consensus",)).library, Settings(), fake_encoder, Store(tmp_path / "new"))
        is None
    )
    found = run(garden, write=True)

    stale = [p for p in found.plan.proposals if p.kind == "remove_entity" and p.evidence["cause"] == "stale"]
    assert (found.before["entities_stale"], found.after["entities_stale"]) == (len(stale), 0)
    assert stale_entities(found.library, Settings(), fake_encoder, store) == len(stale) > 0
    assert stale_entities(run(garden).library, Settings(), fake_encoder, store) == 0


def test_a_run_tells_of_how_many_entities_the_text_has_the_label_as_health_does(
    garden: Path, run: Tend, fake_encoder, tmp_path: Path
) -> None:
    store = Store(tmp_path / "store")
    found, recalled = run(garden), run(garden)
    assert [one["entities_said_share"] for one in (recalled.before, recalled.after)] == [
        one["entities_said_share"] for one in (found.before, found.after)
    ]
    for side, written in ((found.before, found), (run(garden, write=True).after, run(garden))):
        aside = aside_of(written.library, Settings(), fake_encoder, store, "2026-11-22")
        assert side["entities_said_share"] == round(aside.said / side["entities"], 4) > 0
    assert found.before["entities_said_share"] != found.after["entities_said_share"]


def test_what_a_file_refuses_is_not_told_of_as_said(garden: Path, run: Tend) -> None:
    path = garden / "architecture-map.md"
    anchored = path.read_text().replace("  entities:\n", "  entities: &all\n")
    path.write_text(anchored.replace("license:", "z: *all\nlicense:"))
    found = run(garden)
    assert [(problem.path, problem.code) for problem in found.problems] == [(path.name, "splice-refused")]
    assert run(garden).after["entities_said_share"] == found.after["entities_said_share"]
    assert run(garden, write=True).after["entities_said_share"] == run(garden).before["entities_said_share"]


def test_a_file_in_the_place_of_the_ledgers_folder_is_named_by_a_dry_run_as_by_one_that_writes(
    garden: Path, run: Tend
) -> None:
    (garden / ledger.FOLDER).write_text("")
    assert [(problem.path, problem.code) for problem in run(garden).problems] == [(ledger.FOLDER, "ledger")]
    before = texts(garden)
    with pytest.raises(NotKept, match=r"/\.garden: cannot be written: a file stands where a folder goes; move it"):
        run(garden, write=True)
    assert texts(garden) == before


def test_health_looks_for_labels_once(
    garden: Path, run: Tend, fake_encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = run(garden).library
    looks: list[int] = []

    def look(asked: Sequence[tuple[Label, int]], proses: Sequence[Prose]) -> list[bool]:
        looks.append(len(asked))
        return mentioned(asked, proses)

    monkeypatch.setattr(looking, "mentioned", look)
    assert aside_of(shelf, Settings(), fake_encoder, Store(tmp_path / "store"), "2026-11-22").stale is not None
    assert len(looks) == 1


def test_a_run_for_plain_facts_says_where_it_holds_what_reviewers_have_before_them(garden: Path, run: Tend) -> None:
    judged = next(one.id for one in run(garden).plan.proposals if one.kind == "add_link")
    assert summary(run(garden, facts=True)).endswith(" Plain facts alone.")
    told = summary(run(garden, facts=True, under_review=frozenset({judged})))
    assert told.endswith(" Plain facts alone, besides what reviewers have before them already.")


def test_two_texts_with_nothing_in_common_are_not_linked_though_neither_has_another_partner(
    tmp_path: Path, run: Tend
) -> None:
    root = tmp_path / "two"
    root.mkdir()
    for slug, text in (("soup", "Boil carrots with salt."), ("rota", "Reviewers alternate weekly.")):
        (root / f"{slug}.md").write_text(f"---\nslug: {slug}\ntitle: {slug.title()}\n---\n{text}\n")
    links = [one.reason for one in run(root).plan.proposals if one.kind == "add_link"]
    assert not links


def test_a_second_run_proposes_nothing_on_whatever_day(garden: Path, run: Tend) -> None:
    run(garden, write=True)
    before = texts(garden)
    again = run(garden, write=True, today="2030-01-01")
    assert again.plan.proposals == ()
    assert texts(garden) == before


@pytest.mark.parametrize(
    "settings",
    [
        Settings(section=SectionSettings(missing="skip")),
        Settings(links=LinkSettings(most=1)),
        Settings(links=LinkSettings(most=0)),
        Settings(links=LinkSettings(add_above=0.9, keep_above=0.0, rescue_above=0.9)),
    ],
)
def test_a_second_run_proposes_nothing_under_other_settings_too(garden: Path, run: Tend, settings: Settings) -> None:
    run(garden, write=True, settings=settings)
    assert run(garden, settings=settings).plan.proposals == ()


def test_a_dry_run_shows_the_very_edits_that_writing_makes(garden: Path, run: Tend, tmp_path: Path) -> None:
    shown = run(garden)
    write_report(shown, tmp_path / "report")
    copy = Path(shutil.copytree(garden, tmp_path / "copy"))
    subprocess.run(["git", "apply", str(tmp_path / "report" / "changes.patch")], cwd=copy, check=True)
    done = run(garden, write=True)
    assert done.edits == shown.edits
    assert texts(copy) == texts(garden)


def test_the_same_library_elsewhere_gives_the_same_bytes(garden: Path, run: Tend, tmp_path: Path) -> None:
    other = Path(shutil.copytree(garden, tmp_path / "elsewhere" / "garden"))
    for root, name in ((garden, "one"), (other, "two")):
        write_report(run(root), tmp_path / name)
    for name in ("plan.json", "changes.patch", "report.md", "report.html"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_a_run_that_ends_early_leaves_no_process(garden: Path, run: Tend, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[helper.Process | None] = []
    opened = helper.opened

    def start(module: str) -> helper.Process | None:
        started.append(opened(module))
        return started[-1]

    monkeypatch.setattr(second, "LARGE", 1)
    monkeypatch.setattr(helper, "two_cores", lambda: True)
    monkeypatch.setattr(helper, "opened", start)
    with pytest.raises(UnknownPattern):
        run(garden, only=("nobody",))
    assert [process.poll() is not None for process in started if process] == [True]


@pytest.mark.parametrize("times", [1, 2])
def test_a_run_ends_what_was_ready_for_it_and_not_needed(garden: Path, run: Tend, times: int) -> None:
    for _ in range(times - 1):
        run(garden)
    helper.ready("garden.processes.second")
    waiting = helper._ready["garden.processes.second"]
    run(garden)
    assert waiting.returncode is not None


@pytest.mark.parametrize("cached", [False, True])
@pytest.mark.parametrize(
    "become",
    [
        lambda path: path.unlink(),
        lambda path: path.rename(path.with_name("renamed.md")),
        lambda path: path.write_text("Words without front matter.\n"),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: (path.rename(path.with_suffix(".txt")), path.symlink_to(path.with_suffix(".txt"))),
    ],
    ids=["deleted", "renamed", "rewritten", "folder", "link"],
)
def test_a_pattern_that_goes_while_it_is_judged_is_named_and_the_rest_is_written(
    garden: Path, run: Tend, monkeypatch: pytest.MonkeyPatch, become: Callable[[Path], object], cached: bool
) -> None:
    paths = [edit.path for edit in run(garden).edits.edits] if cached else ["review-rota.md"]
    recall = story.recall

    def meanwhile(request: Request, known: Known, tools: Tools) -> Prepared | None:
        found = recall(request, known, tools)
        become(garden / paths[0])
        return found

    monkeypatch.setattr(story, "recall", meanwhile)
    done = run(garden, write=True)
    assert done.written is not None
    assert paths[0] not in done.written.paths
    assert [(problem.path, problem.code) for problem in done.problems] == [(paths[0], "changed-meanwhile")]
    assert len(done.written.paths) > 3
    assert set(paths[1:]) <= set(done.written.paths)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a.md": BAD}, ": its one file could not be read; garden check"),
        ({"a.md": BAD, "b.md": "Words.\n"}, ": none of its 2 files could be read; garden check"),
    ],
)
def test_a_library_of_which_nothing_can_be_read_is_no_tended_one(
    make_library, run: Tend, files: dict[str, str], says: str
) -> None:
    with pytest.raises(NothingReadable, match=says):
        run(make_library(files))


@pytest.mark.parametrize("text", ["---\nslug: a\n---\n", "---\n---\n", '---\nslug: a\ntitle: ""\n---\n\n\n'])
def test_a_pattern_that_says_nothing_is_tended_without_a_warning(make_library, run: Tend, text: str) -> None:
    assert run(make_library({"a.md": text})).problems == ()


def test_a_note_without_a_word_is_linked_to_nothing(make_library, run: Tend) -> None:
    stubs = {f"{name}.md": "---\n---\n" for name in ("empty", "void", "blank")}
    body = "---\n---\n\nEvery review of a change has one owner, who answers within a day.\n"
    done = run(make_library({**stubs, "owner.md": body, "review.md": body.replace("owner", "keeper")}))
    linked = {slug for one in done.plan.proposals if one.kind == "add_link" for slug in (one.pattern, one.target)}
    assert linked == {"owner", "review"}


def test_only_the_patterns_asked_for_are_changed(garden: Path, run: Tend) -> None:
    done = run(garden, only=("decision-record", "review-rota"), write=True)
    assert done.written is not None
    assert done.written.paths == ("decision-record.md", "review-rota.md")


def test_a_pattern_that_does_not_exist_is_named_with_its_likes(garden: Path, run: Tend) -> None:
    with pytest.raises(UnknownPattern, match="near it: decision-record"):
        run(garden, only=("decision-recrod",))


def test_a_run_that_writes_keeps_others_out(garden: Path, run: Tend) -> None:
    with locked(garden), pytest.raises(LibraryLocked):
        run(garden, write=True)


def test_a_link_to_a_file_that_cannot_be_read_stays(garden: Path, run: Tend) -> None:
    broken = garden / "decision-record.md"
    broken.write_text("---\ntitle: [never closed\n---\n")
    done = run(garden)
    assert [problem.path for problem in done.problems] == ["decision-record.md"]
    assert not [p for p in done.plan.proposals if p.target == "decision-record"]


def test_the_nouns_of_a_changed_file_are_encoded_with_it(garden: Path, run: Tend, fake_encoder) -> None:
    run(garden)
    assert "zeppelin" not in fake_encoder.encoded
    changed = garden / "review-rota.md"
    changed.write_text(f"{changed.read_text(encoding='utf-8')}\nA zeppelin is for the zeppelin.\n", encoding="utf-8")
    fake_encoder.encoded.clear()
    run(garden)
    # Nobody else says it, so evidence alone would not ask for it.
    assert "zeppelin" in fake_encoder.encoded


def test_nothing_is_encoded_twice(garden: Path, run: Tend, fake_encoder) -> None:
    run(garden)
    first = len(fake_encoder.encoded)
    run(garden, write=True)
    run(garden)
    assert first > 0
    assert len(fake_encoder.encoded) == first


def test_every_link_that_is_added_says_what_it_rests_on(garden: Path, run: Tend) -> None:
    added = [p for p in run(garden).plan.proposals if p.kind == "add_link"]
    assert added
    for proposal in added:
        assert len(proposal.reason) < 160
        assert set(proposal.evidence["texts"]) == {proposal.pattern, proposal.target}
        assert proposal.evidence["signals"]
        for quoted in proposal.evidence["sentences"]:
            assert quoted["text"]


def test_curated_relationships_are_never_repeated(garden: Path, run: Tend) -> None:
    done = run(garden, write=True)
    curated = {(p.slug, r.target) for p in done.library.patterns for r in p.relationships}
    linked = {(slug, link.target) for slug, section in done.plan.sections.items() for link in section.links}
    assert not linked & (curated | {(b, a) for a, b in curated})


def test_curated_relationships_are_not_repeated_once_a_pattern_is_renamed_by_hand(garden: Path, run: Tend) -> None:
    renamed = {"decision-record": "adr", "escalation-path": "ladder-of-help"}
    for old, new in renamed.items():
        text = re.sub(r"\nid: .*", "", (garden / f"{old}.md").read_text())
        (garden / f"{new}.md").write_text(text.replace(f"slug: {old}\n", f"slug: {new}\n"))
        (garden / f"{old}.md").unlink()
    before = texts(garden)
    done = run(garden, write=True)
    joined = {(p.slug, renamed.get(r.target, r.target)) for p in done.library.patterns for r in p.relationships}
    curated = {tuple(sorted(pair)) for pair in joined}
    linked = {tuple(sorted((s, link.target))) for s, section in done.plan.sections.items() for link in section.links}
    assert any(set(renamed.values()) & set(pair) for pair in curated)
    assert not linked & curated
    assert all(outside_section(before[name]) == outside_section(raw) for name, raw in texts(garden).items())
    assert not run(garden).plan.proposals


def test_plan_json_keeps_the_contract(garden: Path, run: Tend, tmp_path: Path) -> None:
    write_report(run(garden), tmp_path / "report")
    document = json.loads((tmp_path / "report" / "plan.json").read_bytes())
    assert " ".join(document) == (
        "run library settings patterns problems health proposals files_changed numstat waiting learning seconds"
    )
    assert set(document["health"]) == {"before", "after"}
    for proposal in document["proposals"]:
        assert " ".join(proposal) == "id kind pattern path target type confidence reason evidence group"
    assert len({proposal["id"] for proposal in document["proposals"]}) == len(document["proposals"])
    assert document["files_changed"] == [path for _, _, path in document["numstat"]]


def test_what_is_left_of_a_library_written_in_part_says_what_it_would_have_said(garden: Path, run: Tend) -> None:
    whole, before = run(garden, write=True), texts(PATTERNS)
    assert whole.written is not None
    after = texts(garden)
    first = whole.written.paths[:2]
    for name, raw in before.items():
        (garden / name).write_bytes(after[name] if name in first else raw)
    shutil.rmtree(garden / ".garden")
    run(garden, write=True)
    assert texts(garden) == after


def test_ids_are_the_same_in_every_run_and_on_every_day(garden: Path, run: Tend) -> None:
    one, two = run(garden, today="2026-11-22"), run(garden, today="2026-12-22")
    assert [p.id for p in one.plan.proposals] == [p.id for p in two.plan.proposals]
    assert one.id != two.id


def test_a_run_on_the_same_input_recalls_its_plan_and_gives_the_same_bytes(
    garden: Path, run: Tend, fake_encoder, tmp_path: Path, monkeypatch
) -> None:
    write_report(run(garden), tmp_path / "one")
    monkeypatch.setattr("garden.tend.judge", None)  # A judgement would fail now.
    fake_encoder.encoded.clear()
    touched: list[str] = []
    monkeypatch.setattr(Store, "touch", lambda store: touched.append(store.path.name))
    write_report(run(garden), tmp_path / "two")
    assert fake_encoder.encoded == []
    assert len(touched) == 1
    for name in ("changes.patch", "report.md", "report.html"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    first, second = (json.loads((tmp_path / name / "plan.json").read_bytes()) for name in ("one", "two"))
    assert {**first, "seconds": {}} == {**second, "seconds": {}}


def test_another_day_judges_nothing_anew_and_says_what_a_first_run_of_that_day_says(
    garden: Path, run: Tend, fake_encoder, tmp_path: Path, monkeypatch
) -> None:
    request = Request(garden, Settings(), "2026-11-29")
    fresh = tend(request, Tools(fake_encoder, Store(tmp_path / "new"), lambda: 0.0, lambda *_: None))
    run(garden, today="2026-11-22")
    monkeypatch.setattr("garden.tend.judge", None)  # A judgement would fail now.
    later = run(garden, today="2026-11-29")
    assert plan_document(later) == plan_document(fresh)
    assert later.edits == fresh.edits
    assert b"2026-11-29" in patch(later.edits.edits)


def test_what_a_date_decides_is_judged_anew_on_the_day_that_it_does(garden: Path, run: Tend) -> None:
    first = run(garden)
    quiet = next(p for p in first.library.patterns if p.section and p.slug not in first.plan.wanted)
    path = garden / quiet.path
    path.write_text(re.sub("last_pruned: .*", "last_pruned: 2026-12-09", path.read_text(encoding="utf-8")), "utf-8")
    asked = next(p for p in first.plan.proposals if p.kind == "remove_entity")
    put_off = Said(who="ann", when="2026-11-22T00:00:00Z", where="here", until="2026-12-01")
    ledger.add(garden, [decision(asked, "snoozed", {p.slug: p for p in first.library.patterns}, put_off)])

    def found(today: str) -> tuple[bool, bool]:
        proposals = run(garden, today=today).plan.proposals
        return asked.id in {p.id for p in proposals}, "touch" in {p.kind for p in proposals}

    days = ("2026-11-30", "2026-12-01", "2026-12-08", "2026-12-09")
    assert [found(day) for day in days] == [(False, True), (True, True), (True, True), (True, False)]


@pytest.mark.parametrize("goes", [True, False])
def test_a_link_whose_other_end_is_turned_down_is_asked_about_once(garden: Path, run: Tend, goes: bool) -> None:
    def say(of: Run, proposal: Proposal, verdict: Verdict, day: str) -> None:
        said = Said(who="ann", when=f"{day}T00:00:00Z", where="here")
        ledger.add(garden, [decision(proposal, verdict, {p.slug: p for p in of.library.patterns}, said)])

    def asked(of: Run) -> list[Proposal]:
        return [proposal for proposal in of.plan.proposals if proposal.group == other_end.group]

    first = run(garden)
    other_end = next(p for p in first.plan.proposals if p.reason.endswith("this is the other end."))
    say(first, other_end, "rejected", "2026-11-22")
    second = run(garden)
    [removal] = asked(second)
    assert (removal.kind, removal.pattern, removal.target) == ("remove_link", other_end.target, other_end.pattern)
    assert removal.evidence["cause"] == "declined"
    say(second, removal, "accepted" if goes else "rejected", "2026-11-23")
    assert [p.id for p in asked(run(garden, write=True))] == ([removal.id] if goes else [])
    assert asked(run(garden)) == []


COMPOSED, DECOMPOSED = "café-rota", "cafe\u0301-rota"


@pytest.fixture
def accented(garden: Path) -> Path:
    """The library with a pattern whose slug is its file's name, which has an accent."""
    for path in garden.glob("*.md"):
        path.write_text(path.read_text(encoding="utf-8").replace("review-rota", COMPOSED), encoding="utf-8")
    old, new = garden / "review-rota.md", garden / f"{COMPOSED}.md"
    new.write_text(old.read_text(encoding="utf-8").replace(f"slug: {COMPOSED}\n", ""), encoding="utf-8")
    old.unlink()
    return garden


def test_a_library_whose_file_names_come_decomposed_is_the_same(accented: Path, run: Tend) -> None:
    assert run(accented, write=True).plan.proposals
    before = texts(accented)
    (accented / f"{COMPOSED}.md").rename(accented / f"{DECOMPOSED}.md")
    again = run(accented)
    assert (again.plan.proposals, again.problems) == ((), ())
    assert again.before["links_dangling"] == again.before["curated_dangling"] == 0
    (accented / f"{DECOMPOSED}.md").rename(accented / f"{COMPOSED}.md")
    assert texts(accented) == before


def test_an_accented_name_is_asked_for_either_way(accented: Path, run: Tend) -> None:
    asked = [{p.id for p in run(accented, only=(name,)).plan.proposals} for name in (COMPOSED, DECOMPOSED)]
    assert asked[0] == asked[1] != set()


def test_a_pattern_that_cannot_be_read_is_named_either_way(accented: Path, run: Tend) -> None:
    run(accented, write=True)
    (accented / f"{COMPOSED}.md").unlink()
    (accented / f"{DECOMPOSED}.md").write_text(BAD)
    assert run(accented).before["links_dangling"] == 0
