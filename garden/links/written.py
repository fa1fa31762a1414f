"""How what two texts both have is written where a sentence names it: its capitals, its number, its article."""

from collections.abc import Sequence
from dataclasses import dataclass

from garden import terms
from garden.links.about import FEW
from garden.links.lexicon import ADJECTIVE, DOUBTFUL, NOUN_ENDS, NUMBERS, Lexicon, Name
from garden.links.quotes import Quotes, Use, partial_name, without_owner
from garden.links.shared import Words
from garden.prose import BARE, BEFORE_BARE, BEFORE_NOUNS, BEFORE_ONE, BEFORE_VERBS, MANY, ONE, THE

UNSURE = (*ADJECTIVE, *DOUBTFUL)  # Words that end so must be nouns in more texts than these.
DETERMINERS = frozenset("a an the each every her his its my our their your".split())
ORDINALS = frozenset("first second third fourth fifth sixth seventh eighth ninth tenth".split())
BEFORE_DOING = frozenset("after before by for from in of on through when while without".split())


@dataclass(frozen=True, eq=False)
class Writing:
    """The words that two texts both have, the sentences of either, and what the library knows of words."""

    words: Words
    quotes: tuple[Quotes, Quotes]
    lexicon: Lexicon

    def noun(self, key: int) -> bool:
        """Whether a word is a noun, as these two texts tell, or all of the library."""
        word = self.words[key]
        told = word.noun and not word.form.endswith(UNSURE) and word.form not in NUMBERS
        return told or self.lexicon.noun(key, word.form)

    def single(self, key: int, *, titled: bool = False) -> str | None:
        """One word, in the plural where it is counted; None where it is only part of longer names.

        ``titled`` says that both titles have it: where few patterns are about it, it is something by itself then.
        """
        word = self.words[key]
        uses = [use for quotes in self.quotes for use in quotes.uses((key,))]
        apart = (word.told or any(_alone(use) for use in uses)) and not partial_name(uses, 1) and not _owning(uses)
        form = without_owner(word.form)
        if not apart and not (titled and form.islower() and self.words.spread(key) == FEW):
            return None
        plural = self.lexicon.plural(form)
        if form.isupper() and any(use.last == f"{form}s" or (use.ends and use.before in BEFORE_ONE) for use in uses):
            return f"{form}s"
        several = any(use.last.lower() == plural for use in uses)
        one = self._uncounted(key, form, uses, several=several)
        if one is not None and not _mostly(plural, uses):
            return one
        if several and form.islower():
            return plural
        if not apart and not self.lexicon.usage.counted(key):
            return form
        return self._one("", form, (key,)) if self._counted(key, form, uses) and form.islower() else form

    def _uncounted(self, key: int, form: str, uses: Sequence[Use], *, several: bool) -> str | None:
        """A noun that is not counted, bare or after "the", as these texts have it or most of the library's.

        ``several`` says that these texts have it in the plural as well.
        """
        usage, opening = self.lexicon.usage, [use.before for use in uses if use.ends]
        if form.islower() and usage.bare(key):
            return form
        here = not several and len(opening) > 1 and set(opening) == {"the"} and not usage.surely_counted(key)
        if here or (form.islower() and usage.unique(key)):
            return form if form.endswith(NOUN_ENDS) else f"the {form}"
        return None

    def name(self, name: Name) -> str | None:
        """The name as the texts write it, in the plural where it is counted; None where it is none, as above.

        Where no sentence has it, each of its words must be central.
        """
        uses = self._uses(name.keys)
        central = all(any(self.words.abouts((key,))) for key in name.keys)
        if (not uses and not central) or partial_name(uses) or _owning(uses) or _doing(uses):
            return None
        if not self.lexicon.leads(name.keys[0], terms.TOKEN.findall(name.text)[0]):
            return None
        before, _, last = self._cased(name).rpartition(" ")
        uses = [use for use in uses if not use.joined]
        whole = before and last.isalpha()
        return self._numbered(f"{before} ", last, uses, name.keys) if whole else self._cased(name)

    def phrase(self, one: int, other: int) -> str | None:
        """Two words as they are written, with small letters where the texts write their words so."""
        uses = self._uses((one, other)) if self.noun(other) else []
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
            word.lower() if word.istitle() and self.words[key].form.islower() and not use.last.islower() else word
            for key, word in ((one, use.first[0]), (other, use.last))
        )
        return self._numbered(f"{first}{use.mark}", last, uses, (one, other))

    def titled(self, text: str, keys: Sequence[int]) -> str:
        """Words that both titles have in a row, as the texts write them: in the plural, bare, or after "the"."""
        (before, _, last), uses = text.rpartition(" "), self._uses(keys)
        return self._numbered(f"{before} ", last, uses, keys) if uses else text

    def _counted(self, key: int, form: str, uses: Sequence[Use]) -> bool:
        """Whether a noun, written so, is counted; what ends in -ing is where it stands after "a" or the like."""
        alone = {use.before for use in uses if use.ends and use.last == form}
        one = not alone.isdisjoint(BEFORE_ONE)
        if form.endswith("ing"):
            return one and not self.lexicon.usage.mass(key)
        if form.endswith(NOUN_ENDS) or self.lexicon.always_counted(key, form):
            return one or self.lexicon.always_counted(key, form)
        counted = self.words[key].counted or self.lexicon.usage.counted(key)
        return one or (counted and alone.isdisjoint(BEFORE_BARE))

    def _cased(self, name: Name) -> str:
        """The name as it is written where one of its words is a name itself, else small but for abbreviations."""
        forms = [self.words[key].form for key in name.keys]
        if all(map(self.words.capital, name.keys)):
            return name.text
        if any(form[:1].isupper() and not form[1:2].isupper() for form in forms):
            return name.text
        each = iter(forms)
        return terms.TOKEN.sub(lambda word: word[0].lower() if next(each)[:1].islower() else word[0], name.text)

    def _uses(self, keys: Sequence[int]) -> list[Use]:
        """Where the two texts write some words as a name."""
        uses = (use for quotes in self.quotes for use in quotes.uses(keys))
        named = (use for use in uses if self.lexicon.leads(keys[0], use.first[0]) and not use.before.endswith("ly"))
        # "High-performance" before another word is an adjective.
        return [use for use in named if use.ends or use.mark == " "]

    def _numbered(self, before: str, last: str, uses: Sequence[Use], keys: Sequence[int]) -> str:
        """A phrase as the texts write it: in the plural, bare, or after "the"; in the plural where they do not tell."""
        plural = self.lexicon.plural(last)
        if plural == last or not last.isalpha() or last[1:] != last[1:].lower():
            return f"{before}{last}"
        if any(use.last.lower() == plural.lower() for use in uses):
            return f"{before}{plural}"
        # "The practice of a team" is one of many.
        opening = [use.before for use in uses if use.ends and use.after != "of"]
        unique, others = opening.count("the"), sum(word in BEFORE_ONE or word in BEFORE_BARE for word in opening)
        abstract = last.endswith(NOUN_ENDS) and before.islower()
        counted = self.lexicon.usage.often_many(keys[-1]) or abstract
        if unique > 1 and unique > others and not counted:
            return f"the {before}{last}"
        if not last.islower():
            # What is written like a name may be one.
            return f"{before}{plural}" if any(word in BEFORE_ONE for word in opening) else f"{before}{last}"
        if before.split(None, 1)[0].lower() in ORDINALS:
            return f"the {before}{last}"
        shown = self._guessed(before, last, uses, keys[-1])
        return self._one(before, last, keys) if shown == f"{before}{plural}" else shown

    def _one(self, before: str, last: str, keys: Sequence[int]) -> str:
        """What could be counted, in the plural where a text has it so or none tells otherwise, else as they write it.

        It may be one thing ("the circular economy"), or nothing that is counted ("diet culture").
        """
        ways, usage = self.words.ways(keys), self.lexicon.usage
        surely = usage.surely_counted(keys[-1])
        # "Of competitive advantage": an advantage is counted, but hardly ever many of them.
        hardly = not surely or (before and usage.seldom_many(keys[-1]) and not ways & THE)
        if not ways & MANY and ways & BARE and hardly:
            return f"{before}{last}"
        # A single word that texts have after "a" as well, or count, may be any such thing ("a schema", "the schema").
        if not ways & MANY and ways & THE and (before or not (surely or ways & ONE)):
            return f"the {before}{last}"
        # "Beat jet lag": that nothing stands before it to tell its number makes no plural of what is not counted.
        if before and not ways & (MANY | ONE) and usage.mass(keys[-1]) and not usage.counted(keys[-1]):
            return f"{before}{last}"
        return f"{before}{self.lexicon.plural(last)}"

    def _guessed(self, before: str, last: str, uses: Sequence[Use], key: int) -> str:
        """A phrase as its last word is written elsewhere."""
        plural, opening = self.lexicon.plural(last), {use.before for use in uses if use.ends}
        counted = self._counted(key, last, uses)
        bare = any(use.ends and use.before in BEFORE_BARE for use in uses)
        often = not bare and self.lexicon.usage.surely_counted(key) and not last.endswith(("ing", *NOUN_ENDS))
        often = often or (last.endswith("ship") and self.lexicon.usage.counted(key))
        if not often and "the" in opening and opening.isdisjoint(BEFORE_BARE):
            if not counted and opening == {"the"} and not self.lexicon.usage.counted(key):
                return f"{'' if self.lexicon.usage.mass(key) else 'the '}{before}{last}"
            return f"{before}{plural}"
        return f"{before}{plural if counted or often else last}"


def _mostly(plural: str, uses: Sequence[Use]) -> bool:
    """Whether words are written in the plural in a third and more of the places where nothing is named after them."""
    many = sum(use.last.lower() == plural for use in uses)
    return many > 0 and 3 * many >= sum(use.ends or use.last.lower() == plural for use in uses)


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
