"""The page in a real browser: headless Chromium from the system, driven by Playwright.

Pages are those of patterns/, of a ninth of the corpus where it lies beside the checkout, and of made-up runs: a small
one, a hostile one, and a large one. No time is asserted: a test's machine may be busy.
"""

import base64
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from garden.cli import main
from garden.config import Settings
from garden.edits import Edits
from garden.models import Bin, Reliability
from garden.plan import plan_of
from garden.report.html import Beside, report_html
from garden.review import answers_from, questions
from garden.run import Request, Run
from garden.store import Store
from garden.tend import tend
from garden.tools import Tools
from tests.conftest import FakeEncoder
from tests.synthetic_run import HOSTILE, synthetic_run

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install playwright")
axe_api = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",  # WebGL without a graphics card
]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
NARROWEST = {"width": 320, "height": 640}
# Not a function that is polled: evaluating text is what the page's policy forbids.
READY = "html[data-ready=all]"
DRAWN = "#canvas[data-drawn]"
# A driver's word on speed, which browsers write to the console where there is no graphics card.
DRIVER = "GL Driver Message"
PATTERNS = Path(__file__).resolve().parents[1] / "patterns"
SIZE_LIMIT = 8_000_000
CORPUS = pytest.param("corpus", marks=pytest.mark.corpus)
MEASURED = Reliability(
    source="decisions",
    bins=(Bin(confidence=0.52, share=0.45, count=12), Bin(confidence=0.9, share=0.93, count=60)),
)
HISTORY = ({"date": "2026-01-01", "targets_share": 0.4}, {"date": "2026-02-01", "targets_share": 0.9})

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"),
]

Open = Callable[..., Any]


class Pages:
    """Runs and their pages as files on disk, each made when it is first asked for."""

    def __init__(self, folder: Path, makers: dict[str, Callable[[], Run]]) -> None:
        self._folder, self._makers = folder, makers
        self._runs: dict[str, Run] = {}

    def run(self, name: str) -> Run:
        """The run, with decisions measured."""
        if name not in self._runs:
            self._runs[name] = replace(self._makers[name](), reliability=(MEASURED,))
            html = report_html(self._runs[name], Beside(history=HISTORY))
            self.path(name).write_text(html, encoding="utf-8")
        return self._runs[name]

    def path(self, name: str) -> Path:
        return self._folder / f"{name}.html"

    def url(self, name: str) -> str:
        self.run(name)
        return self.path(name).as_uri()


def some_of(corpus: Path, folder: Path) -> Path:
    """Every ninth pattern of the corpus: benchmarks/page.py opens the page of them all."""
    folder.mkdir()
    for path in sorted(corpus.glob("*.md"))[::9]:
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Pages:
    folder = tmp_path_factory.mktemp("pages")

    def tended(root: Path) -> Run:
        tools = Tools(FakeEncoder(), Store(folder / "store.sqlite"), lambda: 0.0, lambda *_: None)
        return tend(Request(root, Settings(), "2026-11-24"), tools)

    return Pages(
        folder,
        {
            "patterns": lambda: tended(PATTERNS),
            "corpus": lambda: tended(some_of(request.getfixturevalue("corpus"), folder / "some")),
            "small": lambda: synthetic_run(folder, 43),
            "hostile": lambda: synthetic_run(folder, 24, hostile=True),
            "large": lambda: synthetic_run(folder, 1_500),
            "quiet": lambda: quiet(synthetic_run(folder, 12)),
        },
    )


@pytest.fixture(scope="module")
def small_run(pages: Pages) -> Run:
    return pages.run("small")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Any, pages: Pages) -> Iterator[Open]:
    """Opens a page by name and, at the end, asks that it was silent: no request, no error, no word in the console."""
    contexts: list[Any] = []
    heard: list[str] = []

    def open_(name: str, viewport: dict[str, int] = WIDE, scheme: str = "light") -> Any:
        context = browser.new_context(
            viewport=viewport, color_scheme=scheme, accept_downloads=True, reduced_motion="reduce"
        )
        contexts.append(context)
        page, url = context.new_page(), pages.url(name)
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("request", lambda request: _left(request.url, url, heard))
        page.goto(url)
        page.wait_for_selector(READY, state="attached")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert [words for words in heard if DRIVER not in words] == []


def _left(asked: str, own: str, heard: list[str]) -> None:
    if asked != own and not asked.startswith(("blob:", "data:")):
        heard.append(f"asked for {asked}")


