"""The machine's section of a document, changed in place: what is not meant to change stays as it is, to the byte.

Comment lines between items are people's words: they stay where an item goes, except those that stand directly below
it and deeper than its dash, which are the item's own, as are the comments between its fields and at the end of its
lines. Reordering is refused, for it would move people's comments away from what they speak of.
"""

from garden.config import Settings
from garden.errors import SpliceRefused
from garden.frontmatter import FrontMatter, parse
from garden.models import WantedSection
from garden.splice.check import Before, outside, read_back
from garden.splice.sections import Plot, created, item_texts, section_of, section_patches
from garden.splice.spans import apply

__all__ = ["section_items", "section_start", "splice"]


def splice(text: str, wanted: WantedSection, settings: Settings, anchor: tuple[str, ...] = (), banner: str = "") -> str:
    """The document with only the machine's section changed; the very same text where nothing has to change.

    Items whose fields are None keep every byte, items with fields have just the differing values rewritten, items that
    the wanted list leaves out lose their lines, new items follow the last one in the list's own style. A field wanted
    as None is taken out. A missing section is created before the first key of ``anchor`` that the file has (and the
    comment lines above that key), else at the end, below ``banner``.

    The result is read back. Raises ``SpliceRefused`` where it would not be what was wanted or anything else would
    change, at the section's key where no other place is known, and ``FrontMatterError`` where the text cannot be read.
    """
    front = parse(text, settings.read)
    try:
        return _spliced(text, front, wanted, settings, Plot(settings.section.key, anchor, banner))
    except SpliceRefused as error:
        if error.index is None:
            error.index = section_start(front, settings.section.key)
        raise


def section_start(front: FrontMatter, key: str) -> int:
    """Where the section's key stands in the text, or the front matter where there is none."""
    pair = front.root.get(key) if front.root else None
    return pair[0].start if pair else front.start


def _spliced(text: str, front: FrontMatter, wanted: WantedSection, settings: Settings, plot: Plot) -> str:
    section = section_of(front, settings.section.key)
    if section is None:
        patch = created(text, front, wanted, plot)
        patches, lines = ([patch], (patch.start, patch.end)) if patch else ([], (0, 0))
    else:
        patches, lines = section_patches(text, front, section, wanted), outside(text, section)
    if not patches:
        return text
    if section is None and settings.section.missing == "skip":
        raise SpliceRefused("the file has no section, and section.missing says to skip it", 'set it to "create"')
    new = apply(text, patches)
    read_back(Before(text, front, lines), new, wanted, settings)
    return new


def section_items(text: str, settings: Settings) -> dict[str, tuple[str, ...]]:
    """Every item's own text as it stands, by list, to be shown or compared: a block list's items are whole lines.

    Raises ``FrontMatterError`` and ``SpliceRefused`` as ``splice`` does.
    """
    return item_texts(text, parse(text, settings.read), settings.section.key)
