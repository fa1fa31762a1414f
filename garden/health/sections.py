"""Figures of what else sections hold: entities, communities, and how old they are."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from statistics import median_low
from typing import Any

from garden.entities.wording import same_words
from garden.health.links import share
from garden.models import Section


def entity_figures(standing: Sequence[Section | None], stale: int | None, said: int | None) -> dict[str, Any]:
    """How many entities there are, under how many names. Where that was found out, ``stale`` of them are not borne, and
    the texts have the labels of ``said``.
    """
    uses = Counter(entity.id for section in standing if section for entity in section.entities)
    spellings = Counter(map(same_words, uses))
    return {
        "entities": sum(uses.values()),
        "entity_ids": len(uses),
        "entity_ids_used_once": sum(count == 1 for count in uses.values()),
        "entity_near_duplicates": sum(count > 1 for count in spellings.values()),
        "entities_said_share": None if said is None else share(said, sum(uses.values())),
        "entities_stale": stale,
        "entities_stale_share": None if stale is None else share(stale, sum(uses.values())),
    }


def community_figures(standing: Sequence[Section | None]) -> dict[str, Any]:
    """How many communities there are, how many of one pattern alone, and who shares one with nobody."""
    held = [sorted({one.id for one in section.communities}) if section else [] for section in standing]
    sizes = Counter(id_ for ids in held for id_ in ids)
    return {
        "communities": len(sizes),
        "communities_of_one": sum(count == 1 for count in sizes.values()),
        "patterns_without_community": sum(all(sizes[id_] < 2 for id_ in ids) for ids in held),
    }


def age_figures(standing: Sequence[Section | None], today: str | None) -> dict[str, Any]:
    """When sections were last pruned; ages in days where ``today`` (an ISO date) is given."""
    dates = sorted(section.last_pruned for section in standing if section and section.last_pruned)
    ages = sorted(_days(written, today) for written in dates if today and _is_date(written))
    return {
        "oldest_pruned": dates[0] if dates else None,
        "newest_pruned": dates[-1] if dates else None,
        "never_pruned": sum(section is None or not section.last_pruned for section in standing),
        "median_age_days": median_low(ages) if ages else None,
        "oldest_age_days": ages[-1] if ages else None,
    }


def _is_date(written: str) -> bool:
    try:
        date.fromisoformat(written)
    except ValueError:
        # A date that a person mistyped has no age; reading has named it already where it matters.
        return False
    return True


def _days(written: str, today: str | None) -> int:
    return (date.fromisoformat(today or written) - date.fromisoformat(written)).days
