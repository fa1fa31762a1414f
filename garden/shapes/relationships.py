"""What people say belongs together: relationships in front matter, and links in a text where those count as such."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from garden.config import FieldSettings
from garden.frontmatter import Path
from garden.models import Relationship
from garden.shapes.reader import Reader, kind_of, mapping, stem

# [[target]], [[folder/target#heading|words]] and ![[target]]; the first group is the target.
_WIKI = re.compile(r"\[\[([^\[\]|#^\n]+)(?:[#^][^\[\]|\n]*)?(?:\|[^\[\]\n]*)?\]\]")
# [words](folder/target.md#heading), and Jekyll's tags that name a file.
_MARKDOWN = re.compile(
    r"\]\(\s*(?:<([^<>\n]+?\.(?:md|markdown))(?:#[^<>\n]*)?>|([^()<>\s]+?\.(?:md|markdown))(?:#[^()<>\s]*)?)"
    r"(?:\s+[\"'(][^\n]*?)?\)"
    r"|\{%-?\s*(?:post_url|link)\s+(\S+?)\s*-?%\}",
    re.IGNORECASE,
)
_NO_NOTE = re.compile(r"\.(?:avif|bmp|canvas|gif|jpe?g|m4a|mov|mp[34]|ogg|pdf|png|svg|wav|web[mp])$", re.IGNORECASE)
_CODE = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)|(`+)(?!`).+?(?<!`)\2(?!`)", re.MULTILINE | re.DOTALL)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


def relationships_from(reader: Reader, fields: FieldSettings) -> Iterator[Relationship]:
    """Curated relationships: those under their field, those of kinds at the top level, then links in the text."""
    curated, name, above = reader.holder(fields.relationships)
    kinds = curated.get(name)
    if kinds is not None and not isinstance(kinds, dict):
        message = f"{name} should hold kinds with lists, but this is {kind_of(kinds)}; leave it empty for none"
        raise reader.wrong((*above, name), message)
    for kind in mapping(kinds):
        yield from _of_kind(reader, fields, (mapping(kinds), kind, (*above, name)))
    for kind in fields.kinds:
        yield from _of_kind(reader, fields, reader.holder((kind,)))
    for target in targets_in(reader.front.body, fields.links):
        yield Relationship(kind=fields.links_kind, target=target)


def targets_in(body: str, links: str) -> tuple[str, ...]:
    """The names of what a text links to, each once, in order; ``links`` is "none", "wiki", "markdown" or "both"."""
    if links == "none":
        return ()
    text = _CODE.sub("", body)
    found: list[tuple[int, str]] = []
    if links in ("wiki", "both"):
        found += [(match.start(), _last_part(match[1])) for match in _WIKI.finditer(text)]
    if links in ("markdown", "both"):
        for match in _MARKDOWN.finditer(text):
            name = match[match.lastindex or 0]
            found += [] if _SCHEME.match(name) else [(match.start(), stem(unquote(name)))]
    return tuple(dict.fromkeys(name for _, name in sorted(found) if name))


def bare(name: str) -> str:
    """A name without the marks of a link around it: what [[folder/Note|words]] or [words](note.md) leads to."""
    found = targets_in(name, "both") if name.startswith(("[", "{%")) else ()
    return found[0] if found else name


def _last_part(target: str) -> str:
    name = target.strip().rpartition("/")[2].strip()
    if _NO_NOTE.search(name):
        return ""
    return name[:-3] if name.lower().endswith(".md") else name


def _of_kind(
    reader: Reader, fields: FieldSettings, place: tuple[Mapping[str, Any], str, Path]
) -> Iterator[Relationship]:
    data, kind, above = place
    value, at = data.get(kind), (*above, kind)
    linked = fields.links != "none"
    if isinstance(value, str):
        yield Relationship(kind=kind, target=bare(value) if linked else value)
        return
    for number, item in enumerate(reader.items(data, kind, above)):
        target, weight = _target(reader, fields, _unfolded(item) if linked else item, (*at, number))
        if not target:
            message = f"this item of {kind} names no pattern; give it a slug or an id, or remove it"
            raise reader.wrong((*at, number), message, "no-target")
        yield Relationship(kind=kind, target=bare(target) if linked else target, weight=weight)


def _target(reader: Reader, fields: FieldSettings, item: Any, at: Path) -> tuple[str | None, float | None]:
    if isinstance(item, dict):
        named = next((name for key in fields.target if (name := reader.text(item, key, at))), None)
        return named, reader.number(item, "weight", at)
    return None if item is None else reader.as_text(item, at), None


def _unfolded(item: Any) -> Any:
    # [[Note]] without quotes is a list in a list to YAML, and a link to the person who wrote it.
    while isinstance(item, list) and len(item) == 1:
        item = item[0]
    return item
