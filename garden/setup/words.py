"""What was found, in words: the lines that a person reads after ``garden init``."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from garden.models import Problem
from garden.report.words import counted, visible
from garden.survey import Survey
from garden.survey.choices import unknown_words
from garden.survey.fields import unusual
from garden.vocabulary import Vocabulary

LANGUAGES = {
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "it": "Italian",
    "ja": "Japanese",
    "nb": "Norwegian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}
ENGLISH = "en"
OTHER_MODEL = "the packaged model knows English: name one of yours in encoder.model"
MOST_WORDS = 6


@dataclass(frozen=True)
class Row:
    """One thing found: what it is about, and what was found of it."""

    name: str
    text: str


def rows_of(found: Survey, problems: Sequence[Problem]) -> tuple[Row, ...]:
    """What was found, a row a subject."""
    return (
        Row("Files", _files(found)),
        Row("Fields", _fields(found)),
        Row("Links by people", _links(found)),
        Row("Sections", _sections(found)),
        Row("Link types", _types(found)),
        Row("Language", _language(found)),
        Row("Problems", _problems(problems)),
    )


def notes_of(found: Survey) -> dict[str, str]:
    """Remarks for garden.toml, by the setting that they stand below."""
    notes = {}
    unknown = unknown_words(found)
    if unknown:
        notes["vocabulary.fallback"] = f"Met here and known as no type, so kept as written: {_most(unknown)}."
    if found.language[0] not in ("", ENGLISH):
        notes["encoder.model"] = f"Most texts here are in {_name(found.language[0])}; {OTHER_MODEL}."
    return notes


def _files(found: Survey) -> str:
    parts = [counted(found.files, "file")]
    parts += [f"{found.bare:,} without front matter"] if found.bare else []
    parts += [f"{found.broken:,} that cannot be read"] if found.broken else []
    return ", ".join(parts)


def _fields(found: Survey) -> str:
    odd = unusual(found.fields)
    said = [f"{field} ({' or '.join(used)})" if field in odd else field for field, used in found.fields.items()]
    said += ["title (first heading)"] if found.headings else []
    said += ["id (in the file's name)"] if found.stamps else []
    return ", ".join(said) or "none that is known"


def _links(found: Survey) -> str:
    kinds = found.ties.kinds
    said = [_most(kinds)] if kinds else []
    said += [
        f"{counted(count.met, f'{style} link')} in texts" for style, count in found.ties.texts.items() if count.known
    ]
    return "; ".join(said) or "none"


def _sections(found: Survey) -> str:
    sections = found.sections
    if not sections.files:
        return f"no file has {sections.key} yet"
    said = [f"{counted(sections.files, 'file')} {'has' if sections.files == 1 else 'have'} {sections.key}"]
    for name, shapes in sections.shapes.items():
        said += [f"{name} as {_shape(shapes)}"] if shapes else []
    return "; ".join(said)


def _shape(shapes: Counter[str]) -> str:
    usual = min(shapes, key=lambda shape: (-shapes[shape], shape))
    more = f" and {counted(len(shapes) - 1, 'other shape')}" if len(shapes) > 1 else ""
    return f"{usual if usual == 'text' else '{' + usual + '}'}{more}"


def _types(found: Survey) -> str:
    types, unknown, usual = found.sections.types, unknown_words(found), Vocabulary()
    other = {name: count for name, count in types.items() if name and name not in usual.inverses}
    said = [_most({name or "untyped": count for name, count in types.items() if name not in other})] if types else []
    said += (
        [f"by another name: {_most(known)}"] if (known := {n: c for n, c in other.items() if n not in unknown}) else []
    )
    said += [f"not known: {_most(unknown)}"] if unknown else []
    return "; ".join(said) or "none"


def _language(found: Survey) -> str:
    code, part = found.language
    if not code:
        return "too little text to say"
    return f"{_name(code)} ({part:.0%} of texts)" + ("" if code == ENGLISH else f"; {OTHER_MODEL}")


def _name(code: str) -> str:
    return LANGUAGES.get(code, code)


def _problems(problems: Sequence[Problem]) -> str:
    if not problems:
        return "none"
    files = len({problem.path for problem in problems})
    return f"{counted(files, 'file')}: {_most(Counter(problem.code for problem in problems))}"


def _most(counts: dict[str, int] | Counter[str]) -> str:
    """Words with their counts, the most frequent first, and how many more there are."""
    order = sorted(counts, key=lambda word: (-counts[word], word))
    left = len(order) - MOST_WORDS
    shown = [f"{visible(word)} {counts[word]:,}" for word in order[:MOST_WORDS]]
    return ", ".join([*shown, f"{left} more"] if left > 0 else shown)
