"""One sentence that says why two patterns belong together, claiming only what the evidence bears."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from garden import terms
from garden.prose import Sentence

LONGEST = 159
LONGEST_TITLE = 70
PARTS = {
    "summary": "summary",
    "problem": "problem",
    "solution": "solution",
    "context": "context",
    "implementation": "implementation",
    "consequences": "consequences",
    "uses": "known uses",
}


@dataclass(frozen=True)
class Ground:
    """What a reason may rest on. The first of each two belongs to the pattern in whose file the reason stands."""

    titles: tuple[str, str]
    terms: tuple[str, ...]
    entities: tuple[str, ...]
    sentences: tuple[Sentence, Sentence] | None

    def turned(self) -> "Ground":
        """The same, seen from the other end."""
        turned = (self.sentences[1], self.sentences[0]) if self.sentences else None
        return replace(self, titles=(self.titles[1], self.titles[0]), sentences=turned)


def reason(ground: Ground) -> str:
    """A sentence of under 160 characters: which part meets which, and the rare words or entities that both share."""
    for subject, shared in _claims(ground):
        sentence = _fitted(subject, shared)
        if sentence:
            return sentence
    return f"Its passage as a whole reads much like that of {_short(ground.titles[1])}."


def _claims(ground: Ground) -> Iterator[tuple[str, Sequence[str]]]:
    """Subjects with what is shared, the most specific first."""
    other = _short(ground.titles[1])
    if ground.sentences:
        quoted = _quoted_by_both(ground.terms, ground.sentences)
        here, there = (PARTS.get(sentence.role) for sentence in ground.sentences)
        if len(quoted) > 1 and here and there:
            subject = f"In both, the {here} speaks of" if here == there else f"Its {here} and the {there} both speak of"
            yield (f"As in {other}, its {here} speaks of" if here == there else f"{subject}"), quoted
    if ground.entities:
        yield f"Like {other}, it works with", ground.entities
    if ground.terms:
        yield f"Like {other}, it speaks of", ground.terms


def _fitted(subject: str, shared: Sequence[str]) -> str | None:
    """The sentence with as much of what is shared as fits, at most three."""
    for most in range(min(3, len(shared)), 0, -1):
        sentence = f"{subject} {_listed(shared[:most])}."
        if len(sentence) <= LONGEST:
            return sentence
    return None


def _quoted_by_both(shared: Sequence[str], sentences: tuple[Sentence, Sentence]) -> list[str]:
    """Those of the shared terms whose words are all in both sentences."""
    said = [set(terms.content_keys(sentence.text).tolist()) for sentence in sentences]
    return [term for term in shared if all(set(terms.content_keys(term).tolist()) <= words for words in said)]


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _short(title: str) -> str:
    title = " ".join(title.split())
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
