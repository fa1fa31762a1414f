"""The settings that fit what a survey found, each with the reason why."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from garden.config import FieldSettings, SectionSettings, Settings
from garden.survey import Survey
from garden.survey.fields import TIME_STAMP, unusual
from garden.survey.looks import share
from garden.vocabulary import DEFAULT_ALIASES, Vocabulary

# Words for relationships that other tools and other people use, and the types that they mean.
WORDS = {
    "up": "generalizes_from",
    "parent": "generalizes_from",
    "parents": "generalizes_from",
    "broader": "generalizes_from",
    "part_of": "generalizes_from",
    "down": "specializes_to",
    "child": "specializes_to",
    "children": "specializes_to",
    "narrower": "specializes_to",
    "has_part": "specializes_to",
    "depends_on": "requires",
    "needs": "requires",
    "prerequisite": "requires",
    "prerequisites": "requires",
    "supports": "enables",
    "leads_to": "enables",
    "see_also": "complementary",
    "see": "complementary",
    "similar": "complementary",
    "same": "complementary",
    "friend": "complementary",
    "links": "complementary",
    "instead_of": "alternatives",
    "contrasts_with": "alternatives",
}
FEW = 0.1
# So many links to other files, seen over all files, are more than an accident.
FEW_LINKS = 0.05


@dataclass(frozen=True)
class Choice:
    """A setting by its dotted name, its value, and why it fits."""

    setting: str
    value: Any
    why: str


def choices(found: Survey) -> tuple[Choice, ...]:
    """Every setting that should differ from its default, in the order of the settings."""
    made = {choice.setting: choice for choice in (*_reading(found), *_fields(found), *_links(found), *_rest(found))}
    order = [f"{group}.{name}" for group, settings in Settings() for name in type(settings).model_fields]
    return tuple(made[setting] for setting in order if setting in made)


def unknown_words(found: Survey) -> dict[str, int]:
    """Kinds and types that no vocabulary knows, with how often each was met: they are kept as they are."""
    known = Vocabulary(aliases={**DEFAULT_ALIASES, **_more_aliases(found)})
    met = found.ties.kinds + found.sections.types
    return {word: met[word] for word in sorted(met) if word and known.canonical(word) is None}


def _reading(found: Survey) -> Iterator[Choice]:
    if share(found.bare, found.files) >= FEW:
        why = f"{found.bare:,} of {found.files:,} files have no front matter"
        yield Choice("read.front_matter", "optional", why)


def _fields(found: Survey) -> Iterator[Choice]:
    for name, used in unusual(found.fields).items():
        yield Choice(f"fields.{name}", list(used), f"met as {' and '.join(used)}")
    if found.stamps:
        yield Choice("fields.id_in_name", TIME_STAMP, f"{found.stamps:,} names of files begin so")
    if found.headings:
        yield Choice("fields.title_from_heading", True, f"{found.headings:,} files have no title but a heading")


def _links(found: Survey) -> Iterator[Choice]:
    ties, usual = found.ties, FieldSettings()
    if ties.group and (ties.group,) != usual.relationships:
        yield Choice("fields.relationships", [ties.group], f"{ties.group} holds kinds with lists")
    if set(ties.top) - set(usual.kinds):
        met = ", ".join(f"{kind} {count.met:,}" for kind, count in ties.top.items())
        yield Choice("fields.kinds", sorted(ties.top), f"met {met}")
    if set(ties.target) - set(usual.target):
        yield Choice("fields.target", list(ties.target), f"met as {' and '.join(ties.target)}")
    styles = [style for style, count in ties.texts.items() if count.known > max(1, found.files * FEW_LINKS)]
    if styles:
        counts = " and ".join(f"{ties.texts[style].known:,} {style}" for style in styles)
        why = f"texts link to other files: {counts} links"
        yield Choice("fields.links", styles[0] if len(styles) == 1 else "both", why)


def _rest(found: Survey) -> Iterator[Choice]:
    if found.sections.key != SectionSettings().key:
        yield Choice("section.key", found.sections.key, f"{found.sections.files:,} files have it")
    more = _more_aliases(found)
    if more:
        why = f"met {', '.join(f'{word} for {name}' for word, name in more.items())}"
        yield Choice("vocabulary.aliases", {**DEFAULT_ALIASES, **more}, why)


def _more_aliases(found: Survey) -> dict[str, str]:
    """Words met that no default knows, but whose meaning is plain."""
    met, usual = found.ties.kinds + found.sections.types, Vocabulary()
    keys = {word: word.strip().lower().replace("-", "_").replace(" ", "_") for word in met}
    return {keys[w]: WORDS[keys[w]] for w in sorted(met) if usual.canonical(w) is None and keys[w] in WORDS}
