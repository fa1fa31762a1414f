"""How a library is doing, in figures that would have shown what went wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from garden.health.links import (
    curated_figures,
    curated_wires,
    cycle_figures,
    link_figures,
    spread_figures,
    wires_of,
)
from garden.health.sections import age_figures, community_figures, entity_figures
from garden.models import Pattern, Section
from garden.names import Names
from garden.vocabulary import Vocabulary

Figures = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Aside:
    """What health cannot see in the patterns: the date, how many files could not be read, how many entities a run found
    stale, of how many the text has the label, and the seed of its tests. What is None gives figures that are None.
    """

    today: str | None = None
    problems: int | None = None
    stale: int | None = None
    said: int | None = None
    seed: int = 0


def health(
    patterns: Sequence[Pattern],
    names: Names,
    vocabulary: Vocabulary,
    sections: Mapping[str, Section] | None = None,
    aside: Aside | None = None,
) -> Figures:
    """The figures of a library; ``garden.health.metrics`` says what each means.

    ``sections`` replaces sections by slug, to see a library as it would become. Shares are in 0..1, rounded to four
    digits; a share of nothing, and what was not asked for, is None. Every value is a JSON value.
    """
    replaced, beside = sections or {}, aside or Aside()
    standing = [replaced.get(pattern.slug, pattern.section) for pattern in patterns]
    wires, curated = wires_of(standing, names, vocabulary), curated_wires(patterns, names, vocabulary)
    return {
        "patterns": len(patterns),
        "problems": beside.problems,
        "sections": sum(section is not None for section in standing),
        **link_figures(wires, curated, names, vocabulary),
        **spread_figures(patterns, wires, beside.seed),
        **curated_figures(patterns, curated, names, beside.seed),
        **cycle_figures(patterns, [*curated, *wires], vocabulary),
        **entity_figures(standing, beside.stale, beside.said),
        **community_figures(standing),
        **age_figures(standing, beside.today),
    }
