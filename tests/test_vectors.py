from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from garden import vectors
from garden.config import EncoderSettings
from garden.encoder import SentenceEncoder
from garden.store import Store

TEXTS = ["a rota for reviews", "a longer text on how reviews are shared by many", "reviews", "a rota for reviews"]


def quiet(done: int, of: int) -> None:
    assert 0 <= done <= of


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store.sqlite")


def test_vectors_come_in_the_order_of_the_texts_and_are_of_length_one(fake_encoder, store):
    rows = vectors.embed(TEXTS, fake_encoder, store, quiet)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    assert np.allclose(rows, fake_encoder.encode(TEXTS), atol=1e-3)


def test_each_text_is_encoded_once(fake_encoder, store):
    first = vectors.embed(TEXTS, fake_encoder, store, quiet)
    assert sorted(fake_encoder.encoded) == sorted(set(TEXTS))
    fake_encoder.encoded.clear()
    again = vectors.embed([*TEXTS, "something new"], fake_encoder, store, quiet)
    assert fake_encoder.encoded == ["something new"]
    assert np.array_equal(again[: len(TEXTS)], first)


def test_what_is_kept_is_told_whole_or_not_at_all(fake_encoder, store):
    rows = vectors.embed(TEXTS, fake_encoder, store, quiet)
    fake_encoder.encoded.clear()

    again, none = vectors.kept(TEXTS, fake_encoder, store), vectors.kept([], fake_encoder, store)
    assert again is not None
    assert none is not None
    assert np.array_equal(again, rows)
    assert len(none) == 0
    assert vectors.kept([*TEXTS, "something new"], fake_encoder, store) is None
    assert fake_encoder.encoded == []


def test_another_model_shares_nothing(fake_encoder, store):
    vectors.embed(TEXTS, fake_encoder, store, quiet)
    fake_encoder.encoded.clear()
    fake_encoder.name = "another model"
    vectors.embed(TEXTS, fake_encoder, store, quiet)
    assert sorted(fake_encoder.encoded) == sorted(set(TEXTS))


def test_an_interrupted_run_goes_on_where_it_stopped(fake_encoder, store, monkeypatch):
    monkeypatch.setattr(vectors, "CHUNK", 1)
    monkeypatch.setattr(vectors, "CHUNK_SHORT", 1)

    class Stopping:
        name, dimensions = fake_encoder.name, fake_encoder.dimensions

        def encode(self, texts: Sequence[str]) -> np.ndarray:
            if len(fake_encoder.encoded) == 2:
                raise KeyboardInterrupt
            return np.asarray(fake_encoder.encode(texts))

    with pytest.raises(KeyboardInterrupt):
        vectors.embed(TEXTS, Stopping(), store, quiet)
    assert len(fake_encoder.encoded) == 2
    vectors.embed(TEXTS, fake_encoder, store, quiet)
    assert sorted(fake_encoder.encoded) == sorted(set(TEXTS))


def test_texts_of_like_length_are_encoded_together_the_short_ones_many_at_a_time(fake_encoder, store, monkeypatch):
    asked: list[list[str]] = []

    class Watching:
        name, dimensions = fake_encoder.name, fake_encoder.dimensions

        def encode(self, texts: Sequence[str]) -> np.ndarray:
            asked.append(list(texts))
            return np.asarray(fake_encoder.encode(texts))

    monkeypatch.setattr(vectors, "CHUNK", 2)
    monkeypatch.setattr(vectors, "CHUNK_SHORT", 4)
    labels, passages = [f"label {'x' * n}" for n in range(5)], [f"passage {'y' * (100 + n)}" for n in range(3)]
    vectors.embed([*labels, *passages], Watching(), store, quiet)
    assert asked == [passages[:0:-1], passages[:1], labels[:0:-1], labels[:1]]


def test_progress_ends_with_all_done(fake_encoder, store):
    told: list[tuple[int, int]] = []
    vectors.embed(TEXTS, fake_encoder, store, lambda done, of: told.append((done, of)))
    assert told[0] == (0, 3)
    assert told[-1] == (3, 3)


@pytest.mark.parametrize("damage", [b"", b"x"])
def test_a_damaged_vector_is_encoded_again(damage, fake_encoder, store):
    whole = vectors.embed(TEXTS, fake_encoder, store, quiet)
    store.put_many({vectors._key(fake_encoder.name, TEXTS[0]): damage})
    assert np.array_equal(vectors.embed(TEXTS, fake_encoder, store, quiet), whole)


def test_no_texts_are_no_vectors(fake_encoder, store):
    assert vectors.embed([], fake_encoder, store, quiet).shape == (0, 0)
    assert fake_encoder.encoded == []


class Begun(SentenceEncoder):
    """An encoder that loads nothing and tells what it is asked."""

    def __init__(self) -> None:
        super().__init__(EncoderSettings())
        self.told: list[tuple[str, list[str]]] = []

    def begin(self, texts: Sequence[str]) -> None:
        self.told.append(("begin", list(texts)))

    def expect(self) -> None:
        self.told.append(("expect", []))

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.told.append(("encode", list(texts)))
        return np.tile(np.eye(1, 384, dtype=np.float32), (len(texts), 1))


def test_a_few_texts_are_begun_at_once_and_waited_for_when_they_are_needed(store):
    encoder = Begun()
    rows = vectors.soon(["old", "new"], encoder, store, quiet)
    assert encoder.told == [("begin", ["old", "new"])]
    assert rows().shape == (2, 384)
    assert rows() is rows()
    assert [(verb, sorted(texts)) for verb, texts in encoder.told[1:]] == [("encode", ["new", "old"])]
    vectors.soon(["old", "new"], encoder, store, quiet)()
    assert len(encoder.told) == 2


@pytest.mark.parametrize(
    ("long", "short", "begun"), [(1, 16, True), (2, 0, True), (1, 17, False), (3, 0, False), (0, 32, True)]
)
def test_many_texts_are_encoded_before_anything_else(store, monkeypatch, long: int, short: int, *, begun: bool):
    monkeypatch.setattr(vectors, "FEW", 2)
    encoder = Begun()
    texts = [f"{'word ' * 30}{number}" for number in range(long)] + [f"word {number}" for number in range(short)]
    vectors.soon(texts, encoder, store, quiet)
    assert {verb for verb, _ in encoder.told} == ({"begin"} if begun else {"encode"})


@pytest.mark.parametrize(("new", "begun"), [(0, False), (1, True), (vectors.FEW, True), (vectors.FEW + 1, False)])
def test_a_model_is_expected_where_a_few_texts_are_new(new: int, *, begun: bool):
    encoder = Begun()
    vectors.expect(new, encoder)
    assert encoder.told == [("expect", [])] * begun
