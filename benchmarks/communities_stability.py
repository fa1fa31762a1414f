"""How steady communities are: one text in a hundred changes, and how many patterns keep their communities?

    python benchmarks/communities_stability.py FOLDER_OF_PATTERNS --cache FOLDER --rounds 3

A run's communities are put in place, then texts are changed and the library is read, embedded and ranked anew. Two
kinds of change: ``half`` of the body's paragraphs come from another pattern, or ``all`` of them. Beside it, what
partitions made afresh each time would do (Louvain's method over the whole graph, groups matched by overlap). The
vectors of new texts are encoded, so the first round of all takes minutes; --cache keeps them.
"""

import argparse
import hashlib
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import networkx as nx
import numpy as np

from garden import library, vectors
from garden.communities import Communities, Edges, Web, find_communities, web_of
from garden.config import Settings
from garden.encoder import SentenceEncoder
from garden.library import Reading
from garden.links import Shelf, rank
from garden.models import Pattern, Section
from garden.names import names_of
from garden.plan.communities import community_proposals
from garden.plan.curated import curated_pairs
from garden.plan.sections import applied, wanted_section
from garden.store import Store

SETTINGS = Settings()


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("library", type=Path)
    asked.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "communities-cache")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--share", type=float, default=0.01)
    words = asked.parse_args()
    words.cache.mkdir(parents=True, exist_ok=True)
    store = Store(words.cache / "store.sqlite")
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "library"
        shutil.copytree(words.library, root)
        bench(root, store, words.rounds, words.share)


def bench(root: Path, store: Store, rounds: int, share: float) -> None:
    readings = read(root, store)
    web = web_for(readings, store)
    patterns = [reading.pattern for reading in readings]
    start = time.process_time()
    first = communities(readings, web)
    took = time.process_time() - start
    stands, proposals = tended(patterns, first)
    again = [reading_with(reading, stands[place].section) for place, reading in enumerate(readings)]
    start = time.process_time()
    second = communities(again, web)
    warm = time.process_time() - start
    edges, live = sum(map(len, web.near)) // 2, sum(size > 1 for size in first.sizes.values())
    print(f"{len(patterns):,} patterns, {edges:,} edges; seconds of one core: {took:.2f} at first, {warm:.2f} at rest")
    print(f"found anew {len(first.found)}, in use {live}, files changed {len(proposals):,}, ", end="")
    print(f"without a community {sum(topic is None for topic in first.topics)}")
    print(f"second run proposes {len(list(community_proposals(stands, second, range(len(stands)))))}")
    print(f"bytes {digest(patterns, first)}, once more {digest(patterns, communities(readings, web))}")
    fresh = partition(web)
    print()
    print("| change | round | patterns that keep their communities | of those not touched | made afresh |")
    print("|---|---|---|---|---|")
    for kind in ("half", "all"):
        for number in range(rounds):
            chosen = draw(len(readings), number, share)
            changed = with_changes(root, store, chosen, kind)
            measure(kind, number, (again, second, fresh), (changed, web_for(changed, store)), chosen)


def draw(size: int, seed: int, share: float) -> list[tuple[int, int]]:
    """The places whose text changes, each with the place whose text it gets."""
    rng = np.random.default_rng(seed)
    count = round(size * share)
    return list(
        zip(
            rng.choice(size, count, replace=False).tolist(),
            rng.choice(size, count, replace=False).tolist(),
            strict=True,
        )
    )


def with_changes(root: Path, store: Store, chosen: list[tuple[int, int]], kind: str) -> Sequence[Reading]:
    """The library read with its changes, which are then taken back."""
    paths = [root / reading.pattern.path for reading in read(root, store)]
    kept = {paths[place]: paths[place].read_bytes() for place, _ in chosen}
    changed = {paths[place]: mixed(kept[paths[place]], paths[donor].read_bytes(), kind) for place, donor in chosen}
    for path, raw in changed.items():
        path.write_bytes(raw)
    readings = read(root, store)
    for path, raw in kept.items():
        path.write_bytes(raw)
    return readings