def quiet(run: Run) -> Run:
    """The run as it would be, had it found nothing to do."""
    return replace(run, plan=plan_of(run.library.patterns, [], run.request.today), edits=Edits((), ()))


def rows_of(run: Run) -> int:
    """How many rows the proposals take: a merge takes one, in whatever files it is."""
    merges = [p.group for p in run.plan.proposals if p.kind == "merge_entity"]
    return len(run.plan.proposals) - len(merges) + len(set(merges))


def map_of(page: Any) -> None:
    """Scrolls to the map and waits until it is drawn."""
    page.evaluate("document.getElementById('map').scrollIntoView()")
    page.wait_for_selector(DRAWN)


def redrawn(page: Any, act: Callable[[], None]) -> None:
    """Does something, and waits until the map has been drawn anew."""
    before = page.locator("#canvas").get_attribute("data-drawn")
    act()
    page.wait_for_selector(f'#canvas:not([data-drawn="{before}"])')


def titles(page: Any) -> list[str]:
    return [text.strip() for text in page.locator("#rows .row .pattern").all_inner_texts()]


def pixels(page: Any, selector: str) -> int:
    """How many different colours a shot of the element has."""
    shot = page.locator(selector).screenshot()
    return int(
        page.evaluate(
            """async (base64) => {
                const image = new Image();
                image.src = "data:image/png;base64," + base64;
                await image.decode();
                const canvas = document.createElement("canvas");
                [canvas.width, canvas.height] = [image.width, image.height];
                const context = canvas.getContext("2d");
                context.drawImage(image, 0, 0);
                const data = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
                return new Set(data).size;
            }""",
            base64.b64encode(shot).decode(),
        )
    )


def test_a_search_leaves_the_rows_in_which_every_word_occurs(opened: Open, small_run: Run) -> None:
    page = opened("small")
    wanted = small_run.plan.proposals[0].pattern
    page.fill("#search", wanted)
    hits = [p for p in small_run.plan.proposals if wanted in (p.pattern, p.target)]
    assert page.locator("#count").inner_text().startswith(f"{len(hits)} of")
    page.fill("#search", "no such words")
    assert page.locator("#rows .row").count() == 0


@pytest.mark.parametrize(
    ("control", "value", "fits"),
    [
        ("#kind", "add_link", lambda p: p.kind == "add_link"),
        ("#type", "requires", lambda p: p.type == "requires"),
        ("#confidence", "80", lambda p: round(p.confidence * 100) >= 80),
        ("#decided", "accepted", lambda p: False),
    ],
)
def test_each_filter_leaves_what_fits(
    opened: Open, small_run: Run, control: str, value: str, fits: Callable[[Any], bool]
) -> None:
    page = opened("small")
    if control == "#confidence":
        page.locator(control).fill(value)
    else:
        page.select_option(control, value)
    left = sum(fits(p) for p in small_run.plan.proposals)
    assert page.locator("#count").inner_text() == f"{left} of {len(small_run.plan.proposals)} proposals"
    page.click("#clear")
    assert page.locator("#count").inner_text() == f"{len(small_run.plan.proposals)} proposals"


def test_a_click_on_a_head_sorts_and_another_turns_the_order(opened: Open) -> None:
    page = opened("small")
    page.get_by_role("columnheader", name="Pattern").get_by_role("button").click()
    up = titles(page)
    assert up == sorted(up, key=str.lower)
    page.get_by_role("columnheader", name="Pattern").get_by_role("button").click()
    down = titles(page)
    assert down == sorted(down, key=str.lower, reverse=True)
    assert page.get_by_role("columnheader", name="Pattern").get_attribute("aria-sort") == "descending"


def test_an_opened_row_shows_both_patterns_quotes_signals_and_its_lines_of_the_diff(
    opened: Open, small_run: Run
) -> None:
    page = opened("small")
    page.select_option("#kind", "add_link")
    page.locator("#rows .row .pattern").first.click()
    proposal = next(p for p in small_run.plan.proposals if p.kind == "add_link")
    detail = page.locator("#detail").inner_text()
    summaries = {pattern.slug: pattern.summary for pattern in small_run.library.patterns}
    assert summaries[proposal.pattern] in detail
    assert summaries[proposal.target or ""] in detail
    for sentence in proposal.evidence["sentences"]:
        assert sentence["text"] in detail
    assert page.locator("#detail .waterfall rect").count() == len(proposal.evidence["shares"]) + 1
    own = page.locator("#detail .line.own").all_inner_texts()
    assert f"+    - target: {proposal.target}" in own
    assert all(line.startswith("+") for line in own)


