"""The page of settings, made from their model: name, type, bounds, default, meaning, name in the environment."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from garden.config import Settings
from garden.errors import SettingsError
from garden.settings import PREFIX, settings_from
from garden.setup.toml import group_text, toml_value

HEAD = """# Settings

Settings come from `garden.toml` at the library's root, then from the environment, then from flags; the later wins.
`garden init PATH` writes a `garden.toml` that holds all of them with their meaning, those at their default as comments.
A name or value that is wrong is refused with its place:

```text
{wrong}
```

In the environment a setting is `GARDEN_`, its table, two underscores and its name: `GARDEN_LINKS__MOST=6`. Two more
names are read there: `GARDEN_CACHE`, the folder of the cache, and `GARDEN_TOKEN`, with which pull requests are made.
"""
BOUNDS = {"minimum": "at least", "exclusiveMinimum": "over", "maximum": "at most", "exclusiveMaximum": "under"}
TYPES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "object": "table"}


def settings_page() -> str:
    """The page's Markdown."""
    head = HEAD.replace("{wrong}", _refused("[links]\nmots = 6\n"))
    return "\n".join([head, *(line for group, model in Settings() for line in _group(group, model))])


def _refused(toml: str) -> str:
    """What is said of settings that are wrong."""
    try:
        settings_from(toml, {}, {}, "patterns/garden.toml")
    except SettingsError as error:
        return f"garden: {error}"
    raise ValueError(f"nothing is wrong with {toml}")


def _group(group: str, model: BaseModel) -> Iterator[str]:
    yield f"## [{group}]\n"
    for paragraph in group_text(type(model)):
        yield f"{_cell(paragraph)}\n"
    yield "| setting | default | takes | what it is |"
    yield "|---|---|---|---|"
    schema = type(model).model_json_schema()
    for name, field in type(model).model_fields.items():
        held = _resolved(schema["properties"][name])
        yield f"| `{name}` | {_default(getattr(model, name))} | {_takes(held)} | {_cell(field.description or '')} |"
    first = next(iter(type(model).model_fields))
    yield f"\nIn the environment: `{PREFIX}{group.upper()}__{first.upper()}` and so on.\n"


def _default(value: Any) -> str:
    if isinstance(value, Mapping):
        return "<br>".join(f"`{name} = {toml_value(held)}`" for name, held in value.items())
    return f"`{toml_value(value)}`"


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A property's schema; of a value that may be unset the schema of the set one."""
    options = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return options[0] if options else schema


def _takes(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    kind = "list of texts" if schema.get("type") == "array" else TYPES[schema["type"]]
    bounds = [f"{word} {schema[name]:g}" for name, word in BOUNDS.items() if name in schema]
    return ", ".join([kind, *bounds])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("[[", "\\[[").replace("](", "]\\(")
