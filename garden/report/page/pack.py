"""JSON into text that a browser unpacks by itself: deflated, then base64, which no markup can break out of."""

import zlib
from base64 import b64encode
from typing import Any

import orjson

LEVEL = 6


def packed(document: Any) -> str:
    """A document as base64 of its zlib-deflated JSON; most of the time goes into zlib, which lets other threads run."""
    # A lone surrogate, which a file can hold by an escape, has no UTF-8: it is shown as the replacement character.
    try:
        raw = orjson.dumps(document)
    except orjson.JSONEncodeError:
        raw = orjson.dumps(_whole(document))
    return b64encode(zlib.compress(raw, LEVEL)).decode("ascii")


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(item) for item in value]
    return value
