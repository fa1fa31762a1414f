"""Where patterns lie on the map, kept from run to run: who knows a garden finds things where they were.

Places are kept in the store, which is a cache and may be lost: then the map is laid out anew from the names and links
alone, as it was the first time.
"""

import json
from dataclasses import dataclass

import numpy as np

from garden.report.page.layout import LAYOUT, Floats, Ground, lay_out
from garden.store import Store, digest

KNOWN_ENOUGH = 0.8  # Of the patterns, whose places are remembered: below it the map is laid out anew.


@dataclass(frozen=True)
class Places:
    """Where places are kept: a store, and what names the library in it."""

    store: Store
    home: str


def placed(ground: Ground, kept: Places | None) -> Floats:
    """The layout of a map, one row a pattern. Patterns that had a place in the library's last map keep it.

    The same map is not laid out twice. Where nothing is kept, the layout follows from the ground alone.
    """
    if kept is None:
        return lay_out(ground)
    content, last = f"map:{kept.home}:{_content_key(ground)}", f"map-last:{LAYOUT}:{kept.home}"
    found = kept.store.get_many([content, last])
    if content in found:
        return _read(found[content])[1]
    known = _known(found[last]) if last in found else {}
    still = sum(slug in known for slug in ground.slugs)
    places = lay_out(ground, known if still >= KNOWN_ENOUGH * len(ground.slugs) else None)
    blob = json.dumps(ground.slugs).encode() + b"\0" + places.astype("<f8").tobytes()
    kept.store.put_many({content: blob, last: blob})
    return places


def _content_key(ground: Ground) -> str:
    parts = [LAYOUT.encode(), json.dumps(ground.slugs).encode(), json.dumps(ground.beds).encode()]
    parts += [part.tobytes() for part in (ground.bed, ground.springs.left, ground.springs.right, ground.springs.weight)]
    return digest(b"\0".join(parts)).hex()


def _read(blob: bytes) -> tuple[list[str], Floats]:
    slugs, _, numbers = blob.partition(b"\0")
    return json.loads(slugs), np.frombuffer(numbers, dtype="<f8").reshape(-1, 2)


def _known(blob: bytes) -> dict[str, tuple[float, float]]:
    slugs, places = _read(blob)
    return {slug: (x, y) for slug, (x, y) in zip(slugs, places.tolist(), strict=True)}
