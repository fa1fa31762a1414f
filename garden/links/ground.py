"""What a reason may rest on, and what of it a reason names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from garden import terms
from garden.links.topics import FAIR, SURE, Topic
from garden.prose import Sentence
from garden.titles import abbreviations


@dataclass(frozen=True)
class Ground:
    """What a reason may rest on. The first of each two belongs to the pattern in whose file the reason stands.

    ``names`` tells for each whether its text has the other's title, ``naming`` are the sentences that do, and ``leads``
    those that tell what each is. ``lists`` tells for each among what it lists the other, and ``says`` what it says that
    it is to the other, or nothing; ``apart`` whether it sets itself apart from the other. ``slugs`` are for two whose
    titles read the same.
    """

    titles: tuple[str, str]
    topics: tuple[Topic, ...]
    sentences: tuple[Sentence, Sentence] | None = None
    names: tuple[bool, bool] = (False, False)
    leads: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    naming: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    lists: tuple[str, str] = ("", "")
    says: tuple[str, str] = ("", "")
    apart: tuple[bool, bool] = (False, False)
    slugs: tuple[str, str] = ("", "")

    @property
    def firm(self) -> bool:
        """Whether there is more than words in passing: a name, what both are about, a phrase that one is about."""
        return any(self.names) or any(telling(topic) for topic in self.fresh)

    @property
    def telling(self) -> bool:
        """Whether one of the topics says enough by itself: a phrase, or a word that both tell of themselves."""
        return any(
            topic.meant and ((topic.hold >= FAIR and len(topic.keys) > 1) or (topic.hold == SURE and all(topic.leads)))
            for topic in self.topics
        )

    @property
    def sure(self) -> bool:
        """Whether both are surely about one of the topics."""
        return any(topic.hold == SURE for topic in self.topics)

    @cached_property
    def fresh(self) -> tuple[Topic, ...]:
        """The topics but for those that both titles say, which may be one word for two things."""
        words = [terms.said_keys(title) for title in self.titles]
        return tuple(topic for topic in self.topics if not all(said.issuperset(topic.keys) for said in words))

    def turned(self) -> "Ground":
        """The same, seen from the other end."""
        turned = (self.sentences[1], self.sentences[0]) if self.sentences else None
        topics = tuple(topic.turned() for topic in self.topics)
        return Ground(
            titles=self.titles[::-1],
            topics=topics,
            sentences=turned,
            names=self.names[::-1],
            leads=self.leads[::-1],
            naming=self.naming[::-1],
            lists=self.lists[::-1],
            says=self.says[::-1],
            apart=self.apart[::-1],
            slugs=self.slugs[::-1],
        )


def central(ground: Ground) -> tuple[Topic, ...]:
    """What a reason may name: what is surely a subject of both, else what may be one, else what one of them is about.

    What both titles say goes first, then what both tell of themselves at once.
    """
    titles = [terms.said_keys(title) for title in ground.titles]

    def order(topic: Topic) -> tuple[int, bool, int, bool]:
        said, word = all(words.issuperset(topic.keys) for words in titles), len(topic.keys) == 1
        # A word of both titles may be one word for two things, where not both are surely about it.
        place = 0 if said and (topic.hold == SURE or not word) else 1
        return (place, topic.hold == FAIR and word, -topic.rank, word)

    # What a title is short for is no more than the name again.
    short = frozenset().union(*(terms.said_keys(abbreviations(title)) for title in ground.titles))
    longer = [topic for topic in ground.topics if not short.issuperset(topic.keys)]
    for topics in (longer, ground.topics):
        sure, fair = (sorted((topic for topic in topics if topic.hold == hold), key=order)[:1] for hold in (SURE, FAIR))
        # A phrase says enough; beside a word others, in the order of their weights, say the more.
        word = all(len(topic.keys) == 1 for topic in sure)
        others = (one for one in topics if (one.hold == SURE and one.rank > 1) or (one.beside > 1 and word))
        some = _apart(sure, others) or fair
        if some:
            alone = len(some) == 1 and len(some[0].keys) == 1
            more = [topic for topic in topics if alone and topic.beside and topic not in some]
            return (*some, *more[:1])
    return tuple(filter(telling, ground.fresh))[:1]


def _apart(first: Sequence[Topic], others: Iterable[Topic]) -> list[Topic]:
    """The first topic, and those of the others that have none of its words."""
    every = [*first, *others]
    return every[:1] + [topic for topic in every[1:] if set(every[0].keys).isdisjoint(topic.keys)]


def telling(topic: Topic) -> bool:
    """Whether both are about a topic, or one of them about a phrase."""
    return all(topic.about) or (any(topic.about) and len(topic.keys) > 1)
