import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from garden.models import Bin, Reliability
from garden.report.html import Beside, Pictures, pictures_of
from garden.report.page.calibration import calibration, likely
from garden.report.page.plots import in_degree, letters, trend
from garden.report.stills import stills
from tests.synthetic_run import synthetic_run

MEASURED = Reliability(
    source="decisions",
    bins=(Bin(confidence=0.52, share=0.4, count=10), Bin(confidence=0.93, share=0.95, count=40)),
)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Pictures:
    return pictures_of(synthetic_run(tmp_path_factory.mktemp("library"), 40))


@pytest.mark.parametrize("hostile", [False, True])
def test_every_still_is_one_picture_that_refers_to_nothing_else(tmp_path: Path, *, hostile: bool) -> None:
    history = tuple({"date": f"2026-0{i}-01 <b>", "targets_share": i / 9, "top_target_share": 0.1} for i in range(1, 4))
    run = replace(synthetic_run(tmp_path, 24, hostile=hostile), reliability=(MEASURED,))
    drawn = stills(pictures_of(run, Beside(history=history)))
    assert sorted(drawn) == ["calibration.svg", "in-degree.svg", "letters.svg", "map.svg", "trend.svg"]
    for svg in drawn.values():
        elements = list(ET.fromstring(svg).iter())
        assert {element.tag.removeprefix(SVG) for element in elements} <= {
            "svg", "title", "style", "rect", "path", "text", "circle",
        }  # fmt: skip
        assert not [key for element in elements for key in element.attrib if "href" in key or key.startswith("on")]
        assert not re.search(r"@import|url\(", svg)


def test_a_still_has_a_title_that_is_read_out(pictures: Pictures) -> None:
    root = ET.fromstring(stills(pictures)["map.svg"])
    title = root.find(f"{SVG}title")
    assert root.get("role") == "img"
    assert title is not None
    assert title.text == "The garden from above: 40 patterns"


def test_the_map_has_a_dot_for_each_pattern_and_a_line_for_each_link_that_is_drawn(pictures: Pictures) -> None:
    root = ET.fromstring(stills(pictures)["map.svg"])
    paths = [(path.get("class") or "", path.get("d") or "") for path in root.iter(f"{SVG}path")]
    assert sum(d.count("M") for class_, d in paths if class_.startswith("dots")) == 40
    states = list(pictures.chart.edges.values())
    for state in ("new", "removed"):
        drawn = max(d.count("M") for class_, d in paths if class_ == f"line {state}")
        assert drawn == states.count(state)


def test_every_dot_lies_on_the_sheet(pictures: Pictures) -> None:
    root = ET.fromstring(stills(pictures)["map.svg"])
    dots = "".join(
        path.get("d") or "" for path in root.iter(f"{SVG}path") if (path.get("class") or "").startswith("dots")
    )
    numbers = np.array([[float(n) for n in point.split()] for point in re.findall(r"M([\d. -]+)h0", dots)])
    assert numbers.min() >= 0
    assert numbers.max() <= 1200


def test_first_letters_are_told_against_what_chance_gives(pictures: Pictures) -> None:
    plot = letters(pictures.chart)
    shares = np.array([[float(cell.rstrip("%")) for cell in row[1:]] for row in plot.rows])
    assert plot.columns == ("Letter", "Before", "After", "Expected")
    assert shares.sum(axis=0) == pytest.approx([100, 100, 100], abs=4)


def test_classes_of_incoming_links_double_and_hold_every_pattern(pictures: Pictures) -> None:
    plot = in_degree(pictures.chart)
    assert [row[0] for row in plot.rows][:6] == ["0", "1", "2", "3–4", "5–8", "9–16"]
    for column in (1, 2):
        assert sum(int(row[column].replace(",", "")) for row in plot.rows) == 40


def test_a_trend_leaves_out_what_earlier_runs_did_not_measure() -> None:
    plot = trend([{"date": "2026-01-01"}, {"date": "2026-02-01", "targets_share": 0.5}])
    assert plot.rows[0][1:] == ("–", "–", "–")
    assert plot.rows[1][1] == "50%"


def test_what_was_not_measured_is_not_drawn() -> None:
    assert calibration(()).svg == ""
    assert trend([]).svg == ""


def test_a_reliability_diagram_tells_what_was_right_of_how_many_and_what_chance_allows() -> None:
    backtest = Reliability(source="backtest", bins=(Bin(confidence=0.7, share=0.75, count=400),))
    plot = calibration((MEASURED, backtest))
    assert [row[0] for row in plot.rows] == ["52%", "93%", "70%"]
    assert plot.rows[0] == ("52%", "40%", "17% and 69%", "10", "reviewers' decisions")
    assert "50 reviewers' decisions, off by 4.0% on average; 400 curated links held out" in plot.note
    assert plot.svg.count('class="dot decisions"') == 2 + 1
    assert plot.svg.count('class="dot backtest"') == 1 + 1


def test_few_decisions_are_said_to_say_little() -> None:
    few = MEASURED.model_copy(update={"bins": MEASURED.bins[:1]})
    assert calibration((few,)).note.endswith("So few say little yet.")


@pytest.mark.parametrize(("share", "count"), [(0.0, 1), (1.0, 1), (0.5, 2), (0.9, 1000)])
def test_what_is_likely_holds_the_share_and_stays_a_share(share: float, count: int) -> None:
    low, high = likely(Bin(confidence=0.5, share=share, count=count))
    assert 0 <= low <= share <= high <= 1
