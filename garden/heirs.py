"""Where the pattern that a dead link names may have gone: renamed in git's history, or called nearly the same.

One clear heir and the link can be mended; several are named, so that a person may choose. What people have written is
never mended: there a clear heir tells which pattern they speak of.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from garden.entities.wording import folded, root, words_of_name
from garden.models import Link, Pattern, Relationship
from garden.names import Heirs, Names, slugify
from garden.shapes.reader import stem

MOST = 3
NEAR = 0.6  # The least share of common words, of all the words of two names, that makes one worth naming.

Words = frozenset[str]


def lost_targets(patterns: Sequence[Pattern], names: Names) -> list[str]:
    """The targets of inferred links that name no pattern, not even one that cannot be read."""
    return _lost(patterns, names, lambda pattern: pattern.section.links if pattern.section else ())


def lost_curated(patterns: Sequence[Pattern], names: Names) -> list[str]:
    """The same of the targets of curated relationships."""
    return _lost(patterns, names, lambda pattern: pattern.relationships)


def _lost(
    patterns: Sequence[Pattern], names: Names, said: Callable[[Pattern], Sequence[Link | Relationship]]
) -> list[str]:
    targets = {one.target for pattern in patterns for one in said(pattern)}
    return sorted(one for one in targets if names.find(one) is None and not names.unread(one))


def heirs_of(
    lost: Iterable[str], patterns: Sequence[Pattern], moved: Mapping[str, str], curated: Iterable[str] = ()
) -> dict[str, Heirs]:
    """The heirs of each of the ``lost`` names, and of those of ``curated`` that have a clear one.

    ``moved`` holds the path at which git last saw each file that was renamed, by the file's old name as a slug.
    """
    known = _Known.of(patterns)
    places = {pattern.path: place for place, pattern in enumerate(patterns)}
    sure = {name: _clear(name, known, places, moved) for name in curated}
    found = {name: heirs for name, heirs in sure.items() if heirs.cause}
    return found | {name: _heirs(name, known, places, moved) for name in lost}


def _heirs(name: str, known: "_Known", places: Mapping[str, int], moved: Mapping[str, str]) -> Heirs:
    same = _clear(name, known, places, moved)
    return same if same.places else Heirs(known.near(_roots(name)))


def _clear(name: str, known: "_Known", places: Mapping[str, int], moved: Mapping[str, str]) -> Heirs:
    """The heirs that a name has without looking for what is called something like it."""
    place = places.get(moved.get(slugify(name), ""))
    if place is not None:
        return Heirs((place,), "git")
    for words, owners in ((_words(name), known.by_words), (_roots(name), known.by_roots)):
        same = owners.get(words, ())
        if same:
            return Heirs(tuple(same[:MOST]), "name" if len(same) == 1 else None)
    return Heirs()


@dataclass(frozen=True)
class _Known:
    """The patterns by the words of each of their names, in any order."""

    by_words: Mapping[Words, Sequence[int]]
    by_roots: Mapping[Words, Sequence[int]]
    with_root: Mapping[str, Sequence[Words]]

    @classmethod
    def of(cls, patterns: Sequence[Pattern]) -> "_Known":
        names = [
            (name, place)
            for place, pattern in enumerate(patterns)
            for name in (pattern.slug, pattern.title, *pattern.aliases, stem(pattern.path))
        ]
        by_roots = _grouped((_roots(name), place) for name, place in names)
        with_root: dict[str, list[Words]] = {}
        for words in by_roots:
            for word in words:
                with_root.setdefault(word, []).append(words)
        return cls(_grouped((_words(name), place) for name, place in names), by_roots, with_root)

    def near(self, words: Words) -> tuple[int, ...]:
        """The patterns with the most words in common, where these are most of all."""
        best: dict[int, float] = {}
        for other in {other for word in words for other in self.with_root.get(word, ())}:
            alike = len(words & other) / len(words | other)
            if alike >= NEAR:
                best.update({place: max(alike, best.get(place, 0.0)) for place in self.by_roots[other]})
        return tuple(sorted(best, key=lambda place: (-best[place], place))[:MOST])


def _grouped(pairs: Iterable[tuple[Words, int]]) -> dict[Words, list[int]]:
    found: dict[Words, list[int]] = {}
    for words, place in pairs:
        if words and place not in found.setdefault(words, []):
            found[words].append(place)
    return found


def _words(name: str) -> Words:
    return frozenset(folded(words_of_name(name)))


def _roots(name: str) -> Words:
    return frozenset(map(root, words_of_name(name)))
