"""SVG as text: elements whose attributes and words cannot break out of their places."""

import re
from collections.abc import Iterable
from html import escape

from garden.report.words import visible

Number = float | int

# XML 1.0 has no place for these, escaped or not.
_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


def tag(name: str, *inside: str, **attributes: Number | str) -> str:
    """One element. ``class_`` gives class, and an underscore in an attribute's name a hyphen."""
    listed = "".join(f' {_attribute(key)}="{_value(value)}"' for key, value in attributes.items())
    return f"<{name}{listed}>{''.join(inside)}</{name}>" if inside else f"<{name}{listed}/>"


def words(text: str) -> str:
    """``text`` on one line as the text of an element."""
    return escape(_NOT_XML.sub("\ufffd", visible(text)))


def number(value: Number) -> str:
    """A coordinate with at most one decimal, as short as can be."""
    shown = f"{float(value):.1f}".removesuffix(".0")
    return "0" if shown == "-0" else shown


def label(x: Number, y: Number, text: str, class_: str = "") -> str:
    """A line of text."""
    return tag("text", words(text), x=x, y=y, **({"class_": class_} if class_ else {}))


def path(points: Iterable[tuple[Number, Number]]) -> str:
    """The path data of a line through points."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-") if key != "viewBox" else key


def _value(value: Number | str) -> str:
    return escape(value) if isinstance(value, str) else number(value)
