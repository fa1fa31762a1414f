import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from garden.beside import Beside
from garden.config import EncoderSettings
from garden.encoder import SentenceEncoder

TEXTS = ["A rota shares the load of reviews.", "rota", "Two people answer each question within a day. " * 60]


@pytest.mark.slow
def test_vectors_made_beside_are_those_made_here_to_the_last_bit():
    beside = Beside(EncoderSettings())
    beside.ask(TEXTS)
    here = SentenceEncoder(EncoderSettings()).encode(TEXTS)
    rows, some = beside.rows(TEXTS), beside.rows([TEXTS[2], TEXTS[0]])
    assert rows is not None
    assert some is not None
    assert np.array_equal(rows, here)
    assert np.array_equal(some, here[[2, 0]])


@pytest.mark.slow
def test_an_encoder_that_has_begun_loads_nothing_here():
    code = """
import sys
from garden.config import EncoderSettings
from garden.encoder import SentenceEncoder
encoder = SentenceEncoder(EncoderSettings())
encoder.begin(["rota", "share"])
print(encoder.encode(["share", "rota"]).shape, "torch" in sys.modules)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "(2, 384) False\n"


def test_texts_that_were_not_asked_for_are_not_waited_for(monkeypatch):
    monkeypatch.setattr(sys, "executable", "no-such-program")
    beside = Beside(EncoderSettings())
    beside.ask(["rota"])
    assert beside.rows(["share"]) is None


@pytest.mark.parametrize("program", ["no-such-program", "/bin/false", "/bin/true"])
def test_where_the_other_process_fails_the_texts_are_encoded_here(program, monkeypatch):
    monkeypatch.setattr(sys, "executable", program)
    encoder = SentenceEncoder(EncoderSettings())
    monkeypatch.setattr(encoder, "_encoded", lambda texts: np.ones((len(texts), 384), np.float32))
    encoder.begin(["rota"])
    assert encoder.encode(["rota"]).sum() == 384


@pytest.mark.slow
def test_a_model_that_cannot_be_loaded_is_no_vectors(tmp_path: Path):
    beside = Beside(EncoderSettings(model=str(tmp_path)))
    beside.ask(["rota"])
    assert beside.rows(["rota"]) is None


def test_a_process_that_is_left_has_ended():
    encoder = SentenceEncoder(EncoderSettings())
    encoder.expect()
    assert encoder._begun is not None
    process = encoder._begun._process
    assert process is not None
    encoder.leave()
    assert process.returncode is not None


@pytest.mark.slow
def test_an_encoder_that_expected_texts_answers_twice():
    encoder = SentenceEncoder(EncoderSettings())
    encoder.expect()
    encoder.begin(["rota"])
    first = encoder.encode(["rota"])
    encoder.begin(["share"])
    assert np.array_equal(encoder.encode(["share"]), SentenceEncoder(EncoderSettings()).encode(["share"]))
    assert first.shape == (1, 384)
