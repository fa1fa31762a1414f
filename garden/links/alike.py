"""What is said of two patterns of which there is nothing to name: in what way their texts are alike, if they are.

It goes by the signals, so that no reason says what its own evidence denies.
"""

from collections.abc import Iterable, Iterator, Mapping

# In standard deviations: what is said of a signal that stands out, and of the passages, which tell most, sooner than of
# another that stands out more.
LEAST, CLEAR = 0.5, 1.0
NOTHING = "nothing"
MEANING = "meaning"
# By signal, from one end with what comes before the other's title and after it, and of both.
ONE: Mapping[str, tuple[str, str]] = {
    MEANING: ("Its passage as a whole reads much like that of ", ""),
    "topic": ("It is on much the same subjects as ", ""),
    "lexical": ("It uses many of the words of ", ""),
    "phrase": ("It shares turns of phrase with ", ""),
    "mention": ("It and ", " share words of a title"),
    NOTHING: ("Its text has little in common with ", ""),
}
BOTH: Mapping[str, str] = {
    MEANING: "{own} and {other} read much alike as a whole.",
    "topic": "{own} and {other} are on much the same subjects.",
    "lexical": "{own} and {other} use many of the same words.",
    "phrase": "{own} and {other} share turns of phrase.",
    "mention": "{own} and {other} share words of a title.",
    NOTHING: "{own} and {other} have little in common.",
}
_BEFORE, _BOTH_END = ONE[MEANING][0], BOTH[MEANING].rpartition("{other}")[2]


def way(signals: Mapping[str, float]) -> str:
    """In which way two texts are alike, as a key of ``BOTH``; ``signals`` are in standard deviations."""
    if signals.get(MEANING, 0.0) >= CLEAR:
        return MEANING
    best = max(ONE.keys() & signals.keys(), key=lambda name: (signals[name], name), default=NOTHING)
    return best if signals.get(best, 0.0) >= LEAST else NOTHING


def says_nothing(reason: str) -> bool:
    """Whether a reason says that two texts have little in common, which is none to link them."""
    return reason.startswith(ONE[NOTHING][0]) or reason.endswith(BOTH[NOTHING].rpartition("{other}")[2])


def truthful(reasons: Iterable[str], alike: str) -> Iterator[str]:
    """The reasons, with what they say of the passages put into what ``way`` found; others stay as they are."""
    before, after = ONE[alike]
    for reason in reasons:
        other = reason.removeprefix(_BEFORE).removesuffix(".")
        if reason.endswith(_BOTH_END):
            yield reason.removesuffix(_BOTH_END) + BOTH[alike].rpartition("{other}")[2]
        elif not reason.startswith(_BEFORE):
            yield reason
        # What the other is in its own words adds nothing to that the two have little in common.
        elif alike != NOTHING or not other.endswith("”)"):
            yield f"{before}{other}{after}."
