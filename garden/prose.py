"""A pattern's text as the rooms above need it: one passage to embed, sentences to quote, terms to count.

What is embedded is a recipe: title, summary, tension, the problem and the solution, in that order of claim, for about
254 tokens; where a body names no such sections, its beginning. ``RECIPE`` changes whenever the output of ``read`` does.
"""

import re
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from garden import telling, terms
from garden.titles import abbreviations, plain_name

RECIPE = "prose-12"
PASSAGE_CHARS = 1500
SECTION_CHARS = 2400
PROBLEM_SHARE = 0.45
LEAST_KEPT = 0.6
TITLE_WEIGHT = 3
MOST_SENTENCES = 24
MOST_COUNTED = 255  # What a phrase is counted up to.
SHORTEST, LONGEST = 30, 220
MOST_LISTED, MOST_TOLD = 40, 24
MADE_OF = ("solution", "implementation")  # The parts whose lists tell what a pattern is made of.

ROLES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(rf"\b(?:{words})", re.IGNORECASE))
    for role, words in (
        ("skip", "references?|resources|sources|see also|related|further reading|bibliograph|changelog|assessment"),
        ("uses", "known uses|examples?|case stud|evidence"),
        ("problem", "problem|tension|conflict|challenge|symptom|forces"),
        ("solution", "solution|principles|practices|recommend|approach|mitigation|extended description"),
        ("implementation", "implementation|how to|steps|execution flow|getting started"),
        (
            "consequences",
            "consequences|benefit|trade-?offs?|risks?|impact|vitality|cognitive era|pitfall|anti-?pattern",
        ),
        ("context", "context|overview|introduction|background|when to|description|summary|motivation"),
    )
)
QUOTAS = {
    "problem": 6,
    "solution": 6,
    "context": 4,
    "implementation": 4,
    "consequences": 4,
    "uses": 2,
    "body": 6,
}
VERB, NOUN, MASS, COUNTED = 1, 2, 3, 4
# How a text writes words that end what they name: in the plural, after "the", after "a" or the like, or bare, as "of
# grief" does.
MANY, THE, ONE, BARE = 1, 2, 4, 8
NOUN_SHARE = 0.12  # An adjective stands alone after an article as well, but rarely.
BEFORE_NOUNS = frozenset("a an the each every its their our your his her another".split())
BEFORE_ONE = frozenset("a an each every another".split())
# What stands alone after one of these is a noun: in the plural, or else one that is not counted ("full of grief").
BEFORE_BARE = frozenset(
    "about between both by for from in into many no of on several some these those through with without".split()
)
SINGULAR_S = ("ics", "is", "ss", "us")
# "A vibrant and open team": two adjectives, or two nouns, so it tells nothing.
AFTER_ADJECTIVES = frozenset("and or but yet one ones thing things you".split())
BEFORE_VERBS = frozenset("to can cannot could may might must shall should will would".split())
SLIPS = 0.1  # A name is written small now and then.
VERB_SHARE = 0.2  # A noun comes after "to" as well.
_FENCE = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1`*~*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
# Each way begins with a plain character, so that the search leaps from one such to the next; what stands before it is
# looked at afterwards.
_NOISE = re.compile(
    r"<!--.*?-->|</?[a-zA-Z][^>\n]{0,300}>|!\[[^\]\n]*\]\([^)\n]*\)|h(?<!\wh)ttps?://[^\s)>\]]+|\[\^?\d{1,3}\](?!\()",
    re.DOTALL,
)
_LINK = re.compile(r"\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_MARKER = re.compile(
    r"^[ \t]*(?=[>\[*+|=~_\d-])(?:>[ \t]*)*"
    r"(?:\[![A-Z]+\].*|(?:[-*+]|\d{1,3}[.)])[ \t]+|[ \t:|=-]*\|[ \t:|=-]*$|[-*_=~]{3,}[ \t]*$)?",
    re.MULTILINE,
)
_EMPHASIS = re.compile(r"\*\*{0,2}|_(?<!\w_)_{0,2}(?=\S)|_(?<=\S_)_{0,2}(?!\w)|``*|\\(?=[^\w\s])")
# What an item of a list, or a paragraph, begins with: in bold, or up to a colon.
_LED = re.compile(
    r"^[ \t]*(?:(?:[-*+]|\d{1,3}[.)])[ \t]+)?(?:\*\*|__)(?=\S)([^*_\n]{2,80})(?:\*\*|__)"
    r"|^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+(?=[A-Z])([^:.\n*_]{2,60}):[ \t]",
    re.MULTILINE,
)
_PLACES = re.compile(
    r"\b(?:principles|practices|components|elements|steps|tools|techniques|strategies|methods|pillars|phases|stages|"
    r"mechanisms|tactics|activities|layers)\b"
)
_ENDS = re.compile(r"(?<=[.!?])[\"')\]”’]*\s+(?=[\"'(“‘]?[A-Z0-9])")
_ABBREVIATIONS = frozenset(
    "e.g. i.e. vs. etc. cf. dr. mr. mrs. ms. st. no. fig. inc. ltd. al. approx. u.s. u.k.".split()
)
_HEAD = struct.Struct("<4sIIIIIII")
_MAGIC = b"prs8"


_Counted = tuple[terms.Phrases, NDArray[np.uint8], NDArray[np.uint8]]


class _Ways(dict[str, int]):
    """What a word tells of itself, or of those after it, of ``MANY`` to ``BARE``."""

    def __missing__(self, word: str) -> int:
        low = word.lower()
        before = THE if low == "the" else ONE if low in BEFORE_ONE else BARE if low in BEFORE_BARE else 0
        self[word] = before | (MANY if low.endswith("s") and not low.endswith(SINGULAR_S) else 0)
        return self[word]


_WAYS = _Ways()


class Sentence(NamedTuple):
    """One sentence fit to be quoted, and the part of the text that it comes from."""

    role: str
    text: str


class Listed(NamedTuple):
    """What an item of a list is called, and what it is one of: "practices", say, or the part that has the list."""

    name: str
    place: str


@dataclass(frozen=True, eq=False)
class Prose:
    """What one pattern says.

    ``keys`` are sorted 64-bit term keys, ``counts`` how often each occurs (the title counted more), ``words`` how each
    is first written, as a noun where it is one. ``kinds`` says of each what its neighbours make of it: ``NOUN``, or
    ``COUNTED`` where it has a plural as well, ``MASS`` where it seems to have none; ``VERB``; or nothing. ``phrases``
    are the sorted keys of two meaningful words in a row, ``phrase_counts`` how often each occurs, ``MOST_COUNTED`` at
    most. ``ways`` and ``phrase_ways`` hold, as bits, in which of the ways from ``MANY`` to ``BARE`` each is written.
    ``listed`` are the items of its lists of principles, practices and steps, and ``told`` what it says of itself; see
    ``garden.telling``.
    """

    passage: str
    sentences: tuple[Sentence, ...]
    keys: terms.Keys
    counts: NDArray[np.float32]
    phrases: terms.Phrases
    phrase_counts: NDArray[np.uint8]
    kinds: NDArray[np.uint8]
    ways: NDArray[np.uint8]
    phrase_ways: NDArray[np.uint8]
    joined_words: str
    listed: tuple[Listed, ...] = ()
    told: tuple[telling.Told, ...] = ()

    @property
    def words(self) -> list[str]:
        """How each term of ``keys`` is first written, in the order of ``keys``."""
        return self.joined_words.split(" ") if self.joined_words else []

    def __reduce__(self) -> tuple[Callable[[bytes], "Prose"], tuple[bytes]]:
        # As bytes, which another process takes faster than the many values that they are read into.
        return load, (dump(self),)

    @cached_property
    def digest(self) -> bytes:
        """16 bytes that tell it from every other prose."""
        return blake2b(dump(self), digest_size=16).digest()


def read(title: str, aliases: Sequence[str], summary: str, tension: str, body: str) -> Prose:
    """What a pattern says, read from its title, aliases, summary, tension and Markdown body."""
    plain = without_noise(body)
    parts = list(sections(plain))
    bag, (phrases, phrase_counts, phrase_ways), kinds, ways = _terms(
        [title] * TITLE_WEIGHT + list(aliases), (summary, tension, plain)
    )
    return Prose(
        passage=_passage(title, _plain(summary), _plain(tension), parts),
        sentences=tuple(islice(_quotable(_plain(summary), parts), MOST_SENTENCES)),
        keys=bag.keys,
        counts=bag.counts,
        phrases=phrases,
        phrase_counts=phrase_counts,
        kinds=kinds,
        ways=ways,
        phrase_ways=phrase_ways,
        joined_words=" ".join(bag.words),
        listed=tuple(islice(_listed(plain), MOST_LISTED)),
        told=tuple(islice(telling.told(plain_name(title), abbreviations(title), f"{summary}\n{plain}"), MOST_TOLD)),
    )


def without_noise(body: str) -> str:
    """The body without code blocks, comments, tags, pictures and addresses; the texts of links are kept."""
    if "```" in body or "~~~" in body:
        body = _FENCE.sub("\n", body)
    if "<" in body or "[" in body or "://" in body:
        body = _NOISE.sub(" ", body)
    return _LINK.sub(r"\1", body) if "](" in body or "][" in body else body


