"""The names of a library, and which of its words are nouns, as far as names, endings and neighbours tell."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from garden import terms
from garden.links.quotes import without_owner
from garden.links.shelf import Shelf
from garden.links.usage import Usage
from garden.prose import SINGULAR_S

LONGEST_NAME = 4
LONGEST_ROOT = 4  # Of a word whose -ed is no ending ("shed").
# How adjectives and adverbs end, and what many adjectives and some nouns end in.
ADJECTIVE = ("able", "ed", "ful", "ible", "ic", "ive", "less", "ly", "ous")
DOUBTFUL = ("al", "ant", "ary", "ate", "ent", "est", "ile", "ing")
UNSURE = (*ADJECTIVE, *(ending for ending in DOUBTFUL if ending != "ing"))
NUMBERS = frozenset("two three four five six seven eight nine ten hundred thousand".split())
# How words end that name a thing although no article need stand before them.
NOUN_ENDS = tuple("acy ance cy dom ence ety hood ism ity ment ness ology ship sion tion ure".split())
PLURALS = {
    **{word: word for word in "criteria data equipment feedback information media phenomena software staff".split()},
    "crisis": "crises",
    "hypothesis": "hypotheses",
    "man": "men",
    "matrix": "matrices",
    "person": "people",
    "thesis": "theses",
    "woman": "women",
}
PLURAL_VES = ("calf", "knife", "leaf", "life", "loaf", "self", "shelf", "thief", "wife", "wolf")
PLURAL_ES = ("s", "x", "z", "ch", "sh")


class Name(NamedTuple):
    """A name of the library as it is written, the keys of its words, and of each two in a row."""

    text: str
    keys: tuple[int, ...]
    phrases: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The names of a library, and what its words are.

    ``heads`` are the keys of the last words of names, ``names`` go by their first phrase, and ``usage`` tells what part
    of speech a word is in the texts.
    """

    heads: frozenset[int]
    names: Mapping[int, tuple[Name, ...]]
    usage: Usage

    @classmethod
    def of(cls, shelf: Shelf, usage: Usage | None = None) -> "Lexicon":
        """The titles and labels of entities of a shelf. A word is a head where it ends two names and more.

        ``usage`` is that of the words in the shelf's proses, where it is known already.
        """
        every = {*shelf.titles, *(entity.label for entities in shelf.entities for entity in entities)}
        found = [name for name in map(name_of, sorted(every)) if name]
        by_phrase: dict[int, list[Name]] = {}
        for name in found:
            if name.phrases and len(name.keys) <= LONGEST_NAME:
                by_phrase.setdefault(name.phrases[0], []).append(name)
        ends = Counter(name.keys[-1] for name in found)
        heads = frozenset(key for key, count in ends.items() if count > 1)
        return cls(heads, {key: tuple(some) for key, some in by_phrase.items()}, usage or Usage.of(shelf.proses))

    def noun(self, key: int, form: str) -> bool:
        """Whether a word, written so, is a noun: the last word of names, or one by its ending, or by its neighbours."""
        form = form.lower()
        many = form.endswith("s") and not form.endswith(SINGULAR_S)
        form = form[:-1] if many else form
        if form in NUMBERS or (form.endswith("ed") and not form.endswith("eed") and len(form) > LONGEST_ROOT):
            return False
        doubtful = form.endswith((*ADJECTIVE, *DOUBTFUL))
        ends = form.endswith("ly") or not form.endswith(UNSURE)
        if key in self.heads and not self.usage.verb(key) and ends:
            return True
        named = form.endswith(NOUN_ENDS) and not self.usage.verb(key)
        return named or self.usage.noun(key, doubtful=doubtful)

    def leads(self, key: int, form: str) -> bool:
        """Whether a word, written so, can be the first of a name: no verb, adverb, owner or plural."""
        form = form.lower()
        many = form.endswith("s") and not form.endswith(SINGULAR_S)
        many = many or form in PLURALS.values() or form.endswith("children")
        if form.endswith("ly") or many or form in NUMBERS or without_owner(form) != form:
            return False
        return form.endswith(("ed", "ing")) or not self.usage.verb(key)

    def always_counted(self, key: int, form: str) -> bool:
        """Whether a noun, written so, is hardly ever a mass, or is never met as one and does not look like it."""
        if self.usage.surely_counted(key):
            return True
        return not self.usage.mass(key) and not form.endswith((*NOUN_ENDS, *ADJECTIVE, *DOUBTFUL, "y"))

    def plural(self, form: str) -> str:
        """The plural of a noun; one that looks like a plural, or has none, stays as it is."""
        if form in PLURALS:
            return PLURALS[form]
        if form.endswith(("s", "ed")) and not form.endswith("ss"):
            return form
        if form.endswith("child"):
            return f"{form}ren"
        if form.endswith(PLURAL_VES):
            return f"{form.removesuffix('e')[:-1]}ves"
        if form.endswith("y") and form[-2:-1] not in "aeiou":
            return f"{form[:-1]}ies"
        return f"{form}es" if form.endswith(PLURAL_ES) else f"{form}s"


@cache
def name_of(text: str) -> Name | None:
    """The name as words and keys; None where it has no word, or one that carries no meaning of its own."""
    keys = terms.token_keys(text)[1]
    if not len(keys) or not keys.all():
        return None
    return Name(text, tuple(keys.tolist()), tuple(terms.phrase_keys(keys).tolist()))
