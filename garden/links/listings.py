"""Where the lists of one pattern name another: "**Pair Programming:**" among the practices of "Extreme Programming"."""

from functools import cache, lru_cache
from typing import NamedTuple

from garden import terms
from garden.prose import Listed, Prose
from garden.titles import abbreviations, plain_name

MOST_MORE = 2  # Words of an item of a list beside a name in it.
ALIKE = 3  # So many letters have all forms of a word in common.
# What an item of a list begins with where it is something to do, and not its name alone.
DOING = frozenset(
    """
    adopt apply build conduct create define design develop embed embrace employ enable ensure establish follow
    implement incorporate integrate introduce leverage maintain make practice practise prepare perform run set start use
    """.split()
)
# What serves another pattern is no part of it: "Enables Privacy by Design".
SERVING = frozenset("complements drives enables enforces ensures extends facilitates fosters promotes supports".split())
LONGER, SURE = 1, 2

Words = tuple[int, ...]


class Name(NamedTuple):
    """A title's meaningful words, how each begins, and what is short for it."""

    words: Words
    begins: tuple[str, ...]
    short: str


class Listing(NamedTuple):
    """How surely a list names a pattern, 0 for not at all, and among what: "practices", say."""

    surety: int
    place: str


NOWHERE = Listing(0, "")


@cache
def name_of_title(title: str) -> Name:
    """What a title is called by."""
    plain = plain_name(title)
    meant = [word for word in terms.TOKEN.findall(plain) if terms.term_key(word)]
    return Name(_words(plain), tuple(word[:ALIKE].lower() for word in meant), abbreviations(title))


def listing(prose: Prose, title: str) -> Listing:
    """How a pattern's lists name another, by its plain name or by what is short for it.

    A name of two words and more may stand in a longer item ("Conduct a Thorough SWOT Analysis"), which is less sure.
    """
    name = name_of_title(title)
    # Hardly any list is worth its words: first, how those of the name begin is looked for.
    likely = bool(name.words) and all(begin in _labels(prose.listed) for begin in name.begins)
    found = NOWHERE
    for item in prose.listed if likely or name.short else ():
        short = bool(name.short) and item.name in (name.short, f"{name.short}s")
        here = likely and all(begin in item.name.lower() for begin in name.begins)
        surety = SURE if short else _surety(item.name, name.words) if here else 0
        if surety > found.surety:
            found = Listing(surety, item.place)
    return found


def _surety(label: str, name: Words) -> int:
    """How surely an item of a list is called so, but for a verb before it and, in a longer one, little more."""
    said = _words(_item(label))
    if said == name:
        return SURE
    longer = len(name) > 1 and len(said) <= len(name) + MOST_MORE and label.split(maxsplit=1)[0].lower() not in SERVING
    return LONGER if longer and any(said[at : at + len(name)] == name for at in range(MOST_MORE + 1)) else 0


@lru_cache(maxsize=1 << 13)
def _labels(listed: tuple[Listed, ...]) -> str:
    return "\n".join(item.name for item in listed).lower()


def _item(label: str) -> str:
    """What an item of a list names: without brackets, and without the verb that says what to do with it."""
    words = plain_name(label).split()
    return " ".join(words[1:] if len(words) > 2 and words[0].lower() in DOING else words)


def _words(name: str) -> Words:
    """The keys of a name's meaningful words, in order."""
    return tuple(terms.content_keys(name).tolist())