def sections(body: str) -> Iterator[tuple[str, str]]:
    """The parts of a body in order as (role, Markdown text); what precedes the first heading is ``opening``."""
    role, start = "opening", 0
    for match in _HEADING.finditer(body):
        yield role, body[start : match.start()]
        role, start = _role(match[1], role), match.end()
    yield role, body[start:]


def dump(prose: Prose) -> bytes:
    """The prose as bytes, for a cache."""
    sentences = "\x1e".join(f"{role}\x1f{text}" for role, text in prose.sentences)
    told = "\x1e".join(map("\x1f".join, prose.told))
    texts = [prose.passage, prose.joined_words, sentences, "\x1e".join(map("\x1f".join, prose.listed)), told]
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    sizes = (len(prose.keys), len(prose.phrases), *map(len, encoded))
    small = (prose.phrase_counts, prose.kinds, prose.ways, prose.phrase_ways)
    arrays = [array.tobytes() for array in (prose.keys, prose.counts, prose.phrases, *small)]
    return b"".join((_HEAD.pack(_MAGIC, *sizes), *arrays, *encoded))


def load(data: bytes) -> Prose:
    """The prose that ``dump`` wrote. The arrays are views of ``data`` and read-only.

    Raises ``ValueError`` where the bytes are not whole.
    """
    if len(data) < _HEAD.size:
        raise ValueError("not the bytes of a prose")
    magic, keys, phrases, *texts = _HEAD.unpack_from(data)
    if magic != _MAGIC or len(data) != _HEAD.size + keys * 14 + phrases * 6 + sum(texts):
        raise ValueError("not the bytes of a prose")
    often = _HEAD.size + keys * 12 + phrases * 4
    kinds = often + phrases
    ways = kinds + keys
    phrase_ways = ways + keys
    at = phrase_ways + phrases
    passage, words, sentences, listed, told = _texts(data, at, texts)
    return Prose(
        passage=passage,
        sentences=tuple(Sentence(*line.split("\x1f", 1)) for line in sentences.split("\x1e") if line),
        keys=np.frombuffer(data, np.uint64, keys, _HEAD.size),
        counts=np.frombuffer(data, np.float32, keys, _HEAD.size + keys * 8),
        phrases=np.frombuffer(data, np.uint32, phrases, _HEAD.size + keys * 12),
        phrase_counts=np.frombuffer(data, np.uint8, phrases, often),
        kinds=np.frombuffer(data, np.uint8, keys, kinds),
        ways=np.frombuffer(data, np.uint8, keys, ways),
        phrase_ways=np.frombuffer(data, np.uint8, phrases, phrase_ways),
        joined_words=words,
        listed=tuple(Listed(*line.split("\x1f")) for line in listed.split("\x1e") if line),
        told=tuple(telling.Told(*line.split("\x1f")) for line in told.split("\x1e") if line),
    )


