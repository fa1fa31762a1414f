import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from garden import encoder
from garden.config import EncoderSettings
from garden.encoder import SentenceEncoder
from garden.errors import EncoderError

SHORT = "A rota shares the load of reviews."
LONG = "Two people answer each question within a day. " * 60
OTHERS = ["Mutual aid.", LONG + "And more.", "Nobody is alone on call.", SHORT + SHORT, "x"] * 3


@pytest.fixture(scope="module")
def packaged() -> SentenceEncoder:
    return SentenceEncoder(EncoderSettings())


def test_making_an_encoder_imports_nothing_heavy():
    code = """
import sys
from garden import encoder, vectors, config
print(encoder.SentenceEncoder(config.EncoderSettings()).name)
assert not {"torch", "transformers", "sentence_transformers"} & sys.modules.keys()
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.startswith("all-MiniLM-L6-v2 53aa51172d14")


@pytest.mark.slow
def test_a_text_has_the_same_vector_to_the_last_bit_in_whatever_company(packaged):
    alone = packaged.encode([SHORT])[0]
    for company in ([*OTHERS, SHORT], [SHORT, *OTHERS], [LONG, SHORT, LONG]):
        place = company.index(SHORT)
        assert np.array_equal(packaged.encode(company)[place], alone)
    assert np.array_equal(packaged.encode([LONG, *OTHERS])[0], packaged.encode([LONG])[0])


@pytest.mark.slow
def test_a_short_text_has_the_same_vector_in_whatever_batch_and_place(packaged):
    # Two more words each: widths of 4 tokens up to 30, so that every way of padding is met.
    texts = [" ".join(["care"] * words) for words in range(2, 30, 2)]
    alone = [packaged.encode([text])[0] for text in texts]
    others = [" ".join(["tomato"] * words) for words in range(1, 30)]
    together = packaged.encode([*others, *texts, *others])
    assert np.array_equal(together[len(others) : len(others) + len(texts)], alone)
    many = packaged.encode([*(f"word{number}" for number in range(700)), texts[0]])
    assert np.array_equal(many[-1], alone[0])


@pytest.mark.parametrize(
    ("tokens", "width"),
    [(2, 2), (3, 4), (5, 6), (15, 16), (16, 16), (17, 32), (32, 32), (33, 64), (128, 128), (129, 254), (254, 254)],
)
def test_short_texts_are_padded_little(tokens, width):
    assert encoder.padded_width(tokens, 254) == width


def test_a_batch_of_short_texts_holds_as_many_tokens_as_one_of_longer_ones():
    sizes = {width: encoder.batch_size(width, 8) for width in (4, 16, 32, 64, 128, 254)}
    assert sizes == {4: 128, 16: 32, 32: 16, 64: 8, 128: 8, 254: 8}


@pytest.mark.slow
def test_vectors_are_of_length_one_and_near_for_like_texts(packaged):
    rows = packaged.encode(["sharing code reviews", "how reviews of code are shared", "growing tomatoes in pots"])
    assert rows.shape == (3, packaged.dimensions) == (3, 384)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert rows[0] @ rows[1] > 0.5
    assert rows[0] @ rows[2] < 0.3


@pytest.mark.slow
def test_the_end_of_a_long_text_is_not_read(packaged):
    assert np.array_equal(packaged.encode([LONG + "And more."])[0], packaged.encode([LONG])[0])


@pytest.mark.slow
def test_no_texts_give_no_rows(packaged):
    assert packaged.encode([]).shape == (0, 384)


def test_weights_that_are_not_the_published_ones_are_refused(tmp_path: Path):
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(EncoderError, match=r"not the published file .* install the package again"):
        encoder.check_packaged(tmp_path)


def test_a_tokenizer_that_is_missing_is_named(tmp_path: Path):
    shutil.copy(encoder.packaged_folder() / "model.safetensors", tmp_path)
    with pytest.raises(EncoderError, match=r"tokenizer\.json cannot be read"):
        encoder.check_packaged(tmp_path)


def test_missing_weights_are_named(tmp_path: Path):
    with pytest.raises(EncoderError, match=r"model\.safetensors cannot be read"):
        encoder.check_packaged(tmp_path)


def test_the_packaged_weights_are_the_published_ones():
    encoder.check_packaged(encoder.packaged_folder())


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(encoder, "PACKAGE", "no_such_package_of_ours")
    with pytest.raises(EncoderError, match="no-such-package-of-ours is not installed"):
        encoder.packaged_folder()


@pytest.mark.slow
def test_a_model_that_cannot_be_loaded_is_named(tmp_path: Path):
    with pytest.raises(EncoderError, match="cannot be loaded"):
        SentenceEncoder(EncoderSettings(model=str(tmp_path))).encode(["text"])


def test_the_name_tells_models_revisions_and_lengths_apart(tmp_path: Path):
    (tmp_path / "config.json").write_text("{}")
    names = [
        SentenceEncoder(settings).name
        for settings in (
            EncoderSettings(),
            EncoderSettings(max_tokens=128),
            EncoderSettings(batch=16),
            EncoderSettings(model="some/model"),
            EncoderSettings(model="some/model", revision="v2"),
            EncoderSettings(model=str(tmp_path)),
        )
    ]
    (tmp_path / "config.json").write_text("{ }")
    names.append(SentenceEncoder(EncoderSettings(model=str(tmp_path))).name)
    assert len(set(names)) == len(names)


@pytest.mark.slow
def test_the_packaged_model_gives_the_vectors_of_the_library_to_the_last_bit(packaged):
    patterns = sorted(Path("patterns").glob("*.md"))
    odd = [
        "",
        " ",
        "\n",
        "naïve ẞ façade",
        "共有の庭",
        "🌱 seeds\u200b",
        "[MASK] [SEP]",
        "x" * 900,
        "word " * 254,
        "NUL \0 here",
    ]
    texts = [*(path.read_text(encoding="utf-8") for path in patterns), *odd, *("rota " * n for n in range(1, 70, 3))]
    by_library = SentenceEncoder(EncoderSettings(model=str(encoder.packaged_folder())))
    assert np.array_equal(packaged.encode(texts), by_library.encode(texts))


@pytest.mark.slow
def test_a_model_by_path_is_loaded_by_the_library():
    code = """
import sys
from garden.config import EncoderSettings
from garden.encoder import SentenceEncoder, packaged_folder
SentenceEncoder(EncoderSettings()).load()
print("sentence_transformers" in sys.modules)
SentenceEncoder(EncoderSettings(model=str(packaged_folder()))).load()
print("sentence_transformers" in sys.modules)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "True"]
