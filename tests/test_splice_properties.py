"""Random edits on random sections in random styles, and on real files: exact lines, comments kept, nothing else moved.

The documents are written here line by line, each line knowing whose it is, so that what a splice may touch is known
without asking the code under test.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from garden.config import Settings
from garden.frontmatter import decode, parse
from garden.models import WantedItem, WantedSection
from garden.splice import splice

SETTINGS = Settings()
UNREADABLE = {"animal-communication-practice.md", "animal-relationship-ethics.md"}
LISTS = ("entities", "communities", "inferred_links")
TAILS: list[list[str]] = [[], ["# GROUP 7", "license: CC"], ["", "# x", "more: {a: [b]}"]]
FIELDS = {
    "entities": ("id", "type", "label", "relevance"),
    "communities": ("id", "label", "source", "confidence"),
    "inferred_links": ("target", "type", "confidence", "reason", "strength"),
}
NUMBERS = {"relevance", "confidence", "strength"}

Item = dict[str, Any] | str

words = st.from_regex(r"w[a-z]{0,6}(-[a-z]{1,5}){0,2}", fullmatch=True)
prose = st.text(st.sampled_from("abc XYZ é—:#'\"\\,[]{}&*!|>%@`-?😀0.~"), min_size=1, max_size=30)
anything = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
    st.sampled_from(
        ["yes", "No", "2026-02-16", "1e3", "0o7", "a: b", "@x", "x:", "null", "~", "=", " x ", "a #b", "12"]
    ),
    prose,
    words,
)
figures = st.one_of(
    st.floats(0, 1).map(lambda x: round(x, 3)), st.integers(0, 9), st.floats(allow_nan=False, allow_infinity=False)
)


@dataclass(frozen=True)
class Line:
    """A line of a document. ``owner`` is the item whose line it is (list, place), ``key`` the field that it writes."""

    text: str
    owner: tuple[str, int] | None = None
    key: str | None = None
    list_key: str | None = None


@dataclass(frozen=True)
class Document:
    lines: list[Line]
    items: dict[str, list[Item]]
    newline: str
    mark: str
    last_pruned: str | None

    def text(self) -> str:
        return self.mark + "".join(line.text + self.newline for line in self.lines)


@dataclass(frozen=True)
class Look:
    """How a document is written."""

    pad: str
    dash: str
    gap: str
    quote: str
    comments: bool
    blanks: bool


@st.composite
def looks(draw: st.DrawFn) -> Look:
    pad = " " * draw(st.sampled_from([2, 4]))
    return Look(
        pad,
        pad + " " * draw(st.sampled_from([0, 2, 4])),
        " " * draw(st.sampled_from([1, 1, 3])),
        draw(st.sampled_from(["", "'", '"'])),
        draw(st.booleans()),
        draw(st.booleans()),
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    look = draw(looks())
    items: dict[str, list[Item]] = {}
    lines = [Line("---"), Line("title: T # t"), Line("# GROUP 6"), Line("graph_garden:" + _end(draw, look))]
    last_pruned = draw(st.sampled_from([None, "2026-02-16"]))
    if last_pruned:
        shown = draw(st.sampled_from([last_pruned, f"'{last_pruned}'", f'"{last_pruned}"'])) + _end(draw, look)
        lines.append(Line(f"{look.pad}last_pruned: {shown}", key="last_pruned"))
    for name in LISTS:
        if draw(st.integers(0, 9)) == 0 and (last_pruned or name != "entities"):
            continue
        items[name] = []
        _list(draw, look, name, items[name], lines)
    if not last_pruned and not items:
        lines[-1] = Line("graph_garden:")
    tail = draw(st.sampled_from(TAILS))
    lines += [Line(text) for text in [*tail, "---", "", "Body: - # x", "graph_garden:"]]
    newline, mark = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"])), draw(st.sampled_from(["", "\ufeff"]))
    return Document(lines, items, newline, mark, last_pruned)


def _end(draw: st.DrawFn, look: Look) -> str:
    return draw(st.sampled_from(["", "  # why: - 'x"])) if look.comments else ""


def _list(draw: st.DrawFn, look: Look, name: str, items: list[Item], lines: list[Line]) -> None:
    count = draw(st.integers(0, 4))
    if not count:
        empty = draw(st.sampled_from(["", " []", " ~"]))
        lines.append(Line(f"{look.pad}{name}:{empty}{_end(draw, look)}", list_key=name))
        return
    lines.append(Line(f"{look.pad}{name}:{_end(draw, look)}", list_key=name))
    for place in range(count):
        if look.blanks and draw(st.booleans()):
            lines.append(Line(draw(st.sampled_from(["", "   "]))))
        if look.comments and draw(st.booleans()):
            lines.append(Line(f"{look.dash}# about - what: follows"))
        items.append(_item(draw, look, (name, place), lines))
    if look.comments and draw(st.booleans()):
        lines.append(Line(f"{look.pad}# above the next"))


def _item(draw: st.DrawFn, look: Look, owner: tuple[str, int], lines: list[Line]) -> Item:
    name = owner[0]
    head = f"{look.dash}-{look.gap}"
    if name != "inferred_links" and draw(st.integers(0, 4)) == 0:
        value, shown = _scalar(draw, look)
        lines.append(Line(head + shown + _end(draw, look), owner, key=""))
        _own_comment(draw, look, owner, lines)
        return value
    keys = draw(st.lists(st.sampled_from(FIELDS[name]), min_size=1, max_size=4, unique=True))
    item: dict[str, Any] = {}
    for key in keys:
        item[key] = _field(draw, look, (owner, key), head if not item else " " * len(head), lines)
    _own_comment(draw, look, owner, lines)
    return item


def _field(draw: st.DrawFn, look: Look, whose: tuple[tuple[str, int], str], lead: str, lines: list[Line]) -> Any:
    owner, key = whose
    if key in NUMBERS:
        number = draw(st.sampled_from([0.5, 0.80, 1, 0.123]))
        lines.append(Line(f"{lead}{key}: {number}{_end(draw, look)}", owner, key))
        return number
    if look.quote == "" and draw(st.integers(0, 4)) == 0:
        first, second = draw(words), draw(words)
        inner = " " * (len(lead) + 2)
        lines += [
            Line(f"{lead}{key}: >-", owner, key),
            Line(inner + first, owner, key),
            Line(inner + second, owner, key),
        ]
        return f"{first} {second}"
    value, shown = _scalar(draw, look)
    lines.append(Line(f"{lead}{key}: {shown}{_end(draw, look)}", owner, key))
    return value


def _own_comment(draw: st.DrawFn, look: Look, owner: tuple[str, int], lines: list[Line]) -> None:
    if look.comments and draw(st.booleans()):
        lines.append(Line(f"{look.dash}   # of the item above", owner))


def _scalar(draw: st.DrawFn, look: Look) -> tuple[str, str]:
    if look.quote == "":
        value = draw(words)
        return value, value
    value = draw(prose)
    if look.quote == "'":
        return value, "'" + value.replace("'", "''") + "'"
    return value, '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass
class Plan:
    """A wanted section, and what the section must hold afterwards."""

    wanted: dict[str, tuple[WantedItem, ...]]
    expected: dict[str, list[Item]]
    last_pruned: str | None

    def section(self) -> WantedSection:
        return section_of(self.wanted, self.last_pruned)


def section_of(lists: Mapping[str, Sequence[WantedItem]], last_pruned: str | None = None) -> WantedSection:
    return WantedSection.model_validate({"last_pruned": last_pruned, **lists})


@st.composite
def plans(draw: st.DrawFn, document: Document) -> Plan:
    plan = Plan({}, {}, draw(st.sampled_from([None, "2026-11-22"])))
    for name in LISTS:
        if draw(st.booleans()):
            wanted, expected = _wish(draw, name, document.items.get(name, []))
            plan.wanted[name], plan.expected[name] = tuple(wanted), expected
    return plan


def _wish(draw: st.DrawFn, name: str, items: Sequence[Item]) -> tuple[list[WantedItem], list[Item]]:
    wanted: list[WantedItem] = []
    expected: list[Item] = []
    for index, item in enumerate(items):
        action = draw(st.sampled_from(["keep", "keep", "same", "drop", "change"]))
        if action == "drop":
            continue
        fields = None if action == "keep" else item if action == "same" else _changed(draw, name, item)
        wanted.append(WantedItem(index=index, fields=fields))
        expected.append(item if fields is None else fields)
    for _ in range(draw(st.integers(0, 2))):
        new = _new(draw, name)
        wanted.append(WantedItem(fields=new))
        expected.append(new if isinstance(new, str) else {k: v for k, v in new.items() if v is not None})
    return wanted, expected


def _changed(draw: st.DrawFn, name: str, item: Item) -> Item:
    """Other values for some of an item's fields, and perhaps one field more, last."""
    if isinstance(item, str):
        return draw(anything)
    fields = {key: draw(_values(key)) if draw(st.booleans()) else value for key, value in item.items()}
    more = [key for key in FIELDS[name] if key not in item]
    wants_more: bool = draw(st.booleans())
    if more and wants_more:
        fields[more[0]] = draw(_values(more[0]))
    return fields


