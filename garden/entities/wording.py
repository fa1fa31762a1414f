"""The words of ids and labels, folded so that those which say the same are equal."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from garden import terms

_EMPTY = frozenset("a an the and n or based".split())
# Words that look like plurals of others and mean something else.
_NO_PLURALS = frozenset("commons goods means customs arms news".split())
_WORD = re.compile(r"[^\W_]+")
_PARENTHESIS = re.compile(r"\s*\(([^)]*)\)")
_ROOT_ENDINGS = tuple(
    sorted(
        """
        ational ization at iveness ivenes fulness fulnes ousness ousnes abiliti ibiliti ation ition ment ness nes anc
        enc anci enci abl ibl ship iti iv ous ful ist ism ion al ic ical alli ly li er or ian ent ant ing ed s i
        """.split(),
        key=lambda ending: (-len(ending), ending),
    )
)
_SHORTEST_ROOT = 4


@cache
def same_words(name: str) -> str:
    """A key that ids and labels share which say the same words, in whatever number, spelling and hyphenation."""
    return "".join(folded(words_of_name(name)))


@cache
def words_of_name(text: str) -> tuple[str, ...]:
    """The words of an id or a label without accents, articles and conjunctions."""
    words = _WORD.findall(_unaccented(text.lower()).replace("'", "").replace("’", ""))
    return tuple(word for word in words if word not in _EMPTY) or tuple(words)


def _unaccented(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def folded(words: Iterable[str]) -> list[str]:
    """The words in one number and spelling. -ing and -ed stay, unlike in a stem: processing is not a process."""
    return [_fold(word) for word in words]


@cache
def _fold(word: str) -> str:
    if word in _NO_PLURALS or word.endswith("ics"):
        return word
    ending = next((ending for ending in ("ing", "ed") if word.removesuffix("s").endswith(ending)), "")
    return terms.stem(word) + ending


@cache
def root(word: str) -> str:
    """What is left of a word without its endings, for words of one family: behaviour, behavioural."""
    root = terms.stem(word)
    # One look at all endings leaves few words to go through them one by one.
    while root.endswith(_ROOT_ENDINGS):
        ending = next((e for e in _ROOT_ENDINGS if root.endswith(e) and len(root) - len(e) >= _SHORTEST_ROOT), None)
        if ending is None:
            return root
        root = root.removesuffix(ending)
    return root


@cache
def plain_label(label: str, name: str) -> str:
    """The label without a remark in parentheses, unless the id says the remark too: then it is part of the idea."""
    words = set(folded(words_of_name(name)))
    told = [remark for remark in remarks(label) if not shortens(remark, label)]
    if any(words.intersection(folded(words_of_name(remark))) for remark in told):
        return label
    return _PARENTHESIS.sub("", label).strip() or label


def shortens(short: str, full: str) -> bool:
    """Whether ``short`` is made of the first letters of the words of ``full``, remarks in parentheses left out."""
    letters = short.strip().removesuffix("s")
    words = _WORD.findall(_PARENTHESIS.sub("", full).lower())
    every = "".join(word[0] for word in words)
    weighty = "".join(word[0] for word in words if word not in _EMPTY and len(word) > 2)
    return len(letters) > 1 and letters.lower() in (every, weighty)


def remarks(label: str) -> list[str]:
    """What stands in parentheses."""
    return _PARENTHESIS.findall(label)
