"""Whether a text speaks of another pattern by its name, and where it does."""

import numpy as np

from garden import terms
from garden.links.lexicon import name_of
from garden.links.quotes import Quotes
from garden.links.rarity import Rarity
from garden.prose import BEFORE_VERBS, VERB, Prose
from garden.titles import plain_name


def named(said: Prose, title: str, rarity: Rarity) -> bool:
    """Whether a text has a title of two words and more, word by word, and the title is no common phrase."""
    name = name_of(title)
    if name is None or not name.phrases or not terms.holds(said.phrases, np.array(name.phrases, np.uint32)).all():
        return False
    return bool(rarity.rare(np.array(name.keys, np.uint64)).any())


def within(title: str, own: str) -> bool:
    """Whether one's own title has all words of another's name, so that it may only speak of itself."""
    return terms.said_keys(plain_name(title)) <= terms.said_keys(own)


def worded(said: Prose, name: str) -> bool:
    """Whether a text writes the words of a name in no other form than the name does, and none as a verb."""
    forms = dict(zip(said.keys.tolist(), zip(said.words, said.kinds.tolist(), strict=True), strict=True))
    words = [(word, forms.get(terms.term_key(word))) for word in terms.TOKEN.findall(name)]
    return all(form is not None and _one(word) == _one(form[0]) and form[1] != VERB for word, form in words)


def called(quotes: Quotes, name: str, rarity: Rarity, own: str = "") -> bool:
    """Whether a sentence writes a name as such: no other form of its words, and with capitals where it is usual.

    ``own`` is the title of the pattern that says it. What it is called itself may have the name within.
    """
    said, mine = name_of(name), {word.lower() for word in terms.TOKEN.findall(own)}
    uses = quotes.uses(said.keys) if said else []
    words = [_one(word) for word in terms.TOKEN.findall(name)]
    usual = said is not None and not rarity.usual.isdisjoint(said.phrases)
    return any(
        [*map(_one, use.first), _one(use.last)] == words
        and not use.joined
        and use.before not in BEFORE_VERBS
        and (use.opens or use.before not in mine or not terms.term_key(use.before))
        and not (usual and use.last.islower())
        for use in uses
    )


def naming(quotes: Quotes, title: str) -> tuple[str, ...]:
    """The sentences that have a title's words in a row."""
    name = name_of(plain_name(title))
    says = quotes.says(name.keys) if name and quotes.uses(name.keys) else ()
    return tuple(sentence.text for sentence, has in zip(quotes.sentences, says, strict=False) if has)


def _one(word: str) -> str:
    """A word in small letters, in the singular."""
    return word.lower() if word.endswith("ss") else word.lower().removesuffix("s")
