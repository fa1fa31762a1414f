"""What look-alikes bear: backing for an entity that its own text bears doubtfully.

Patterns that read alike share what they deal with, also where one of them says it in other words. So an entity is
backed where a pattern near its own bears the same or nearly the same, by the words of the labels, rare ones counting
more; the nearer the pattern, the more that counts. A pattern that people have linked to it, where their links can be
trusted, counts as the nearest of all.

What backs must have a hold in its own text, so that names which no text bears cannot keep each other; and it must
stand, so that once the stale ones are gone all else is backed as before. An entity or a link more only ever adds.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
from scipy import sparse

from garden import similarity, terms
from garden.entities.fit import LEAST_RARITY, Floats, Texts
from garden.entities.labels import label_of, read_label
from garden.entities.support import DOUBTED, Verdict, raised
from garden.models import Entity

Pair = tuple[int, int]
Place = tuple[int, int]

ALIKE, PART = 40, 10  # So many look-alikes are asked, in a small library no more than a tenth of it.
NEAR = 0.3  # Labels with a lower cosine say nothing of each other.
HOLD = 0.1  # What backs is borne by its own text alone with such odds.
DIGITS = 3


class Backing:
    """What can be said for the doubtful among some verdicts, which are those of the patterns of ``texts``.

    From the odds ``keep_above`` on an entity stands. ``joined`` are the pairs of patterns that people have linked. The
    place of an entity is its pattern's, and its own in the list.
    """

    doubted = DOUBTED

    def __init__(
        self, verdicts: Sequence[Sequence[Verdict]], texts: Texts, keep_above: float, joined: Collection[Pair] = ()
    ) -> None:
        self.verdicts, self.size, self.keep_above = verdicts, len(texts.proses), keep_above
        self.doubtful = self._doubtful()
        self.backers = self._backers() if self.doubtful else {}
        self.near = near_to(sorted(self.doubtful), texts, joined)
        asked = {label_of(verdict.entity) for doubtful in self.doubtful.values() for verdict in doubtful}
        self.holders: dict[str, list[Place]] = {}
        for place, entity in self.backers.items():
            self.holders.setdefault(label_of(entity), []).append(place)
        self.alike = alike_to(sorted(asked), sorted(self.holders), texts)

    def told(self, gone: Collection[Place] = ()) -> tuple[tuple[Verdict, ...], ...]:
        """The verdicts with what backs them: what is ``gone``, and what goes for want of backing, backs nothing."""
        told, gone, asked = list(map(tuple, self.verdicts)), set(gone), list(self.near)
        while asked:
            for owner in asked:
                told[owner] = self._backed(owner, gone)
            fallen = self.backers.keys() & set(self._below(told)) - gone
            gone |= fallen
            asked = [owner for owner in self.near if any(verdict.backer in fallen for verdict in told[owner])]
        return tuple(told)

    def lost(self, told: Sequence[Sequence[Verdict]], standing: Sequence[Sequence[Entity]]) -> set[Place]:
        """What alone keeps some entity although it will not stand itself, or not under the label that it backs by.

        Of two entities that become one the second goes, and a bare string may be written in another way.
        """
        labels = {(owner, entity.index): label_of(entity) for owner, held in enumerate(standing) for entity in held}
        pairs = zip(chain.from_iterable(self.verdicts), chain.from_iterable(told), strict=True)
        kept = {after.backer for before, after in pairs if before.odds < self.keep_above <= after.odds}
        return {place for place in kept if place and labels.get(place) != label_of(self.backers[place])}

    def _doubtful(self) -> dict[int, list[Verdict]]:
        """The entities that might be stale, by pattern."""
        below = max(self.doubted, self.keep_above)
        found = [[v for v in judged if v.odds < below and not v.mentioned] for judged in self.verdicts]
        return {owner: doubtful for owner, doubtful in enumerate(found) if doubtful}

    def _backers(self) -> dict[Place, Entity]:
        """Whatever could back something, as long as it stands."""
        places = ((owner, verdict) for owner, judged in enumerate(self.verdicts) for verdict in judged)
        return {
            (owner, verdict.entity.index): verdict.entity
            for owner, verdict in places
            if verdict.odds >= HOLD and read_label(label_of(verdict.entity)).known
        }

    def _below(self, told: Sequence[Sequence[Verdict]]) -> Iterator[Place]:
        for owner in self.doubtful:
            yield from ((owner, verdict.entity.index) for verdict in told[owner] if verdict.odds < self.keep_above)

    def _backed(self, owner: int, gone: Collection[Place]) -> tuple[Verdict, ...]:
        """The verdicts on one pattern's entities, the doubtful ones with what backs them best."""
        found: dict[int, Verdict] = {}
        for verdict in self.doubtful[owner]:
            offers = self._offers(owner, label_of(verdict.entity), gone)
            share, _, place = max(offers, default=(0.0, 0, None))
            if place:
                odds = raised(verdict.odds, share, self.size)
                found[verdict.entity.index] = replace(verdict, odds=odds, backing=share, backer=place)
        return tuple(found.get(verdict.entity.index, verdict) for verdict in self.verdicts[owner])

    def _offers(self, owner: int, label: str, gone: Collection[Place]) -> Iterator[tuple[float, int, Place]]:
        """What backs a label in a pattern, and by how much, those further up in the library before others as good."""
        near = self.near[owner]
        for other, likeness in self.alike[label]:
            for place in self.holders[other]:
                if place[0] in near and place not in gone:
                    yield round(near[place[0]] * likeness, DIGITS), -place[0], place