def test_the_whole_way_by_keyboard(opened: Open) -> None:
    page = opened("small")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("a")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "grid"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.locator("#grid").get_attribute("aria-activedescendant") == "row-2"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "detail"
    page.keyboard.press("a")
    assert page.locator("#detail .verdict-button.accepted").get_attribute("aria-pressed") == "true"
    page.keyboard.press("r")
    assert page.locator("#row-2 .tick.rejected").get_attribute("aria-pressed") == "true"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "grid"
    page.keyboard.press("u")
    assert page.locator("#decisions").inner_text() == "Nothing decided yet"
    page.keyboard.press("End")
    last = page.locator("#rows .row.active")
    assert last.get_attribute("aria-rowindex") == page.locator("#grid").get_attribute("aria-rowcount")
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()


def test_ticks_are_exported_as_lines_with_their_mates_and_notes(opened: Open, small_run: Run, tmp_path: Path) -> None:
    page = opened("small")
    first = small_run.plan.proposals[0]
    page.locator("#row-0 .tick.rejected").click()
    page.locator("#row-0 .pattern").click()
    page.get_by_label("Note to this decision").fill('says "no" </script>')
    page.select_option("#kind", "add_link")
    page.locator("#row-0 .tick.accepted").click()
    with page.expect_download() as download:
        page.click("#export")
    assert download.value.suggested_filename == f"decisions-{small_run.id}.jsonl"
    download.value.save_as(tmp_path / "decisions.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "decisions.jsonl").read_text(encoding="utf-8").splitlines()]
    added = next(p for p in small_run.plan.proposals if p.kind == "add_link")
    expected = [
        {
            "id": p.id,
            "decision": "accepted" if p.group == added.group else "rejected",
            "kind": p.kind,
            "pattern": p.pattern,
            "target": p.target,
            "note": 'says "no" </script>' if p.group == first.group else "",
        }
        for p in small_run.plan.proposals
        if p.group in (first.group, added.group)
    ]
    assert lines == expected
    assert len([line for line in lines if line["decision"] == "accepted"]) >= 2


def test_everything_shown_is_accepted_at_once_and_taken_back_at_once(opened: Open, small_run: Run) -> None:
    page = opened("small")
    page.select_option("#kind", "add_link")
    count = sum(p.kind == "add_link" for p in small_run.plan.proposals)
    page.click("#accept-shown")
    told = page.locator("#decisions").inner_text()
    assert int(told.split()[0]) >= count
    page.click("#undo")
    assert page.locator("#decisions").inner_text() == "Nothing decided yet"


def test_ticks_outlive_a_reload(opened: Open) -> None:
    page = opened("small")
    page.locator("#row-1 .tick.accepted").click()
    page.reload()
    page.wait_for_selector(READY, state="attached")
    assert page.locator("#row-1 .tick.accepted").get_attribute("aria-pressed") == "true"


# Read by the tests' small encoder, patterns/ loses no pair: what changes is what is new, as after the change.
@pytest.mark.parametrize(("name", "scheme", "views"), [("patterns", "light", 2), ("small", "dark", 3)])
def test_the_map_is_drawn_and_follows_its_switches(opened: Open, name: str, scheme: str, views: int) -> None:
    page = opened(name, scheme=scheme)
    map_of(page)
    assert pixels(page, ".field") > 50
    told = set()
    for when in ("Before", "After", "Change"):
        redrawn(page, page.locator("#map-tools .switch").get_by_text(when).click)
        told.add(page.locator("#map-count").inner_text())
    assert len(told) == views
    for layer in ("new", "pruned"):
        redrawn(page, page.get_by_label(layer, exact=True).uncheck)
    assert "new" not in page.locator("#map-count").inner_text()


def test_a_pattern_found_on_the_map_shows_its_name_under_the_pointer_and_leads_to_its_rows(
    opened: Open, small_run: Run
) -> None:
    page = opened("small")
    wanted = small_run.library.patterns[5]
    map_of(page)
    redrawn(page, lambda: page.fill("#find", wanted.title))
    assert wanted.title in page.locator("#spot").inner_text()
    box = page.locator("#canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2 + 40, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector(f'#canvas[data-over="{wanted.slug}"]')
    page.locator("#spot").get_by_role("button").click()
    hits = [p for p in small_run.plan.proposals if wanted.slug in (p.pattern, p.target)]
    assert page.locator("#count").inner_text().startswith(f"{len(hits)} of")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_hostile_library_is_shown_as_text(opened: Open, viewport: dict[str, int]) -> None:
    page = opened("hostile", viewport)
    if viewport is NARROW:
        page.click("#more")
    for index in range(6):
        page.locator(f"#row-{index} .pattern").click()
        page.keyboard.press("Escape")
    for kind in ("merge_entity", "add_entity", "set_communities"):
        page.select_option("#kind", kind)
        page.locator("#row-0 .pattern").click()
        page.keyboard.press("Escape")
    map_of(page)
    page.fill("#find", "img src")
    page.keyboard.press("Enter")
    assert page.evaluate("window.pwned") is None
    assert page.locator("main img, main iframe, main script, main style").count() == 0
    shown = " ".join(titles(page))
    assert HOSTILE[0] in shown or HOSTILE[1] in shown
    assert "\u202e" not in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("name", ["small", "hostile", "patterns"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW, NARROWEST], ids=["wide", "narrow", "narrowest"])
def test_nothing_is_wider_than_the_window(opened: Open, name: str, viewport: dict[str, int]) -> None:
    assert opened(name, viewport).evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_on_a_narrow_screen_an_opened_row_fills_it_and_goes_back(opened: Open) -> None:
    page = opened("small", NARROW)
    page.locator("#row-0 .pattern").click()
    box = page.locator("#detail").bounding_box()
    assert (box["width"], box["height"]) == (390, 844)
    page.get_by_role("button", name="← List").click()
    assert not page.locator("#detail").is_visible()


@pytest.mark.parametrize(
    ("name", "viewport", "scheme"),
    [
        ("patterns", WIDE, "light"),
        ("patterns", NARROW, "dark"),
        ("small", WIDE, "dark"),
        ("quiet", NARROW, "light"),
        pytest.param("corpus", WIDE, "light", marks=pytest.mark.corpus),
    ],
)
def test_axe_finds_nothing_serious(opened: Open, name: str, viewport: dict[str, int], scheme: str) -> None:
    page = opened(name, viewport, scheme)
    if name != "quiet":
        page.locator("#row-0 .tick.accepted").click()
        page.locator("#row-1 .tick.rejected").click()
        page.locator("#row-2 .pattern").click()
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    found = axe_api.Axe().run(page).response["violations"]
    bad = [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in ("serious", "critical")]
    assert bad == []


def test_a_large_table_keeps_the_rows_in_sight_alone(opened: Open, pages: Pages) -> None:
    page = opened("large")
    last = rows_of(pages.run("large")) - 1
    assert page.locator("#row-0").count() == 1
    page.locator("#grid").focus()
    page.keyboard.press("End")
    page.wait_for_selector(f"#row-{last}.active")
    assert page.locator("#row-0").count() == 0
    assert page.locator("#rows .row").count() < 60
    page.fill("#search", "ba")
    assert 0 < page.locator("#rows .row").count() < 60
    map_of(page)
    assert pixels(page, ".field") > 50


def test_on_paper_the_proposals_are_written_out_and_the_controls_are_gone(opened: Open) -> None:
    page = opened("small")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".printed li").count() > 100
    assert page.locator(".printed li").first.is_visible()
    assert not page.locator("#tools").is_visible()
    assert not page.locator("#map").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".printed").count() == 0
    assert page.pdf().startswith(b"%PDF")


