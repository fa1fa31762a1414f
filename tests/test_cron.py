import pytest
from prefect.client.schemas.schedules import CronSchedule

from garden.cron import NoSchedule, NoTimeZone, check, local_zone

CRONS = [
    "0 5 * * 1", "*/30 * * * *", "0 5 1,15 * *", "0 5 * jan-MAR Mon", "0 5 * * 7", "5/15 * * * *", "0 22-4 * * *",
    "0 5 L * *", "0 5 * * mon#2", "0 5 * * L5", "0 5 ? * *", "0 5 29 2 *", "0 5 31 2 1", "0 5 30,31 2,apr *",
    "0 0-23/2 * * *", "0 5 31 */2 *", "0 5 * * sat-sun",
]  # fmt: skip
NONE = [
    "", "every monday", "61 * * * *", "0 24 * * *", "0 5 0 * *", "0 5 * 13 *", "0 5 * * 8", "*/0 * * * *",
    "0 5 * * lundi", "0 5 30 2 *", "0 5 31 feb,apr *", "* * * * * *", "@daily", "0 5 1; * *", "mon 5 * * *",
    "1-2-3 * * * *", "0,, 5 * * *", "R * * * *",
]  # fmt: skip


@pytest.mark.parametrize("cron", CRONS)
def test_what_prefect_takes_is_a_schedule(cron: str) -> None:
    CronSchedule(cron=cron)
    check(cron, "Europe/Berlin")


@pytest.mark.parametrize("cron", NONE)
def test_what_is_clearly_no_schedule_is_refused(cron: str) -> None:
    with pytest.raises(NoSchedule, match=r"\(UTC\) is no schedule; write one like '0 5 \* \* 1'"):
        check(cron, "UTC")


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "Europe", ""])
def test_a_time_zone_that_there_is_not_is_refused(name: str) -> None:
    with pytest.raises(NoTimeZone, match="there is no time zone"):
        check("0 5 * * 1", name)


def test_where_the_system_names_no_time_zone_it_is_utc(monkeypatch) -> None:
    monkeypatch.setattr("garden.cron.get_localzone_name", lambda: None)
    check("0 5 * * 1", local_zone())
    assert local_zone() == "UTC"
