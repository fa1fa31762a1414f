"""Small shelves of texts for tests of ranking: topics of a few texts each, which share words of their topic."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from garden import prose
from garden.links import Pair, Senses, Shelf, Vectors
from garden.models import Entity

TOPICS = {
    "review": "review reviewer change patch feedback rota comment approve",
    "release": "release version tag changelog deploy rollback candidate freeze",
    "welcome": "newcomer welcome mentor onboarding greeting question guide pairing",
    "money": "grant sponsor budget invoice fund donation treasurer payment",
}
EACH = 6


def shelf_of(texts: Sequence[tuple[str, str, str]], entities: Sequence[Sequence[Entity]] = ()) -> Shelf:
    """The shelf of (slug, title, body) in slug order."""
    texts = sorted(texts)
    return Shelf(
        slugs=tuple(slug for slug, _, _ in texts),
        titles=tuple(title for _, title, _ in texts),
        aliases=((),) * len(texts),
        proses=tuple(prose.read(title, (), "", "", body) for _, title, body in texts),
        entities=tuple(map(tuple, entities)) if entities else ((),) * len(texts),
        text_hashes=tuple(f"hash-{slug}" for slug, _, _ in texts),
    )


def topical_shelf(seed: int = 0) -> Shelf:
    """Six texts on each of four topics: slugs like ``money-3``."""
    rng = np.random.default_rng(seed)
    common = "team people work time shared project decide keep make open".split()
    texts = []
    for topic, words in TOPICS.items():
        own = words.split()
        for number in range(EACH):
            said = [*rng.choice(own, 24), *rng.choice(common, 24)]
            rng.shuffle(said)
            sentences = [" ".join(said[i : i + 8]).capitalize() + "." for i in range(0, len(said), 8)]
            texts.append((f"{topic}-{number}", f"{topic} {own[number]}".title(), " ".join(sentences)))
    return shelf_of(texts)


def vectors_of(shelf: Shelf) -> Vectors:
    """A vector for each text that leans to its topic."""
    rng = np.random.default_rng(1)
    topics = sorted({slug.rpartition("-")[0] for slug in shelf.slugs})
    rows = rng.standard_normal((len(shelf), 16)) * 0.5
    for place, slug in enumerate(shelf.slugs):
        rows[place, topics.index(slug.rpartition("-")[0])] += 2
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


class Kept(dict[str, bytes]):
    """Keeps in memory, and counts what it was asked for and had."""

    hits = 0

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        found = {key: self[key] for key in keys if key in self}
        self.hits += len(found)
        return found

    def put_many(self, items: Mapping[str, bytes]) -> None:
        self.update(items)


class Here:
    """Keeps what is found, and explains nothing elsewhere."""

    def __init__(self, keep: Kept) -> None:
        self.keep = keep

    def begin(self, shelf: Shelf, pairs: Sequence[Pair], senses: Senses | None = None) -> int:
        return len(pairs)

    def wait(self) -> None:
        raise AssertionError("nothing was begun")