def test_without_scripts_the_sentence_health_and_figures_are_still_there(browser: Any, pages: Pages) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(pages.url("small"))
    assert page.locator("h1").inner_text().startswith("Add ")
    assert page.locator(".card").count() >= 6
    assert page.locator("svg.plot").count() == 4
    assert page.locator("noscript").is_visible()
    context.close()


def test_a_merge_is_one_row_and_one_decision_for_all_its_files(opened: Open, small_run: Run) -> None:
    page = opened("small")
    merges = [p for p in small_run.plan.proposals if p.kind == "merge_entity"]
    page.select_option("#kind", "merge_entity")
    assert page.locator("#count").inner_text() == f"{len(merges)} of {len(small_run.plan.proposals)} proposals"
    assert page.locator("#rows .row").count() == 1
    assert titles(page)[0].startswith(f"{len(merges)} files: ")
    assert page.locator("#row-0 .target").inner_text() == "idea-0 → idea"
    page.locator("#row-0 .tick.accepted").click()
    assert page.locator("#decisions").inner_text() == f"{len(merges)} accepted, 0 rejected"
    page.locator("#row-0 .pattern").click()
    assert page.locator("#detail .mates li").count() == len(merges) - 1
    assert page.locator("#detail .line.own").count() > 0


def test_the_pattern_filter_leaves_what_concerns_one_pattern(opened: Open, small_run: Run) -> None:
    page = opened("small")
    wanted = small_run.library.patterns[7]
    page.fill("#only", wanted.title)
    hits = [p for p in small_run.plan.proposals if wanted.slug in (p.pattern, p.target)]
    assert page.locator("#count").inner_text().startswith(f"{len(hits)} of")
    page.fill("#only", "")
    assert page.locator("#count").inner_text() == f"{len(small_run.plan.proposals)} proposals"


