"""What a title is made of: a number before the name, the name, brackets and a subtitle after it."""

import re

from garden import terms

NUMBER = re.compile(r"^\w*\d+\w*:\s+")
SUBTITLE = re.compile(r"\s*[(\[:]|\s[–—-]\s")
_WORD = re.compile(r"\w+")
_SPELLED = re.compile(r"^(\S{2,8}) \(([^)]{5,80})\)")
_SHORT = re.compile(r"\(([^\W_]{2,8}|[^\W_]{1,8}/[^\W_]{1,8})\)")


def plain_name(title: str) -> str:
    """A title without a number before it, and up to its brackets or its subtitle."""
    return SUBTITLE.split(NUMBER.sub("", title), maxsplit=1)[0]


def abbreviations(title: str) -> str:
    """What stands in brackets in a title and is short for it, as in "Minimum Viable Product (MVP)"."""
    return " ".join(one for one in _SHORT.findall(title) if sum(map(str.isupper, one)) > 1)


def numbers(title: str) -> frozenset[str]:
    """The words of a plain name that hold a digit: two of a series ("Week 12", "Week 13") differ in nothing else."""
    return frozenset(word for word in _WORD.findall(plain_name(title)) if any(map(str.isdigit, word)))


def spelled_out(title: str) -> str:
    """What stands in brackets in a title whose name is short for it, as in "OKRs (Objectives and Key Results)"."""
    met = _SPELLED.match(NUMBER.sub("", title))
    if not met:
        return ""
    short, long = met.groups()
    initials = [word[0].upper() for word in terms.TOKEN.findall(long) if terms.term_key(word)]
    letters = iter(short)
    fits = initials[:1] == [short[0]] and all(initial in letters for initial in initials)
    return str(long) if fits else ""
