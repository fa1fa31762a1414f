"""What two patterns both deal with, as a person would name it.

A word in passing is no topic: both texts come back to it, or one of the two is about it; and it is a noun, as far as
the library tells. Names that both texts mention and two words in a row that both have go before single words.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from garden import terms
from garden.links.keyness import KEY, Keyness
from garden.links.lexicon import ADJECTIVE, DOUBTFUL, NOUN_ENDS, NUMBERS, Lexicon, Name
from garden.links.quotes import Quotes, Use, partial_name, without_owner
from garden.links.rarity import Rarity, most_of
from garden.prose import BEFORE_BARE, BEFORE_NOUNS, BEFORE_ONE, BEFORE_VERBS, COUNTED, MASS, NOUN, VERB, Prose
from garden.similarity import Floats

MOST = 6
PASSING, SPOKEN, FAIR, SURE = 0, 1, 2, 3
LOOKED_AT = 40
OFTEN, SURELY, FAR_MORE = 3, 5, 3
FADING = 0.2  # What weighs less than this share of the first topic is none.
NAME_GAIN, PHRASE_GAIN = 2.0, 1.5
TITLED = 0.1  # What a word weighs that stands in both titles, for that both deal with it goes without saying.
UNTITLED_NAME = 0.1  # What a name alone weighs that is in no title: an example, rather than a subject.
LEAST = 0.1  # What a word weighs that a text uses no more than others do.
MOST_APART = 12
# A word of the title, or of the sentences that tell what a pattern is, need be no more of a key word than this for the
# pattern to be about it, and weighs so much more.
LEADING, LEAD_GAIN = 4.0, 1.5
FIRM = 25.0  # A word that is in no title or summary is a subject where it is so much more of a key word.
# Of the patterns of a library the share that may be about a word which says something of two, and about one that says
# enough by itself.
SOME_SHARE, FEW_SHARE = 0.05, 0.012
FEW, SOME, MANY = 0, 1, 2
COMMONPLACE = 0.9  # A word of so many texts is one for patterns of any kind.
AT_LEAST = 8  # A short text, too, is about a few of the words that come often in it.
UNSURE = (*ADJECTIVE, *DOUBTFUL)  # Words that end so must be nouns in more texts than these.
DETERMINERS = frozenset("a an the each every her his its my our their your".split())
BEFORE_DOING = frozenset("after before by for from in of on through when while without".split())
ALIKE, SHORT = 7, 4  # Words that begin with so many same letters are of one family ("deliberation", "deliberative").


@dataclass(frozen=True, eq=False)
class Subjects:
    """What a pattern is about: how far each of its terms is a key word of it, weighted by rarity.

    ``firm`` are the terms that it comes back to again and again; ``spread`` tells of each whether few patterns of the
    library are about it, some, or many.
    """

    weights: Floats
    central: NDArray[np.bool_]
    firm: NDArray[np.bool_]
    spread: NDArray[np.int8]


class Topic(NamedTuple):
    """What both deal with: as it is shown, the keys of its words, and which of the two patterns is about it.

    ``leads`` tells which of the two has it in its title, or in the sentences that tell what the pattern is; ``whole``
    that both are about each of its words. ``hold`` is how much a reason may rest on it: ``SURE`` where it is a subject
    of both and of few others, ``FAIR`` where it is one of more, ``SPOKEN`` where it is that of one whose title has it
    and the other only speaks of it, else ``PASSING``.
    """

    text: str
    keys: tuple[int, ...]
    about: tuple[bool, bool] = (False, False)
    leads: tuple[bool, bool] = (False, False)
    whole: bool = False
    hold: int = 0

    @property
    def rank(self) -> int:
        """How surely it is a subject of both: both tell so at once, one of them does, both come back to it, or not."""
        if self.whole and any(self.leads):
            return 1 + sum(self.leads)
        return 2 if all(self.leads) and any(self.about) else int(self.whole)

    def turned(self) -> "Topic":
        """The same, seen from the other end."""
        return self._replace(about=self.about[::-1], leads=self.leads[::-1])


def subjects(said: Prose, rarity: Rarity, keyness: Keyness, lead: frozenset[int] = frozenset()) -> Subjects:
    """What a pattern is about. ``lead`` are the words of its title and of the sentences that tell what it is."""
    # Both have counted the same proses, so their keys are the same, and one look is enough.
    places = keyness.places(said)
    values = keyness.values(said, places)
    often = said.counts >= OFTEN
    least = min([KEY, *np.sort(values[often])[::-1][:AT_LEAST].tolist()])
    central = (values >= KEY) | (often & (values >= least))
    weights = np.sqrt(values * np.maximum(rarity.weights_in(rarity.documents[places]), 0))
    leading = terms.holds(np.sort(np.fromiter(lead, np.uint64, len(lead))), said.keys)
    central |= leading & (values >= LEADING)
    weights = np.where(leading, LEAD_GAIN * weights, weights)
    return Subjects(
        weights=weights.astype(np.float32),
        central=central & (values > 0),
        firm=(values >= FIRM) & (said.counts >= SURELY),
        spread=spreads(keyness.subjects[places], rarity.size),
    )


def spreads(subjects: NDArray[np.int64], size: int) -> NDArray[np.int8]:
    """``FEW``, ``SOME`` or ``MANY``, by how many of so many patterns are about a term."""
    few, some = (subjects > most_of(share, size) for share in (FEW_SHARE, SOME_SHARE))
    return few.astype(np.int8) + some


@dataclass(frozen=True, eq=False)
class Ends:
    """Two patterns side by side: their titles and texts, their sentences, and what each is about."""

    titles: tuple[str, str]
    proses: tuple[Prose, Prose]
    quotes: tuple[Quotes, Quotes]
    about: tuple[Subjects, Subjects]


class _Word(NamedTuple):
    """A word that both texts have.

    ``counted`` says that these texts count it, ``told`` that it is a noun once,
    ``noun`` that it surely is, ``named`` that they never write it small, and ``proper`` that both come back to it too.
    """

    form: str
    counted: bool
    told: bool
    named: bool
    noun: bool
    proper: bool


class _Words(dict[int, _Word]):
    """The words that both texts have by their keys, each made when it is asked for: they are many, and few are shown.

    ``first`` are the keys of those looked at, weightiest first, ``apart`` those of them that could be a topic alone.
    """

    def __init__(self, ends: Ends) -> None:
        super().__init__()
        left, right = ends.proses
        a = np.flatnonzero(terms.holds(right.keys, left.keys))
        shared = left.keys[a]
        b = np.searchsorted(right.keys, shared)
        self.index = {key: i for i, key in enumerate(shared.tolist())}
        self.sides, self.places = (left, right), (a.tolist(), b.tolist())
        one, other = ends.about
        central = one.central[a], other.central[b]
        self.about = list(zip(central[0].tolist(), central[1].tolist(), strict=True))
        told = central[0] | central[1]
        # The geometric mean: what is the subject of one is a topic of both where the other comes back to it.
        weights = np.where(told, np.sqrt((one.weights[a] + LEAST) * (other.weights[b] + LEAST)), LEAST).round(3)
        self.weights = weights.tolist()
        first = np.lexsort((shared, -weights))[:LOOKED_AT]
        self.first = shared[first]
        self.apart: list[int] = self.first[told[first]].tolist()

        self._spread = np.minimum(one.spread[a], other.spread[b]).tolist()
        self._firm = (one.firm[a] & other.firm[b]).tolist()

    def spread(self, key: int) -> int:
        """How many patterns are about a word."""
        return int(self._spread[self.index[key]])

    def firm(self, key: int) -> bool:
        """Whether both texts come back to a word again and again."""
        return bool(self._firm[self.index[key]])

    def capital(self, key: int) -> bool:
        """Whether one of the two texts never writes a word small."""
        i = self.index[key]
        return any(words[at[i]][:1].isupper() for words, at in zip(self._forms, self.places, strict=True))

    def weight(self, keys: Sequence[int]) -> list[float]:
        """How central each of some words is to both texts."""
        return [self.weights[self.index[key]] for key in keys]

    def abouts(self, keys: Sequence[int]) -> tuple[bool, bool]:
        """Which of the two texts is about any of some words."""
        left, right = zip(*(self.about[self.index[key]] for key in keys), strict=True)
        return any(left), any(right)

    @cached_property
    def _forms(self) -> tuple[list[str], list[str]]:
        return self.sides[0].words, self.sides[1].words

    def __missing__(self, key: int) -> _Word:
        i = self.index[key]
        places = self.places[0][i], self.places[1][i]
        said = [
            _Said(words[at], int(side.kinds[at]), int(side.counts[at]))
            for side, words, at in zip(self.sides, self._forms, places, strict=True)
        ]
        form = _shown(*said)
        kinds = [one.kind for one in said]
        self[key] = _Word(
            form=form,
            counted=COUNTED in kinds and MASS not in kinds,
            told=any(kind >= NOUN for kind in kinds),
            named=not form[:1].islower(),
            noun=any(one.kind >= NOUN and one.often >= SURELY for one in said) and VERB not in kinds,
            proper=not form[:1].islower() and min(one.often for one in said) >= OFTEN,
        )
        return self[key]


class _Said(NamedTuple):
    """A word as one text has it."""

    form: str
    kind: int
    often: int


@dataclass(frozen=True, eq=False)
class Common:
    """What two texts share. ``rarity`` tells which phrases are too common to say anything of two patterns."""

    ends: Ends
    rarity: Rarity
    lexicon: Lexicon

    def topics(self, most: int = MOST) -> list[Topic]:
        """What both deal with, weightiest first; no word stands in two of them, nor two words of one family."""
        taken: set[int] = set()
        shown: set[str] = set()
        found: list[Topic] = []
        least = 0.0
        for candidate in sorted(
            (*self._names(), *self._pairs(), *self._nouns()), key=lambda one: one[:2], reverse=True
        ):
            if len(found) == most or candidate.weight < least:
                break
            text = candidate.shown() if taken.isdisjoint(candidate.keys) else None
            words = {_stem(word) for word in terms.TOKEN.findall(text or "")} - {"the"}
            if text and not any(_akin(one, other) for one in words for other in shown):
                found.append(self._topic(text, candidate.keys))
                taken.update(candidate.keys)
                shown.update(words)
                least = least or (0 if self._said(candidate.keys) else FADING * candidate.weight)
        # Whoever is named is rather who said it than what it is about.
        found.sort(key=self._named)
        return self._with_titles(found)

    def _with_titles(self, found: list[Topic]) -> list[Topic]:
        """The same after what both titles say."""
        both = self._of_both_titles() or self._in_both_titles()
        if both is None:
            return found
        # A word that stands in a phrase is told with it.
        known = any(both.keys == topic.keys or {*both.keys}.issubset(topic.keys) for topic in found)
        return found if known else [both, *found]

    def _of_both_titles(self) -> Topic | None:
        """The longest row of words, two and more, that both titles have."""
        one, other = map(terms.token_keys, self.ends.titles)
        longest = max(_rows(one[1].tolist(), other[1].tolist()), key=len, default=())
        if not longest or any(one[1][place] not in self._words.index for place in longest):
            return None
        words = one[0][longest[0] : longest[-1] + 1]
        keys = tuple(one[1][longest[0] : longest[-1] + 1].tolist())
        if self._commonplace(keys[-1]):
            return None
        small = (self._words[key].form.islower() for key in keys)
        text = " ".join(word.lower() if low else word for word, low in zip(words, small, strict=True))
        return self._topic(text, keys)

    def _in_both_titles(self) -> Topic | None:
        """A noun that both titles have, and that both are about: the one that fewest patterns are about."""
        shared = (self._titled[0] & self._titled[1]).intersection(self._words.index)
        for key in sorted(shared, key=lambda key: (self._words.spread(key), key)):
            text = self._single(key) if all(self._words.abouts((key,))) and self._noun(key) else None
            if text and self._words.spread(key) < MANY and not self._commonplace(key):
                return self._topic(text, (key,))
        return None

    def _commonplace(self, key: int) -> bool:
        """Whether most texts of the library have a word."""
        return bool(self.rarity.documents_of(np.array([key], np.uint64))[0] > COMMONPLACE * self.rarity.size)

    def _topic(self, text: str, keys: tuple[int, ...]) -> Topic:
        left, right = (said.issuperset(keys) for said in self._leading)
        whole = all(all(self._words.abouts((key,))) for key in keys)
        topic = Topic(text, keys, self._words.abouts(keys), (left, right), whole)
        # Whoever is named is rather who said it than what it is about.
        if self._named(topic):
            return topic._replace(leads=(False, False), whole=False)
        return topic._replace(hold=self._hold(topic))

    def _hold(self, topic: Topic) -> int:
        """How much a reason may rest on what both deal with."""
        keys, both = topic.keys, all(topic.about)
        spread = min(map(self._words.spread, keys))
        if len(keys) > 1:
            said = topic.rank > 1 or (self._subject_of_one(keys) and all(one.uses(keys) for one in self.ends.quotes))
            sure = topic.rank > 0 and said and self._distinct(keys, topic.rank)
            sure = sure or (self._said(keys) and not self._commonplace(keys[-1]))
            # Where both tell of one of its words at once, it is hardly in passing.
            told = any(self._words.spread(key) < MANY and self._told_by_both(key) for key in keys)
            fair = spread < MANY and (topic.rank > 0 or said or told)
        else:
            firm = spread == FEW and self._words.firm(keys[0])
            sure = topic.rank > 1 and (firm or (spread == FEW and all(topic.leads)))
            fair = firm or (spread < MANY and topic.rank > 1)
        if (both and (sure or fair)) or (len(keys) > 1 and all(topic.leads) and fair):
            return SURE if sure and both else FAIR
        spoken = spread == FEW and any(
            words.issuperset(keys) and about for words, about in zip(self._titled, topic.about, strict=True)
        )
        return SPOKEN if spoken else PASSING

    def _subject_of_one(self, keys: Sequence[int]) -> bool:
        """Whether one of the two is about each of some words."""
        return any(all(told) for told in zip(*(self._words.abouts((key,)) for key in keys), strict=True))

    def _told_by_both(self, key: int) -> bool:
        """Whether both have a word in their titles, or in the sentences that tell what they are."""
        return all(key in said for said in self._leading)

    @cached_property
    def _leading(self) -> tuple[frozenset[int], frozenset[int]]:
        one, other = (quotes.lead | titled for quotes, titled in zip(self.ends.quotes, self._titled, strict=True))
        return one, other

    def _distinct(self, keys: Sequence[int], rank: int) -> bool:
        """Whether few patterns are about one of the words of a phrase, or few say it and not many are about any."""
        spreads = [self._words.spread(key) for key in keys]
        if FEW in spreads:
            return True
        usual = not self.rarity.usual.isdisjoint(terms.phrase_keys(np.array(keys, np.uint64)).tolist())
        return not usual and (min(spreads) < MANY if rank > 2 else rank > 1 and MANY not in spreads)

    @cached_property
    def _words(self) -> "_Words":
        return _Words(self.ends)

    @cached_property
    def _shared_phrases(self) -> terms.Phrases:
        left, right = self.ends.proses
        shared: terms.Phrases = left.phrases[terms.holds(right.phrases, left.phrases)]
        return shared

    @cached_property
    def _phrases(self) -> frozenset[int]:
        return frozenset(self._shared_phrases.tolist())

    @cached_property
    def _titled(self) -> tuple[frozenset[int], frozenset[int]]:
        """The words that stand in either title."""
        one, other = map(terms.said_keys, self.ends.titles)
        return one, other

    def _names(self) -> Iterator["_Candidate"]:
        """Names of the library that both texts have, without those that are part of longer ones."""
        openings = sorted(self._phrases & self.lexicon.names.keys())
        every = [name for phrase in openings for name in self.lexicon.names[phrase]]
        both = [name for name in every if self._phrases.issuperset(name.phrases)]
        longer = {part for name in both for part in _parts(name.keys)}
        for name in both:
            if name.keys not in longer and self._says(name.keys, name.phrases):
                weight = sum(self._words.weight(name.keys)) / len(name.keys)
                yield _Candidate(NAME_GAIN * weight, name.keys, partial(self._name, name))

    def _pairs(self) -> Iterator["_Candidate"]:
        """Two words in a row that both texts have, of which the second is a noun."""
        looked = self._words.first
        first, second = np.divmod(np.arange(len(looked) ** 2), max(len(looked), 1))
        phrases = terms.phrase_key(looked[first], looked[second])
        both = np.flatnonzero(terms.holds(self._shared_phrases, phrases) & (first != second))
        pairs = zip(looked[first[both]].tolist(), looked[second[both]].tolist(), strict=True)
        for pair, phrase in zip(pairs, phrases[both].tolist(), strict=True):
            # A phrase is about as central as both of its words are.
            one, other = self._words.weight(pair)
            if self._says(pair, (phrase,)):
                yield _Candidate(PHRASE_GAIN * (one * other) ** 0.5, pair, partial(self._phrase, *pair))

    def _says(self, keys: Sequence[int], phrases: Sequence[int]) -> bool:
        """Whether a phrase says something of two patterns: both are about each of its words, or it is no worn one."""
        return self.rarity.worn.isdisjoint(phrases) or all(all(self._words.abouts((key,))) for key in keys)

    def _nouns(self) -> Iterator["_Candidate"]:
        for key in self._words.apart[:MOST_APART]:
            if self._words[key].proper or self._noun(key):
                weight = self._words.weight((key,))[0] * self._worth(key)
                yield _Candidate(weight, (key,), partial(self._single, key))

    def _noun(self, key: int) -> bool:
        """Whether a word is a noun, as these two texts tell, or all of the library."""
        word = self._words[key]
        told = word.noun and not word.form.endswith(UNSURE) and word.form not in NUMBERS
        return told or self.lexicon.noun(key, word.form)

    def _worth(self, key: int) -> float:
        """How much a word counts as a topic of its own, of 1."""
        titled = [key in words for words in self._titled]
        if all(titled):
            return TITLED
        return UNTITLED_NAME if self._words[key].named and not any(titled) else 1

    def _named(self, topic: Topic) -> bool:
        """Whether a topic is a name of two words and more that no title has."""
        titled = any(not words.isdisjoint(topic.keys) for words in self._titled)
        return len(topic.keys) > 1 and not titled and all(self._words[key].named for key in topic.keys)

    def _said(self, keys: Sequence[int]) -> bool:
        """Whether both titles say all of some words."""
        return all(words.issuperset(keys) for words in self._titled)

    def _single(self, key: int) -> str | None:
        """One word, in the plural where it is counted; None where it is only part of longer names."""
        word = self._words[key]
        uses = [use for quotes in self.ends.quotes for use in quotes.uses((key,))]
        if not (word.told or any(_alone(use) for use in uses)) or partial_name(uses, 1) or _owning(uses):
            return None
        form = without_owner(word.form)
        plural = self.lexicon.plural(form)
        if form.isupper() and any(use.last == f"{form}s" for use in uses):
            return f"{form}s"
        many = any(use.last.lower() == plural for use in uses) or self._counted(key, form, uses)
        return plural if many and form.islower() else form

    def _counted(self, key: int, form: str, uses: Sequence[Use]) -> bool:
        """Whether a noun, written so, is counted; what ends in -ing is where it stands after "a" or the like."""
        alone = {use.before for use in uses if use.ends and use.last == form}
        one = not alone.isdisjoint(BEFORE_ONE)
        if form.endswith("ing"):
            return one and not self.lexicon.usage.mass(key)
        if form.endswith(NOUN_ENDS) or self.lexicon.always_counted(key, form):
            return one or self.lexicon.always_counted(key, form)
        counted = self._words[key].counted or self.lexicon.usage.counted(key)
        return one or (counted and alone.isdisjoint(BEFORE_BARE))

    def _name(self, name: Name) -> str | None:
        """The name as the texts write it, in the plural where it is counted; None where it is none, as above.

        Where no sentence has it, each of its words must be central.
        """
        uses = self._uses(name.keys)
        central = all(any(self._words.abouts((key,))) for key in name.keys)
        if (not uses and not central) or partial_name(uses) or _owning(uses) or _doing(uses):
            return None
        if not self.lexicon.leads(name.keys[0], terms.TOKEN.findall(name.text)[0]):
            return None
        before, _, last = self._cased(name).rpartition(" ")
        uses = [use for use in uses if not use.joined]
        whole = before and last.isalpha()
        return self._numbered(f"{before} ", last, uses, name.keys[-1]) if whole else self._cased(name)

    def _cased(self, name: Name) -> str:
        """The name as it is written where one of its words is a name itself, else small but for abbreviations."""
        forms = [self._words[key].form for key in name.keys]
        if all(map(self._words.capital, name.keys)):
            return name.text
        if any(form[:1].isupper() and not form[1:2].isupper() for form in forms):
            return name.text
        each = iter(forms)
        return terms.TOKEN.sub(lambda word: word[0].lower() if next(each)[:1].islower() else word[0], name.text)

    def _uses(self, keys: Sequence[int]) -> list[Use]:
        """Where the two texts write some words as a name."""
        uses = (use for quotes in self.ends.quotes for use in quotes.uses(keys))
        named = (use for use in uses if self.lexicon.leads(keys[0], use.first[0]) and not use.before.endswith("ly"))
        # "High-performance" before another word is an adjective.
        return [use for use in named if use.ends or use.mark == " "]

    def _phrase(self, one: int, other: int) -> str | None:
        """Two words as they are written, with small letters where the texts write their words so."""
        uses = self._uses((one, other)) if self._noun(other) else []
        if partial_name(uses) or not any(use.ends and not use.joined for use in uses) or _owning(uses) or _doing(uses):
            return None
        if _acting(uses):
            return None
        uses = [use for use in uses if not use.joined]
        capital = [use for use in uses if use.before and all(map(_capital, (*use.first, use.last)))]
        if len(capital) > sum(use.last.islower() for use in uses):
            return f"{capital[0].first[0]}{capital[0].mark}{capital[0].last}"
        use = min(uses, key=lambda use: (sum(map(str.isupper, use.first[0] + use.last)), use))
        first, last = (
            word.lower() if word.istitle() and self._words[key].form.islower() and not use.last.islower() else word
            for key, word in ((one, use.first[0]), (other, use.last))
        )
        return self._numbered(f"{first}{use.mark}", last, uses, other)

    def _numbered(self, before: str, last: str, uses: Sequence[Use], key: int) -> str:
        """A phrase as the texts write it: in the plural, bare, or after "the"; in the plural where they do not tell."""
        plural = self.lexicon.plural(last)
        if not last.islower() or plural == last:
            return f"{before}{last}"
        opening = {use.before for use in uses if use.ends}
        if any(use.last.lower() == plural for use in uses):
            return f"{before}{plural}"
        counted = self._counted(key, last, uses)
        often = self.lexicon.usage.surely_counted(key) and not last.endswith(("ing", *NOUN_ENDS))
        if not often and "the" in opening and opening.isdisjoint(BEFORE_BARE):
            if not counted and opening == {"the"} and not self.lexicon.usage.counted(key):
                return f"{'' if self.lexicon.usage.mass(key) else 'the '}{before}{last}"
            return f"{before}{plural}"
        return f"{before}{plural if counted or often else last}"


def _alone(use: Use) -> bool:
    """Whether a word stands as a noun does: on its own after an article, or the like."""
    return use.ends and (use.before in BEFORE_NOUNS or use.before in BEFORE_BARE)


def _owning(uses: Sequence[Use]) -> bool:
    """Whether words are always the first part of a longer name, as "single point" is of "single point of failure"."""
    return bool(uses) and all(use.after == "of" for use in uses)


def _doing(uses: Sequence[Use]) -> bool:
    """Whether words are something that is done, as in "to guarantee failure", and never stand as a noun does."""
    return any(use.before in BEFORE_VERBS for use in uses) and not any(
        use.before in BEFORE_NOUNS or use.before in BEFORE_BARE for use in uses
    )


def _acting(uses: Sequence[Use]) -> bool:
    """Whether one of two words is a verb: "ritual marks the threshold", or "without requiring belief"."""
    done = all(use.first[0].endswith("ing") and use.before in BEFORE_DOING for use in uses)
    return done or all(use.after in DETERMINERS for use in uses)


def _capital(word: str) -> bool:
    return word[:1].isupper()


class _Candidate(NamedTuple):
    """What could be a topic; ``shown`` writes it, or finds that it is none."""

    weight: float
    keys: tuple[int, ...]
    shown: Callable[[], str | None]


def _shown(one: _Said, other: _Said) -> str:
    """How a shared word is written: as where it is a noun, as an abbreviation where it is one, else small.

    A name that one text comes back to keeps its capital, though the other has it small.
    """
    one, other = sorted((one, other), key=lambda said: (said.kind, said.often), reverse=True)
    if one.form[:1].islower() == other.form[:1].islower():
        return one.form
    large, small = (other, one) if one.form[:1].islower() else (one, other)
    return (
        large.form
        if large.form[1:] != large.form[1:].lower() or large.often >= max(SURELY, FAR_MORE * small.often)
        else small.form
    )


def _parts(keys: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """The shorter names at either end of a longer one."""
    for count in range(2, len(keys)):
        yield keys[:count]
        yield keys[-count:]


def _rows(one: Sequence[int], other: Sequence[int]) -> Iterator[range]:
    """The places of the first of two rows of keys at which two meaningful ones and more stand in the other as well."""
    held = {tuple(other[start:stop]) for start in range(len(other)) for stop in range(start + 2, len(other) + 1)}
    for start in range(len(one)):
        for stop in range(start + 2, len(one) + 1):
            if all(one[start:stop]) and tuple(one[start:stop]) in held:
                yield range(start, stop)


@cache
def _stem(word: str) -> str:
    return terms.stem(word)


def _akin(one: str, other: str) -> bool:
    """Whether two stems are of one family ("stories" and "storytelling")."""
    short = max(SHORT, min(len(one), len(other)) - 1)
    return one[:ALIKE] == other[:ALIKE] or one[:short] == other[:short]


def beside(topics: Sequence[Topic], title: str) -> list[Topic]:
    """Those of the topics that say more than a title does."""
    words = terms.said_keys(title)
    return [topic for topic in topics if not words.issuperset(topic.keys)]


def said_by_both(topics: Sequence[Topic], left: str, right: str) -> list[Topic]:
    """Those of the topics whose words are all in both sentences."""
    said = [terms.said_keys(text) for text in (left, right)]
    return [topic for topic in topics if all(words.issuperset(topic.keys) for words in said)]
