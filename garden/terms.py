"""Text into terms: words folded so that plural, -ing, -ed and British or American spelling are one, and hashed.

A term's key is 64 bits of BLAKE2b over its stem, so it is the same on every machine and in every run. Words that carry
no meaning of their own (stop words, bare numbers, single letters) have the key 0.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Phrases = NDArray[np.uint32]

TOKEN = re.compile(r"[^\W_]+(?:['’](?=[a-z])[a-z]+)?")
ARTICLES = frozenset(("a", "an", "the"))
STOP_WORDS = frozenset(
    """
    a about above across after again against all almost alone along already also although always am among an and
    another any anybody anyone anything are aren't around as at away be became because become becomes been before
    behind being below between beyond both but by can can't cannot could couldn't did didn't do does doesn't doing
    don't done down during each either else enough etc even ever every everyone everything few first for from further
    get gets getting give given gives go goes going got had hadn't has hasn't have haven't having he he's hence her
    here hers herself him himself his how however i i'd i'll i'm i've if in indeed instead into is isn't it it's its
    itself just keep least less let let's like likely made mainly make makes making many may maybe me might mine more
    moreover most mostly much must my myself near need needs neither never no nobody none nor not nothing now of off
    often on once one ones only onto or other others otherwise ought our ours ourselves out over own per perhaps put
    quite rather really said same say says see seem seems several shall she she's should shouldn't since so some
    somebody someone something sometimes still such take taken takes than that that's the their theirs them
    themselves then there there's therefore these they they'd they'll they're they've thing things this those though
    through thus to together too toward towards two under unless until up upon us use used uses using usually various
    very via was wasn't way ways we we'd we'll we're we've well were weren't what what's whatever when where whereas
    whether which while who who's whole whom whose why will with within without won't would wouldn't yes yet you you'd
    you'll you're you've your yours yourself yourselves
    """.split()
)
VOWELS = frozenset("aeiou")
PRIME = 0x9E3779B97F4A7C15
PHRASE_PRIME = np.uint64(PRIME)
MOST_KEY = 2**64 - 1
SHORT = 8  # Names have hardly more words.


@dataclass(frozen=True, eq=False)
class Bag:
    """The terms of a text: sorted ``keys``, how often each occurs, and how it is first written there."""

    keys: Keys
    counts: NDArray[np.float32]
    words: tuple[str, ...]


def stem(word: str) -> str:
    """The folded form of a word: steps 1 and 5 of Porter (1980) after folding British spelling into American."""
    word = word.lower().replace("’", "'")
    word = word.split("'", 1)[0] if "'" in word else word
    if len(word) < 4 or not word.isascii():
        return word
    return _final(_american(_inflected(_american(_singular(word)))))


def term_key(word: str) -> int:
    """The 64-bit key of one word, 0 where it carries no meaning of its own (see the module)."""
    return _MEMO[word]


def token_keys(text: str) -> tuple[list[str], Keys]:
    """The words of a text in order with their keys; words that carry no meaning have the key 0."""
    words = TOKEN.findall(text)
    return words, word_keys(words)


def word_keys(words: Sequence[str]) -> Keys:
    """The keys of some words, 0 for those that carry no meaning."""
    return np.fromiter(map(_MEMO.__getitem__, words), dtype=np.uint64, count=len(words))


def content_keys(text: str) -> Keys:
    """The keys of the meaningful words of a text, in order, repeats kept."""
    keys = token_keys(text)[1]
    meaningful: Keys = keys[keys != 0]
    return meaningful


@lru_cache(maxsize=1 << 16)
def said_keys(text: str) -> frozenset[int]:
    """The keys of the meaningful words of a title or a sentence, of which the same are asked about again and again."""
    return frozenset(content_keys(text).tolist())


def phrase_keys(keys: Keys) -> Phrases:
    """A 32-bit key for each two meaningful words in a row, in order. ``keys`` are those of all words of a text."""
    if len(keys) <= SHORT:
        return np.array([_phrase_key(one, two) for one, two in pairwise(keys.tolist()) if one and two], dtype=np.uint32)
    first, second = keys[:-1], keys[1:]
    both = (first != 0) & (second != 0)
    return phrase_key(first[both], second[both])


def phrase_key(first: Keys, second: Keys) -> Phrases:
    """The keys of phrases by the keys of their two words, elementwise."""
    mixed = (first * PHRASE_PRIME) ^ (second + (first >> np.uint64(29)))
    return (mixed >> np.uint64(32)).astype(np.uint32)


def _phrase_key(first: int, second: int) -> int:
    """The same of two words: for the few of a name, each step of numpy takes longer than all of this."""
    return (((first * PRIME) ^ (second + (first >> 29))) & MOST_KEY) >> 32


def holds(sorted_keys: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Which of the ``wanted`` keys are among the sorted ones."""
    if not len(sorted_keys):
        return np.zeros(len(wanted), dtype=bool)
    places = np.minimum(sorted_keys.searchsorted(wanted), len(sorted_keys) - 1)
    return np.asarray(sorted_keys[places] == wanted)


