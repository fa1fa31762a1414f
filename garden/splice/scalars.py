"""Scalars: whether one says what is wanted, and how one is written so that every YAML reader sees the same."""

import io
import math
import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from ruamel.yaml import YAML
from ruamel.yaml.resolver import implicit_resolvers
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from garden.errors import SpliceRefused
from garden.frontmatter import Node
from garden.models import Scalar

PLAIN, SINGLE, DOUBLE = "", "'", '"'

_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`=<~.")
# Readers differ on these inside brackets: some end a plain text at any "?" or ":".
_IN_BRACKETS = frozenset(",[]{}:?")
# Whatever looks like a number, a date or a time to any reader, YAML 1.1 or 1.2.
_LIKE_A_NUMBER = re.compile(r"[-+.]?\d[\d_.,:eE+-]*|[-+]?0[xob][\da-fA-F_]+|\d{4}-\d\d?-\d\d?([Tt \t].*)?")
_WORDS = frozenset("y n yes no on off true false null nan inf".split())
_RESOLVERS = tuple(pattern for _, _, pattern, _ in implicit_resolvers)
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def says(node: Node | None, wanted: Scalar) -> bool:
    """Whether a node holds what is wanted. Text counts as written: an unquoted 1984 says "1984"; None is no value."""
    if node is None or node.kind not in ("scalar", "alias") or node.value is None or wanted is None:
        return wanted is None and (node is None or node.value is None)
    if isinstance(wanted, str):
        return node.raw == wanted
    if isinstance(wanted, bool) or isinstance(node.value, bool):
        return node.value is wanted
    return isinstance(node.value, (int, float)) and node.value == wanted


def filling(text: str, node: Node, shown: str) -> str:
    """What is put in a value's place, with a blank before it where nothing stood behind the colon."""
    return f" {shown}" if node.start == node.end and text[node.start - 1] not in " \t" else shown


def rewritten(node: Node, wanted: Scalar, quote: str, *, flow: bool) -> str:
    """``wanted`` in the style of the scalar that it takes the place of; ``quote`` where that cannot be."""
    own = node.style if node.style in (SINGLE, DOUBLE) else PLAIN if node.kind != "scalar" or not node.style else quote
    return written(wanted, own, quote, flow=flow)


def written(value: Scalar, style: str, quote: str, *, flow: bool = False) -> str:
    """The text of a scalar: strings in ``style``, or in ``quote`` where plain text would be misread.

    Raises ``SpliceRefused`` for a number that is not finite.
    """
    if isinstance(value, str):
        return _text(value, style, quote, flow=flow)
    if isinstance(value, float):
        return _number(value)
    return "null" if value is None else str(value).lower()


def written_date(value: str, style: str, quote: str) -> str:
    """A day in the style of the day that it takes the place of: unquoted where that one was."""
    if style == PLAIN and is_date(value):
        return value
    return written(value, style, quote)


def is_date(value: str) -> bool:
    """Whether the text is a day as YAML 1.1 reads it unquoted."""
    if not _ISO_DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _text(value: str, style: str, quote: str, *, flow: bool) -> str:
    if style == PLAIN:
        if plain_is_safe(value) and not (flow and _IN_BRACKETS & set(value)):
            return value
        style = quote
    if not value.isprintable():
        return _escaped(value)
    if style == SINGLE:
        return "'" + value.replace("'", "''") + "'"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@lru_cache(maxsize=1 << 14)
def plain_is_safe(value: str) -> bool:
    """Whether every YAML 1.1 and 1.2 reader takes the unquoted text for this very string."""
    if not value or value != value.strip() or value[0] in _INDICATORS or not value.isprintable():
        return False
    if ": " in value or " #" in value or value.endswith(":") or value.lower() in _WORDS:
        return False
    return not (_LIKE_A_NUMBER.fullmatch(value) or any(pattern.match(value) for pattern in _RESOLVERS))


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise SpliceRefused(f"{value} is no number that can be written")
    # Without an exponent: 1e-05 is text to a YAML 1.1 reader.
    shown = format(Decimal(repr(value)), "f")
    return shown if "." in shown else f"{shown}.0"


def _escaped(value: str) -> str:
    """Double quotes with escapes, on one line whatever its length."""
    yaml = YAML()
    yaml.width = 1 << 30
    out = io.StringIO()
    yaml.dump(DoubleQuotedScalarString(value), out)
    return out.getvalue().removesuffix("\n")
