"""What texts and names say of a pair, and how it is kept from run to run: it is the dearest part of a large run."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TypeVar

from garden.keep import Keep
from garden.prose import Sentence

K = TypeVar("K")


@dataclass(frozen=True)
class Found:
    """What texts and names say of a pair: see ``PairEvidence``. Of two values the first is the left one's."""

    reasons_left: tuple[str, ...]
    reasons_right: tuple[str, ...]
    terms: tuple[str, ...]
    entities: tuple[str, ...]
    names: tuple[bool, bool]
    sentences: tuple[Sentence, ...]
    firm: bool


def recalled(keep: Keep, keys: Mapping[K, str]) -> dict[K, Found]:
    """What is kept under some of the keys."""
    blobs = keep.get_many(keys.values())
    return {item: _load(blobs[key]) for item, key in keys.items() if key in blobs}


def remember(keep: Keep, found: Mapping[str, Found]) -> None:
    """Keeps what was found by key."""
    keep.put_many({key: json.dumps(asdict(one)).encode() for key, one in found.items()})


def _load(blob: bytes) -> Found:
    said = json.loads(blob)
    left, right = said["names"]
    return Found(
        reasons_left=tuple(said["reasons_left"]),
        reasons_right=tuple(said["reasons_right"]),
        terms=tuple(said["terms"]),
        entities=tuple(said["entities"]),
        names=(left, right),
        sentences=tuple(Sentence(*one) for one in said["sentences"]),
        firm=said["firm"],
    )
