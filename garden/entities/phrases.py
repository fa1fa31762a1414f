"""Key phrases of a text: two or three words in a row that it says again and again, and that read like a name.

There is no grammar here: what a name looks like is told by where it stands (between words that carry no meaning, or at
punctuation), by capitals, and by how many other texts of the library use the same two words in a row. The frequency and
nesting counts follow the C-value (Frantzi, Ananiadou and Mima 2000).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from garden import terms
from garden.prose import Prose

LONGEST_PHRASE = 3
_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")
_POSSESSIVE = re.compile(r"['’]s?$")
# Between capitals these bind: what follows is a part of a longer name.
_BINDING = frozenset("of in and as for to by with on".split())
_BEFORE_VERBS = frozenset("to can will should must may might could would that which who we they you it not".split())
_BEFORE_DOING = frozenset("by of for when while in from through before after , . :".split())
# Words at whose side a phrase is rarely the name of a thing: verbs and adjectives that go with anything.
_LOOSE = frozenset(
    """
    ability able accurate achieve achieving active activities activity actual add additional address
    addressing adequate adopt adopting adopts advancement african aim aims aligned allocated allow allowing
    allows american apply applying approach approaches appropriate area areas aspect aspects available avoid
    based basis begin benefits best better big bring british broad broader build building builds business
    businesses carefully case cases central certain challenge challenges challenging change changes changing
    chinese choose clear clearer clearly close collaborative combination come comes common commonly
    companies company complete complex comprehensive concept concerned conduct conducting consider
    considered consistent constant context contexts continuous continuously contribute core create created
    creates creating critical crucial cumulative current customer customers daily day days deep deeper
    define defined defining deliver delivering demonstrate depend deploy deploys describe describes design
    designed designing desired detect detecting determine develop developed developing different difficult
    direct directly distinct diverse dominant drawing driven due dynamic early easier easily east easy
    economic effect effective effectively efficient effort eight elements embrace embraces embracing emerge
    emphasis emphasizes emphasizing empower empowering empowers enable enabled enables enabling encompasses
    encourage encourages encouraging engage engaging enhance enhanced enhances enhancing ensure ensured
    ensures ensuring entire entirely entity equal essential establish establishing european evaluate
    eventually example examples existing exists explicit explicitly explore exploring extend external
    extremely face facilitate facilitates facing factor factors fail fast faster feel final find five focus
    focused focuses focusing following form forms foster fostering fosters four framework french full fully
    fundamental future gain general generate german given good gradually great greater grow growing happen
    happens hard help helping helps hidden high higher highly historical hold holding holistic human hundred
    idea ideal identify identifying immediate immersive impact implement implementing important improve
    improved improving include includes including increase increased increases increasing incredibly indian
    individual individuals informed inherent initial initiative initiatives inputs inside intended intense
    intensive interaction interactions interested internal introduce introduced invest involve involved
    involves involving issue issues iterative japanese keeping key kind know known korean lack large largely
    larger last lasting later launched lead leading leads learn leave left level levels leverage leveraging
    lies light likely limited listed live living local long longer look lot low lower main maintain
    maintaining major manage managing maximize meaningful means measure measured mechanism mechanisms meet
    member members mere methodology minimize model modeled modern move moving multiple mutual name named
    names natural nature navigate necessary negative new next nine normal north notable number numerous
    occur offer offered offering offers older once one-time ongoing open operate operational opposed optimal
    order organisational organization organizational organizations organized original otherwise outcome
    outcomes outputs overall overcome paid paradigm part particular particularly parts pattern people
    perform period person personalized place play point points popular positive possible potential power
    powered powerful practical practice practices pre-modern precise prepare present pressing prevent
    previous primary prime principle principles prioritize prioritizing proactive problem problems process
    processes produce produced producing project projects promising promote promotes promoting proper
    protect protecting protects proven provide provided provides providing published pure purpose quality
    question questions quickly raise range rapid rapidly rare reach read real reason recent reduce reduced
    reduces reducing refer refers reflect related relevant reliable rely remain remains repeated require
    required requires requiring resist respective respond result resulting results rich right rigorous rise
    robust role run save section secure seek seeking seeks select sense separate serious serve serves set
    setting settings seven shape shaped shared sharp shift short show significant significantly similar
    simple simply single situation six skip slow small solution solutions sometimes sought source south
    special specific spend spread stand start starting state stated stay steady step steps stop strategic
    strategies strengthen strengthens strong structured subsequent subtle successful successfully sudden
    sufficient suggest suitable support supported supporting supports sure sustainable systematic
    systematically tailored tangible target team teams technological ten term terms test think thought three
    thrive time times today tomorrow tonight tool tools top total track traditional transform transparent
    treat treating treats true truly try trying turn twice two type types typical typically ultimate
    ultimately underlying understand understanding undivided unique unlike upfront useful user users utilize
    utilizing valid valuable value variety view vital vulnerable wait want west whole wide widely wider
    widespread willing work worked working works world write year years yesterday yield young
    """.split()
)


@dataclass
class Phrase:
    """Words in a row as a text writes them: how often, how often between function words or at punctuation."""

    words: tuple[str, ...]
    keys: tuple[int, ...]
    count: int = 0
    clean: int = 0
    capital: int = 0
    verbal: int = 0
    nested: int = 0
    leads: bool = False
    surfaces: dict[str, int] = field(default_factory=dict)

    @property
    def proper(self) -> bool:
        """Whether it is only ever written in capitals, inside sentences too: a name, of whatever it may be."""
        return bool(self.capital) and all(word[0].isupper() for text in self.surfaces for word in text.split())

    @property
    def text(self) -> str:
        """The phrase as it is mostly written."""
        return min(self.surfaces, key=lambda text: (-self.surfaces[text], text))


def phrases_of(prose: Prose, title: str) -> list[Phrase]:
    """The phrases of a title, a passage and sentences that could name a thing, the most said first.

    Words of the title in one run are a name, whatever they are.
    """
    names = set(_names(_Line(title)))
    found: dict[tuple[int, ...], Phrase] = {}
    for line in [_Line(title), *map(_Line, _lines(prose, title))]:
        for span in _spans(line):
            keys = tuple(line.keys[span.start : span.end])
            if keys not in names and not _names_something(line, span):
                continue
            phrase = found.setdefault(keys, Phrase(tuple(line.tokens[span.start : span.end]), keys))
            phrase.count += 1
            phrase.clean += span.start == span.first and span.end == span.last
            phrase.capital += _in_capitals(line, span)
            phrase.verbal += keys not in names and _after_a_verb_s_mark(line, span)
            phrase.leads = keys in names
            text = " ".join(line.tokens[span.start : span.end])
            phrase.surfaces[text] = phrase.surfaces.get(text, 0) + 1
    _count_nested(found)
    likely = [phrase for phrase in found.values() if 2 * phrase.verbal < phrase.count]
    return sorted(likely, key=lambda phrase: (-phrase.count, phrase.text))


def counts_of(prose: Prose, title: str) -> tuple[Counter[int], Counter[int]]:
    """How often the title, the passage and the sentences say each word and each two words in a row, by their keys."""
    words, pairs = Counter[int](), Counter[int]()
    for line in (title, *_lines(prose, title)):
        keys = terms.content_keys(line.replace("-", " "))
        words.update(keys.tolist())
        pairs.update(terms.phrase_keys(keys).tolist())
    return words, pairs


def _lines(prose: Prose, title: str) -> Iterator[str]:
    """The passage without its title, and the sentences that it does not hold."""
    passage = prose.passage.removeprefix(title)
    yield passage
    yield from (sentence.text for sentence in prose.sentences if sentence.text not in passage)


class _Line:
    """A line's tokens, each with its key: 0 where it has no meaning of its own or is punctuation."""

    def __init__(self, text: str) -> None:
        self.tokens = _TOKEN.findall(text)
        self.keys = [_key(token) for token in self.tokens]


