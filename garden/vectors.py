"""Vectors of texts, encoded once: kept by what they were made from, so that only new texts cost time."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from garden.encoder import Encoder, SentenceEncoder
from garden.processes.together import Once
from garden.shards import HERE, Shards, cut
from garden.store import Store

# Kept in half precision: half the disk, and far finer than the differences that a ranking rests on.
KEPT = np.dtype("<f2")
# How many texts are encoded between two writes; of those with at most SHORT characters many more.
CHUNK, CHUNK_SHORT, SHORT = 128, 1024, 100
# So many texts take no longer than loading the model does, and so many short ones no longer than one of these.
FEW, LIGHT = 64, 16

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class _Asked:
    """The keys of the texts asked for, the vectors that the store has, and the texts that it lacks."""

    keys: tuple[str, ...]
    found: dict[str, NDArray[np.float16]]
    missing: dict[str, str]


def embed(
    texts: Sequence[str], encoder: Encoder, store: Store, progress: Told, shards: Shards = HERE
) -> NDArray[np.float32]:
    """One vector of length 1 for each text, in their order; shape (texts, dimensions).

    Only texts that the store does not have are encoded, and they are written in chunks, so that a run that is
    interrupted goes on where it stopped. ``progress`` is told how many of all texts have their vector. No model is
    loaded where none is missing. A chunk is a shard: it may be encoded elsewhere.
    """
    return _completed(_asked(texts, encoder, store), encoder, store, progress, shards)


def expect(texts: int, encoder: Encoder, shards: Shards = HERE) -> None:
    """Lets the model be loaded meanwhile where a few texts are new, so that some may be asked for by ``soon``."""
    if shards is HERE and isinstance(encoder, SentenceEncoder) and 0 < texts <= FEW:
        encoder.expect()


def leave(encoder: Encoder) -> None:
    """Gives up what ``expect`` began."""
    if isinstance(encoder, SentenceEncoder):
        encoder.leave()


def soon(
    texts: Sequence[str], encoder: Encoder, store: Store, progress: Told, shards: Shards = HERE
) -> Callable[[], NDArray[np.float32]]:
    """A function that gives what ``embed`` does; where few texts are missing, they are encoded meanwhile."""
    asked = _asked(texts, encoder, store)
    if shards is HERE and isinstance(encoder, SentenceEncoder):
        if asked.missing and _load_of(asked.missing.values()) <= FEW:
            encoder.begin(list(asked.missing.values()))
            return Once(lambda: _completed(asked, encoder, store, progress, shards))
        encoder.leave()
    rows = _completed(asked, encoder, store, progress, shards)
    return lambda: rows


def _load_of(texts: Collection[str]) -> float:
    """How much some texts are to encode, in long ones."""
    short = sum(len(text) <= SHORT for text in texts)
    return len(texts) - short + short / LIGHT


def _asked(texts: Sequence[str], encoder: Encoder, store: Store) -> _Asked:
    keys = tuple(_key(encoder.name, text) for text in texts)
    found = {key: vector for key, blob in store.get_many(keys).items() if (vector := _vector(blob)) is not None}
    return _Asked(keys, found, {key: text for key, text in zip(keys, texts, strict=True) if key not in found})


def _completed(asked: _Asked, encoder: Encoder, store: Store, progress: Told, shards: Shards) -> NDArray[np.float32]:
    found, missing = dict(asked.found), asked.missing
    whole = len(found) + len(missing)
    progress(len(found), whole)
    chunks = _chunks(missing, shards.most)
    encoded = shards.map("embed", _encoded, encoder, [[missing[key] for key in chunk] for chunk in chunks])
    for chunk, rows in zip(chunks, encoded, strict=True):
        store.put_many({key: row.tobytes() for key, row in zip(chunk, rows, strict=True)})
        found.update(zip(chunk, rows, strict=True))
        progress(len(found), whole)
    if not asked.keys:
        return np.empty((0, 0), np.float32)
    return _unit(np.stack([found[key] for key in asked.keys]).astype(np.float32))


def _chunks(missing: Mapping[str, str], most: int) -> list[list[str]]:
    """The keys of missing texts in chunks. Texts of like length go together: they are padded to like widths."""
    order = sorted(missing, key=lambda key: (-len(missing[key]), key))
    long = sum(len(text) > SHORT for text in missing.values())
    parts = ((order[:long], CHUNK), (order[long:], CHUNK_SHORT))
    return [keys[part] for keys, size in parts for part in cut(len(keys), size, most)]


def _encoded(encoder: Encoder, texts: list[str]) -> NDArray[np.float16]:
    return encoder.encode(texts).astype(KEPT)


def kept(texts: Sequence[str], encoder: Encoder, store: Store) -> NDArray[np.float32] | None:
    """The same vectors where the store has every one of them, else None: nothing is encoded."""
    asked = _asked(texts, encoder, store)
    return None if asked.missing else _completed(asked, encoder, store, lambda *_: None, HERE)


def _key(name: str, text: str) -> str:
    return "vector:" + blake2b(f"{name}\0{text}".encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def _vector(blob: bytes) -> NDArray[np.float16] | None:
    if not blob or len(blob) % KEPT.itemsize:
        return None
    return np.frombuffer(blob, KEPT)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length 1 again after rounding."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(length, 1e-12), dtype=np.float32)