def _new(draw: st.DrawFn, name: str) -> Item:
    if name != "inferred_links" and draw(st.integers(0, 3)) == 0:
        return draw(anything)
    first, *rest = FIELDS[name]
    return {first: draw(anything)} | {key: draw(st.one_of(st.none(), _values(key))) for key in rest}


def _values(key: str) -> st.SearchStrategy[Any]:
    return figures if key in NUMBERS else anything


@dataclass(frozen=True)
class Outcome:
    """The old lines that must come out, in order, and how many others must come with them."""

    must: list[str]
    fresh: int


def outcome(document: Document, plan: Plan) -> Outcome:
    must = [line.text for line in document.lines if _survives(document, plan, line)]
    fresh = sum(_rewritten(document, plan, name) + _added(document, plan, name) for name in plan.wanted)
    return Outcome(must, fresh + (plan.last_pruned is not None))


def _survives(document: Document, plan: Plan, line: Line) -> bool:
    if line.list_key:
        return not _turns(document, plan, line.list_key)
    if line.owner is None:
        return line.key != "last_pruned" or plan.last_pruned is None
    if line.owner[0] not in plan.wanted:
        return True
    found = [item for item in plan.wanted[line.owner[0]] if item.index == line.owner[1]]
    if not found or found[0].fields is None or line.key is None:
        return bool(found)
    return line.key not in _differing(document.items[line.owner[0]][line.owner[1]], found[0].fields)


