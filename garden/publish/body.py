"""The text of a pull request: what, why, what to expect, and one line a proposal that a reviewer can untick.

Whatever comes from patterns is escaped, so that a title is a title and no markup, mention or task.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from garden.health import Figures, rows
from garden.models import Pattern, Proposal
from garden.plan.batches import Batch
from garden.publish.message import why
from garden.report.words import counted, fitted, markdown, subject, told_apart, visible

ROOM = 60_000  # GitHub takes 65,536 characters.
NAME, REASON, QUOTE = 160, 400, 600  # Characters of a text, escapes included: what is longer is cut, and says so.
OPENING, CLOSING = "<!-- graph-garden proposals -->", "<!-- graph-garden end -->"
HOW = (
    "Untick a line, take it out, or comment `/garden reject ID why`, and it will not be proposed again while the texts "
    "stay as they are. `/garden snooze ID 30d` puts it off. Commits of your own on this branch stay."
)
_NUMBERED = re.compile(r"(?i)\b(GH-)(?=\d)")  # A reference, as "#" and a number is.
# As we write it, and as it may be after a person was at it: blanks, another bullet, a box without its blank, no quotes.
_BOX = r"^[ \t>]*(?:[-*+]|\d+[.)])[ \t]+\[[ \t]*"
_LINE = re.compile(_BOX + r"([xX]?)[ \t]*\][ \t]*[*_]*`?([0-9a-f]{12})\b", re.MULTILINE)
# A line that is ticked, whatever follows. One that is struck through is kept by nobody.
_TICKED = re.compile(_BOX + r"[xX][ \t]*\](?![ \t]*~~)[ \t]*(.*?)[ \t\r]*$", re.MULTILINE)


@dataclass(frozen=True)
class Setting:
    """What a body needs beside the batch: patterns by slug, health before and after the batch, the run, what waits."""

    run: str
    patterns: Mapping[str, Pattern]
    before: Figures
    after: Figures
    waiting: int


def body(batch: Batch, setting: Setting) -> str:
    """The Markdown of a pull request. Evidence is left out from the end where it would grow over ``ROOM``."""
    head, tail = "\n".join(_head(batch, setting)), "\n".join(_tail(setting))
    titles = told_apart(setting.patterns.values())
    lines = [_line(titles, proposal) for proposal in batch.proposals]
    folds = [_folded(titles, proposal) for proposal in batch.proposals]
    room = ROOM - len(head) - len(tail) - sum(len(line) + 1 for line in lines)
    items: list[str] = []
    for line, fold in zip(lines, folds, strict=True):
        room -= len(fold) + 1
        items.append(f"{line}\n{fold}" if fold and room >= 0 else line)
    return "\n".join([head, OPENING, *items, CLOSING, tail])


@dataclass(frozen=True)
class Ticks:
    """What a reviewer left of the list in a body: ids ticked, and ids unticked.

    ``whole`` says that the list still has its beginning and its end, or lines and one of the two: a missing line was
    taken out on purpose. ``nameless`` is what ticked lines say that bear no id any more.
    """

    ticked: frozenset[str]
    unticked: frozenset[str]
    whole: bool
    nameless: tuple[str, ...] = ()


def ticks(text: str) -> Ticks:
    """What a pull request's body says of each proposal."""
    begun, ended = OPENING in text, CLOSING in text
    listed = text.partition(OPENING)[2] if begun else text
    lines = listed.partition(CLOSING)[0]
    found = _LINE.findall(lines)
    unticked = frozenset(name for mark, name in found if not mark)
    whole = (begun and ended) or (bool(found) and (begun or ended))
    nameless = tuple(line[1] for line in _TICKED.finditer(lines) if not _LINE.match(line[0]))
    return Ticks(frozenset(name for _, name in found) - unticked, unticked, whole, nameless)


def written(name: str, said: str) -> str:
    """The line of a body about the proposal whose id is ``name``."""
    return f"- [x] `{name}` {said}"


def listed(line: str) -> list[str]:
    """The id of the proposal that a line of a body is about, if it is about one."""
    return [name for _, name in _LINE.findall(line)]


def _head(batch: Batch, setting: Setting) -> Iterator[str]:
    files = len({proposal.path for proposal in batch.proposals})
    size = len(batch.proposals)
    yield f"{why(batch)}\n"
    yield (
        f"**{counted(size, 'proposal')}** in {counted(files, 'pattern')}, of which about {batch.expected:.0f} will "
        f"probably be accepted. Run {setting.run}.\n"
    )
    table = rows(setting.before, setting.after, brief=True)
    if table:
        yield "| Health | before | after |\n|---|---:|---:|"
        yield "\n".join(f"| {row.metric.name} | {row.before} | {row.after} |" for row in table)
    yield f"\n## Proposals\n\n{HOW}\n"


def _tail(setting: Setting) -> Iterator[str]:
    if setting.waiting:
        yield f"\n{counted(setting.waiting, 'proposal')} more wait until this and the other open ones are done with."


def _line(titles: Mapping[str, str], proposal: Proposal) -> str:
    owner = _name(titles[proposal.pattern])
    name = proposal.target or ""
    leads = proposal.kind.endswith("_link") and name in titles
    label = titles[name] if leads else subject(proposal) or name
    target = f" → **{_name(label)}**" if label else ""
    what = _name(" ".join(filter(None, [proposal.kind.replace("_", " "), proposal.type])))
    reason = fitted(proposal.reason, REASON, _text)
    return written(proposal.id, f"**{owner}**{target}: {what}, {proposal.confidence:.2f}. {reason}")


def _folded(titles: Mapping[str, str], proposal: Proposal) -> str:
    sentences = proposal.evidence.get("sentences")
    if not isinstance(sentences, Sequence) or isinstance(sentences, str) or not sentences:
        return ""
    quotes = [f"{_title(titles, said)}: “{fitted(str(said.get('text', '')), QUOTE, _html)}”" for said in sentences]
    signals = proposal.evidence.get("shares")
    shares = signals if isinstance(signals, Mapping) else {}
    weights = ", ".join(f"<code>{_html(str(name))}</code> {value:+.2f}" for name, value in sorted(shares.items()))
    inside = "<br>".join([*quotes, *([weights] if weights else [])])
    return f"  <details><summary>Evidence</summary>{inside}</details>"


def _title(titles: Mapping[str, str], said: Mapping[str, object]) -> str:
    slug = str(said.get("pattern", ""))
    return fitted(titles.get(slug, slug), NAME, _html)


def _name(text: str) -> str:
    return fitted(text.strip(), NAME, _text)


def _text(text: str) -> str:
    # Hosts look for mentions and references after escapes have been taken out: an unseen blank keeps them apart.
    return _NUMBERED.sub(r"\1&#8203;", markdown(text).replace("\\@", "@&#8203;").replace("\\#", "#&#8203;"))


def _html(text: str) -> str:
    """``text`` inside a line of HTML, where Markdown's escapes would show."""
    parts = re.split("([@#])", visible(text))
    shown = "".join(f"{part}&#8203;" if part in ("@", "#") else html.escape(part) for part in parts)
    return _NUMBERED.sub(r"\1&#8203;", shown)
