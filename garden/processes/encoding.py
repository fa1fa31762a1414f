"""Encoding in a process of its own, so that a run which lacks a vector or two goes on while a model is loaded.

Loading takes seconds of one core, so it begins before it is known which texts there are. The other process makes the
very vectors that this one would, to the last bit; where it fails, for whatever reason, the caller encodes by itself and
meets the reason.
"""

import json
import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from garden.config import EncoderSettings
from garden.processes import helper

WIRE = np.dtype("<f4")


class Beside:
    """Some texts on their way to vectors. The model is loaded at once, the texts may be known later."""

    def __init__(self, settings: EncoderSettings) -> None:
        self._process = helper.opened("garden.processes.encoding")
        if self._process is not None:
            helper.tell(self._process, json.dumps(settings.model_dump()).encode() + b"\n")
        self.asked = False
        self._places: dict[str, int] = {}
        self._rows: NDArray[np.float32] | None = None

    def ask(self, texts: Sequence[str]) -> None:
        """Begins to encode these texts, once."""
        self.asked = True
        self._places = {text: place for place, text in enumerate(texts)}
        if self._process is not None:
            helper.tell(self._process, json.dumps(list(texts)).encode())
            helper.close(self._process)

    def rows(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """Waits for the vectors of some of the texts; None where one was not asked for, or the other process failed."""
        if not all(text in self._places for text in texts):
            return None
        if self._process is not None:
            out, self._process = helper.finish(self._process), None
            self._rows = np.frombuffer(out, WIRE).astype(np.float32).reshape(len(self._places), -1) if out else None
        return None if self._rows is None else self._rows[[self._places[text] for text in texts]]

    def end(self) -> None:
        """Ends the other process, whatever it is at."""
        if self._process is not None:
            process, self._process = self._process, None
            helper.stop(process)


def main() -> None:
    """The other process: settings come on stdin as a line, texts after them, vectors go to stdout."""
    with helper.answer() as out:
        # What takes longest to load, and every model needs.
        import garden.minilm  # noqa: F401, PLC0415
        from garden.encoder import SentenceEncoder  # noqa: PLC0415 - the encoder knows of this room

        encoder = SentenceEncoder(EncoderSettings.model_validate_json(sys.stdin.buffer.readline()))
        encoder.load()
        out.write(encoder.encode(json.loads(helper.asked_for())).astype(WIRE).tobytes())
