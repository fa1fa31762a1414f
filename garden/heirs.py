"""Where the pattern that a dead link names may have gone: renamed in git's history, or called nearly the same.

One clear heir and the link can be mended; several are named, so that a person may choose.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from garden.entities.wording import folded, root, words_of_name
from garden.models import Pattern
from garden.names import Heirs, Names, slugify
from garden.shapes.reader import stem

MOST = 3
NEAR = 0.6  # The least share of common words, of all the words of two names, that makes one worth naming.

Words = frozenset[str]


def lost_targets(patterns: Sequence[Pattern], names: Names) -> list[str]:
    """The targets of inferred links that name no pattern, not even one that cannot be read."""
    lost = {
        link.target
        for pattern in patterns
        if pattern.section
        for link in pattern.section.links
        if names.find(link.target) is None and not names.unread(link.target)
    }
    return sorted(lost)


def heirs_of(lost: Iterable[str], patterns: Sequence[Pattern], moved: Mapping[str, str]) -> dict[str, Heirs]:
    """The heirs of each of the ``lost`` names.

    ``moved`` holds the path at which git last saw each file that was renamed, by the file's old name as a slug.
    """
    known = _Known.of(patterns)
    places = {pattern.path: place for place, pattern in enumerate(patterns)}
    return {name: _heirs(name, known, places, moved) for name in lost}


def _heirs(name: str, known: "_Known", places: Mapping[str, int], moved: Mapping[str, str]) -> Heirs:
    place = places.get(moved.get(slugify(name), ""))
    if place is not None:
        return Heirs((place,), "git")
    for words, owners in ((_words(name), known.by_words), (_roots(name), known.by_roots)):
        same = owners.get(words, ())
        if same:
            return Heirs(tuple(same[:MOST]), "name" if len(same) == 1 else None)
    return Heirs(known.near(_roots(name)))


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
