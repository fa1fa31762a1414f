"""Which pairs of patterns should be linked: a greedy b-matching, surest pairs first.

A link is stored in both files, so the choice is made once for an unordered pair, and each pattern has a number of
places. Greedy choice never looks at a pair that it did not take, so taking away the pairs that lost changes nothing:
a library to which the choice has been applied chooses the same again, which is what makes tending a fixpoint.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from garden.config import LinkSettings

Pair = tuple[int, int]
DIGITS = 4  # Confidence is rounded before it orders anything, so that float noise does not.


@dataclass(frozen=True)
class Chosen:
    """The pairs to link, those of them that people accepted, and the existing ones for which no place was free.

    ``declined`` are existing pairs of which people said that they do not belong together.
    """

    pairs: frozenset[Pair]
    crowded_out: frozenset[Pair] = frozenset()
    accepted: frozenset[Pair] = frozenset()
    declined: frozenset[Pair] = frozenset()


def choose(
    candidates: Mapping[Pair, float],
    existing: Mapping[Pair, float],
    accepted: Iterable[Pair],
    settings: LinkSettings,
    *,
    crowd: bool = True,
) -> Chosen:
    """Chooses among candidate and existing pairs, each with its confidence; pairs are (lower, higher) places.

    Existing pairs are those that are supported: they are kept from any confidence, where a place is free. Accepted
    pairs are a person's word: they stay whatever they score, and take their places first. Then every pattern gets its
    best pair (from ``rescue_above``), then the surest pairs fill what is free. Without ``crowd`` existing pairs stay
    beyond the number of places: a link that is right is not pruned for being one of many. A pattern with twice as many
    as it has places then gets no new one, so that they do not grow without end.
    """
    taken: set[Pair] = set()
    degree: dict[int, int] = {}

    def take(pair: Pair) -> None:
        taken.add(pair)
        for end in pair:
            degree[end] = degree.get(end, 0) + 1

    accepted = frozenset(accepted)
    for pair in sorted(accepted):
        take(pair)
    order = _surest_first({**_hopeful(candidates, settings), **existing})
    for pair, confidence in order:
        needed = pair[0] not in degree or pair[1] not in degree
        if needed and confidence >= settings.rescue_above and pair in candidates and _room(pair, degree, settings):
            take(pair)
    standing = Counter(end for pair in existing for end in pair)
    full = {end for end, count in standing.items() if not crowd and count >= 2 * settings.most}
    for pair, confidence in order:
        wanted = pair in existing or (confidence >= settings.add_above and full.isdisjoint(pair))
        if wanted and pair not in taken and _room(pair, degree, settings):
            take(pair)
    left = frozenset(existing.keys() - taken)
    return Chosen(frozenset(taken), left, accepted) if crowd else Chosen(left | taken, frozenset(), accepted)


def without(chosen: Chosen, weak: Mapping[Pair, float]) -> Chosen:
    """The choice without the weak pairs, least sure first, but for those that alone link one of their ends."""
    degree = Counter(end for pair in chosen.pairs for end in pair)
    kept = set(chosen.pairs)
    for pair, _ in reversed(_surest_first(weak)):
        if all(degree[end] > 1 for end in pair):
            kept.discard(pair)
            degree.subtract(pair)
    return replace(chosen, pairs=frozenset(kept))


def _hopeful(candidates: Mapping[Pair, float], settings: LinkSettings) -> dict[Pair, float]:
    """The candidates that could be taken at all; the others, which are most, need not be put in order."""
    # Less by more than rounding could add.
    least = min(settings.rescue_above, settings.add_above) - 10**-DIGITS
    return {pair: value for pair, value in candidates.items() if value >= least}


def _surest_first(pairs: Mapping[Pair, float]) -> list[tuple[Pair, float]]:
    rounded = ((pair, round(confidence, DIGITS)) for pair, confidence in pairs.items())
    return sorted(rounded, key=lambda item: (-item[1], item[0]))


def _room(pair: Pair, degree: Mapping[int, int], settings: LinkSettings) -> bool:
    return degree.get(pair[0], 0) < settings.most and degree.get(pair[1], 0) < settings.most
