"""Links that we wrote and a person has taken out since: as good as a no."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from garden.models import Pattern
from garden.names import Names, composed, names_of
from garden.plan.decisions import End, Matter


@dataclass(frozen=True)
class Written:
    """What one run wrote and did not take back again, on the ISO date ``today``."""

    today: str
    matters: tuple[Matter, ...]


def removed_by_hand(runs: Iterable[Written], patterns: Sequence[Pattern]) -> tuple[Matter, ...]:
    """The links of ``runs``, oldest first, that are in their pattern's section no more, though no run removed them.

    A file whose date of pruning is older than the run has been put back as a whole, say by git: that says nothing of
    its links. Nor does a link go by hand where a curated relationship has taken its place.
    """
    names = names_of(patterns)
    standing: dict[tuple[int, int], tuple[str, Matter]] = {}
    for run in runs:
        for matter in run.matters:
            ends = _places(names, matter)
            if ends and matter.kind == "add_link":
                standing[ends] = (run.today, matter)
            elif ends and matter.kind == "remove_link":
                standing.pop(ends, None)
    curated = _curated(patterns, names)
    gone = [
        matter
        for ends, (today, matter) in sorted(standing.items(), key=lambda item: item[0])
        if _went(patterns[ends[0]], ends[1], names, today)
        and not _under_old_name(patterns[ends[0]], matter)
        and frozenset(ends) not in curated
    ]
    return tuple(gone)


def on_texts_of_now(matter: Matter, patterns: Sequence[Pattern], names: Names) -> Matter:
    """A matter, resting on the texts as they are: whoever took its link out had them before them, and no older ones."""
    places = [_place(names, end) for end in matter.ends]
    ends = [end if place is None else End.of(patterns[place]) for end, place in zip(matter.ends, places, strict=True)]
    return matter.model_copy(update={"ends": tuple(ends)})


def put_back(run: Written, patterns: Sequence[Pattern], paths: Container[str]) -> frozenset[str]:
    """The ids of what ``run`` wrote into those of ``patterns`` at ``paths`` that have been put back as a whole since.

    ``patterns`` are in slug order. To be asked before a later run sets another date of pruning: nothing tells after it.
    """
    names = names_of(patterns)
    owners = [(matter.proposal, _place(names, matter.ends[0])) for matter in run.matters if matter.ends]
    found = [(proposal, patterns[place]) for proposal, place in owners if place is not None]
    return frozenset(name for name, one in found if one.path in paths and _is_put_back(one, run.today))


def _places(names: Names, matter: Matter) -> tuple[int, int] | None:
    places = [_place(names, end) for end in matter.ends]
    if len(places) != 2 or places[0] is None or places[1] is None:
        return None
    return places[0], places[1]


def _place(names: Names, end: End) -> int | None:
    found = names.slugs.get(composed(end.slug))
    return names.find(end.id or end.slug) if found is None else found


def _went(pattern: Pattern, target: int, names: Names, today: str) -> bool:
    links = pattern.section.links if pattern.section else ()
    return not _is_put_back(pattern, today) and all(names.find(link.target) != target for link in links)


def _is_put_back(pattern: Pattern, today: str) -> bool:
    return pattern.section is None or (pattern.section.last_pruned or "") < today


def _under_old_name(pattern: Pattern, matter: Matter) -> bool:
    """Whether the link still stands as it was written: its target has got another name since."""
    return pattern.section is not None and any(link.target == matter.target for link in pattern.section.links)


def _curated(patterns: Sequence[Pattern], names: Names) -> set[frozenset[int]]:
    found = ((place, names.find(r.target)) for place, p in enumerate(patterns) for r in p.relationships)
    return {frozenset((place, other)) for place, other in found if other is not None}
