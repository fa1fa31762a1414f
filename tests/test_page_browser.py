"""The page in a real browser: headless Chromium from the system, driven by Playwright."""

import base64
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from garden.models import Bin, Reliability
from garden.report.html import Beside, report_html
from garden.run import Run
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
# Not a function that is polled: evaluating text is what the page's policy forbids.
READY = "html[data-ready=all]"
# A driver's word on speed, which browsers write to the console where there is no graphics card.
DRIVER = "GL Driver Message"
FIRST_ROW_SECONDS = 2.0
FIRST_MAP_SECONDS = 3.0
# The bounds are meant for a machine that does nothing else; tests share theirs.
PATIENCE = 3

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"),
]

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages by name, as files on disk."""
    folder = tmp_path_factory.mktemp("pages")
    history = ({"date": "2026-01-01", "targets_share": 0.4}, {"date": "2026-02-01", "targets_share": 0.9})
    bins = (Bin(confidence=0.52, share=0.45, count=12), Bin(confidence=0.9, share=0.93, count=60))
    measured = (Reliability(source="decisions", bins=bins),)
    runs = {
        "small": synthetic_run(folder, 43),
        "hostile": synthetic_run(folder, 24, hostile=True),
        "large": synthetic_run(folder, 3_614),
    }
    for name, run in runs.items():
        html = report_html(replace(run, reliability=measured), Beside(history=history))
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in runs}


@pytest.fixture(scope="module")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return synthetic_run(tmp_path_factory.mktemp("small"), 43)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Any, pages: dict[str, Path]) -> Iterator[Open]:
    """Opens a page by name and, at the end, asks that it was silent: no request, no error, no word in the console."""
    contexts: list[Any] = []
    heard: list[str] = []

    def open_(name: str, viewport: dict[str, int] = WIDE, scheme: str = "light") -> Any:
        context = browser.new_context(viewport=viewport, color_scheme=scheme, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("request", lambda request: _left(request.url, heard))
        page.goto(pages[name].as_uri())
        page.wait_for_selector(READY, state="attached")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert [words for words in heard if DRIVER not in words] == []


def _left(url: str, heard: list[str]) -> None:
    if not url.startswith(("file:", "blob:", "data:")):
        heard.append(f"asked for {url}")


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_is_drawn_and_follows_its_switches(opened: Open, scheme: str) -> None:
    page = opened("small", scheme=scheme)
    page.locator("#map").scroll_into_view_if_needed()
    page.wait_for_selector("#canvas[data-drawn=yes]")
    page.wait_for_timeout(300)
    assert pixels(page, ".field") > 50
    counts = set()
    for when in ("Before", "After", "Change"):
        page.locator("#map-tools .switch").get_by_text(when).click()
        counts.add(page.locator("#map-count").inner_text())
    assert len(counts) == 3
    for layer in ("new", "pruned"):
        page.get_by_label(layer, exact=True).uncheck()
    assert "new" not in page.locator("#map-count").inner_text()


def test_a_pattern_found_on_the_map_leads_to_its_proposals(opened: Open, small_run: Run) -> None:
    page = opened("small")
    wanted = small_run.library.patterns[5]
    page.locator("#map").scroll_into_view_if_needed()
    page.wait_for_selector("#canvas[data-drawn=yes]")
    page.fill("#find", wanted.title)
    page.keyboard.press("Enter")
    assert wanted.title in page.locator("#spot").inner_text()
    page.locator("#spot").get_by_role("button").click()
    hits = [p for p in small_run.plan.proposals if wanted.slug in (p.pattern, p.target)]
    assert page.locator("#count").inner_text().startswith(f"{len(hits)} of")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_hostile_library_is_shown_as_text(opened: Open, viewport: dict[str, int]) -> None:
    page = opened("hostile", viewport)
    for index in range(6):
        page.locator(f"#row-{index} .pattern").click()
        page.keyboard.press("Escape")
    page.evaluate("document.getElementById('map').scrollIntoView()")
    page.wait_for_selector("#canvas[data-drawn=yes]")
    assert page.evaluate("window.pwned") is None
    assert page.locator("main img, main iframe, main script, main style").count() == 0
    shown = " ".join(titles(page))
    assert HOSTILE[0] in shown or HOSTILE[1] in shown
    assert "\u202e" not in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("name", ["small", "large"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nothing_is_wider_than_the_window(opened: Open, name: str, viewport: dict[str, int]) -> None:
    assert opened(name, viewport).evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_on_a_narrow_screen_an_opened_row_fills_it_and_goes_back(opened: Open) -> None:
    page = opened("small", NARROW)
    page.locator("#row-0 .pattern").click()
    box = page.locator("#detail").bounding_box()
    assert (box["width"], box["height"]) == (390, 844)
    page.get_by_role("button", name="← List").click()
    assert not page.locator("#detail").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_serious(opened: Open, viewport: dict[str, int], scheme: str) -> None:
    page = opened("small", viewport, scheme)
    page.locator("#row-0 .tick.accepted").click()
    page.locator("#row-1 .tick.rejected").click()
    page.locator("#row-2 .pattern").click()
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    found = axe_api.Axe().run(page).response["violations"]
    bad = [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in ("serious", "critical")]
    assert bad == []


def test_a_large_page_is_soon_there_and_keeps_few_rows(browser: Any, pages: dict[str, Path]) -> None:
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    start = time.monotonic()
    page.goto(pages["large"].as_uri())
    page.wait_for_selector("#rows .row")
    first_row = time.monotonic() - start
    start = time.monotonic()
    page.evaluate("document.getElementById('map').scrollIntoView()")
    page.wait_for_selector("#canvas[data-drawn=yes]")
    first_map = time.monotonic() - start
    assert pixels(page, ".field") > 50
    page.evaluate("document.getElementById('grid').scrollTop = 500000")
    page.wait_for_timeout(200)
    assert 0 < page.locator("#rows .row").count() < 60
    context.close()
    assert first_row < FIRST_ROW_SECONDS * PATIENCE
    assert first_map < FIRST_MAP_SECONDS * PATIENCE


def test_a_large_table_answers_keys_and_searches_without_a_stutter(opened: Open) -> None:
    page = opened("large")
    took = page.evaluate(
        """() => {
            const search = document.getElementById("search");
            const times = [];
            for (const words of ["b", "ba", "bak", "", "complementary", ""]) {
                const start = performance.now();
                search.value = words;
                search.dispatchEvent(new Event("input"));
                document.getElementById("grid").getBoundingClientRect();
                times.push(performance.now() - start);
            }
            return Math.max(...times.slice(1));
        }"""
    )
    assert took < 100 * PATIENCE


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


def test_without_scripts_the_sentence_health_and_figures_are_still_there(browser: Any, pages: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(pages["small"].as_uri())
    assert page.locator("h1").inner_text().startswith("Add ")
    assert page.locator(".card").count() >= 6
    assert page.locator("svg.plot").count() == 4
    assert page.locator("noscript").is_visible()
    context.close()
