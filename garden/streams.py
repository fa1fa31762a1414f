"""The three streams of a command, whatever its caller has made of them."""

import codecs
import os
import sys
from io import TextIOWrapper

ESCAPES = "garden-escapes"


def ready() -> None:
    """Lets output go nowhere where its stream is closed, and be escaped where its encoding lacks a character."""
    for number in range(3):
        _taken(number)
    sys.stdin = sys.stdin or _nowhere("r")
    sys.stdout = sys.stdout or _nowhere("w")
    sys.stderr = sys.stderr or _nowhere("w")
    codecs.register_error(ESCAPES, _escaped)
    if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.errors in ("strict", "surrogateescape"):
        sys.stdout.reconfigure(errors=ESCAPES)


def _taken(number: int) -> None:
    """Opens a closed stream, or the next file opened would get its number, and with it all that libraries print."""
    try:
        os.fstat(number)
    except OSError:
        os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # The lowest number that is free.


def _nowhere(mode: str) -> TextIOWrapper:
    return open(os.devnull, mode, encoding="utf-8")  # type: ignore[return-value]  # noqa: PTH123 - a stream, not a file


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """As JSON has it, so that JSON stays JSON; Python's own escapes would not be."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    pairs = zip(units[::2], units[1::2], strict=True)
    return "".join(f"\\u{high:02x}{low:02x}" for high, low in pairs), error.end
