"""One sentence that says why two patterns belong together, claiming only what the evidence bears."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, product

from garden import terms
from garden.links import alike
from garden.links.excerpts import excerpt
from garden.links.ground import Ground, central
from garden.links.kinds import same_thing
from garden.links.topics import FAIR, SPOKEN, Topic, beside, said_by_both
from garden.prose import MADE_OF
from garden.titles import numbers, plain_name
from garden.unseen import dropped

LONGEST = 159
LONGEST_TITLE = 60
MOST_TOPICS = 3
MOST_REASONS = 7
SHARES = (0.5, 0.4, 0.6)  # Of the room for two quotations what the first may take.
# What one part says of the topics, and what the other does; the first word is the part's of this pattern.
MEETINGS = {
    ("problem", "problem"): "Its problem, like that of {other}, turns on {topics}.",
    ("solution", "solution"): "Its solution, like that of {other}, works with {topics}.",
    ("problem", "solution"): "Its problem turns on {topics}, which the solution of {other} takes up.",
    ("solution", "problem"): "Its solution takes up {topics}, on which the problem of {other} turns.",
    ("implementation", "implementation"): "Its steps, like those of {other}, work with {topics}.",
    ("consequences", "consequences"): "Its consequences, like those of {other}, touch on {topics}.",
}

BOTH = "{own} and {other} both deal with {topics}."
TITLED = "Its title names the same thing as that of {other}, and both deal with {topics}."
TITLED_ALONE = "Its title names the same thing as that of {other}."
# What each of two patterns says of itself, in its own words, where what both deal with says little.
BESIDE = "Both deal with {topics}: here “{mine}”, in {other} “{theirs}”."
BOTH_ARE = "It is “{mine}”, and {other} is “{theirs}”."
# What names the other in its own words, and what the other says of itself, where no word tells as much.
NAMES = ("It names {other}: “{said}”.", "{other} names it: “{said}”.")
# What one is to the other in its own words, that it sets itself apart, and where it lists it, from either end; later
# forms are for where another pair says the first.
SAYS = (
    ("It says that it is “{said}”.", "{own} says that it is “{said}”."),
    ("{other} says that it is “{said}”.",),
)
SETS_APART = (
    ("It sets itself apart from {other}", "{own} sets itself apart from {other}"),
    ("{other} sets itself apart from it", "{other} sets itself apart from {own}"),
)
LISTS = (
    ("It lists {other} among its {place}", "{own} lists {other} among its {place}"),
    ("{other} lists it among its {place}", "{other} lists {own} among its {place}"),
)
HAS = (
    ("It lists {other} in its {place}", "{own} lists {other} in its {place}"),
    ("{other} lists it in its {place}", "{other} lists {own} in its {place}"),
)
TEXT_NAMES, TITLE_NAMES = "Its own text names {other}.", "Its title names {other}."
GOES_WITH = "It goes with {other}: “{said}”."
SHARED = 2  # So many words of what the other says of itself are this pattern's, or one that its title has.
ALIKE = "{}{{other}}{}.".format(*alike.ONE[alike.MEANING])
HERE = "\0"  # Where the other's title comes: a title may hold braces of its own, and no text holds this.
# What one speaks of and this pattern, or the other, is about.
ABOUT = ("{other} speaks of {topics}, {what} of this pattern.", "It speaks of {topics}, {what} of {other}.")


def reasons(ground: Ground) -> tuple[str, ...]:
    """Sentences of under 160 characters, each true by itself, the most specific first; at least one.

    The last ones name both patterns, so that of two pairs with other titles each has a reason of its own. What they say
    of the passages is for ``alike.truthful`` to put right.
    """
    own, other = both_called(ground.titles, ground.slugs)
    fitting = (sentence for sentence in _sentences(ground) if len(sentence) <= LONGEST)
    last = alike.BOTH[alike.MEANING].format(own=own, other=other)
    # Hardly any pair needs more of them, and each takes time to make.
    return tuple(dict.fromkeys(map(dropped, (*islice(fitting, MOST_REASONS), last))))


def _sentences(ground: Ground) -> Iterator[str]:
    own, other = both_called(ground.titles, ground.slugs)
    every = ground
    ground = replace(ground, topics=central(ground))
    if same_thing(*ground.titles):
        yield from _filled(TITLED, beside(ground.topics, ground.titles[1]), other=other)
        yield TITLED_ALONE.format(other=other)
    yield from _made_of(ground, other)
    yield from _namings(ground, other)
    if not ground.telling:
        yield from _goes_with(ground, other)
    if not ground.sure:
        yield from _sides(ground, other, bare=not any(len(one.keys) > 1 and one.hold for one in ground.topics))
    if not any(topic.hold >= FAIR for topic in ground.topics):
        yield from _abouts(every, other)
    yield from _meetings(ground, other)
    yield from _topical(ground, own, other)
    yield from _filled(BOTH, ground.topics, own=own, other=other)
    yield from _with_gloss(ground, ALIKE.format(other=HERE), other)
    yield ALIKE.format(other=other)


def _topical(ground: Ground, own: str, other: str) -> Iterator[str]:
    """That one deals with what the other deals with, without telling of either what its title says already."""
    title = terms.said_keys(ground.titles[1])
    # A part of the other's title may stand beside what is more, and all of it where there is nothing else.
    more = [topic for topic in ground.topics if not title or not title.issubset(topic.keys)]
    if not more and ground.topics and not any(ground.names):
        # "Like X, it deals with x" repeats itself.
        if title <= terms.said_keys(ground.titles[0]) and numbers(ground.titles[1]) <= numbers(ground.titles[0]):
            yield TITLE_NAMES.format(other=other)
        elif len(title) > 1 and any(title <= {*topic.keys} and topic.beside for topic in ground.topics):
            yield TEXT_NAMES.format(other=other)
        yield from _filled(BOTH, ground.topics, own=own, other=other)
    form = "Like {other}, it deals with {topics}."
    mine = terms.said_keys(ground.titles[0])
    if more and ground.sure and all(mine.issuperset(topic.keys) for topic in more):
        # What this pattern is called goes without saying of it.
        form = "{other} deals with {topics} as well."
    else:
        more = [topic for topic in more if not mine.issubset(topic.keys)] or more
    if any(ground.names):
        yield from _filled(form, more or ground.topics, other=other)
    else:
        yield from _glossed(ground, form, more or ground.topics, other)


def _made_of(ground: Ground, other: str) -> Iterator[str]:
    """That one sets itself apart from the other, what it says that it is to it, and that one lists the other."""
    own, _ = both_called(ground.titles, ground.slugs)
    topics = _beyond_names(ground) if ground.sure else []

    def told(ways: Iterable[tuple[bool, Sequence[str]]], **words: str) -> Iterator[str]:
        for has, forms in ways:
            if has:
                yield from _filled(f"{forms[0]}, and both deal with {{topics}}.", topics, other=other, **words)
                yield from (f"{form}.".format(own=own, other=other, **words) for form in forms)

    yield from told(zip(ground.apart, SETS_APART, strict=True))
    for said, forms in zip(ground.says, SAYS, strict=True):
        if said:
            yield from (form.format(own=own, other=other, said=said) for form in forms)
    for end, place in enumerate(ground.lists):
        yield from told([(bool(place), (HAS if place in MADE_OF else LISTS)[end])], place=place)


def _namings(ground: Ground, other: str) -> Iterator[str]:
    here, there = ground.names
    if not here and not there:
        return
    for way, form in enumerate(NAMES):
        name = terms.said_keys(plain_name(ground.titles[1 - way]))
        said = excerpt(ground.naming[way], LONGEST - len(form.format(other=other, said="")), telling=name.issubset)
        if ground.names[way] and said:
            yield form.format(other=other, said=said)
    topics = _beyond_names(ground) if ground.sure else []
    form = (
        "It names {other}, and both deal with {topics}." if here else "{other} names it, and both deal with {topics}."
    )
    yield from _glossed(ground, form, topics, other)
    form = TEXT_NAMES if here else "The text of {other} names it."
    yield from _with_gloss(ground, form.format(other=HERE), other)
    yield form.format(other=other)


def _beyond_names(ground: Ground) -> list[Topic]:
    """The topics that say more than what the two are called."""
    topics = beside(beside(ground.topics, ground.titles[0]), ground.titles[1])
    # A name with its abbreviation is no more than the name.
    names = [name for title in ground.titles if len(name := terms.said_keys(plain_name(title))) > 1]
    return [topic for topic in topics if not any(name.issubset(topic.keys) for name in names)]


def _goes_with(ground: Ground, other: str) -> Iterator[str]:
    """What the other is in its own words, none of them cut off, where they speak of what this pattern is, too."""
    titled = terms.said_keys(ground.titles[0])
    mine = titled.union(*map(terms.said_keys, ground.leads[0]))

    def telling(said: frozenset[int]) -> bool:
        return len(said & mine) >= SHARED or not said.isdisjoint(titled)

    room = LONGEST - len(GOES_WITH.format(other=other, said=""))
    said = excerpt(ground.leads[1], room, terms.said_keys(ground.titles[1]), telling)
    if said:
        yield GOES_WITH.format(other=other, said=said)


def _sides(ground: Ground, other: str, *, bare: bool = True) -> Iterator[str]:
    """What both may deal with, and what each says of itself: two quotations that share the room there is.

    ``bare`` ones, without anything that both deal with, only where both tell what they are.
    """
    topics = [topic for topic in ground.topics if topic.hold >= FAIR]
    shown = [topic.text for topic in topics[:MOST_TOPICS]]
    for count in range(len(shown), 0, -1):
        said = {"topics": _listed(shown[:count]), "other": other}
        quoted = _quoted(ground, LONGEST - len(BESIDE.format(mine="", theirs="", **said)))
        if quoted:
            yield BESIDE.format(mine=quoted[0], theirs=quoted[1], **said)
    quoted = _quoted(ground, LONGEST - len(BOTH_ARE.format(mine="", theirs="", other=other))) if bare else None
    if quoted and all(text.split()[0] in terms.ARTICLES for text in quoted):
        yield BOTH_ARE.format(mine=quoted[0], theirs=quoted[1], other=other)


def _quoted(ground: Ground, room: int) -> tuple[str, str] | None:
    """What each of the two says of itself, in as much room as there is for both."""
    for first, share in product((0, 1), SHARES):
        one = _told(ground, first, int(room * share))
        two = _told(ground, 1 - first, room - len(one)) if one else None
        if one and two:
            return (two, one) if first else (one, two)
    return None


def _told(ground: Ground, end: int, room: int, shown: Sequence[int] | None = None) -> str | None:
    """What one of the two is in its own words, without its title once more; see ``excerpt``."""
    title = terms.said_keys(ground.titles[end])
    return excerpt(ground.leads[end], room, title, lambda said: not title or not title.issubset(said), shown)


def _glossed(ground: Ground, form: str, topics: Sequence[Topic], other: str) -> Iterator[str]:
    """The form with as many of the topics as fit. Few of them say little, so then comes what the other pattern is."""
    filled = list(_filled(form, topics, other=HERE))
    for count, sentence in zip(range(len(filled), 0, -1), filled, strict=True):
        if count == 1:
            yield from _with_gloss(ground, sentence, other, topics[0].keys)
            # Of two patterns that share the same with a third, each has a reason of its own.
            own, _ = both_called(ground.titles, ground.slugs)
            shared = BOTH.format(own=own, other=HERE, topics=_listed([topics[0].text]))
            yield from _with_gloss(ground, shared, other, topics[0].keys)
        yield sentence.replace(HERE, other)


def _with_gloss(ground: Ground, sentence: str, other: str, shown: Sequence[int] = ()) -> Iterator[str]:
    """The sentence with the other's title ``HERE``, and what that pattern is in its own words, where there is room."""
    room = LONGEST - len(sentence.replace(HERE, other)) - len(" (“”)")
    gloss = _told(ground, 1, room, shown)
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
    if (one.role, two.role) in MEETINGS and told and both[0] == ground.topics[0]:
        yield from _filled(MEETINGS[one.role, two.role], both, other=other)