def _turns(document: Document, plan: Plan, name: str) -> bool:
    """Whether a list that is there becomes empty, or one that is empty gets items."""
    before = document.items.get(name)
    return before is not None and name in plan.expected and bool(before) != bool(plan.expected[name])


def _differing(old: Item, new: Any) -> set[str]:
    if isinstance(old, str):
        return set() if old == new else {""}
    return {key for key in old if old[key] != new[key]}


def _rewritten(document: Document, plan: Plan, name: str) -> int:
    """Lines that hold another value, a field more, or a list that is empty no longer, or now."""
    lines = int(_turns(document, plan, name))
    for item in plan.wanted[name]:
        if item.index is not None and item.fields is not None:
            old, new = document.items[name][item.index], item.fields
            lines += len(_differing(old, new)) + (0 if isinstance(old, str) else len(set(new) - set(old)))
    return lines


def _added(document: Document, plan: Plan, name: str) -> int:
    new = [item.fields for item in plan.wanted[name] if item.index is None]
    lines = sum(1 if isinstance(one, str) else sum(v is not None for v in (one or {}).values()) for one in new)
    return lines + (bool(new) and name not in document.items)


def is_subsequence(part: Sequence[str], whole: Sequence[str]) -> bool:
    rest = iter(whole)
    return all(line in rest for line in part)


def front_matter(text: str) -> str:
    front = parse(text, SETTINGS.read)
    return text[front.start : front.end]


def lists_of(data: Any) -> dict[str, list[Item]]:
    section = data["graph_garden"] or {}
    return {name: section.get(name) or [] for name in LISTS}


def expected_lists(document: Document, plan: Plan) -> dict[str, list[Item]]:
    return {name: plan.expected.get(name, document.items.get(name, [])) for name in LISTS}


many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(st.data())
def test_exactly_the_lines_meant_change_and_the_result_says_what_was_wanted(data: st.DataObject):
    document = data.draw(documents())
    plan = data.draw(plans(document))
    old = document.text()
    new = splice(old, plan.section(), SETTINGS)
    lines, want = new.removeprefix(document.mark).split(document.newline)[:-1], outcome(document, plan)
    assert is_subsequence(want.must, lines)
    assert len(lines) == len(want.must) + want.fresh
    assert new.startswith(document.mark)
    assert new.endswith("".join(line.text + document.newline for line in document.lines[-4:]))

    read = yaml.safe_load(front_matter(new))
    assert lists_of(read) == expected_lists(document, plan)
    if plan.last_pruned:
        assert str(read["graph_garden"]["last_pruned"]) == plan.last_pruned


@many
@given(st.data())
def test_a_yaml_1_2_reader_sees_the_same(data: st.DataObject):
    document = data.draw(documents())
    plan = data.draw(plans(document))
    new = splice(document.text(), plan.section(), SETTINGS)
    read = YAML(typ="safe", pure=True).load(front_matter(new).replace("\r\n", "\n").replace("\r", "\n"))
    assert lists_of(read) == expected_lists(document, plan)