def measure(kind: str, number: int, before: tuple, after: tuple, chosen: list[tuple[int, int]]) -> None:
    readings, standing, fresh = before
    changed, web = after
    sections = {reading.pattern.slug: reading.pattern.section for reading in readings}
    now = communities([reading_with(reading, sections[reading.pattern.slug]) for reading in changed], web)
    same = np.array([set(old) == set(new) for old, new in zip(standing.wanted, now.wanted, strict=True)])
    untouched = np.delete(same, [place for place, _ in chosen])
    agreed = agreement(fresh, partition(web))
    row = [f"{kind} of {len(chosen)} texts", number, *(f"{np.mean(v):.2%}" for v in (same, untouched, agreed))]
    print("|", " | ".join(map(str, row)), "|", flush=True)


def mixed(raw: bytes, other: bytes, kind: str) -> bytes:
    """A file whose body is, from its middle or its beginning on, that of another."""
    head, body = split(raw)
    _, foreign = split(other)
    if kind == "all":
        return head + foreign
    mine, theirs = body.split(b"\n\n"), foreign.split(b"\n\n")
    return head + b"\n\n".join([*mine[: len(mine) // 2], *theirs[len(theirs) // 2 :]])


def split(raw: bytes) -> tuple[bytes, bytes]:
    end = raw.index(b"\n---", 4) + 5
    return raw[:end], raw[end:]


def read(root: Path, store: Store) -> Sequence[Reading]:
    return library.read(root, SETTINGS, store, lambda *_: None).readings


def web_for(readings: Sequence[Reading], store: Store) -> Web:
    """As a run makes it, but that curated pairs are left out: in the corpus they cannot be trusted."""
    patterns, proses = [r.pattern for r in readings], [r.prose for r in readings]
    encoder = SentenceEncoder(SETTINGS.encoder)
    rows = vectors.embed([prose.passage for prose in proses], encoder, store, lambda *_: None)
    curated = sorted(curated_pairs(tuple(patterns), names_of(patterns)))
    ranking = rank(Shelf.of(patterns, proses), rows, curated, SETTINGS.links)
    return web_of(
        len(patterns), Edges(ranking.left, ranking.right, ranking.confidence), (), SETTINGS.communities.neighbours
    )


def communities(readings: Sequence[Reading], web: Web) -> Communities:
    return find_communities([r.pattern for r in readings], [r.prose for r in readings], web, SETTINGS.communities)


def tended(patterns: Sequence[Pattern], found: Communities) -> tuple[list[Pattern], list]:
    proposals = list(community_proposals(patterns, found, range(len(patterns))))
    by_slug = {proposal.pattern: proposal for proposal in proposals}
    return [
        with_section(p, applied(p.section, wanted_section(p.section, [by_slug[p.slug]], "2026-01-01")))
        if p.slug in by_slug
        else p
        for p in patterns
    ], proposals


def with_section(pattern: Pattern, section: Section | None) -> Pattern:
    return pattern.model_copy(update={"section": section})


def reading_with(reading: Reading, section: Section | None) -> Reading:
    return Reading(with_section(reading.pattern, section), reading.prose)


def digest(patterns: Sequence[Pattern], found: Communities) -> str:
    proposals = community_proposals(patterns, found, range(len(patterns)))
    return hashlib.sha256("\n".join(p.model_dump_json() for p in proposals).encode()).hexdigest()[:16]


def partition(web: Web) -> list[int]:
    graph = nx.Graph()
    graph.add_nodes_from(range(len(web)))
    graph.add_weighted_edges_from((a, b, gram) for a in range(len(web)) for b, gram in web.near[a] if b > a)
    groups = nx.community.louvain_communities(graph, seed=0, resolution=max(1.0, len(web) / 400))
    of = [0] * len(web)
    for number, group in enumerate(groups):
        for place in group:
            of[place] = number
    return of


def agreement(before: list[int], after: list[int]) -> float:
    """The share of patterns whose group is the one that their old group became: the new one that holds most of it."""
    table = np.zeros((max(before) + 1, max(after) + 1), int)
    np.add.at(table, (before, after), 1)
    taken, kept = set(), 0
    for old in np.argsort(-table.max(axis=1), kind="stable"):
        best = next((new for new in np.argsort(-table[old], kind="stable") if new not in taken), None)
        if best is not None:
            taken.add(best)
            kept += table[old, best]
    return kept / len(before)


if __name__ == "__main__":
    main()