def test_what_the_run_would_do_leads_to_the_rows_that_do_it(opened: Open, small_run: Run) -> None:
    page = opened("small")
    page.locator(".tally").get_by_text("remove").first.click()
    removals = sum(p.kind == "remove_link" for p in small_run.plan.proposals)
    assert page.locator("#count").inner_text().startswith(f"{removals} of")


@pytest.mark.parametrize("name", ["patterns", CORPUS])
def test_a_real_page_goes_from_filter_to_decisions_that_a_review_takes(
    opened: Open, pages: Pages, name: str, tmp_path: Path
) -> None:
    page, run = opened(name), pages.run(name)
    assert pages.path(name).stat().st_size < SIZE_LIMIT
    assert page.locator("#count").inner_text() == f"{len(run.plan.proposals):,} proposals"
    page.select_option("#kind", "add_link")
    page.get_by_role("columnheader", name="Confidence").get_by_role("button").click()
    shown = [int(text.split()[0]) for text in page.locator("#rows .row .meter .figure").all_inner_texts()]
    assert shown == sorted(shown, reverse=True)
    best = max((p for p in run.plan.proposals if p.kind == "add_link"), key=lambda p: round(p.confidence * 100))
    assert shown[0] == round(best.confidence * 100)
    page.locator("#row-0 .pattern").click()
    assert page.locator("#detail .waterfall rect").count() > 1
    # A link that follows a renamed pattern is but one line.
    assert page.locator("#detail .line.own").count() >= 1
    page.locator("#row-0 .tick.accepted").click()
    page.select_option("#kind", "remove_link")
    page.locator("#row-0 .tick.rejected").click()
    with page.expect_download() as download:
        page.click("#export")
    download.value.save_as(tmp_path / "decisions.jsonl")
    given = answers_from(tmp_path / "decisions.jsonl", questions(run.plan.proposals, run.library.patterns))
    assert given.strange == {}
    assert sorted(answer.says for answer in given.answers) == ["accepted", "rejected"]
    map_of(page)
    assert pixels(page, ".field") > 50


def test_exported_decisions_are_carried_out_by_garden_review(
    opened: Open, pages: Pages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page, run = opened("patterns"), pages.run("patterns")
    page.select_option("#kind", "add_link")
    page.locator("#row-0 .tick.accepted").click()
    page.select_option("#kind", "merge_entity")
    page.locator("#row-0 .tick.rejected").click()
    with page.expect_download() as download:
        page.click("#export")
    download.value.save_as(tmp_path / "decisions.jsonl")
    library = Path(shutil.copytree(PATTERNS, tmp_path / "patterns"))
    monkeypatch.setattr("garden.workshop.SentenceEncoder", lambda settings: FakeEncoder())
    monkeypatch.setattr(sys, "argv", ["garden", "review", str(library), "--from", str(tmp_path / "decisions.jsonl")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in (None, 0), capsys.readouterr().err
    accepted = next(p for p in run.plan.proposals if p.kind == "add_link")
    changed = sorted(p.name for p in library.glob("*.md") if p.read_bytes() != (PATTERNS / p.name).read_bytes())
    assert changed == sorted({p.path for p in run.plan.proposals if p.group == accepted.group})
    rejected = next(p for p in run.plan.proposals if p.kind == "merge_entity")
    assert rejected.id in (library / ".garden" / "decisions.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["patterns", CORPUS])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_real_page_is_no_wider_than_the_window(opened: Open, name: str, viewport: dict[str, int]) -> None:
    page = opened(name, viewport)
    map_of(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_run_that_proposes_nothing_says_so(opened: Open) -> None:
    page = opened("quiet")
    assert page.locator("h1").inner_text().startswith("Nothing to do")
    assert page.locator("#none").inner_text() == "This run proposes nothing."
    map_of(page)