@many
@given(st.data())
def test_what_is_done_is_not_done_again(data: st.DataObject):
    document = data.draw(documents())
    plan = data.draw(plans(document))
    new = splice(document.text(), plan.section(), SETTINGS)
    again = {
        name: tuple(WantedItem(index=index, fields=fields) for index, fields in enumerate(plan.expected[name]))
        for name in plan.wanted
    }
    assert splice(new, section_of(again, plan.last_pruned), SETTINGS) is new


@many
@given(st.data())
def test_lists_can_be_changed_one_after_the_other(data: st.DataObject):
    document = data.draw(documents())
    plan = data.draw(plans(document))
    one_by_one = splice(document.text(), WantedSection(last_pruned=plan.last_pruned), SETTINGS)
    for name in LISTS:
        if name in plan.wanted:
            one_by_one = splice(one_by_one, section_of({name: plan.wanted[name]}), SETTINGS)
    # The style of new items may differ, for it is learned from what stands there; what they say may not.
    assert lists_of(yaml.safe_load(front_matter(one_by_one))) == expected_lists(document, plan)


@many
@given(st.data())
def test_items_that_are_added_and_taken_away_again_leave_the_text_as_it_was(data: st.DataObject):
    document = data.draw(documents())
    filled = [name for name in LISTS if document.items.get(name)]
    assume(filled)
    name = data.draw(st.sampled_from(filled))
    items = document.items[name]
    kept = tuple(WantedItem(index=index) for index in range(len(items)))
    new = tuple(WantedItem(fields=data.draw(_new_items(name))) for _ in range(2))
    grown = splice(document.text(), section_of({name: kept + new}), SETTINGS)
    assert splice(grown, section_of({name: kept}), SETTINGS) == document.text()


@st.composite
def _new_items(draw: st.DrawFn, name: str) -> Item:
    return _new(draw, name)


@many
@given(st.data())
def test_a_missing_section_is_put_in_and_nothing_else_moves(data: st.DataObject):
    keys = data.draw(st.lists(words, max_size=4, unique=True))
    lines = [
        data.draw(
            st.sampled_from([f"{key}: 1", f"# c\n{key}:\n  - x", f"{key}:\n    a:\n    - b # c", f"\n{key}: {{}}"])
        )
        for key in keys
    ]
    anchor = tuple(data.draw(st.permutations(keys))[:2])
    newline = data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
    old = "".join(f"{line}\n" for line in ["---", *lines, "---", "Body."]).replace("\n", newline)
    new_items = [data.draw(_new_items("entities")) for _ in range(data.draw(st.integers(1, 3)))]
    wanted = WantedSection(entities=tuple(WantedItem(fields=item) for item in new_items), communities=())
    banner = data.draw(st.sampled_from(["", "# GROUP 6\n", "\n# ═\n# 6\n"]))
    new = splice(old, wanted, SETTINGS, anchor, banner)

    head = next(place for place in range(len(new)) if old[:place] != new[:place]) - 1
    size = len(new) - len(old)
    assert any(old == new[:start] + new[start + size :] for start in range(max(0, head - size), head + 1))
    read = yaml.safe_load(front_matter(new))
    held = [item if isinstance(item, str) else {k: v for k, v in item.items() if v is not None} for item in new_items]
    assert read.pop("graph_garden") == {"entities": held, "communities": []}
    assert read == (yaml.safe_load(front_matter(old)) or {})
    order = [line.partition(":")[0] for line in front_matter(new).split(newline) if re.match(r"[a-z_-]+:", line)]
    if anchor:
        assert order.index("graph_garden") + 1 == order.index(anchor[0])


@cache
def real_files(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.glob("*.md"))
        if path.name not in UNREADABLE and b"\ngraph_garden:" in path.read_bytes()
    ]


