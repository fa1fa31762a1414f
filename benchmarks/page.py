"""Opens a report's page in a headless Chromium and prints how large it is, how soon it is there, how it scrolls.

    python benchmarks/page.py FOLDER_OF_PATTERNS   # tends it first, without writing
    python benchmarks/page.py reports/example/report.html

Chromium is the system's, or the one that CHROMIUM names. Times are the best of three, by the browser's own clock.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--enable-unsafe-swiftshader"]
TIMES = 3

# Runs before the page's own script: notes when the first row and the first picture of the map are there.
WATCH = """
window.told = {};
const note = (name) => { window.told[name] ??= performance.now(); };
new MutationObserver(() => {
  if (document.querySelector("#rows .row")) note("row");
  if (document.querySelector("#canvas[data-drawn]")) note("picture");
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-drawn"] });
"""
# The time from asking for the map to its first picture.
TO_THE_MAP = """
() => new Promise((resolve) => {
  const start = performance.now();
  const look = () => {
    if (window.told.picture) resolve(Math.max(0, window.told.picture - start));
    else requestAnimationFrame(look);
  };
  document.getElementById("map").scrollIntoView();
  look();
})
"""
# Scrolls the table by a screen a frame, down to its end or 300 frames far, and gives the time between frames.
SCROLL = """
() => new Promise((resolve) => {
  const grid = document.getElementById("grid");
  const frames = [];
  let last;
  const step = (now) => {
    if (last !== undefined) frames.push(now - last);
    last = now;
    const before = grid.scrollTop;
    grid.scrollTop += 0.8 * grid.clientHeight;
    if (frames.length < 300 && (grid.scrollTop > before || frames.length < 2)) requestAnimationFrame(step);
    else resolve(frames);
  };
  document.getElementById("proposals").scrollIntoView();
  requestAnimationFrame(step);
})
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", type=Path, help="a folder of patterns, or a report.html")
    given = parser.parse_args().what
    with tempfile.TemporaryDirectory() as scratch:
        measure(tended(given, Path(scratch)) if given.is_dir() else given)


def tended(library: Path, scratch: Path) -> Path:
    """The report of a run that writes nothing."""
    command = [sys.executable, "-m", "garden", "tend", str(library.resolve()), "--report", str(scratch)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return scratch / "report.html"


def measure(page: Path) -> None:
    found = [opened(page.resolve().as_uri()) for _ in range(TIMES)]
    size = page.stat().st_size / 1e6
    print(f"{found[0]['rows']:,} rows, {found[0]['map']}.\n")
    print("| what | measured | goal | met |\n|---|---:|---:|---|")
    row("the page, MB", size, 8)
    row("from opening to the first row, s", min(one["row"] for one in found) / 1000, 2)
    row("from asking for the map to its first picture, s", min(one["picture"] for one in found) / 1000, 3)
    best = min((one["frames"] for one in found), key=max)
    row(f"the longest of {len(best)} frames while scrolling, ms", max(best), 50)
    row("the middle one of them, ms", sorted(best)[len(best) // 2], None)


def opened(url: str) -> dict:
    """What one visit of the page took, in milliseconds."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        page.add_init_script(WATCH)
        page.goto(url)
        page.wait_for_selector("html[data-ready=all]", state="attached")
        picture = page.evaluate(TO_THE_MAP)
        # After the map is there: it is drawn once, when it comes near, and that is a frame of its own.
        frames = page.evaluate(SCROLL)
        told = page.evaluate("window.told")
        rows = int(page.get_attribute("#grid", "aria-rowcount") or 0)
        said = page.inner_text("#map-count")
        browser.close()
    return {"row": told["row"], "picture": picture, "frames": frames, "rows": rows, "map": said}


def row(what: str, value: float, goal: float | None) -> None:
    aim, met = ("", "") if goal is None else (str(goal), "yes" if value < goal else "**no**")
    print(f"| {what} | {value:.2f} | {aim} | {met} |", flush=True)


if __name__ == "__main__":
    main()