def _texts(data: bytes, at: int, sizes: Sequence[int]) -> list[str]:
    texts = []
    for size in sizes:
        texts.append(data[at : at + size].decode("utf-8", "surrogatepass"))
        at += size
    return texts


def _listed(body: str) -> Iterator[Listed]:
    """What items are called in the lists that tell what a pattern is made of, and the headings below those parts'."""
    role, start, place = "opening", 0, ""
    for match in _HEADING.finditer(body):
        yield from _led(role, place, body[start : match.start()])
        before, role, start = role, _role(match[1], role), match.end()
        below = role == before and not any(pattern.search(match[1]) for _, pattern in ROLES)
        if below and role in MADE_OF:
            yield from _label(match[1], place or role)
        place = _place(match[1]) or (place if below else "")
    yield from _led(role, place, body[start:])


def _place(heading: str) -> str:
    """What a list is one of, as its heading tells: "practices", or nothing."""
    named = _PLACES.findall(heading.lower())
    return str(named[-1]) if named else ""


def _led(role: str, place: str, markdown: str) -> Iterator[Listed]:
    if role in MADE_OF:
        for led in _LED.finditer(markdown):
            yield from _label(led[1] or led[2], place or role)


def _label(markdown: str, place: str) -> Iterator[Listed]:
    label = _plain(markdown).rstrip(" .:–—-")
    if label:
        yield Listed(label, place)


