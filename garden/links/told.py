"""What titles and texts tell of the types of links: that one is a kind or a part of the other, or both one thing."""

from collections.abc import Collection, Sequence

from garden.links.doubles import doubles
from garden.links.kinds import also_called, named_alternatives, named_kinds, named_within
from garden.links.parts import named_parts, set_apart, told_ties
from garden.links.ranker import Pair
from garden.links.shelf import Vectors
from garden.links.ties import Tie
from garden.models import Pattern
from garden.prose import Prose
from garden.vocabulary import Vocabulary


def told_types(
    patterns: Sequence[Pattern],
    proses: Sequence[Prose],
    vectors: Vectors,
    pairs: Collection[Pair],
    vocabulary: Vocabulary,
) -> dict[Pair, Tie]:
    """The ties that titles and texts tell of some pairs of patterns. ``vectors`` are those of their passages."""
    titles, aliases = [pattern.title for pattern in patterns], [pattern.aliases for pattern in patterns]
    # What comes later is surer.
    within = named_within(titles, pairs, vocabulary)
    named = within | doubles(titles, vectors, pairs, vocabulary, within)
    named |= also_called(titles, aliases, pairs, vocabulary)
    named |= named_parts(titles, proses, pairs, vocabulary) | told_ties(titles, proses, pairs, vocabulary)
    named |= set_apart(titles, proses, pairs, vocabulary)
    return named | named_alternatives(titles, pairs, vocabulary) | named_kinds(titles, pairs, vocabulary)