def bag(text: str) -> Bag:
    """The terms of a text, each with its count and the form in which it first occurs."""
    return counted(*token_keys(text))


def counted(words: Sequence[str], keys: Keys) -> Bag:
    """The bag of words whose keys are known; those with the key 0 are left out."""
    unique, first, counts = np.unique(keys, return_index=True, return_counts=True)
    start = 1 if len(unique) and unique[0] == 0 else 0
    forms = tuple(words[i] for i in first[start:].tolist())
    return Bag(unique[start:], counts[start:].astype(np.float32), forms)


def _singular(word: str) -> str:
    if word.endswith("ysis"):
        return word[:-3] + "ze"
    if not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("sses") or (word.endswith(("xes", "ches", "shes")) and len(word) > 5):
        return word[:-2]
    return word[:-1]


# Each fold applies to words that only differ in spelling. It may bend a word that has no other spelling (rise, rize):
# that is harmless, for a stem is compared and never shown.
_FOLDS = (
    (re.compile(r"(?<=\w\w)isation"), "ization"),
    (re.compile(r"(?<=\w)is(e|ed|er|ing)$"), r"iz\1"),
    (re.compile(r"(?<=\w)ys(e|ed|er|ing)$"), r"yz\1"),
    (re.compile(r"(?<=\w\w\w)our(?=(?:al|ed|er|ful|hood|ing|ist|ite|able|less|ly)?$)"), "or"),
    (re.compile(r"(?<=\w\w)([tb])re$"), r"\1er"),
    (re.compile(r"(?<=\w\w)ogue$"), "og"),
    (re.compile(r"^(def|off|lic|pret)ence$"), r"\1ense"),
    (re.compile(r"mme$"), "m"),
)
_FOLD_HINT = re.compile(r"is[aei]|ys[ei]|our|[tb]re$|ogue$|ence$|mme$")


def _american(word: str) -> str:
    if _FOLD_HINT.search(word) is None:
        return word
    for pattern, replacement in _FOLDS:
        word = pattern.sub(replacement, word)
    return word


def _inflected(word: str) -> str:
    for ending in ("ing", "ed"):
        base = word.removesuffix(ending)
        if base != word and not word.endswith("eed") and len(base) > 1 and any(c in VOWELS or c == "y" for c in base):
            return _repaired(base)
    return word


def _repaired(base: str) -> str:
    """What stood before -ing or -ed: an e given back, a doubled consonant made single."""
    if base.endswith(("at", "bl", "iz", "yz")):
        return base + "e"
    if base.endswith(("tr", "br")) and len(base) > 3:
        return base[:-1] + "er"
    if base[-1] == base[-2] and base[-1] not in "aeioulsz":
        return base[:-1]
    return base + "e" if _measure(base) == 1 and _short(base) else base


def _final(word: str) -> str:
    if word.endswith("e"):
        base = word[:-1]
        if _measure(base) > 1 or (_measure(base) == 1 and not _short(base)):
            word = base
    if word.endswith("ll"):
        word = word[:-1]
    if word.endswith("y") and len(word) > 2 and word[-2] not in VOWELS:
        word = word[:-1] + "i"
    return word


def _measure(word: str) -> int:
    """How many times a vowel run is followed by a consonant run, at most 2."""
    runs, before = 0, False
    for place, letter in enumerate(word):
        vowel = letter in VOWELS or (letter == "y" and place > 0 and not before)
        runs += before and not vowel
        before = vowel
        if runs > 1:
            break
    return runs


def _short(word: str) -> bool:
    """Ends in consonant, vowel, consonant other than w, x, y."""
    if len(word) < 3 or word[-1] in "wxy" or word[-1] in VOWELS:
        return False
    return (word[-2] in VOWELS or word[-2] == "y") and word[-3] not in VOWELS


class _Memo(dict[str, int]):
    """Keys of words already met. A cache only: the same word always has the same key."""

    def __missing__(self, word: str) -> int:
        hashed = blake2b(stem(word).encode("utf-8", "surrogatepass"), digest_size=8).digest()
        self[word] = 0 if _meaningless(word) else int.from_bytes(hashed, "little")
        return self[word]


_MEMO = _Memo()


def _meaningless(word: str) -> bool:
    lower = word.lower().replace("’", "'")
    if lower in STOP_WORDS or word.isdigit() or len(word) < 2:
        return True
    return len(word) == 2 and word.isascii() and word.islower() and word.isalpha()
