"""Settings: garden.toml at the library's root, then the environment (GARDEN_LINKS__MOST=6), then flags."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from garden.config import Settings
from garden.errors import SettingsError

PREFIX = "GARDEN_"
ENVIRONMENT = "environment variable"
BOM = "\ufeff"
Place = tuple[int, int]
NOWHERE: Place = (0, 0)
SHOULD_BE = {
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "int_from_float": "should be a whole number",
    "float_type": "should be a number",
    "float_parsing": "should be a number",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "string_type": "should be a text in quotes",
    "tuple_type": 'should be a list, like ["one", "two"]',
}
TABLE_TYPES = ("model_type", "dict_type")
_SYNTAX = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_HEAD = re.compile(r"[ \t]*(\[{1,2}[ \t]*([^\]]+)\])")
_KEY = re.compile(r"[ \t]*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:[ \t]*\.[ \t]*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)[ \t]*=")


def settings_from(
    toml: str, environ: Mapping[str, str], flags: Mapping[str, Any], source: str = "garden.toml"
) -> Settings:
    """The settings that a file's text, the environment and the flags give together; the later wins.

    Raises ``SettingsError``, which names the place and the setting.
    """
    toml = toml.removeprefix(BOM)
    try:
        data: dict[str, Any] = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise _syntax(toml, str(error), source) from error
    _validated(data, source, toml)
    _runner_whole(data)
    for name, value in sorted(environ.items()):
        path = name.removeprefix(PREFIX).lower().split("__")
        if name.startswith(PREFIX) and (len(path) > 1 or path[0] in Settings.model_fields):
            _put(data, path, value, f"{ENVIRONMENT} {name}")
            _validated(data, f"{ENVIRONMENT} {name}")
            _runner_whole(data)
    for dotted, value in flags.items():
        _put(data, dotted.split("."), value, "flags")
    return _validated(data, "flags" if flags else source)


def unknown_variables(environ: Mapping[str, str], others: Collection[str]) -> Iterator[str]:
    """A line on each variable of the environment that is named like a setting and is none, nor one of ``others``.

    One with two underscores is meant for a setting: where there is none, ``settings_from`` raises an error.
    """
    names = [*others, *(f"{PREFIX}{path}" for path in _paths(Settings))]
    # Most often, one of the two underscores is missing.
    alike = {name.removeprefix(PREFIX).replace("__", "_"): name for name in names}
    for name in sorted(environ):
        bare = name.removeprefix(PREFIX)
        taken = name in others or "__" in bare or bare.lower() in Settings.model_fields
        if name.startswith(PREFIX) and not taken:
            near = get_close_matches(bare.upper(), alike, n=1)
            told = f"near it: {alike[near[0]]}" if near else f"settings are written like {PREFIX}LINKS__MOST"
            yield f"{ENVIRONMENT} {name} does nothing: there is no such setting; {told}"


def _paths(group: type[BaseModel]) -> Iterator[str]:
    """The settings of a group and of the groups in it, as the environment names them."""
    for name, field in group.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from (f"{name.upper()}__{path}" for path in _paths(inner))
        yield name.upper()


def _runner_whole(data: dict[str, Any]) -> None:
    """A runner's kind that stands by itself becomes a part of it, so that other parts can be put beside."""
    if isinstance(data.get("runner"), str):
        data["runner"] = {"kind": data["runner"]}


def _put(data: dict[str, Any], path: list[str], value: Any, source: str) -> None:
    for part in path[:-1]:
        data = data.setdefault(part, {})
        if not isinstance(data, dict):
            raise SettingsError(source, ".".join(path), "there is no such setting")
    data[path[-1]] = value


def _validated(data: dict[str, Any], source: str, toml: str = "") -> Settings:
    try:
        settings = Settings.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        path = [str(part) for part in first["loc"]]
        said = _in_environment(first, path) if source.startswith(ENVIRONMENT) else ""
        place = _place(toml, ".".join(path))
        raise SettingsError(source, ".".join(path) or "settings", said or _said(first, path), *place) from error
    taken = _taken(settings)
    if taken:
        reason = f"is what people write: {taken} says so; the machine needs a key of its own"
        raise SettingsError(source, "section.key", reason, *_place(toml, "section.key"))
    return settings


def _taken(settings: Settings) -> str:
    """The setting by which the section's key, or what lies above or below it, holds what people wrote; '' for none."""
    own = settings.section.key
    for name, value in settings.fields:
        keys = value if isinstance(value, tuple) and name != "target" else ()
        if any(f"{key}.".startswith(f"{own}.") or f"{own}.".startswith(f"{key}.") for key in keys):
            return f"fields.{name}"
    return ""


def _said(error: ErrorDetails, path: Sequence[str]) -> str:
    """What is wrong with a setting, without the words of whatever checks it."""
    if error["type"] == "extra_forbidden":
        return _unknown(path)
    if error["type"] in TABLE_TYPES:
        return f"should be a table: [{'.'.join(path)}] on a line of its own, and its settings below"
    said = SHOULD_BE.get(error["type"], error["msg"])
    return re.sub(r"^(Input|String) (?=should )", "", said.removeprefix("Value error, "))


def _in_environment(error: ErrorDetails, path: Sequence[str]) -> str:
    """The same of a value that only a file can hold; nothing for any other."""
    if error["type"] in TABLE_TYPES:
        return f"is a table; name one of its settings: {PREFIX}{'__'.join(path).upper()}__..."
    return "is a list, which garden.toml alone can hold" if error["type"] == "tuple_type" else ""


def _unknown(path: Sequence[str]) -> str:
    """What to say of a setting that there is not: the names near its own."""
    group: type[BaseModel] = Settings
    for name in path[:-1]:
        field = group.model_fields.get(name)
        if field is None or not isinstance(field.annotation, type) or not issubclass(field.annotation, BaseModel):
            return "there is no such setting"
        group = field.annotation
    names = sorted(group.model_fields)
    near = get_close_matches(path[-1], names, n=3)
    told = f"near it: {', '.join(near)}" if near else f"there are {', '.join(names)}"
    return f"there is no such setting; {told}"


def _syntax(toml: str, said: str, source: str) -> SettingsError:
    found = _SYNTAX.search(said)
    lines = toml.split("\n")
    line, column = (int(found[1]), int(found[2])) if found and found[1] else (len(lines), len(lines[-1]) + 1)
    return SettingsError(source, "syntax", _SYNTAX.sub("", said), line, column)


def _place(toml: str, setting: str) -> Place:
    """Line and column of a setting's key, or of its table's head, as far as lines tell; else both are 0."""
    table = ""
    for number, line in enumerate(toml.split("\n"), 1):
        if head := _HEAD.match(line):
            table = _plain(head[2])
            if f"{table}.".startswith(f"{setting}."):
                return number, head.start(1) + 1
        elif (key := _KEY.match(line)) and f"{setting}.".startswith(f"{_plain(f'{table}.{key[1]}')}."):
            return number, key.start(1) + 1
    return NOWHERE


def _plain(dotted: str) -> str:
    return re.sub(r"[\s\"']", "", dotted).removeprefix(".")
