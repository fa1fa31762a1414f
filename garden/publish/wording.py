"""What reviewers wrote into a pull request's title and text, kept as these are brought up to date.

The text ends with an unseen mark: digests of the title and of each line as we wrote them. A line without its digest
there is somebody else's, and a digest without its line was taken out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2b

from garden.publish.body import listed, ticks, written

ROOM = 65_536  # Characters that GitHub takes.
_MARK = re.compile(r"\n<!-- graph-garden wrote ([0-9a-f ]+) -->")
# They tell of a run and of what waits elsewhere, and are no reason to write to a host.
_PASSING = re.compile(r"^\*\*|^\d[\d,]* proposals? more wait")


@dataclass(frozen=True)
class Wording:
    """The title and the text of a pull request."""

    title: str
    text: str

    def says(self, other: "Wording") -> bool:
        """Whether both say the same, apart from the run that it was last said in and how much waits elsewhere."""
        return _told(self) == _told(other)


def marked(ours: Wording) -> Wording:
    """Ours with the mark, where there is room for it."""
    mark = " ".join(map(_digest, [ours.title, *ours.text.split("\n")]))
    text = f"{ours.text}\n<!-- graph-garden wrote {mark} -->"
    return Wording(ours.title, text if len(text) <= ROOM else ours.text)


def brought_up(there: Wording, ours: Wording) -> Wording:
    """What should stand where ``there`` stands now: ``ours``, with what others have written, and without what they
    took out. A text that they wrote anew, without our list, is theirs.
    """
    found = _MARK.search(there.text)
    if found is None:
        return marked(ours) if ticks(there.text).whole else there
    headline, *base = found[1].split(" ")
    whole = marked(ours)
    mark = whole.text.removeprefix(ours.text)
    theirs = _MARK.sub("", there.text).split("\n")
    text = "\n".join(_together(base, theirs, ours.text.split("\n"))) + mark
    title = ours.title if _digest(there.title) == headline else there.title
    return Wording(title, text) if len(text) <= ROOM else whole


def wrote(text: str, name: str, said: str) -> bool:
    """Whether the line about the proposal whose id is ``name`` said just this, as we wrote it into the text."""
    found = _MARK.search(text)
    return found is not None and _digest(written(name, said)) in found[1].split(" ")[1:]


def _together(base: Sequence[str], theirs: Sequence[str], ours: Sequence[str]) -> Iterator[str]:
    """The lines of ``ours`` with what ``theirs`` have changed since ``base``, which is digests.

    Where both have changed a line, both stand there; a proposal's is theirs alone, for as long as we propose it.
    """
    known = {name for line in ours for name in listed(line)}
    kept, added = _changed(base, [line for line in theirs if known.issuperset(listed(line))])
    said = {name for lines in added.values() for line in lines for name in listed(line)}
    for kind, i1, i2, j1, j2 in _opcodes(base, list(map(_digest, ours))):
        for place in range(i1, i2):
            yield from added.get(place, ())
            if kind == "equal" and place in kept:
                yield kept[place]
        if kind != "equal":
            yield from (line for line in ours[j1:j2] if said.isdisjoint(listed(line)))
    yield from added.get(len(base), ())


def _changed(base: Sequence[str], theirs: Sequence[str]) -> tuple[dict[int, str], dict[int, Sequence[str]]]:
    """Their lines that are in ``base``, by their place there, and by place the lines that they put before it."""
    kept: dict[int, str] = {}
    added: dict[int, Sequence[str]] = {}
    for kind, i1, i2, j1, j2 in _opcodes(base, list(map(_digest, theirs))):
        if kind == "equal":
            kept |= zip(range(i1, i2), theirs[j1:j2], strict=True)
        elif j1 < j2:
            added[i1] = theirs[j1:j2]
    return kept, added


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _digest(line: str) -> str:
    """A line in brief; whether it is ticked, and blanks at its end, do not count."""
    same = re.sub(r"^(\s*[-*] \[)[ xX]\]", r"\1x]", line.rstrip())
    return blake2b(same.encode(), digest_size=4).hexdigest()


def _told(wording: Wording) -> tuple[str, ...]:
    said = ticks(wording.text)
    lines = [line for line in _MARK.sub("", wording.text).split("\n") if not _PASSING.search(line)]
    return (wording.title, *sorted(said.ticked), "", *sorted(said.unticked), *lines)
