"""What the entities of a library should be: which stand, under which ids, and what patterns without any are given.

What is wanted follows from texts, labels, people's links and settings. A label is judged by its text and by what stands
for sure in patterns near it, ids become one until no two are one idea any more, and a pattern is given entities only
where none of its own stands: so a library that has what is wanted wants nothing more.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from garden.config import EntitySettings
from garden.entities.backing import Backing
from garden.entities.fit import Texts
from garden.entities.labels import label_of, read_label, spoken
from garden.entities.looking import Held, doubtful_in
from garden.entities.proposing import Ground, give
from garden.entities.relevance import rescored
from garden.entities.resolution import Group, Resolution, Standing, resolve
from garden.entities.sayings import sayings_of
from garden.entities.support import Verdict, judge, judge_respelt, stands_from
from garden.keep import Keep
from garden.models import Entity, Pattern
from garden.prose import Prose

Vectors = NDArray[np.float32]
Verdicts = tuple[tuple[Verdict, ...], ...]
Respelt = Mapping[tuple[int, str], float]


@dataclass(frozen=True)
class Library:
    """What is asked about: patterns and proses side by side in slug order, the vectors of passages and of labels.

    ``passages`` holds a unit row for each pattern, ``labels`` a unit vector for each of ``labels_of`` the patterns;
    without them words alone decide. ``creates`` tells that a pattern without a section may get one. ``texts`` are the
    proses where they have been counted already. What was found in single texts is looked up in ``keep``. ``joined`` are
    the pairs of patterns that people have linked, where their links can be trusted. ``doubtful`` are those entities
    ``doubtful_in`` the patterns, where they are known.
    """

    patterns: Sequence[Pattern]
    proses: Sequence[Prose]
    passages: Vectors | None = None
    labels: Mapping[str, Vectors] | None = None
    creates: bool = True
    texts: Texts | None = None
    keep: Keep | None = None
    joined: Collection[tuple[int, int]] = ()
    doubtful: Held | None = None


@dataclass(frozen=True)
class Wanted:
    """A verdict for every entity of every pattern, and the entities that stand in each once all is carried out.

    ``becomes`` holds the new id of each (pattern, place in its list) that gets one; ``groups`` tell why. ``given`` are
    the entities that patterns without any get, ``grounds`` tell how the text bears each, by place and ``index``.
    ``relevance`` is that of each (pattern, place in its list) whose own is far off.
    """

    verdicts: tuple[tuple[Verdict, ...], ...]
    standing: tuple[tuple[Entity, ...], ...] = ()
    becomes: Mapping[tuple[int, int], str] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    given: Mapping[int, tuple[Entity, ...]] = field(default_factory=dict)
    grounds: Mapping[tuple[int, int], Ground] = field(default_factory=dict)
    relevance: Mapping[tuple[int, int], float] = field(default_factory=dict)


def want(library: Library, settings: EntitySettings) -> Wanted:
    """What should stand in each pattern, and why."""
    settings = scaled(settings, len(library.patterns))
    texts = _texts(library)
    doubtful = doubtful_in(library.patterns, library.proses) if library.doubtful is None else library.doubtful
    respelt = judge_respelt(library.patterns, texts, library.labels, doubtful) if settings.merge else {}
    judged = judge(library.patterns, texts, library.labels, doubtful)
    backing = Backing(judged, texts, settings.keep_above, library.joined)
    told = backing.told()
    wanted = _wanted(library, texts, told, respelt, settings)
    gone: set[tuple[int, int]] = set()
    # Nothing may rest on what goes itself: the next run would want more.
    while lost := backing.lost(told, wanted.standing):
        gone |= lost
        before, told = told, backing.told(gone)
        same = _stale(told, settings) == _stale(before, settings)
        wanted = replace(wanted, verdicts=told) if same else _wanted(library, texts, told, respelt, settings)
    return wanted


def count_stale(library: Library, settings: EntitySettings, doubtful: Held | None = None) -> int:
    """How many entities neither the texts nor the patterns around bear any longer.

    ``doubtful`` are those ``doubtful_in`` the patterns, where they are known.
    """
    settings = scaled(settings, len(library.patterns))
    texts = _texts(library)
    judged = judge(library.patterns, texts, library.labels, doubtful)
    return _stale(Backing(judged, texts, settings.keep_above, library.joined).told(), settings)


def scaled(settings: EntitySettings, patterns: int) -> EntitySettings:
    """The settings with what ``keep_above`` comes to in a library of so many patterns."""
    return settings.model_copy(update={"keep_above": stands_from(settings.keep_above, patterns)})


def _texts(library: Library) -> Texts:
    return (library.texts or Texts(library.proses)).with_passages(library.passages)


def _stale(verdicts: Verdicts, settings: EntitySettings) -> int:
    return sum(verdict.odds < settings.keep_above for judged in verdicts for verdict in judged)


def _wanted(
    library: Library,
    texts: Texts,
    verdicts: Verdicts,
    respelt: Mapping[tuple[int, str], float],
    settings: EntitySettings,
) -> Wanted:
    """What follows from the verdicts, and from the odds of other spellings of bare strings by their texts alone."""
    patterns, proses = library.patterns, library.proses
    kept = [tuple(v.entity for v in judged if v.odds >= settings.keep_above) for judged in verdicts]
    empty = {
        place: (pattern, proses[place])
        for place, pattern in enumerate(patterns)
        if not kept[place] and (pattern.section is not None or library.creates)
    }
    found = give(patterns, texts, kept, sayings_of(empty, library.keep), settings.add)
    given = found.entities
    whole = [given.get(place, held) for place, held in enumerate(kept)]
    resolution = Resolution()
    if settings.merge:

        def may_rename(owner: int, one: Standing, name: str) -> bool:
            new = spoken(name)
            # By the text alone: what backs it may be written in another way itself, and the next run would want more.
            borne = respelt.get((owner, new), 0.0) >= settings.keep_above
            return new == one.label or borne or read_label(new).mentioned_in(proses[owner])

        resolution = resolve(patterns, [[_standing(e) for e in held] for held in whole], may_rename, library.labels)
    renamed = tuple(_renamed(owner, held, resolution) for owner, held in enumerate(whole))
    rescoring = rescored(renamed, proses, settings.rescore_beyond)
    standing = tuple(_rescored(owner, held, rescoring) for owner, held in enumerate(renamed))
    return Wanted(
        verdicts=verdicts,
        standing=standing,
        becomes=resolution.renamed,
        groups=resolution.groups,
        given={place: standing[place] for place in given},
        grounds=found.grounds,
        relevance={
            (owner, renamed[owner][at].index): value for (owner, at), value in rescoring.items() if owner not in given
        },
    )


def _standing(entity: Entity) -> Standing:
    return Standing(entity.index, entity.id, label_of(entity), entity.type == "person", entity.plain)


def _rescored(owner: int, held: Sequence[Entity], rescoring: Mapping[tuple[int, int], float]) -> tuple[Entity, ...]:
    """The entities of one pattern with their new relevance."""
    return tuple(
        entity.model_copy(update={"relevance": rescoring[owner, at]}) if (owner, at) in rescoring else entity
        for at, entity in enumerate(held)
    )


def _renamed(owner: int, held: Sequence[Entity], resolution: Resolution) -> tuple[Entity, ...]:
    """The entities of one pattern under their new ids, the first of each id."""
    first: dict[str, Entity] = {}
    for entity in held:
        name = resolution.renamed.get((owner, entity.index), entity.id)
        update = {"id": name, "label": name} if entity.plain else {"id": name}
        first.setdefault(name, entity if name == entity.id else entity.model_copy(update=update))
    return tuple(first.values())
