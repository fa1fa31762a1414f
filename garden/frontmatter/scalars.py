"""What a plain scalar means to a YAML 1.1 reader: PyYAML's own rules, remembered for the words that come again."""

from functools import lru_cache
from typing import Any

from yaml import SafeLoader, ScalarNode
from yaml.constructor import SafeConstructor

CORE = "tag:yaml.org,2002:"
STRING, NOTHING, MERGE = f"{CORE}str", f"{CORE}null", f"{CORE}merge"

_RESOLVERS = SafeLoader.yaml_implicit_resolvers
_BUILDER = SafeConstructor()
_BUILD = {
    f"{CORE}bool": _BUILDER.construct_yaml_bool,
    f"{CORE}int": _BUILDER.construct_yaml_int,
    f"{CORE}float": _BUILDER.construct_yaml_float,
    f"{CORE}timestamp": _BUILDER.construct_yaml_timestamp,
}
_LONGEST_REMEMBERED = 80


def plain_value(text: str) -> Any:
    """The value of an unquoted scalar. Raises ``ValueError`` where it looks like a date or number and is none."""
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else tagged_value(plain_tag(text), text)


def plain_tag(text: str) -> str:
    """The tag that YAML 1.1 gives to an unquoted scalar."""
    for tag, pattern in _RESOLVERS.get(text[:1], ()):
        if pattern.match(text):
            return str(tag)
    return STRING


def tagged_value(tag: str, text: str) -> Any:
    """The value of ``text`` under a core tag. Raises ``ValueError`` where the text is no such thing."""
    if tag == NOTHING:
        return None
    build = _BUILD.get(tag)
    if build is None:
        return text
    try:
        return build(ScalarNode(tag, text))
    except (KeyError, AttributeError, OverflowError) as error:
        raise ValueError(f"not a {tag.removeprefix(CORE)}") from error


@lru_cache(maxsize=1 << 15)
def _remembered(text: str) -> Any:
    return tagged_value(plain_tag(text), text)
