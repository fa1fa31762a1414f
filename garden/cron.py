"""Whether a schedule can be one, as far as it shows before what keeps schedules is loaded, which takes long.

What crons have besides, such as the last day of a month (``L``), is left to be judged by what carries them out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tzlocal import get_localzone_name

from garden.errors import GardenError

# What each field may hold: a Sunday is 0 or 7.
BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
NAMES = {
    3: ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    4: ("sun", "mon", "tue", "wed", "thu", "fri", "sat"),
}
DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
ANY = ("*", "?")
_PART = re.compile(r"(?:[*?]|(\w+)(?:-(\w+))?)(?:/(\d+))?")
_RARE = re.compile(r"l\d*|\w+#\w+")


@dataclass
class NoSchedule(GardenError):
    """A cron is none, or never comes."""

    cron: str
    timezone: str

    def __str__(self) -> str:
        return f"{self.cron!r} ({self.timezone}) is no schedule; write one like '0 5 * * 1'"


@dataclass
class NoTimeZone(GardenError):
    """There is no such time zone."""

    name: str

    def __str__(self) -> str:
        return f"there is no time zone {self.name!r}; name one like Europe/Berlin"


def local_zone() -> str:
    """The time zone of this machine, UTC where the system names none, as in small containers."""
    return str(get_localzone_name() or "UTC")


def check(cron: str, timezone: str) -> None:
    """Raises ``NoTimeZone`` and ``NoSchedule`` where one of the two is clearly none."""
    try:
        ZoneInfo(timezone)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise NoTimeZone(timezone) from error
    fields = cron.split()
    if len(fields) != len(BOUNDS) or not all(map(_may_be, range(len(BOUNDS)), fields)) or _never(fields):
        raise NoSchedule(cron, timezone)


def _may_be(place: int, field: str) -> bool:
    return all(_part_may_be(place, part) for part in field.lower().split(","))


def _part_may_be(place: int, part: str) -> bool:
    if _RARE.fullmatch(part):
        return True
    found = _PART.fullmatch(part)
    if not found or (found[3] and not int(found[3])):
        return False
    low, high = BOUNDS[place]
    ends = [_number(place, end) for end in (found[1], found[2]) if end]
    return all(end is not None and low <= end <= high for end in ends)


def _number(place: int, word: str) -> int | None:
    if word.isascii() and word.isdecimal():
        return int(word)
    names = NAMES.get(place, ())
    return BOUNDS[place][0] + names.index(word) if word in names else None


def _never(fields: list[str]) -> bool:
    """Whether the days are none that the months have; a weekday beside them comes in any case."""
    _, _, days, months, weekdays = fields
    if weekdays not in ANY or not re.fullmatch(r"[\d,]+", days):
        return False
    return min(map(int, days.split(","))) > max(DAYS[month - 1] for month in _months(months.lower()))


def _months(field: str) -> Iterator[int]:
    for part in field.split(","):
        month = _number(3, part)
        yield from range(1, 13) if month is None else (month,)
