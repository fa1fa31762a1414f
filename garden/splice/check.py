"""Reading a splice back: nothing outside the section has changed, and the section says what was wanted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from garden.config import Settings
from garden.errors import FrontMatterError, SpliceRefused
from garden.frontmatter import FrontMatter, Node, line_end, line_start, parse
from garden.models import WantedItem, WantedSection
from garden.splice.items import agrees
from garden.splice.scalars import says
from garden.splice.sections import Pair, section_of, wanted_list
from garden.splice.spans import UNMARK, column, far_below
from garden.splice.style import BARE, LISTS

_KEEPS_ENDS = re.compile(r"[:-][ \t]+([|>])\d?\+")


def outside(text: str, section: Pair) -> tuple[int, int]:
    """Where the section's lines begin and end, the comment lines below it that stand deeper than its key included."""
    key, value = section
    end = line_end(text, max(value.end, key.end))
    return line_start(text, key.start), far_below(text, end, column(text, key.start))


@dataclass(frozen=True)
class Before:
    """A document as it was; ``lines`` is where those of its section begin and end, or where they go."""

    text: str
    front: FrontMatter
    lines: tuple[int, int]


def read_back(before: Before, new: str, wanted: WantedSection, settings: Settings) -> None:
    """Raises ``SpliceRefused`` unless ``new`` is the old text with nothing changed but the section's lines, whose kept
    items are equal to the byte and whose other items say what was wanted.
    """
    section = same_elsewhere(before, new, settings)
    old = section_of(before.front, settings.section.key)
    _as_wanted((before.text, old[1] if old else None), (new, section[1]), wanted)


def same_elsewhere(before: Before, new: str, settings: Settings) -> Pair:
    """The section of ``new``. Raises ``SpliceRefused`` unless that is the old text but for the section's lines."""
    after = read_again(new, settings)
    section = section_of(after, settings.section.key)
    if section is None:
        raise SpliceRefused("the result has no section")
    _same_outside(before, new, section)
    same_data(before.front, after, settings)
    return section


def read_again(new: str, settings: Settings) -> FrontMatter:
    """The front matter of a text that was made. Raises ``SpliceRefused`` where it cannot be read."""
    try:
        return parse(new, settings.read)
    except FrontMatterError as error:
        if error.code == "unknown-alias":
            raise SpliceRefused("an alias elsewhere repeats what would go", UNMARK) from error
        raise SpliceRefused(f"the result could not be read back ({error})") from error


def same_data(before: FrontMatter, after: FrontMatter, settings: Settings) -> None:
    """Raises ``SpliceRefused`` unless both say the same but for the section."""
    reason = "another part of the front matter would read differently"
    _same_data(before.data, after.data, settings.section.key, reason)


def _same_outside(before: Before, new: str, section: Pair) -> None:
    head, tail = before.text[: before.lines[0]], before.text[before.lines[1] :]
    limit = len(new) - len(tail)
    begin, end = line_start(new, section[0].start), line_end(new, max(section[1].end, section[0].end))
    if not (new.startswith(head) and new.endswith(tail) and len(head) <= begin <= end <= limit):
        raise SpliceRefused("bytes outside the section would change")


def _same_data(old: dict[str, Any], new: dict[str, Any], but: str, reason: str) -> None:
    left, right = ({key: value for key, value in data.items() if key != but} for data in (old, new))
    # A .nan equals nothing, not even itself, but it is shown the same.
    if left != right and repr(left) != repr(right):
        raise SpliceRefused(reason)


def _as_wanted(old: tuple[str, Node | None], new: tuple[str, Node], wanted: WantedSection) -> None:
    before = old[1].value if old[1] is not None and old[1].kind == "mapping" else {}
    after = new[1].value or {}
    written = {name for name in LISTS if wanted_list(wanted, name) is not None}
    if wanted.last_pruned is not None:
        pair = new[1].get("last_pruned")
        written.add("last_pruned")
        if pair is None or not says(pair[1], wanted.last_pruned):
            raise SpliceRefused("last_pruned would not read as wanted")
    for key in sorted({*before, *after} - written):
        _same_data({key: before.get(key)}, {key: after.get(key)}, "", f"{key} would read differently")
    for name in LISTS:
        items = wanted_list(wanted, name)
        lists = (old[0], _items(old[1], name)), (new[0], _items(new[1], name))
        if items is not None and not _list_as_wanted(*lists, items, BARE.get(name, "")):
            raise _unlike(name, old)


def _unlike(name: str, old: tuple[str, Node | None]) -> SpliceRefused:
    """The error of a list that would not read as wanted, which texts that keep all their line ends may bring about."""
    refused = SpliceRefused(f"{name} would not read as wanted")
    kept = _KEEPS_ENDS.search(old[0], old[1].start, old[1].end) if old[1] else None
    if kept:
        refused.way_out, refused.index = f"write {kept[1]} in place of {kept[1]}+", kept.start(1)
    return refused


def _items(section: Node | None, name: str) -> Sequence[Node]:
    pair = section.get(name) if section else None
    return pair[1].items if pair else ()


def _list_as_wanted(
    old: tuple[str, Sequence[Node]], new: tuple[str, Sequence[Node]], wanted: Sequence[WantedItem], bare: str
) -> bool:
    if len(new[1]) != len(wanted):
        return False
    return all(
        _item_as_wanted((old[0], None if item.index is None else old[1][item.index]), (new[0], node), item, bare)
        for node, item in zip(new[1], wanted, strict=True)
    )


def _item_as_wanted(old: tuple[str, Node | None], new: tuple[str, Node], wanted: WantedItem, bare: str) -> bool:
    before, after, fields = old[1], new[1], wanted.fields
    if fields is not None and not agrees(after, fields):
        return False
    if before is None:
        held = 0 if fields is None or isinstance(fields, str) else sum(value is not None for value in fields.values())
        return after.kind == ("scalar" if isinstance(fields, str) else "mapping") and len(after.pairs) == held
    if fields is None or agrees(before, fields):
        said = old[0][before.start : before.end]
        # A text that keeps all its line ends (|+) takes those below the item for its own.
        reads = "+" not in said or repr(before.value) == repr(after.value)
        return reads and said == new[0][after.start : after.end]
    if isinstance(fields, str):
        return True
    stood = before.value if before.kind == "mapping" else {bare: before.raw}
    return _without(stood, fields) == _without(after.value, fields)


def _without(values: dict[str, Any], keys: Any) -> str:
    return repr({key: value for key, value in values.items() if key not in keys})
