"""The packaged all-MiniLM-L6-v2 by torch alone: what sentence-transformers works out, operation by operation.

Loading that library takes some four seconds longer than torch, which is more than a run with one changed text spends on
encoding it. The vectors are the same to the last bit (a test compares them), so it does not matter who made which.
Source of the architecture: Devlin et al. 2019, BERT; mean pooling: Reimers and Gurevych 2019, Sentence-BERT.
"""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import embedding, gelu, layer_norm, linear, normalize, scaled_dot_product_attention

LAYERS, HEADS, DIMENSIONS, MOST_TOKENS = 6, 12, 384, 256
EPSILON = 1e-12
TINY = 1e-9


class MiniLM:
    """The model whose files are in ``folder``; see ``garden.encoder.Model``."""

    dimensions = DIMENSIONS
    limit = MOST_TOKENS
    prompt = ""

    def __init__(self, folder: Path) -> None:
        self._weights = load_file(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        # A tokenizer keeps its padding as a state, so threads take turns.
        self._lock = threading.Lock()

    def lengths(self, texts: Sequence[str], limit: int) -> list[int]:
        """How many tokens each text has, at most ``limit``."""
        with self._lock:
            self._tokenizer.enable_truncation(limit)
            self._tokenizer.no_padding()
            return [len(found.ids) for found in self._tokenizer.encode_batch(texts)]

    def rows(self, texts: Sequence[str], width: int) -> NDArray[np.float32]:
        """A row of length 1 for each text, each padded to ``width`` tokens."""
        with self._lock:
            self._tokenizer.enable_truncation(width)
            self._tokenizer.enable_padding(length=width)
            found = self._tokenizer.encode_batch(texts)
        with torch.inference_mode():
            read = torch.tensor([one.attention_mask for one in found])
            states = self._states(torch.tensor([one.ids for one in found]), read)
            mask = read.unsqueeze(-1).expand(states.size()).to(states.dtype)
            mean = torch.sum(states * mask, 1) / torch.clamp(mask.sum(1), min=TINY)
            unit = normalize(mean, dim=1)
            # The library normalizes in its last module, and ``garden.encoder`` once more.
            return np.asarray(normalize(unit, dim=1).numpy(), dtype=np.float32)

    def _states(self, ids: Tensor, read: Tensor) -> Tensor:
        """The state of each token after the last layer, shape (texts, tokens, dimensions)."""
        texts, tokens = ids.shape
        words = self._embedding("word", ids) + self._embedding("token_type", torch.zeros_like(ids))
        states = self._norm("embeddings", words + self._embedding("position", torch.arange(tokens)[None]))
        # Where nothing is padded, torch has a faster way without a mask.
        mask = None if read.all() else read.bool()[:, None, None, :].expand(texts, 1, tokens, tokens)
        for layer in (f"encoder.layer.{place}" for place in range(LAYERS)):
            query, key, value = (
                self._linear(f"{layer}.attention.self.{part}", states).view(texts, tokens, HEADS, -1).transpose(1, 2)
                for part in ("query", "key", "value")
            )
            met = scaled_dot_product_attention(query, key, value, attn_mask=mask)
            met = met.transpose(1, 2).reshape(texts, tokens, DIMENSIONS)
            states = self._joined(f"{layer}.attention.output", met, states)
            states = self._joined(f"{layer}.output", gelu(self._linear(f"{layer}.intermediate.dense", states)), states)
        return states

    def _joined(self, name: str, found: Tensor, states: Tensor) -> Tensor:
        return self._norm(name, self._linear(f"{name}.dense", found) + states)

    def _embedding(self, name: str, places: Tensor) -> Tensor:
        return embedding(places, self._weights[f"embeddings.{name}_embeddings.weight"])

    def _linear(self, name: str, states: Tensor) -> Tensor:
        return linear(states, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def _norm(self, name: str, states: Tensor) -> Tensor:
        weight, bias = self._weights[f"{name}.LayerNorm.weight"], self._weights[f"{name}.LayerNorm.bias"]
        return layer_norm(states, (DIMENSIONS,), weight, bias, EPSILON)
