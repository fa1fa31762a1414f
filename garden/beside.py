"""Encoding in a process of its own, so that a run which lacks a vector or two goes on while a model is loaded.

Loading takes seconds of one core. The other process makes the very vectors that this one would, to the last bit, and
loads less for it (see ``garden.minilm``); where it fails, for whatever reason, the caller encodes by itself and meets
the reason.
"""

import json
import os
import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from garden import helper
from garden.config import EncoderSettings

WIRE = np.dtype("<f4")


class Beside:
    """Some texts on their way to vectors."""

    def __init__(self, settings: EncoderSettings, texts: Sequence[str]) -> None:
        self._places = {text: place for place, text in enumerate(texts)}
        asked = {"settings": settings.model_dump(), "texts": list(texts)}
        self._process = helper.start("garden.beside", json.dumps(asked).encode())
        self._rows: NDArray[np.float32] | None = None

    def rows(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """Waits for the vectors of some of the texts; None where one was not asked for, or the other process failed."""
        if not all(text in self._places for text in texts):
            return None
        if self._process is not None:
            out, self._process = helper.finish(self._process), None
            self._rows = np.frombuffer(out, WIRE).astype(np.float32).reshape(len(self._places), -1) if out else None
        return None if self._rows is None else self._rows[[self._places[text] for text in texts]]


def main() -> None:
    """The other process: settings and texts come on stdin, vectors go to stdout."""
    asked = json.loads(helper.asked_for())
    # Whatever libraries print is kept apart from the vectors.
    out = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    from garden.encoder import SentenceEncoder  # noqa: PLC0415 - the encoder knows of this room

    rows = SentenceEncoder(EncoderSettings.model_validate(asked["settings"]), quick=True).encode(asked["texts"])
    with os.fdopen(out, "wb") as stream:
        stream.write(rows.astype(WIRE).tobytes())


if __name__ == "__main__":
    main()
