"""Two changes of one text brought together by lines, where they do not touch the same ones.

git refuses changes of neighbouring lines, which in a list of links is nearly always. Here only lines that both have
changed are a conflict, and lines added where others went, for these may have held the key that they belong to. A block
that was added or taken out is held to begin where a list item does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, order=True)
class _Change:
    """Lines ``start`` to ``end`` of the old text become ``new``."""

    start: int
    end: int
    new: tuple[str, ...]


def merge(base: str, ours: str, theirs: str) -> str | None:
    """``base`` with what ``ours`` and ``theirs`` have changed in it, or None where both changed the same lines.

    Where both have added lines at one place, ours come first; a change that both made is made once.
    """
    old = base.splitlines(keepends=True)
    mine, others = _changes(old, ours.splitlines(keepends=True)), _changes(old, theirs.splitlines(keepends=True))
    rest = [change for change in others if change not in mine]
    if any(_clash(one, other) for one in mine if one not in others for other in rest):
        return None
    made: list[str] = []
    done = 0
    for change in sorted([*mine, *rest], key=lambda c: (c.start, c.end, c not in mine)):
        made += old[done : change.start]
        made += change.new
        done = change.end
    return "".join([*made, *old[done:]])


def _changes(old: Sequence[str], new: Sequence[str]) -> list[_Change]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    blocks = [code[1:] for code in matcher.get_opcodes() if code[0] != "equal"]
    changes: list[_Change] = []
    for place, (i1, i2, j1, j2) in enumerate(blocks):
        following = blocks[place + 1][0] if place + 1 < len(blocks) else len(old)
        room = range(changes[-1].end if changes else 0, following)
        changes.append(_settled(old, _Change(i1, i2, tuple(new[j1:j2])), room))
    return changes


def _clash(one: _Change, other: _Change) -> bool:
    if one.start == one.end:
        return _touches(one.start, other)
    if other.start == other.end:
        return _touches(other.start, one)
    return max(one.start, other.start) < min(one.end, other.end)


def _touches(place: int, change: _Change) -> bool:
    """Whether an insertion at ``place`` is one into ``change``, of which a deletion leaves nothing to stand beside."""
    edge = 0 if change.new or change.start == change.end else 1
    return change.start - edge < place < change.end + edge


def _settled(old: Sequence[str], change: _Change, room: range) -> _Change:
    """The same change moved within ``room``, where repeated lines leave a choice, to begin with an item's dash."""
    if change.new and change.start != change.end:
        return change
    places = [change, *_slid(old, change, room, -1), *_slid(old, change, room, 1)]
    items = [one for one in places if _block(old, one)[0].lstrip().startswith("- ")]
    return max(items, default=change)


def _block(old: Sequence[str], change: _Change) -> Sequence[str]:
    return change.new or old[change.start : change.end]


def _slid(old: Sequence[str], change: _Change, room: range, step: int) -> list[_Change]:
    found: list[_Change] = []
    while True:
        block = _block(old, change)
        edge = change.start - 1 if step < 0 else change.end
        if edge not in room or old[edge] != (block[-1] if step < 0 else block[0]):
            return found
        turned = (block[-1], *block[:-1]) if step < 0 else (*block[1:], block[0])
        change = _Change(change.start + step, change.end + step, tuple(turned) if change.new else ())
        found.append(change)
