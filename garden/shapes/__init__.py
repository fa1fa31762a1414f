"""From front matter to a pattern, in whichever of the shapes met in the wild it is written.

A key that is not known never fails; a known one that holds the wrong thing does, at its own line and column.
"""

import re
import string
from hashlib import blake2b

from garden.config import FieldSettings, Settings
from garden.frontmatter import FrontMatter, line_start
from garden.models import Pattern
from garden.shapes.reader import Reader, stem, words
from garden.shapes.relationships import relationships_from
from garden.shapes.section import section_from

__all__ = ["banner_above", "pattern_from", "text_hash"]

_MARKS = bytes.maketrans(string.punctuation.encode(), b" " * len(string.punctuation))
_HEADING = re.compile(r"^# +(.+?)[ #]*$", re.MULTILINE)


def pattern_from(front: FrontMatter, text: str, path: str, file_hash: str, settings: Settings) -> Pattern:
    """The pattern that a file's front matter and body make; ``path`` is relative to the library.

    A missing slug is the file's stem, a missing title is made from the slug. Raises ``FrontMatterError`` at the line
    and column of what has the wrong type.
    """
    reader, fields, key = Reader(front, text), settings.fields, settings.section.key
    slug = reader.field(fields.slug) or stem(path)
    title = reader.field(fields.title) or _heading(front.body, fields) or _title_from(slug)
    aliases = reader.field_list(fields.aliases)
    summary = reader.field(fields.summary) or ""
    return Pattern(
        path=path,
        slug=slug,
        id=reader.field(fields.id) or _id_in(stem(path), fields),
        title=title,
        aliases=aliases,
        summary=summary,
        tension=reader.field(fields.tension) or "",
        keywords=reader.field_list(fields.keywords),
        relationships=tuple(relationships_from(reader, fields)),
        section=section_from(reader, key) if key in front.data else None,
        keys=tuple(front.data),
        banner=banner_above(front, text, key),
        file_hash=file_hash,
        text_hash=text_hash(title, aliases, summary, front.body),
    )


def _heading(body: str, fields: FieldSettings) -> str | None:
    found = _HEADING.search(body) if fields.title_from_heading else None
    return found[1] if found else None


def _title_from(slug: str) -> str:
    # A name with blanks in it was written to be read.
    return slug if " " in slug else " ".join(word[:1].upper() + word[1:] for word in words(slug))


def _id_in(name: str, fields: FieldSettings) -> str | None:
    found = re.search(fields.id_in_name, name) if fields.id_in_name else None
    return found.group() if found else None


def text_hash(title: str, aliases: tuple[str, ...], summary: str, body: str) -> str:
    """A 128-bit BLAKE2b digest, in hex, of what people wrote that meaning rests on.

    Case, white space and ASCII punctuation do not count: what a reviewer said of a text holds until its words change.
    """
    parts = [_bare(part) for part in (title, *aliases, summary, body)]
    # Each part tells its length first, so that no two different lists of parts make the same bytes.
    made_of = "".join(f"{len(part)}:{part}" for part in parts)
    return blake2b(made_of.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _bare(text: str) -> str:
    # By way of bytes: translating text that is not all ASCII takes four times as long.
    bare = text.casefold().encode(errors="surrogatepass").translate(_MARKS)
    return " ".join(bare.decode(errors="surrogatepass").split())


def banner_above(front: FrontMatter, text: str, key: str) -> str:
    """The comment lines directly above a top-level key, each with a line feed; empty where there are none."""
    pair = front.root.get(key) if front.root else None
    if pair is None:
        return ""
    lines: list[str] = []
    end = line_start(text, pair[0].start)
    while end > front.start:
        start = line_start(text, end - 1 if not text[:end].endswith("\r\n") else end - 2)
        line = text[start:end].rstrip("\r\n")
        if not line.startswith("#"):
            break
        lines.append(f"{line}\n")
        end = start
    return "".join(reversed(lines))
