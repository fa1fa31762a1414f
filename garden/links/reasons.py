"""One sentence that says why two patterns belong together, claiming only what the evidence bears."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from garden import terms
from garden.links.topics import Topic, beside, said_by_both
from garden.prose import Sentence

LONGEST = 159
LONGEST_TITLE = 60
MOST_TOPICS = 3
PARTS = ("problem", "solution", "implementation", "consequences")
# What one part says of the topics, and what the other does; the first word is the part's of this pattern.
MEETINGS = {
    ("problem", "problem"): "Its problem, like that of {other}, turns on {topics}.",
    ("solution", "solution"): "Its solution, like that of {other}, works with {topics}.",
    ("problem", "solution"): "Its problem turns on {topics}, which the solution of {other} takes up.",
    ("solution", "problem"): "Its solution takes up {topics}, on which the problem of {other} turns.",
    ("implementation", "implementation"): "Its steps, like those of {other}, work with {topics}.",
    ("consequences", "consequences"): "Its consequences, like those of {other}, touch on {topics}.",
}
MEETING = "Its {here} and the {there} of {other} both deal with {topics}."

# What one speaks of and this pattern, or the other, is about.
ABOUT = ("{other} speaks of {topics}, {what} of this pattern.", "It speaks of {topics}, {what} of {other}.")


@dataclass(frozen=True)
class Ground:
    """What a reason may rest on. The first of each two belongs to the pattern in whose file the reason stands.

    ``names`` tells for each whether its text has the other's title.
    """

    titles: tuple[str, str]
    topics: tuple[Topic, ...]
    sentences: tuple[Sentence, Sentence] | None = None
    names: tuple[bool, bool] = (False, False)

    @property
    def firm(self) -> bool:
        """Whether there is more than words in passing: a name, what both are about, a phrase that one is about."""
        return any(self.names) or any(_telling(topic) for topic in self.fresh)

    @cached_property
    def fresh(self) -> tuple[Topic, ...]:
        """The topics but for those that both titles say, which may be one word for two things."""
        words = [terms.said_keys(title) for title in self.titles]
        return tuple(topic for topic in self.topics if not all(said.issuperset(topic.keys) for said in words))

    def turned(self) -> "Ground":
        """The same, seen from the other end."""
        turned = (self.sentences[1], self.sentences[0]) if self.sentences else None
        topics = tuple(topic.turned() for topic in self.topics)
        return Ground(self.titles[::-1], topics, turned, self.names[::-1])


def reasons(ground: Ground) -> tuple[str, ...]:
    """Sentences of under 160 characters, each true by itself, the most specific first; at least one.

    The last ones name both patterns, so that of two pairs with other titles each has a reason of its own.
    """
    return tuple(dict.fromkeys(sentence for sentence in _sentences(ground) if len(sentence) <= LONGEST))


def _sentences(ground: Ground) -> Iterator[str]:
    own, other = (shortened(title) for title in ground.titles)
    ground = replace(ground, topics=_central(ground))
    yield from _namings(ground, other)
    yield from _meetings(ground, other)
    yield from _abouts(ground, other)
    said = beside(ground.topics, ground.titles[1]) or ground.topics
    yield from _filled("Like {other}, it deals with {topics}.", said, other=other)
    yield from _filled("{own} and {other} both deal with {topics}.", ground.topics, own=own, other=other)
    yield f"Its passage as a whole reads much like that of {other}."
    yield f"{own} and {other} read much alike as a whole."


def _central(ground: Ground) -> tuple[Topic, ...]:
    """The topics that both are about, and phrases that one is about; where there are none such, what comes next."""
    tests: tuple[Callable[[Topic], bool], ...] = (
        _telling,
        lambda topic: any(topic.about),
        lambda topic: len(topic.keys) > 1,
    )
    found = (tuple(filter(test, some)) for some in (ground.fresh, ground.topics) for test in tests)
    return next(filter(None, found), ground.topics)


def _telling(topic: Topic) -> bool:
    return all(topic.about) or (any(topic.about) and len(topic.keys) > 1)


def _namings(ground: Ground, other: str) -> Iterator[str]:
    here, there = ground.names
    if here and not beside(ground.topics, ground.titles[1]):
        yield f"Its own text names {other}."
    elif there and not beside(ground.topics, ground.titles[0]):
        yield f"The text of {other} names it."
    elif here:
        topics = beside(ground.topics, ground.titles[1])
        yield from _filled("It names {other}, and both deal with {topics}.", topics, other=other)
    elif there:
        topics = beside(ground.topics, ground.titles[0])
        yield from _filled("{other} names it, and both deal with {topics}.", topics, other=other)


def _meetings(ground: Ground, other: str) -> Iterator[str]:
    """Which part meets which, where both quoted sentences say so."""
    if not ground.sentences:
        return
    one, two = ground.sentences
    both = said_by_both(ground.topics, one.text, two.text)
    # One phrase says less than all that both deal with, where there is more.
    told = len(both) > 1 or (len(ground.topics) == 1 and any(len(topic.keys) > 1 for topic in both))
    if one.role in PARTS and two.role in PARTS and told and both[0] == ground.topics[0]:
        form = MEETINGS.get((one.role, two.role), MEETING)
        yield from _filled(form, both, other=other, here=one.role, there=two.role)


def _abouts(ground: Ground, other: str) -> Iterator[str]:
    """What one of the two is about and the other speaks of, where that is all that they share."""
    if len(ground.topics) >= MOST_TOPICS or any(all(topic.about) for topic in ground.topics):
        return
    for way, form in enumerate(ABOUT):
        yield from _filled(form, [topic for topic in ground.topics if topic.about[way]], other=other)


def _filled(form: str, topics: Sequence[Topic], **words: str) -> Iterator[str]:
    """The form with as many of the topics as fit, at most three, then with fewer."""
    shown = [topic.text for topic in topics[:MOST_TOPICS]]
    for count in range(len(shown), 0, -1):
        what = "a subject" if count == 1 else "subjects"
        yield form.format(topics=_listed(shown[:count]), what=what, **words)


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def shortened(title: str) -> str:
    """A title on one line, cut after a word where it is long."""
    title = " ".join(title.split())
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