def item_blocks(text: str, name: str) -> list[list[str]] | None:
    """The lines of each item of a block list as the corpus writes it; None where the list is empty or in brackets."""
    lines = text.split("\n")
    start = lines.index("graph_garden:")
    key = next(place for place in range(start, len(lines)) if lines[place].startswith(f"  {name}:"))
    if lines[key] != f"  {name}:":
        return None
    indent = len(lines[key + 1]) - len(lines[key + 1].lstrip(" "))
    blocks: list[list[str]] = []
    for line in lines[key + 1 :]:
        if line.startswith(" " * indent + "- "):
            blocks.append([line])
        elif line.startswith(" " * indent + "  "):
            blocks[-1].append(line)
        else:
            break
    return blocks


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_real_files_lose_and_gain_exactly_the_lines_meant(corpus: Path, data: st.DataObject):
    text = decode(data.draw(st.sampled_from(real_files(corpus))).read_bytes())
    wanted: dict[str, tuple[WantedItem, ...]] = {}
    dropped: list[str] = []
    added = 0
    for name in LISTS:
        blocks = item_blocks(text, name)
        if blocks is None:
            continue
        keep = data.draw(st.lists(st.booleans(), min_size=len(blocks), max_size=len(blocks)))
        new = [data.draw(_new_items(name)) for _ in range(data.draw(st.integers(0 if any(keep) else 1, 2)))]
        wanted[name] = tuple(
            [WantedItem(index=index) for index, stays in enumerate(keep) if stays]
            + [WantedItem(fields=one) for one in new]
        )
        dropped += [line for block, stays in zip(blocks, keep, strict=True) if not stays for line in block]
        added += sum(1 if isinstance(one, str) else sum(v is not None for v in one.values()) for one in new)
    result = splice(text, section_of(wanted), SETTINGS)
    old_lines, new_lines = text.split("\n"), result.split("\n")
    remaining = list(old_lines)
    for line in dropped:
        remaining.remove(line)
    assert len(new_lines) == len(remaining) + added
    assert not Counter(remaining) - Counter(new_lines)
    assert is_subsequence([line for line in old_lines if line not in set(dropped)], new_lines)
    assert text.split("\n---\n", 1)[1] == result.split("\n---\n", 1)[1]


@st.composite
def bracketed(draw: st.DrawFn) -> tuple[str, dict[str, list[Item]]]:
    """A section whose lists stand in brackets: in a row, each item on its line, or the whole in braces."""
    items: dict[str, list[Item]] = {}
    shown: list[str] = []
    in_braces, pad = draw(st.booleans()), draw(st.sampled_from(["", " "]))
    for name in LISTS:
        held = [_in_brackets(draw, name, pad) for _ in range(draw(st.integers(0, 3)))]
        items[name] = [value for value, _ in held]
        texts = [text for _, text in held]
        in_lines: bool = draw(st.booleans())
        if texts and in_lines:
            comma = draw(st.sampled_from(["", ","]))
            shown.append(f"{name}: [\n      " + ",\n      ".join(texts) + f"{comma}\n    ]")
        else:
            shown.append(f"{name}: [{pad}{', '.join(texts)}{pad if texts else ''}]")
    body = "{" + ", ".join(shown) + "}" if in_braces else "".join(f"\n  {line}" for line in shown)
    return f"---\na: 1\ngraph_garden: {body} # end\nz: 2\n---\nBody.\n", items


def _in_brackets(draw: st.DrawFn, name: str, pad: str) -> tuple[Item, str]:
    quote = draw(st.sampled_from(["", "'", '"']))
    look = Look("", "", "", quote, comments=False, blanks=False)
    bare: bool = draw(st.booleans())
    if bare and name != "inferred_links":
        return _scalar(draw, look)
    keys = draw(st.lists(st.sampled_from(FIELDS[name]), min_size=1, max_size=3, unique=True))
    pairs = {key: (0.5, "0.5") if key in NUMBERS else _scalar(draw, look) for key in keys}
    return {key: value for key, (value, _) in pairs.items()}, (
        "{" + pad + ", ".join(f"{key}: {text}" for key, (_, text) in pairs.items()) + pad + "}"
    )


@many
@given(st.data())
def test_lists_in_brackets_say_what_was_wanted_and_stay_in_brackets_where_they_hold_items(data: st.DataObject):
    old, items = data.draw(bracketed())
    document = Document([], items, "\n", "", None)
    plan = data.draw(plans(document))
    new = splice(old, plan.section(), SETTINGS)
    read = yaml.safe_load(front_matter(new))
    assert lists_of(read) == expected_lists(document, plan)
    assert (read["a"], read["z"]) == (1, 2)
    assert new.startswith("---\na: 1\ngraph_garden:")
    assert new.endswith(" # end\nz: 2\n---\nBody.\n") or not items["inferred_links"]
    for name in LISTS:
        if items[name]:
            assert f"{name}: [" in new
    again = {
        name: tuple(WantedItem(index=i, fields=one) for i, one in enumerate(plan.expected[name]))
        for name in plan.wanted
    }
    assert splice(new, section_of(again, plan.last_pruned), SETTINGS) is new
