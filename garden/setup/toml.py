"""garden.toml: every setting with what it means, those at their default commented out."""

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from garden.config import Settings
from garden.survey.choices import Choice

WIDTH = 100


def settings_file(head: Sequence[str], choices: Sequence[Choice] = (), notes: Mapping[str, str] | None = None) -> str:
    """The file's text. ``choices`` are set, all else is there as a comment; ``notes`` are remarks by dotted setting."""
    made = {choice.setting: choice for choice in choices}
    lines = [line for paragraph in head for line in _comment(paragraph)]
    for group, model in Settings():
        lines += ["", *_group(group, model, made, notes or {})]
    return "\n".join(lines) + "\n"


def toml_value(value: Any) -> str:
    """A value as TOML writes it; None, which TOML has not, is ''."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(toml_value, value))}]"
    # What JSON writes of text, numbers and truth is TOML too.
    return json.dumps("" if value is None else value, ensure_ascii=False)


def group_text(model: type[BaseModel]) -> list[str]:
    """What a table of settings is about, by paragraph."""
    paragraphs = textwrap.dedent(model.__doc__ or "").strip().split("\n\n")
    return [" ".join(paragraph.split()).replace("``", "") for paragraph in paragraphs]


def _group(group: str, model: BaseModel, made: Mapping[str, Choice], notes: Mapping[str, str]) -> Iterator[str]:
    for paragraph in group_text(type(model)):
        yield from _comment(paragraph)
    yield f"[{group}]"
    fields = type(model).model_fields
    # A table inside the table comes last, for all that follows it would belong to it.
    for name in sorted(fields, key=lambda name: isinstance(getattr(model, name), dict)):
        setting = f"{group}.{name}"
        yield from _setting(setting, fields[name], made.get(setting), getattr(model, name))
        yield from _comment(notes[setting]) if setting in notes else ()


def _setting(setting: str, field: FieldInfo, choice: Choice | None, usual: Any) -> Iterator[str]:
    value = choice.value if choice else usual
    table = isinstance(value, Mapping)
    if table:
        yield ""
    yield from _comment(field.description or "")
    if choice:
        yield from _comment(f"Here: {choice.why}.")
    off = "" if choice else "# "
    if table:
        yield f"{off}[{setting}]"
        yield from (f"{off}{_key(name)} = {toml_value(held)}" for name, held in value.items())
    else:
        yield f"{off}{setting.rpartition('.')[2]} = {toml_value(value)}"


def _key(name: str) -> str:
    return name if name.replace("_", "a").replace("-", "a").isalnum() and name.isascii() else toml_value(name)


def _comment(text: str) -> list[str]:
    # Control characters, which a name met in a file may have, are not allowed in a comment.
    plain = "".join(c if c.isprintable() else " " for c in text)
    return [f"# {line}" for line in textwrap.wrap(plain, WIDTH - 2, break_long_words=False, break_on_hyphens=False)]
