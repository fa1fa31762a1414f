import io

import pytest

from garden.config import HealthSettings
from garden.health import Alarm, alarms
from garden.report.terminal_health import health_screen, print_health
from tests.test_health import biased_library, figures, pattern


def printed(*arguments, **options) -> str:
    stream = io.StringIO()
    print_health(health_screen(*arguments, **options), stream)
    return stream.getvalue()


def test_a_screen_fits_80_columns_and_24_figures_with_the_alarms_first():
    found = biased_library()
    lines = printed(found, None, alarms(found, HealthSettings())).splitlines()
    assert lines[0].startswith("Alarm: Links to patterns that begin with “a”")
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 40


@pytest.mark.parametrize("full", [False, True])
def test_before_and_after_stand_side_by_side_with_an_arrow_for_better(full):
    before = figures(pattern("a", links=[("gone" * 40, "requires")]), pattern("b" * 120))
    after = figures(pattern("a", links=[("b" * 120, "requires")]), pattern("b" * 120))
    text = printed(before, after, full=full)
    assert max(map(len, text.splitlines())) <= 80
    (row,) = [line for line in text.splitlines() if "do not exist" in line]
    assert row.split()[-3:] == ["1", "0", "↑"]
    assert ("Most linked pattern" in text) is full


def test_text_of_the_library_cannot_steer_the_terminal_or_the_markup():
    alarm = Alarm("top_target_share", 1, 0, "evil\x1b[31m [bold]slug[/bold]")
    text = printed(figures(), None, (alarm,))
    assert "\x1b" not in text
    assert "[bold]slug[/bold]" in text