class _Span(NamedTuple):
    """Tokens of a line from ``start`` to before ``end``, inside the run of meaningful words ``first`` to ``last``."""

    start: int
    end: int
    first: int
    last: int


def _runs(line: _Line) -> Iterator[tuple[int, int]]:
    """Where runs of meaningful words begin and end."""
    first = 0
    while first < len(line.keys):
        last = first
        while last < len(line.keys) and line.keys[last]:
            last += 1
        if last > first:
            yield first, last
        first = last + 1


def _names(title: _Line) -> Iterator[tuple[int, ...]]:
    """The runs of a title that are no part of a longer name: no word stands before or after them."""
    for first, last in _runs(title):
        beside = [title.tokens[place][0] for place in (first - 1, last) if 0 <= place < len(title.tokens)]
        possessive = any(map(_POSSESSIVE.search, title.tokens[first:last]))
        if 2 <= last - first <= LONGEST_PHRASE and not possessive and not any(map(str.isalnum, beside)):
            yield tuple(title.keys[first:last])


def _spans(line: _Line) -> Iterator[_Span]:
    """Every two or three meaningful words in a row."""
    for first, last in _runs(line):
        for length in range(2, LONGEST_PHRASE + 1):
            yield from (_Span(at, at + length, first, last) for at in range(first, last - length + 1))


