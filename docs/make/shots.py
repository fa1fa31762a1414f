"""Pictures of the report's page for README.md, taken in a headless Chromium: ``python -m docs.make.shots``.

They show the kept example, reports/example/report.html. Take them anew when the page looks different; letters differ
from machine to machine, so no test compares them.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "reports" / "example" / "report.html"
IMAGES = ROOT / "docs" / "images"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--enable-unsafe-swiftshader"]
WINDOW = {"width": 1440, "height": 820}


def main() -> int:
    """Takes every picture, and says how large each is."""
    if CHROMIUM is None:
        print("Chromium is not installed: apt-get install chromium, or name one in CHROMIUM", file=sys.stderr)
        return 1
    for name, scheme, part, act in SHOTS:
        with opened(scheme) as page:
            act(page)
            page.evaluate(f"document.getElementById('{part}').scrollIntoView()")
            page.screenshot(path=IMAGES / name)
        print(f"docs/images/{name}: {(IMAGES / name).stat().st_size:,} bytes")
    return 0


@contextmanager
def opened(scheme: str) -> Iterator[Page]:
    """The example's page in these colours, its table filled."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport=WINDOW, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.goto(EXAMPLE.as_uri())
        page.wait_for_selector("html[data-ready=all]", state="attached")
        yield page
        browser.close()


def surest_link(page: Page) -> None:
    """Accepts the surest links that would be added, and opens the first."""
    page.select_option("#kind", "add_link")
    page.get_by_role("columnheader", name="Confidence").get_by_role("button").click()
    page.locator("#row-0 .tick.accepted").click()
    page.locator("#row-0 .pattern").click()


def whole_map(page: Page) -> None:
    """Draws the map."""
    page.evaluate("document.getElementById('map').scrollIntoView()")
    page.wait_for_selector("#canvas[data-drawn]")


SHOTS: tuple[tuple[str, str, str, Callable[[Page], None]], ...] = (
    ("report-proposal.png", "light", "proposals", surest_link),
    ("report-map.png", "dark", "map", whole_map),
)

if __name__ == "__main__":
    sys.exit(main())
