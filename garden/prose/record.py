"""What is known of one pattern's text, and the bytes that it is kept as."""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from garden import telling, terms
from garden.prose.lists import Listed
from garden.prose.sentences import Sentence

_HEAD = struct.Struct("<4sIIIIIII")
_MAGIC = b"prs8"


@dataclass(frozen=True, eq=False)
class Prose:
    """What one pattern says.

    ``keys`` are sorted 64-bit term keys, ``counts`` how often each occurs (the title counted more), ``words`` how each
    is first written, as a noun where it is one. ``kinds`` says of each what its neighbours make of it: ``NOUN``, or
    ``COUNTED`` where it has a plural as well, ``MASS`` where it seems to have none; ``VERB``; or nothing. ``phrases``
    are the sorted keys of two meaningful words in a row, ``phrase_counts`` how often each occurs, ``MOST_COUNTED`` at
    most. ``ways`` and ``phrase_ways`` hold, as bits, in which of the ways from ``MANY`` to ``BARE`` each is written.
    ``listed`` are the items of its lists of principles, practices and steps, and ``told`` what it says of itself; see
    ``garden.telling``. ``source`` are the bytes that it was read from, where it was: its arrays keep them anyway.
    """

    passage: str
    sentences: tuple[Sentence, ...]
    keys: terms.Keys
    counts: NDArray[np.float32]
    phrases: terms.Phrases
    phrase_counts: NDArray[np.uint8]
    kinds: NDArray[np.uint8]
    ways: NDArray[np.uint8]
    phrase_ways: NDArray[np.uint8]
    joined_words: str
    listed: tuple[Listed, ...] = ()
    told: tuple[telling.Told, ...] = ()
    source: bytes | None = field(default=None, init=False, repr=False)

    @property
    def words(self) -> list[str]:
        """How each term of ``keys`` is first written, in the order of ``keys``."""
        return self.joined_words.split(" ") if self.joined_words else []

    def __reduce__(self) -> tuple[Callable[[bytes], "Prose"], tuple[bytes]]:
        # As bytes, which another process takes faster than the many values that they are read into.
        return load, (dump(self),)

    @cached_property
    def digest(self) -> bytes:
        """16 bytes that tell it from every other prose."""
        return blake2b(dump(self), digest_size=16).digest()


def dump(prose: Prose) -> bytes:
    """The prose as bytes, for a cache."""
    return _bytes_of(prose) if prose.source is None else prose.source


def _bytes_of(prose: Prose) -> bytes:
    sentences = "\x1e".join(f"{role}\x1f{text}" for role, text in prose.sentences)
    told = "\x1e".join(map("\x1f".join, prose.told))
    texts = [prose.passage, prose.joined_words, sentences, "\x1e".join(map("\x1f".join, prose.listed)), told]
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    sizes = (len(prose.keys), len(prose.phrases), *map(len, encoded))
    small = (prose.phrase_counts, prose.kinds, prose.ways, prose.phrase_ways)
    arrays = [array.tobytes() for array in (prose.keys, prose.counts, prose.phrases, *small)]
    return b"".join((_HEAD.pack(_MAGIC, *sizes), *arrays, *encoded))


def load(data: bytes) -> Prose:
    """The prose that ``dump`` wrote. The arrays are views of ``data`` and read-only.

    Raises ``ValueError`` where the bytes are not whole.
    """
    if len(data) < _HEAD.size:
        raise ValueError("not the bytes of a prose")
    magic, keys, phrases, *texts = _HEAD.unpack_from(data)
    if magic != _MAGIC or len(data) != _HEAD.size + keys * 14 + phrases * 6 + sum(texts):
        raise ValueError("not the bytes of a prose")
    often = _HEAD.size + keys * 12 + phrases * 4
    kinds = often + phrases
    ways = kinds + keys
    phrase_ways = ways + keys
    at = phrase_ways + phrases
    passage, words, sentences, listed, told = _texts(data, at, texts)
    prose = Prose(
        passage=passage,
        sentences=tuple(Sentence(*line.split("\x1f", 1)) for line in sentences.split("\x1e") if line),
        keys=np.frombuffer(data, np.uint64, keys, _HEAD.size),
        counts=np.frombuffer(data, np.float32, keys, _HEAD.size + keys * 8),
        phrases=np.frombuffer(data, np.uint32, phrases, _HEAD.size + keys * 12),
        phrase_counts=np.frombuffer(data, np.uint8, phrases, often),
        kinds=np.frombuffer(data, np.uint8, keys, kinds),
        ways=np.frombuffer(data, np.uint8, keys, ways),
        phrase_ways=np.frombuffer(data, np.uint8, phrases, phrase_ways),
        joined_words=words,
        listed=tuple(Listed(*line.split("\x1f")) for line in listed.split("\x1e") if line),
        told=tuple(telling.Told(*line.split("\x1f")) for line in told.split("\x1e") if line),
    )
    # Whoever sends it on, or asks for its digest, need not write it anew.
    object.__setattr__(prose, "source", data)
    return prose


def _texts(data: bytes, at: int, sizes: Sequence[int]) -> list[str]:
    texts = []
    for size in sizes:
        texts.append(data[at : at + size].decode("utf-8", "surrogatepass"))
        at += size
    return texts
