"""Where a text's silence tells nothing of an entity, so that it is left to people however little the text fits it.

How well a label fits a text is a poor judge of these:

- **names**: a text may owe much to a person, a firm or a school of thought and never say so. A name is told by its
  type, or by its form: one of its words is mostly written with a capital by the texts that have it.
- **the same in other words**: the text has every word of the label in some form (proportionate, proportionality).
- **half a label**: no more than half of its words can be looked for ("Letting Go", "B Corporations").
- **a near one**: the text has a word of the label, which fits it better than most of the library's.

All of it follows from texts and labels alone, never from what else patterns hold.
"""

from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from garden import terms
from garden.entities.labels import Label
from garden.entities.wording import root
from garden.prose import Prose

NEAR = 0.25  # Where no more than this share of the texts is nearer to a label, the text may well be about it.
NAME_SHARE = 0.5  # Of the texts that have a word, so many write it with a capital where it is a name.
# Types of entities whose labels are names.
NAMED = frozenset("person organization organisation company place work".split())
# Small words that bind the others and are nothing to look for.
_BINDING = frozenset("a an and as at by for from in into of on or the to vs with without".split())


def tells_nothing(
    pairs: Sequence[tuple[Label, int]],
    kinds: Sequence[str | None],
    nearer: Sequence[float],
    proses: Sequence[Prose],
) -> NDArray[np.bool_]:
    """For each pair of a label and a pattern whether the text's silence tells nothing, shape (pairs,).

    ``kinds`` are the types of the entities, and ``nearer`` is the share of the patterns that each label fits better.
    """
    if not pairs:
        return np.empty(0, dtype=bool)
    names = names_among({int(key) for label, _ in pairs for key in label.keys}, proses)
    roots = {owner: frozenset(map(root, proses[owner].words)) for owner in sorted({owner for _, owner in pairs})}
    spared = [
        (share <= NEAR and terms.holds(proses[owner].keys, label.keys).any())
        or (kind or "").lower() in NAMED
        or halved(label)
        or names.intersection(label.keys.tolist())
        or _in_other_forms(label, roots[owner])
        for (label, owner), kind, share in zip(pairs, kinds, nearer, strict=True)
    ]
    return np.array(list(map(bool, spared)), dtype=bool)


def halved(label: Label) -> bool:
    """Whether no more than half of a label's words can be looked for, those that bind the others aside."""
    words = [word for word in terms.TOKEN.findall(label.text.lower()) if word not in _BINDING]
    return 2 * sum(terms.term_key(word) != 0 for word in words) <= len(words)


def names_among(keys: Collection[int], proses: Iterable[Prose]) -> frozenset[int]:
    """Those of some words that are mostly written with a capital by the texts that have them."""
    asked = np.array(sorted(keys), dtype=np.uint64)
    texts, capitals = np.zeros(len(asked)), np.zeros(len(asked))
    for prose in proses:
        held = np.flatnonzero(terms.holds(prose.keys, asked))
        words, places = prose.words, np.searchsorted(prose.keys, asked[held])
        texts[held] += 1
        capitals[held] += [words[place][0].isupper() for place in places.tolist()]
    return frozenset(asked[(texts > 0) & (capitals >= NAME_SHARE * texts)].tolist())


def _in_other_forms(label: Label, roots: Collection[str]) -> bool:
    return all(root(word) in roots for word in label.words)