def _abouts(ground: Ground, other: str) -> Iterator[str]:
    """What the title of one of the two says and the other speaks of, where that is all that they share."""
    for way, form in enumerate(ABOUT):
        title = terms.said_keys(ground.titles[way])
        topics = [one for one in ground.fresh if one.hold == SPOKEN and title.issuperset(one.keys)]
        yield from _glossed(ground, form, topics[:1], other)


def _filled(form: str, topics: Sequence[Topic], **words: str) -> Iterator[str]:
    """The form with as many of the topics as fit, at most three, then with fewer."""
    shown = [topic.text for topic in topics[:MOST_TOPICS]]
    for count in range(len(shown), 0, -1):
        what = "a subject" if count == 1 else "subjects"
        yield form.format(topics=_listed(shown[:count]), what=what, **words)


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def both_called(titles: tuple[str, str], slugs: tuple[str, str]) -> tuple[str, str]:
    """What a sentence on two patterns calls them: their titles, or their slugs where it would call both the same."""
    one, other = shortened(titles[0]), shortened(titles[1])
    return slugs if all(slugs) and one.casefold() == other.casefold() else (one, other)


def alone_called(titles: Mapping[str, str]) -> dict[str, str]:
    """What a sentence on one pattern of a library calls it, by slug: its title, or its slug where that is another's."""
    short = {slug: shortened(title) for slug, title in titles.items()}
    often = Counter(map(str.casefold, short.values()))
    return {slug: title if often[title.casefold()] == 1 else slug for slug, title in short.items()}


def shortened(title: str) -> str:
    """A title on one line, cut after a word where it is long, and before a parenthesis that would stay open."""
    title = " ".join(dropped(title).split())
    if len(title) <= LONGEST_TITLE:
        return title
    short = title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0]
    opened = short.rfind("(")
    if opened > short.rfind(")") and opened > 0:
        short = short[:opened]
    return f"{short.rstrip(' -–—:;,&') or short}…"
