"""Where the lists of one pattern name another: "**Pair Programming:**" among the practices of "Extreme Programming"."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from garden import terms
from garden.links.vague import VAGUE
from garden.prose import Listed, Prose
from garden.titles import abbreviations, numbers, plain_name, spelled_out

MOST_MORE = 2  # Words of an item of a list beside a name in it.
MOST_PARTS = 2  # Names in one item that share a word.
ALIKE = 3  # So many letters have all forms of a word in common.
# What an item of a list begins with where it is something to do, and not its name alone.
DOING = frozenset(
    """
    adopt adopting apply build conduct create define design develop embed embedding embrace embracing employ employing
    enable ensure establish establishing follow implement implementing incorporate incorporating integrate introduce
    introducing leverage leveraging maintain maintaining make practice practise prepare perform run set start use using
    utilize utilizing
    """.split()
)
# Those of them that are no nouns: with one word after them, too, they say what to do.
VERBS = frozenset(
    """
    adopt adopting embed embedding embrace embracing employ employing establishing implement implementing
    incorporate incorporating introduce introducing leverage leveraging using utilize utilizing
    """.split()
)
# What serves another pattern is no part of it: "Enables Privacy by Design".
SERVING = frozenset("complements drives enables enforces ensures extends facilitates fosters promotes supports".split())
# What a name may end with or without: "Microservices Architecture", "Structured Interview Practice".
ENDINGS = frozenset(
    """
    api approach architecture computing design framework method methodology model pattern practice process strategy
    system technique technology tool
    """.split()
)
# Without these a single word is a name, too.
NAMING = frozenset("api architecture pattern".split())
LONGER, SURE = 1, 2
_JOINT = re.compile(r"\s*(?:,|&|/|\band\b|\bor\b)\s*", re.IGNORECASE)
_BRACKETED = re.compile(r"\(([^)]{3,60})\)")  # What else an item is called: "Visual Management (Heijunka)".
_SLASH = re.compile(r"\s(\S+)/(\S+)$")

Words = tuple[int, ...]


class Name(NamedTuple):
    """The meaningful words of what a title is called by in full, how each begins, and what is short for it.

    ``ways`` are the words of all that it may be called by, ``joined`` the letters of its ``plain`` name alone.
    """

    plain: str
    words: Words
    begins: tuple[str, ...]
    short: str
    ways: tuple[Words, ...]
    joined: str


class Listing(NamedTuple):
    """How surely a list names a pattern, 0 for not at all, and among what: "practices", say."""

    surety: int
    place: str


NOWHERE = Listing(0, "")


@cache
def name_of_title(title: str) -> Name:
    """What a title is called by."""
    plain = plain_name(title)
    both = _SLASH.search(plain)
    plains = [plain[: both.start()] + f" {one}" for one in both.groups()] if both else [plain]
    plains += [long] if (long := spelled_out(title)) else []
    ways = dict.fromkeys(words for one in plains for words in (_words(one), _words(_core(one))) if words)
    shared = set.intersection(*map(set, ways)) if ways else set()
    begins = tuple(word[:ALIKE].lower() for word in terms.TOKEN.findall(plain) if terms.term_key(word) in shared)
    return Name(plain, _words(plain), begins, abbreviations(title), tuple(ways), _joined(plain))


def listing(prose: Prose, title: str) -> Listing:
    """How a pattern's lists name another, by its plain name or by what is short for it.

    A name of two words and more may stand in a longer item ("Conduct a Thorough SWOT Analysis"), which is less sure.
    """
    name = name_of_title(title)
    # Hardly any list is worth its words: first, how those of the name begin is looked for.
    likely = bool(name.ways) and all(begin in _labels(prose.listed) for begin in name.begins)
    found = NOWHERE
    for item in prose.listed if likely or name.short else ():
        here = likely and all(begin in item.name.lower() for begin in name.begins)
        surety = max(_short(item.name, name.short), _surety(item.name, name) if here else 0)
        if surety > found.surety:
            found = Listing(surety, item.place)
    return found


def _short(label: str, short: str) -> int:
    """How surely an item is called by what is short for a name."""
    if not short or short not in label:
        return 0
    words = label.split()
    if len(words) == 1:
        return SURE if label in (short, f"{short}s") else 0
    return LONGER if len(words) <= 1 + MOST_MORE and short in words and words[0].lower() not in SERVING else 0


def _surety(label: str, name: Name) -> int:
    """How surely an item of a list is called so, but for a verb before it and, in a longer one, little more."""
    item = _item(label)
    said = _words(item)
    if said == name.words or _joined(item) == name.joined:
        return SURE
    if label.split(maxsplit=1)[0].lower() in SERVING:
        return 0
    named = (said, _words(_core(item)), *map(_words, _BRACKETED.findall(label)))
    if any(way in named for way in name.ways):
        # "SLSA 1" is one of several.
        return LONGER if numbers(item) <= numbers(name.plain) else 0
    return (
        LONGER
        if any(
            len(way) > 1 and (_stands(way, said) or _shares(way, item) or _shares(way, _core(item)))
            for way in name.ways
        )
        else 0
    )


def _stands(name: Words, said: Words) -> bool:
    """Whether a name stands in a little longer item."""
    return len(said) <= len(name) + MOST_MORE and any(said[at : at + len(name)] == name for at in range(MOST_MORE + 1))


def _shares(name: Words, item: str) -> bool:
    """Whether a name shares its last word, or its first, with another in the item.

    So does "affiliate marketing" in "Affiliate & Ambassador Marketing", and "data classification" in "Data Mapping and
    Classification".
    """
    parts = [_words(part) for part in _JOINT.split(item)]
    if len(parts) != MOST_PARTS or not all(parts):
        return False
    before, after = parts
    return (before == name[:-1] and after[-1] == name[-1]) or (after == name[1:] and before[0] == name[0])


@lru_cache(maxsize=1 << 13)
def _labels(listed: tuple[Listed, ...]) -> str:
    return "\n".join(item.name for item in listed).lower()


def _item(label: str) -> str:
    """What an item of a list names: without brackets, and without the verb that says what to do with it."""
    words = plain_name(label).split()
    if words and words[0].lower() in DOING and len(words) > 1 and (len(words) > 2 or words[0].lower() in VERBS):
        words = words[1:]
    return " ".join(words)


def _core(name: str) -> str:
    """A name without the words that it may end with: a single word is left only before one of ``NAMING``, or where it
    looks like a name itself ("5S", "SCRUM").
    """
    words = name.split()
    while len(words) > 1 and _ending(words[-1]) in ENDINGS:
        before = terms.term_key(words[-2])
        # "Privacy by Design" is a name whole.
        if not before or (len(words) == 2 and not _named(*words)):
            break
        words.pop()
    return " ".join(words)


def _named(word: str, last: str) -> bool:
    """Whether a single word is a name without a last one."""
    coined = word.isalnum() and (any(map(str.isdigit, word)) or sum(map(str.isupper, word)) > 1)
    return coined or (_ending(last) in NAMING and terms.term_key(word) not in VAGUE)


def _ending(word: str) -> str:
    low = word.lower()
    return f"{low[:-3]}y" if low.endswith("ies") else low.removesuffix("s")


def _joined(name: str) -> str:
    """The letters of a name in small, without a last s."""
    return "".join(terms.TOKEN.findall(name.lower())).removesuffix("s")


def _words(name: str) -> Words:
    """The keys of a name's meaningful words, in order."""
    return tuple(terms.content_keys(name).tolist())