def near_to(asked: Sequence[int], texts: Texts, joined: Collection[Pair] = ()) -> dict[int, dict[int, float]]:
    """The patterns near each of those asked about, with how much each of them counts, 0..1."""
    near = {owner: dict[int, float]() for owner in asked}
    most = min(ALIKE, len(texts.proses) // PART)
    vectors = texts.topics if texts.meaning is None else np.hstack([texts.topics, texts.meaning[:, :-1]])
    vectors = vectors.astype(np.float32)
    for part in similarity.blocks(len(asked)):
        owners = list(asked[part])
        scores = vectors[owners] @ vectors.T
        scores[np.arange(len(owners)), owners] = -np.inf
        for owner, best in zip(owners, similarity.best_columns(scores, most).tolist(), strict=True):
            near[owner] = {other: 1 - rank / most for rank, other in enumerate(best) if other >= 0}
    for one, other in joined:
        for owner, partner in ((one, other), (other, one)):
            if owner in near and owner != partner:
                near[owner][partner] = 1.0
    return near


def alike_to(asked: Sequence[str], labels: Sequence[str], texts: Texts) -> dict[str, list[tuple[str, float]]]:
    """The labels that are near to each of those asked about by their words, with how much nearer than ``NEAR``."""
    keys = np.unique(np.concatenate([np.empty(0, np.uint64), *(read_label(name).keys for name in (*asked, *labels))]))
    rarity = _rarity(keys, texts)
    found = (_rows(asked, keys, rarity) @ _rows(labels, keys, rarity).T).tocsr()
    found.data = found.data - NEAR
    alike: dict[str, list[tuple[str, float]]] = {}
    for name, start, stop in zip(asked, found.indptr, found.indptr[1:], strict=False):
        shares = zip(found.indices[start:stop].tolist(), found.data[start:stop].tolist(), strict=True)
        alike[name] = [(labels[column], share) for column, share in shares if share > 0]
    return alike


def _rows(names: Sequence[str], keys: terms.Keys, rarity: Floats) -> sparse.csr_matrix:
    """A unit row for each label with the rarity of its words."""
    held = [read_label(name).keys for name in names]
    values = [rarity[np.searchsorted(keys, row)].astype(np.float32) for row in held]
    return similarity.unit_sparse(similarity.over(keys, held, values))


def _rarity(keys: terms.Keys, texts: Texts) -> Floats:
    """How rare words are in the texts; those that no text uses are the rarest."""
    if not len(texts.keys):
        return np.full(len(keys), texts.unheard)
    at = np.minimum(np.searchsorted(texts.keys, keys), len(texts.keys) - 1)
    return np.asarray(np.where(texts.keys[at] == keys, texts.rarity[at], texts.unheard) + LEAST_RARITY)