def _names_something(line: _Line, span: _Span) -> bool:
    words = line.tokens[span.start : span.end]
    edges = (words[0], words[-1])
    if any(word.lower() in _LOOSE or _is_adverb(word) for word in edges):
        return False
    return not any(map(_POSSESSIVE.search, words)) and not _bound(line.tokens, span)


def _in_capitals(line: _Line, span: _Span) -> bool:
    before = line.tokens[span.start - 1] if span.start else "."
    return before not in ".!?:" and all(word[0].isupper() for word in line.tokens[span.start : span.end])


def _after_a_verb_s_mark(line: _Line, span: _Span) -> bool:
    """Whether what stands before the phrase, or its own ending, makes its first word a verb: "to embrace failure"."""
    before = line.tokens[span.start - 1].lower() if span.start else ""
    first = line.tokens[span.start]
    doing = first.lower().endswith("ing") and (before in _BEFORE_DOING or not before)
    return (before in _BEFORE_VERBS and first[0].islower()) or doing


def _bound(tokens: list[str], span: _Span) -> bool:
    """Whether a name in capitals goes on before or after: "Defense in Depth Strategy"."""
    start, end = span.start, span.end
    initial = start > 0 and len(tokens[start - 1]) == 1 and tokens[start - 1].isupper()
    # Before a small word a single capital is the article that begins a sentence.
    if initial and tokens[start][0].isupper():
        return True
    before = start > 1 and tokens[start - 1].lower() in _BINDING and tokens[start - 2][0].isupper()
    after = end + 1 < len(tokens) and tokens[end].lower() in _BINDING and tokens[end + 1][0].isupper()
    return (before and tokens[start][0].isupper()) or (after and tokens[end - 1][0].isupper())


def _is_adverb(word: str) -> bool:
    return word.lower().endswith("ly") and len(word) > 5


@cache
def _key(token: str) -> int:
    if not token[0].isalnum():
        return 0
    # A compound with a hyphen is one word here, but its meaning is in its parts.
    parts = [terms.term_key(part) for part in re.split("['’-]", token) if part]
    return hash_of(parts) if any(parts) and not token[0].isdigit() else 0


def hash_of(parts: list[int]) -> int:
    """One number for the parts of a compound, the same in every run."""
    total = 0
    for part in parts:
        total = (total * 1_000_003 + part) & 0xFFFFFFFFFFFFFFFF
    return total or 1


def _count_nested(found: dict[tuple[int, ...], Phrase]) -> None:
    """Tells each phrase how often it stands inside a longer one that the text repeats."""
    inside: dict[tuple[int, ...], int] = defaultdict(int)
    for keys, phrase in found.items():
        if len(keys) == LONGEST_PHRASE and phrase.count > 1:
            inside[keys[:2]] += phrase.count
            inside[keys[1:]] += phrase.count
    for keys, count in inside.items():
        if keys in found:
            found[keys].nested = count
