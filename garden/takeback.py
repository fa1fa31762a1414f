"""One file without what a run wrote into it, by text, so that what has been changed since stays.

The text after the run, the text that it should have been, and the text that is there now are brought together line by
line. Where a person has changed the lines that would go, the file is refused.
"""

import re
from collections.abc import Collection, Sequence

from garden import shapes
from garden.config import Settings
from garden.edits import edit_between
from garden.errors import SpliceRefused
from garden.frontmatter import decode, parse
from garden.library import file_hash
from garden.models import Pattern, Proposal, Section
from garden.plan import plan_of
from garden.plan.inverse import inverse
from garden.plan.sections import wanted_section
from garden.records import FileRecord, Record
from garden.splice import section_start, splice
from garden.splice.check import Before, outside, read_again, same_data, same_elsewhere
from garden.splice.merge import merge
from garden.splice.sections import section_of

WHOLE = "take back the whole run, or use git"
_DATE = re.compile(r"^[ \t]+last_pruned:.*$", re.MULTILINE)


def without(record: Record, file: FileRecord, current: bytes, gone: Collection[str], ids: Collection[str]) -> bytes:
    """The head ``current`` without the proposals ``ids`` of a recorded file; ``gone`` had been taken back before.

    Raises ``SpliceRefused``, at a place in ``current``, where a person has changed the same lines since.
    """
    try:
        return _without(record, file, current, gone, ids)
    except SpliceRefused as error:
        if error.index is None:
            settings = record.settings
            error.index = section_start(parse(decode(current), settings.read), settings.section.key)
        raise


def _without(record: Record, file: FileRecord, current: bytes, gone: Collection[str], ids: Collection[str]) -> bytes:
    stood = [proposal for proposal in file.proposals if proposal.id not in gone]
    left = [proposal for proposal in stood if proposal.id not in ids]
    base, target = _made(record, file, stood), _made(record, file, left)
    if current in (base, target):
        return target
    text = _by_lines(record.settings, decode(base), decode(current), decode(target))
    if text is None:
        text = _by_items(record, file, current, [proposal for proposal in stood if proposal.id in ids])
    return text.encode()


def _by_lines(settings: Settings, base: str, current: str, target: str) -> str | None:
    """The current text with what makes ``target`` of ``base`` done to its section; None where lines do not tell how."""
    front = parse(current, settings.read)
    section = section_of(front, settings.section.key)
    if section is None:
        return None
    text = merge(base, current, _dated(target, base, current))
    before = Before(current, front, outside(current, section))
    return text if text is not None and _holds(before, text, (base, target), settings) else None


def _by_items(record: Record, file: FileRecord, current: bytes, proposals: Sequence[Proposal]) -> str:
    """The current text with single items put back, where lines alone do not tell how."""
    text, settings = decode(current), record.settings
    pattern = _pattern(text, file.path, settings)
    opposite = inverse(pattern.section or Section(), proposals)
    if opposite is None or pattern.section is None:
        raise SpliceRefused("these lines have been changed by someone since", "take them back by hand")
    # The date stays: it is that of the last change of the section, whoever made it.
    wanted = wanted_section(pattern.section, opposite, record.today).model_copy(update={"last_pruned": None})
    return splice(text, wanted, settings, record.anchor, record.banner)


def _dated(target: str, base: str, current: str) -> str:
    """``target`` with the date of ``base`` where a later run has set another: that date is the later run's to keep."""
    dates = [_DATE.search(text) for text in (target, base, current)]
    if not all(dates):
        return target
    mine, theirs, now = (date.group() for date in dates if date)
    return target if now in (mine, theirs) else target.replace(mine, theirs, 1)


def _made(record: Record, file: FileRecord, proposals: Sequence[Proposal]) -> bytes:
    """What the file would be, had the run made just these of its proposals."""
    if len(proposals) == len(file.proposals):
        return file.new
    if not proposals:
        return file.old
    # Proves that this version of the program still makes of all proposals what was written then.
    if _spliced(record, file, file.proposals) != file.new:
        raise SpliceRefused("the run was made by another version of the program", WHOLE)
    return _spliced(record, file, proposals)


def _spliced(record: Record, file: FileRecord, proposals: Sequence[Proposal]) -> bytes:
    text, settings = decode(file.old), record.settings
    pattern = _pattern(text, file.path, settings)
    wanted = plan_of([pattern], proposals, record.today).wanted[pattern.slug]
    try:
        return splice(text, wanted, settings, record.anchor, record.banner).encode()
    except SpliceRefused as error:
        # The place is one in the text of then.
        raise SpliceRefused(error.reason, WHOLE) from error


def _pattern(text: str, path: str, settings: Settings) -> Pattern:
    return shapes.pattern_from(parse(text, settings.read), text, path, file_hash(text.encode()), settings)


def _holds(before: Before, after: str, undone: tuple[str, str], settings: Settings) -> bool:
    """Whether a text made line by line, without knowing YAML, is what it was but for the machine's section.

    ``undone`` are the texts with what is taken back and without it.
    """
    try:
        front = read_again(after, settings)
        if section_of(front, settings.section.key):
            same_elsewhere(before, after, settings)
            return True
        same_data(before.front, front, settings)
    except SpliceRefused:
        return False
    # A section that goes altogether takes with it what was written around it, and nothing else.
    made = edit_between("", undone[1].encode(), undone[0].encode())
    return not made.old and after == before.text.replace(made.new.decode(), "", 1)
