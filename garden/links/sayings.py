"""What a text says that its own pattern is to another, by that one's title; see ``garden.telling``."""

import re

from garden import telling, terms
from garden.links.listings import Name, name_of_title
from garden.prose import Prose
from garden.titles import plain_name

BEFORE = 3  # Words before a name: "the broader circular economy".
_NEXT = re.compile(r"\)? ([a-z]{3,})\b|\)")


def apart(prose: Prose, title: str) -> bool:
    """Whether a text sets its pattern apart from another, by its title."""
    name = name_of_title(title)
    return any(told.way == telling.APART and _end_of_name(told.after, name, title) for told in prose.told)


def says(prose: Prose, title: str) -> telling.Told | None:
    """What a text says its pattern is to another, by its title: the first that it says, up to where the name ends."""
    for told in prose.told:
        end = 0 if told.way == telling.APART else _end_of_name(told.after, name_of_title(title), title)
        if end:
            return told._replace(after=told.after[:end] + _rest(told.after[end:]))
    return None


def _end_of_name(after: str, name: Name, title: str) -> int:
    """Where a name ends in what comes after "a part of"; 0 where that does not begin with it and a few words before."""
    if not name.short and not (name.words and all(begin in after.lower() for begin in name.begins)):
        return 0
    met = telling.written(plain_name(title), name.short).search(after)
    return met.end() if met and len(after[: met.start()].split()) <= BEFORE else 0


def _rest(after: str) -> str:
    """What belongs to a name that ends here: the noun that it stands before, as in "Lean Startup methodology"."""
    met = _NEXT.match(after)
    if not met or not met[1]:
        return met[0] if met else ""
    noun = terms.term_key(met[1]) and not met[1].endswith(("ed", "ing"))
    return met[0] if noun else met[0][: met.start(1) - 1]
