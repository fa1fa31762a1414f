"""One sentence that says why two patterns belong together, claiming only what the evidence bears."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from garden import terms
from garden.links.excerpts import excerpt
from garden.links.kinds import same_thing
from garden.links.topics import Topic, beside, said_by_both
from garden.prose import Sentence

LONGEST = 159
LONGEST_TITLE = 60
MOST_TOPICS, ENOUGH = 3, 2
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

TITLED = "Its title names the same thing as that of {other}, and both deal with {topics}."
ALIKE = "Its passage as a whole reads much like that of {other}."
HERE = "\0"  # Where the other's title comes: a title may hold braces of its own, and no text holds this.
# What one speaks of and this pattern, or the other, is about.
ABOUT = ("{other} speaks of {topics}, {what} of this pattern.", "It speaks of {topics}, {what} of {other}.")


@dataclass(frozen=True)
class Ground:
    """What a reason may rest on. The first of each two belongs to the pattern in whose file the reason stands.

    ``names`` tells for each whether its text has the other's title, ``leads`` are the sentences that tell what each is.
    """

    titles: tuple[str, str]
    topics: tuple[Topic, ...]
    sentences: tuple[Sentence, Sentence] | None = None
    names: tuple[bool, bool] = (False, False)
    leads: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

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
        return Ground(self.titles[::-1], topics, turned, self.names[::-1], self.leads[::-1])


def reasons(ground: Ground) -> tuple[str, ...]:
    """Sentences of under 160 characters, each true by itself, the most specific first; at least one.

    The last ones name both patterns, so that of two pairs with other titles each has a reason of its own.
    """
    return tuple(dict.fromkeys(sentence for sentence in _sentences(ground) if len(sentence) <= LONGEST))


def _sentences(ground: Ground) -> Iterator[str]:
    own, other = (shortened(title) for title in ground.titles)
    ground = replace(ground, topics=_central(ground))
    if same_thing(*ground.titles):
        yield from _filled(TITLED, beside(ground.topics, ground.titles[1]), other=other)
    yield from _namings(ground, other)
    yield from _meetings(ground, other)
    yield from _abouts(ground, other)
    title = terms.said_keys(ground.titles[1])
    # A part of the other's title may stand beside what is more, and all of it where there is nothing else.
    more = beside(ground.topics, ground.titles[1])
    more += [topic for topic in ground.topics if topic not in more and len(topic.keys) < len(title)]
    form = "Like {other}, it deals with {topics}."
    if any(ground.names):
        yield from _filled(form, more or ground.topics, other=other)
    else:
        yield from _glossed(ground, form, more or ground.topics, other)
    yield from _filled("{own} and {other} both deal with {topics}.", ground.topics, own=own, other=other)
    yield from _with_gloss(ground, ALIKE.format(other=HERE), other)
    yield ALIKE.format(other=other)
    yield f"{own} and {other} read much alike as a whole."


def _central(ground: Ground) -> tuple[Topic, ...]:
    """What both patterns are most surely about, the surest first; one alone is joined by the next sure one.

    Where nothing is sure, what comes next.
    """
    fresh = ground.fresh
    sure = [topic for topic in fresh if topic.rank > 1]
    if len(sure) > 1:
        return tuple(sure)
    phrases, words = (
        [topic for topic in fresh if topic.rank == 1 and (len(topic.keys) > 1) is several] for several in (True, False)
    )
    titled = [topic for topic in ground.topics if topic.rank > 1 and topic not in ground.fresh]
    if sure or titled:
        # What both titles say is not all that there is to say, yet it is no word in passing.
        found = [*sure, *phrases]
        if len(found) < ENOUGH:
            found = [*titled[:1], *found, *words, *filter(_telling, fresh)]
            found = list(dict.fromkeys(found))
        return tuple(found[:ENOUGH])
    some = ground.fresh or ground.topics
    return tuple([*phrases, *words][:MOST_TOPICS]) or tuple(filter(_telling, some)) or some


def _telling(topic: Topic) -> bool:
    return all(topic.about) or (any(topic.about) and len(topic.keys) > 1)


def _namings(ground: Ground, other: str) -> Iterator[str]:
    here, there = ground.names
    if not here and not there:
        return
    topics = beside(beside(ground.topics, ground.titles[0]), ground.titles[1])
    form = (
        "It names {other}, and both deal with {topics}." if here else "{other} names it, and both deal with {topics}."
    )
    yield from _glossed(ground, form, topics, other)
    form = "Its own text names {other}." if here else "The text of {other} names it."
    yield from _with_gloss(ground, form.format(other=HERE), other)
    yield form.format(other=other)


def _glossed(ground: Ground, form: str, topics: Sequence[Topic], other: str) -> Iterator[str]:
    """The form with as many of the topics as fit. Few of them say little, so then comes what the other pattern is."""
    filled = list(_filled(form, topics, other=HERE))
    for count, sentence in zip(range(len(filled), 0, -1), filled, strict=True):
        if count < MOST_TOPICS:
            yield from _with_gloss(ground, sentence, other, topics[0].keys)
            # Of two patterns that share the same with a third, each has a reason of its own.
            own = shortened(ground.titles[0])
            shared = f"{own} and {HERE} both deal with {_listed([topic.text for topic in topics[:count]])}."
            yield from _with_gloss(ground, shared, other, topics[0].keys)
        yield sentence.replace(HERE, other)


def _with_gloss(ground: Ground, sentence: str, other: str, keys: Sequence[int] = ()) -> Iterator[str]:
    """The sentence with the other's title ``HERE``, and what that pattern is in its own words, where there is room."""
    room = LONGEST - len(sentence.replace(HERE, other)) - len(" (“”)")
    gloss = excerpt(ground.leads[1], keys, room, terms.said_keys(ground.titles[1]))
    if gloss:
        yield sentence.replace(HERE, f"{other} (“{gloss}”)")


def _meetings(ground: Ground, other: str) -> Iterator[str]:
    """Which part meets which, where both quoted sentences say so."""
    if not ground.sentences:
        return
    one, two = ground.sentences
    both = said_by_both(beside(ground.topics, ground.titles[1]), one.text, two.text)
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
        yield from _glossed(ground, form, [topic for topic in ground.topics if topic.about[way]], other)


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