def _role(heading: str, before: str) -> str:
    """The role that a heading names; one that names none continues the part before it (a sub-heading does)."""
    for role, pattern in ROLES:
        if pattern.search(heading):
            return role
    return "body" if before in ("opening", "skip") else before


def _terms(
    names: Sequence[str], texts: Sequence[str]
) -> tuple[terms.Bag, _Counted, NDArray[np.uint8], NDArray[np.uint8]]:
    words, keys = terms.token_keys(" the ".join((*texts, *names)))
    bag = terms.counted(words, keys)
    forms, kinds = list(bag.words), np.zeros(len(bag.keys), np.uint8)
    # A word is shown as it is written small, unless that is a slip, and best as a noun.
    small = np.fromiter(map(str.islower, words), bool, len(words))
    found, first, often = np.unique(keys[small], return_index=True, return_counts=True)
    at = np.searchsorted(bag.keys, found[found != 0])
    known = often[found != 0] > SLIPS * bag.counts[at]
    for here, place in zip(at[known].tolist(), np.flatnonzero(small)[first[found != 0][known]].tolist(), strict=True):
        forms[here] = words[place]
    places, counted, bare = _nouns(words, keys)
    at = np.searchsorted(bag.keys, keys[places])
    for here, place in zip(*_firsts(at, places), strict=True):
        forms[here] = words[place] if small[place] or not forms[here].islower() else forms[here]
    votes, several, mass = (np.bincount(at, some, len(bag.keys)) for some in (None, counted, bare))
    told = votes >= np.maximum(NOUN_SHARE * bag.counts, 1)
    kinds[told] = np.where(several > mass, COUNTED, np.where(mass > 0, MASS, NOUN))[told]
    kinds[(kinds == 0) & (_verbs(words, keys, bag.keys) > VERB_SHARE * bag.counts)] = VERB
    singly, in_rows = _written(words, keys)
    ways = np.zeros(len(bag.keys), np.uint8)
    np.bitwise_or.at(ways, np.searchsorted(bag.keys, keys[keys != 0]), singly)
    phrases, where, often = np.unique(terms.phrase_keys(keys), return_inverse=True, return_counts=True)
    phrase_ways = np.zeros(len(phrases), np.uint8)
    np.bitwise_or.at(phrase_ways, where, in_rows)
    return (
        terms.Bag(bag.keys, bag.counts, tuple(forms)),
        (phrases, np.minimum(often, MOST_COUNTED).astype(np.uint8), phrase_ways),
        kinds,
        ways,
    )


def _written(words: Sequence[str], keys: terms.Keys) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """In which way each meaningful word, and each two in a row, is written where it stands; 0 within longer names."""
    told = np.fromiter(map(_WAYS.__getitem__, words), np.uint8, len(words))
    many, before = told & MANY, np.append(np.uint8(0), told[:-1] & (THE | ONE | BARE))
    meant = keys != 0
    ends = ~np.append(meant[1:], False)
    single = np.where(many, MANY, before) * ends
    opened = np.append(np.uint8(0), before[:-1])
    pair = np.where(many, MANY, opened) * ends
    return single[meant].astype(np.uint8), pair[1:][meant[1:] & meant[:-1]].astype(np.uint8)


def _verbs(words: Sequence[str], keys: terms.Keys, known: terms.Keys) -> NDArray[np.intp]:
    """How often each of the known words comes right after "to", or the like."""
    first = np.flatnonzero((keys[1:] != 0) & (keys[:-1] == 0)) + 1
    places = [place for place in first.tolist() if words[place - 1].lower() in BEFORE_VERBS]
    return np.bincount(np.searchsorted(known, keys[places]), minlength=len(known))


