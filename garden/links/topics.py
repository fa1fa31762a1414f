"""What two patterns both deal with: how it is told, and how much a reason may rest on it."""

from collections.abc import Sequence
from typing import NamedTuple

from garden import terms

PASSING, SPOKEN, FAIR, SURE = 0, 1, 2, 3


class Topic(NamedTuple):
    """What both deal with: as it is shown, the keys of its words, and which of the two patterns is about it.

    ``leads`` tells which of the two has it in its title, or in the sentences that tell what the pattern is; ``whole``
    that both are about each of its words. ``hold`` is how much a reason may rest on it: ``SURE`` where it is a subject
    of both and of few others, ``FAIR`` where it is one of more, ``SPOKEN`` where it is that of one whose title has it
    and the other only speaks of it, else ``PASSING``. ``beside`` tells how well it may be named after
    another: 2 where both are about it and come back to it, 1 where both come back to it, else 0. Both are less where
    what it means is far from the texts: ``worded`` is ``hold`` by words alone, ``meant`` that it means what is near to
    both, or that nothing tells so.
    """

    text: str
    keys: tuple[int, ...]
    about: tuple[bool, bool] = (False, False)
    leads: tuple[bool, bool] = (False, False)
    whole: bool = False
    hold: int = 0
    beside: int = 0
    worded: int = 0
    meant: bool = True

    @property
    def rank(self) -> int:
        """How surely it is a subject of both: both tell so at once, one of them does, both come back to it, or not."""
        if self.whole and any(self.leads):
            return 1 + sum(self.leads)
        return 2 if all(self.leads) and any(self.about) else int(self.whole)

    def turned(self) -> "Topic":
        """The same, seen from the other end."""
        return self._replace(about=self.about[::-1], leads=self.leads[::-1])


def beside(topics: Sequence[Topic], title: str) -> list[Topic]:
    """Those of the topics that say more than a title does."""
    words = terms.said_keys(title)
    return [topic for topic in topics if not words.issuperset(topic.keys)]


def said_by_both(topics: Sequence[Topic], left: str, right: str) -> list[Topic]:
    """Those of the topics whose words are all in both sentences."""
    said = [terms.said_keys(text) for text in (left, right)]
    return [topic for topic in topics if all(words.issuperset(topic.keys) for words in said)]
