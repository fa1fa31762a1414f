import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from garden.config import EncoderSettings
from garden.encoder import SentenceEncoder
from garden.processes import helper
from garden.processes.encoding import Beside

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


@pytest.fixture
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Beside, helper.Process]]:
    """Texts that another process never has done with, and that process."""
    endless = tmp_path / "endless"
    endless.write_text("#!/bin/sh\nexec sleep 600\n")
    endless.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(endless))
    beside = Beside(EncoderSettings())
    beside.ask(["rota"])
    assert beside._process is not None
    yield beside, beside._process
    beside.end()


def test_ctrl_c_while_vectors_are_waited_for_ends_the_other_process_once(waiting):
    beside, process = waiting
    # What runs in the background inherits a Ctrl-C that is ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            beside.rows(["rota"])
    finally:
        signal.signal(signal.SIGINT, before)
    beside.end()
    assert process.returncode == -signal.SIGKILL


def test_vectors_that_are_waited_for_are_given_up_where_another_thread_ends_the_process(waiting):
    beside, process = waiting
    found = []
    thread = threading.Thread(target=lambda: found.append(beside.rows(["rota"])))
    thread.start()
    while process.stdout is not None and thread.is_alive():
        thread.join(0.01)
    beside.end()
    thread.join(30)
    assert found == [None]
    assert process.returncode == -signal.SIGKILL


@pytest.mark.slow
def test_an_encoder_that_expected_texts_answers_twice():
    encoder = SentenceEncoder(EncoderSettings())
    encoder.expect()
    encoder.begin(["rota"])
    first = encoder.encode(["rota"])
    encoder.begin(["share"])
    assert np.array_equal(encoder.encode(["share"]), SentenceEncoder(EncoderSettings()).encode(["share"]))
    assert first.shape == (1, 384)