def _firsts(at: NDArray[np.intp], places: NDArray[np.intp]) -> tuple[list[int], list[int]]:
    """The distinct values of ``at``, each with the first of the places that goes with it."""
    distinct, first = np.unique(at, return_index=True)
    return distinct.tolist(), places[first].tolist()


def _nouns(words: Sequence[str], keys: terms.Keys) -> tuple[NDArray[np.intp], NDArray[np.bool_], NDArray[np.bool_]]:
    """The places of words that stand alone between an article, or the like, and a word without meaning of its own.

    With them comes which of them are counted ("a ladder", "with ladders"), and which are not ("full of grief").
    """
    meant = keys != 0
    alone = np.flatnonzero(meant[1:-1] & ~meant[:-2] & ~meant[2:]) + 1 if len(keys) > 2 else np.empty(0, np.intp)
    found: list[tuple[int, bool, bool]] = []
    for place in alone.tolist():
        before, word = words[place - 1].lower(), words[place]
        bare = before in BEFORE_BARE
        if (not bare and before not in BEFORE_NOUNS) or words[place + 1].lower() in AFTER_ADJECTIVES:
            continue
        if not word.endswith(("ed", "ing", "ly") if bare else "ed"):
            many = bare and word.endswith("s") and not word.endswith(SINGULAR_S)
            # "A wealth of" counts nothing.
            one = before in BEFORE_ONE and words[place + 1].lower() != "of"
            found.append((place, many or one, bare and not many))
    places, counted, uncounted = zip(*found, strict=True) if found else ((), (), ())
    return np.array(places, np.intp), np.array(counted, bool), np.array(uncounted, bool)


def _passage(title: str, summary: str, tension: str, parts: Sequence[tuple[str, str]]) -> str:
    lead = ". ".join(piece.rstrip(" .") for piece in (title, summary, tension) if piece)
    left = max(0, PASSAGE_CHARS - len(lead) - len(". ") - 1)
    problem, solution = _beginning(parts, "problem", left), _beginning(parts, "solution", left)
    if problem and solution:
        problem = _cut(problem, max(int(left * PROBLEM_SHARE), left - len(solution)))
        rest = f"{problem} {_cut(solution, max(0, left - len(problem)))}"
    else:
        rest = _opening(parts, summary, left)
    return f"{lead}. {rest}".strip() if lead else rest


def _beginning(parts: Sequence[tuple[str, str]], role: str, room: int) -> str:
    return _cut(" ".join(_plain(text[:SECTION_CHARS]) for name, text in parts if name == role), room)


def _opening(parts: Sequence[tuple[str, str]], summary: str, room: int) -> str:
    """How the body begins, without the summary where it only says that again, and without what is no prose."""
    texts: list[str] = []
    for role, text in parts:
        if role != "skip":
            texts.append(_plain(text[:SECTION_CHARS]))
        if sum(map(len, texts)) > room + len(summary):
            break
    return _cut(" ".join(filter(None, texts)).removeprefix(summary).strip(), room)


def _cut(text: str, room: int) -> str:
    """The text cut after its last sentence that fits where that is most of it, else after its last whole word."""
    if len(text) <= room:
        return text
    fitting = text[: room + 1]
    stop = fitting.rfind(". ")
    if stop > room * LEAST_KEPT:
        return fitting[: stop + 1]
    return fitting.rsplit(" ", 1)[0] if " " in fitting else text[:room]


def _plain(markdown: str) -> str:
    """Running text of a piece of Markdown: no marks of lists, quotes, tables, rules or emphasis."""
    text = _MARKER.sub("", markdown).replace("|", " ")
    if "*" in text or "_" in text or "`" in text or "\\" in text:
        text = _EMPHASIS.sub("", text)
    return " ".join(text.split())


def _quotable(summary: str, parts: Sequence[tuple[str, str]]) -> Iterator[Sentence]:
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
            yield from _sentences(_plain(paragraph))


def _sentences(text: str, *, fit: bool = False) -> Iterator[str]:
    """The good sentences of a running text. ``fit`` shortens one that is too long instead of leaving it out."""
    held = ""
    for piece in _ENDS.split(text):
        held = f"{held} {piece}" if held else piece
        if _abbreviated(held):
            continue
        sentence, held = held.strip(), ""
        if fit and len(sentence) > LONGEST:
            sentence = _cut(sentence, LONGEST - 1).rstrip(".") + "…"
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
