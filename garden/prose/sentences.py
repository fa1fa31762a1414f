"""The sentences of a text that are fit to be quoted."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from garden.prose.markdown import SECTION_CHARS, plain
from garden.prose.passage import cut

SHORTEST, LONGEST = 30, 220
QUOTAS = {
    "problem": 6,
    "solution": 6,
    "context": 4,
    "implementation": 4,
    "consequences": 4,
    "uses": 2,
    "body": 6,
}
_ENDS = re.compile(r"(?<=[.!?])[\"')\]”’]*\s+(?=[\"'(“‘]?[A-Z0-9])")
_ABBREVIATIONS = frozenset(
    "e.g. i.e. vs. etc. cf. dr. mr. mrs. ms. st. no. fig. inc. ltd. al. approx. u.s. u.k.".split()
)


class Sentence(NamedTuple):
    """One sentence fit to be quoted, and the part of the text that it comes from."""

    role: str
    text: str


def quotable(summary: str, parts: Sequence[tuple[str, str]]) -> Iterator[Sentence]:
    """Sentences worth quoting, the summary's first, then from every part, no more of each role than its quota."""
    seen: set[str] = set()
    left = dict(QUOTAS)
    for text in _sentences(summary, fit=True):
        seen.add(text)
        yield Sentence("summary", text)
    for role, markdown in parts:
        name = "body" if role == "opening" else role
        fresh = (text for text in _section_sentences(markdown[:SECTION_CHARS]) if text not in seen)
        for text in islice(fresh, left.get(name, 0)):
            seen.add(text)
            left[name] -= 1
            yield Sentence(name, text)


def _section_sentences(markdown: str) -> Iterator[str]:
    for paragraph in markdown.split("\n"):
        if len(paragraph) >= SHORTEST:
            yield from _sentences(plain(paragraph))


def _sentences(text: str, *, fit: bool = False) -> Iterator[str]:
    """The good sentences of a running text. ``fit`` shortens one that is too long instead of leaving it out."""
    held = ""
    for piece in _ENDS.split(text):
        held = f"{held} {piece}" if held else piece
        if _abbreviated(held):
            continue
        sentence, held = held.strip(), ""
        if fit and len(sentence) > LONGEST:
            sentence = cut(sentence, LONGEST - 1).rstrip(".") + "…"
        if _good(sentence):
            yield sentence


def _abbreviated(text: str) -> bool:
    """Whether the full stop at the end belongs to an abbreviation or an initial."""
    last = text[text.rfind(" ") + 1 :].lstrip("(\"'")
    return last.lower() in _ABBREVIATIONS or (len(last) == 2 and last[0].isalpha() and last[1] == ".")


def _good(sentence: str) -> bool:
    if not SHORTEST <= len(sentence) <= LONGEST or sentence.count(" ") < 4:
        return False
    return sentence[-1] in ".!?…\"')”" and (not sentence[0].islower()) and not sentence.endswith(":")
