import base64
import hashlib
import json
import re
import shutil
import subprocess
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from garden.edits import Edits
from garden.health import Alarm
from garden.plan import plan_of
from garden.report.html import Beside, report_html
from garden.report.markdown import report_markdown
from garden.report.page.graph import garden_map
from garden.report.page.payload import details, overview
from garden.report.page.places import Places, placed
from garden.run import Run
from garden.store import Store
from tests.synthetic_run import HOSTILE, TODAY, synthetic_run

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "garden" / "report" / "data"
WEB = ROOT / "web"
SIZE_LIMIT = 8_000_000


class Page(HTMLParser):
    """The page as a browser's parser sees it: elements with their attributes, texts, and what scripts hold."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.held: dict[str, str] = {}
        self.text = ""
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        self._inside = f"{tag}#{found['id']}" if found.get("id") and tag == "script" else tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside.startswith(("script", "style")):
            self.held[self._inside] = self.held.get(self._inside, "") + data
        else:
            self.text += data

    def document(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(self.held[f"script#{name}"])))
        return found


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return synthetic_run(tmp_path_factory.mktemp("library"), 60)


@pytest.fixture(scope="module")
def html(run: Run) -> str:
    return report_html(run)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    return report_html(synthetic_run(tmp_path_factory.mktemp("hostile"), 24, hostile=True))


def test_the_same_run_gives_the_same_page(run: Run, html: str) -> None:
    assert report_html(run) == html


def test_nothing_in_the_page_names_another_place(html: str) -> None:
    named = [value for _, found in Page(html).elements for key, value in found.items() if key in ("src", "href")]
    assert [value for value in named if not str(value).startswith("#")] == []


def test_the_policy_allows_just_the_pages_own_script_and_style(html: str) -> None:
    page = Page(html)
    policy = next(
        found["content"] for _, found in page.elements if found.get("http-equiv") == "Content-Security-Policy"
    )
    for name, rule in (("script", "script-src"), ("style", "style-src")):
        digest = base64.b64encode(hashlib.sha256(page.held[name].encode()).digest()).decode()
        assert f"{rule} 'sha256-{digest}'" in str(policy)
    assert "default-src 'none'" in str(policy)
    assert "unsafe" not in str(policy)


def test_every_proposal_is_in_the_page_with_its_words(run: Run, html: str) -> None:
    first = Page(html).document("overview")
    columns = first["proposals"]
    told = [
        (id_, first["kinds"][kind], first["patterns"]["slug"][pattern], first["reasons"][reason], confidence)
        for id_, kind, pattern, reason, confidence in zip(
            *(columns[name] for name in ("id", "kind", "pattern", "reason", "confidence")), strict=True
        )
    ]
    meant = [(p.id, p.kind, p.pattern, p.reason, round(p.confidence * 100)) for p in run.plan.proposals]
    assert told == meant


def test_targets_are_patterns_names_or_nothing(run: Run) -> None:
    gone = run.plan.proposals[0].model_copy(update={"target": "gone", "id": "1"})
    touch = run.plan.proposals[0].model_copy(update={"target": None, "kind": "touch", "id": "2", "evidence": {}})
    one = replace(run, plan=replace(run.plan, proposals=(run.plan.proposals[0], gone, touch)))
    chart = garden_map(run)
    first = overview(one, chart, placed(chart.ground, None))
    place, name, none = first["proposals"]["target"]
    assert first["patterns"]["slug"][place] == run.plan.proposals[0].target
    assert first["targets"][-2 - name] == "gone"
    assert none == -1


def test_mates_share_one_copy_of_their_evidence(run: Run) -> None:
    shown = details(run, garden_map(run))
    by_group: dict[str, set[int]] = {}
    for proposal, number in zip(run.plan.proposals, shown["evidence"], strict=True):
        if proposal.kind == "add_link":
            by_group.setdefault(proposal.group, set()).add(number)
    assert by_group
    assert all(len(numbers) == 1 for numbers in by_group.values())


def test_evidence_is_told_from_quotes_to_facts(run: Run) -> None:
    shown = details(run, garden_map(run))
    for proposal, number in zip(run.plan.proposals, shown["evidence"], strict=True):
        entry, texts = shown["shown"][number], shown["texts"]
        if proposal.kind == "add_link":
            assert [texts[text] for _, _, text in entry["quotes"]] == [
                s["text"] for s in proposal.evidence["sentences"]
            ]
            assert {texts[name]: share for name, share, _ in entry["signals"]} == proposal.evidence["shares"]
        if proposal.kind == "remove_link":
            facts = {texts[name]: texts[value] for name, value in entry["facts"]}
            assert facts["cause"] == "weak"
            assert proposal.evidence["was"]["reason"] in facts["was"]


def test_the_diff_of_every_changed_file_is_there_to_the_letter(run: Run) -> None:
    shown = details(run, garden_map(run))
    told = {path: shown["texts"][number] for path, number in zip(shown["path"], shown["diff"], strict=True)}
    assert {path: hunks for path, hunks in told.items() if hunks} == {e.path: e.hunks for e in run.edits.edits}


def test_a_hostile_library_adds_no_element_and_no_attribute(html: str, hostile: str) -> None:
    assert {tag for tag, _ in Page(hostile).elements} <= {tag for tag, _ in Page(html).elements}
    assert not [found for _, found in Page(hostile).elements if any(key.startswith("on") for key in found)]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stands_nowhere_in_the_page_unescaped(hostile: str, text: str) -> None:
    if text.isalnum():
        assert f"{text}x" not in hostile
    else:
        assert text not in hostile


def test_a_hostile_library_is_unpacked_to_the_letter(hostile: str) -> None:
    page = Page(hostile)
    titles = page.document("overview")["patterns"]["title"]
    assert set(titles) == set(HOSTILE)


def test_a_lone_surrogate_does_not_stop_the_page(run: Run) -> None:
    odd = run.plan.proposals[0].model_copy(update={"reason": "half \ud83d a letter"})
    page = Page(report_html(replace(run, plan=replace(run.plan, proposals=(odd,)))))
    assert page.document("overview")["reasons"] == ["half ? a letter"]


def test_a_run_with_nothing_to_do_says_so(run: Run) -> None:
    empty = replace(run, plan=plan_of(run.library.patterns, [], TODAY), edits=Edits((), ()), problems=())
    page = Page(report_html(empty))
    assert "Nothing to do: 60 patterns read, all well tended." in page.text
    assert "git apply" not in page.text
    assert page.document("overview")["proposals"]["id"] == []


@pytest.mark.parametrize(
    ("waiting", "says"),
    [
        (None, None),
        (0, None),
        (1, "1 proposal waits until the branches of this run are done with."),
        (1234, "1,234 proposals wait until the branches of this run are done with."),
    ],
)
def test_what_comes_later_than_the_branches_is_told_on_the_page_and_in_markdown(
    run: Run, waiting: int | None, says: str | None
) -> None:
    told = [report_html(replace(run, waiting=waiting)), report_markdown(replace(run, waiting=waiting))]
    for text in told:
        assert says in text if says else "until the branches" not in text


def test_alarms_that_a_run_ends_are_told_before_those_that_stay(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    raised = {id(run.before): ("one", "two"), id(run.after): ("two",)}
    found = lambda figures, _: tuple(Alarm(name, 1, 0, f"Alarm {name}.") for name in raised[id(figures)])  # noqa: E731
    monkeypatch.setattr("garden.report.page.cards.alarms", found)
    text = " ".join(Page(report_html(run)).text.split())
    assert "This run ends an alarm Alarm one." in text
    assert "One alarm stands after it Alarm two." in text


def test_health_over_runs_is_drawn_once_there_are_two(run: Run) -> None:
    line = {"date": "2026-01-01", "targets_share": 0.5, "top_target_share": 0.1, "top_letter_share": 0.2}
    later = {**line, "date": "2026-02-01", "targets_share": 0.9}
    assert "There is no trend yet" in report_html(run, Beside(history=(line,)))
    drawn = report_html(run, Beside(history=(line, later)))
    assert "There is no trend yet" not in drawn
    assert "2026-02-01" in drawn


def test_the_map_keeps_its_places_where_a_store_remembers_them(run: Run, tmp_path: Path) -> None:
    places = Places(Store(tmp_path / "store.sqlite"), "home")
    before = Page(report_html(run, Beside(places=places))).document("overview")["patterns"]
    fewer = plan_of(run.library.patterns, run.plan.proposals[:-6], TODAY)
    after = Page(report_html(replace(run, plan=fewer), Beside(places=places))).document("overview")["patterns"]
    assert (after["x"], after["y"]) == (before["x"], before["y"])


@pytest.mark.slow
def test_the_page_of_a_large_library_is_small(tmp_path: Path) -> None:
    large = synthetic_run(tmp_path, 3_614)
    assert len(large.plan.proposals) > 28_000
    assert len(report_html(large).encode()) < SIZE_LIMIT


def test_the_bundle_was_built_from_the_sources_as_they_are() -> None:
    digest = hashlib.sha256()
    for path in [*sorted((WEB / "src").iterdir(), key=lambda p: p.name), WEB / "package-lock.json"]:
        digest.update(path.read_bytes())
    first, _, script = (DATA / "page.js").read_bytes().partition(b"\n")
    made = hashlib.sha256(script + (DATA / "page.css").read_bytes() + (DATA / "LICENSES.txt").read_bytes())
    expected = f"/* sources {digest.hexdigest()} made {made.hexdigest()} */"
    assert first.decode() == expected, "make web makes the bundle anew"


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
@pytest.mark.skipif(not (WEB / "node_modules").is_dir(), reason="web/node_modules is missing: npm ci in web/")
def test_the_bundle_can_be_built_again_to_the_byte(tmp_path: Path) -> None:
    subprocess.run(["node", "build.mjs", tmp_path], cwd=WEB, check=True, capture_output=True)
    for name in ("page.js", "page.css", "LICENSES.txt"):
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()


def test_the_bundle_cannot_end_the_element_that_holds_it() -> None:
    assert "</script" not in (DATA / "page.js").read_text(encoding="utf-8").lower()
    for name in ("page.css", "plot.css"):
        assert "</style" not in (DATA / name).read_text(encoding="utf-8").lower()


def test_what_is_bundled_ships_with_its_licence() -> None:
    text = (DATA / "LICENSES.txt").read_text(encoding="utf-8")
    for name in json.loads((WEB / "package.json").read_text(encoding="utf-8"))["dependencies"]:
        assert re.search(rf"^{re.escape(name)} \d", text, re.MULTILINE), name
    assert text.count("Permission is hereby granted") >= 2


def test_the_lock_file_names_no_host() -> None:
    lock = (WEB / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in lock
    assert "registry" not in lock
