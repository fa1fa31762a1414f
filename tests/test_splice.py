"""The section changed in place: goldens for every style, and what is refused."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import dedent

import pytest
import yaml

from garden.config import SectionSettings, Settings
from garden.errors import FrontMatterError, SpliceRefused
from garden.frontmatter import decode, parse, place
from garden.models import Section, WantedItem, WantedSection
from garden.shapes import pattern_from
from garden.splice import section_items, splice
from garden.splice.check import Before, read_back
from garden.splice.scalars import plain_is_safe, written

SETTINGS = Settings()
DAY = "2026-11-22"
LINK = WantedItem(fields={"target": "b-c", "type": "requires", "confidence": 0.7, "reason": "Both need: care"})
IN_BRACES = {
    "LINK": '{target: b-c, type: requires, confidence: 0.7, reason: "Both need: care"}',
    "JSON": ', "communities": [c]',
    "ENTITY": '{"id": "e-f", "relevance": 0.5, "label": "E f"}',
}
ENTITY = WantedItem(fields={"id": "e-f", "type": None, "label": "E f", "relevance": 0.5})


def keep(*indices: int) -> tuple[WantedItem, ...]:
    return tuple(WantedItem(index=index) for index in indices)


def change(index: int, **fields: str | float | None) -> WantedItem:
    return WantedItem(index=index, fields=fields)


def plain(*texts: str) -> tuple[WantedItem, ...]:
    return tuple(WantedItem(fields=text) for text in texts)


def retext(index: int, text: str) -> WantedItem:
    return WantedItem(index=index, fields=text)


def file(text: str) -> str:
    text = dedent(text).lstrip()
    for name, shown in IN_BRACES.items():
        text = text.replace(name, shown)
    return f"---\n{text}---\nBody.\n"


GOLDENS = {
    "a block list grows in its own style": (
        """
        slug: a
        graph_garden:
          last_pruned: 2026-02-19
          entities:
            - id: x
              label: "X"
              relevance: 0.9
          inferred_links:
            - target: y
              type: enables
              confidence: 0.8
              reason: "Why."
        # GROUP 7
        license: CC
        """,
        WantedSection(last_pruned=DAY, entities=(*keep(0), ENTITY), inferred_links=(*keep(0), LINK)),
        """
        slug: a
        graph_garden:
          last_pruned: 2026-11-22
          entities:
            - id: x
              label: "X"
              relevance: 0.9
            - id: e-f
              label: "E f"
              relevance: 0.5
          inferred_links:
            - target: y
              type: enables
              confidence: 0.8
              reason: "Why."
            - target: b-c
              type: requires
              confidence: 0.7
              reason: "Both need: care"
        # GROUP 7
        license: CC
        """,
    ),
    "a list without extra indent, quoted only where need be, with keys in an order of its own": (
        """
        graph_garden:
          last_pruned: '2026-02-16'
          inferred_links:
          - reason: 'Shared: x'
            target: y
          - reason: Plain one
            target: z
        """,
        WantedSection(last_pruned=DAY, inferred_links=(*keep(0, 1), LINK)),
        """
        graph_garden:
          last_pruned: '2026-11-22'
          inferred_links:
          - reason: 'Shared: x'
            target: y
          - reason: Plain one
            target: z
          - reason: 'Both need: care'
            target: b-c
            type: requires
            confidence: 0.7
        """,
    ),
    "an empty list takes its style from its neighbours": (
        """
        graph_garden:
            entities:
            -   id: x
                label: 'X'
            inferred_links: []  # none yet
        """,
        WantedSection(inferred_links=(LINK,)),
        """
        graph_garden:
            entities:
            -   id: x
                label: 'X'
            inferred_links:  # none yet
            -   target: b-c
                type: requires
                confidence: 0.7
                reason: Both need; care
        """.replace("Both need; care", "'Both need: care'"),
    ),
    "a list that is null is filled": (
        """
        graph_garden:
          entities:
          communities: ~ # c
          inferred_links: null
        """,
        WantedSection(entities=plain("A b", "no"), communities=plain("c-d"), inferred_links=(LINK,)),
        """
        graph_garden:
          entities:
            - A b
            - "no"
          communities: # c
            - c-d
          inferred_links:
            - target: b-c
              type: requires
              confidence: 0.7
              reason: "Both need: care"
        """,
    ),
    "a missing list goes where it belongs": (
        """
        graph_garden:
          last_pruned: 2026-02-19 # day
          inferred_links: []
          note: mine
        """,
        WantedSection(entities=plain("A"), communities=plain("B")),
        """
        graph_garden:
          last_pruned: 2026-02-19 # day
          entities:
            - A
          communities:
            - B
          inferred_links: []
          note: mine
        """,
    ),
    "a list that loses its last item is empty": (
        """
        graph_garden:
          entities: # here
            - id: x
          communities: [a, b]
        """,
        WantedSection(entities=(), communities=()),
        """
        graph_garden:
          entities: [] # here
          communities: []
        """,
    ),
    "comments stay, but those of the item's own lines": (
        """
        graph_garden:
          # top
          entities:
            # above x
            - id: x # at the end
              # inside
              label: X
              # below, and deeper
            # above y

            # above z
            - id: y
            - id: z
              # its own

              # after a blank line
          communities: []
        # below
        """,
        WantedSection(entities=keep(1)),
        """
        graph_garden:
          # top
          entities:
            # above x
            # above y

            # above z
            - id: y

              # after a blank line
          communities: []
        # below
        """,
    ),
    "a link of mere text that is given fields becomes a mapping": (
        """
        graph_garden:
          inferred_links: # of
            - b # why
              # its own
            - 'c: d'
            -   1984
            -
              e
            - f
        """,
        WantedSection(
            inferred_links=(
                change(0, type="requires"),
                change(1, type="requires"),
                change(2, type=None, confidence=0.5),
                change(3, target="new", type="requires"),
                *keep(4),
                LINK,
            )
        ),
        """
        graph_garden:
          inferred_links: # of
            - target: b # why
              type: requires
              # its own
            - target: 'c: d'
              type: requires
            -   target: '1984'
                confidence: 0.5
            -
              target: new
              type: requires
            - f
            - target: b-c
              type: requires
              confidence: 0.7
              reason: 'Both need: care'
        """,
    ),
    "a link of mere text takes the order and the braces of the list's last mapping": (
        """
        graph_garden:
          inferred_links:
            - b, c # why
            - { type: x, target: d }
        """,
        WantedSection(inferred_links=(change(0, type="requires"), *keep(1))),
        """
        graph_garden:
          inferred_links:
            - { type: requires, target: "b, c" } # why
            - { type: x, target: d }
        """,
    ),
    "links of mere text in brackets become mappings one by one": (
        """
        graph_garden:
          inferred_links: [a, "b", c, d]
        """,
        WantedSection(inferred_links=(change(0, type="requires"), change(1, type="x: y"), *keep(3))),
        """
        graph_garden:
          inferred_links: [{target: a, type: requires}, {target: "b", type: "x: y"}, d]
        """,
    ),
    "only the differing values of a changed item are written": (
        """
        graph_garden:
          inferred_links:
            - target: y   # t
              type: enablers # k
              confidence: 0.80
              reason: >-
                Folded
                text.

              note: keep me
            - type: "x"
              target: 'y'
              confidence: # none
              reason: Plain
        """,
        WantedSection(
            inferred_links=(
                change(0, target="y", type="enables", confidence=0.8, reason="New."),
                change(1, target="z", type="it's", confidence=0.25, reason="Now: this"),
            )
        ),
        """
        graph_garden:
          inferred_links:
            - target: y   # t
              type: enables # k
              confidence: 0.80
              reason: "New."

              note: keep me
            - type: "it's"
              target: 'z'
              confidence: 0.25 # none
              reason: "Now: this"
        """,
    ),
    "fields are added behind those that they follow, and taken out": (
        """
        graph_garden:
          inferred_links:
            - target: y # t
              reason: R
            - type: x
              # of target
              target: z
              reason: R
              strength: 3
            - {target: w, reason: R}
            - {type: q, target: v}
        """,
        WantedSection(
            inferred_links=(
                change(0, target="y", type="requires", confidence=0.5),
                change(1, type=None, target="z", strength=None),
                change(2, target="w", type="a, b", reason=None),
                change(3, type=None),
            )
        ),
        """
        graph_garden:
          inferred_links:
            - target: y # t
              type: requires
              confidence: 0.5
              reason: R
            - target: z
              reason: R
            - {target: w, type: "a, b"}
            - {target: v}
        """,
    ),
    "items in braces get company in braces": (
        """
        graph_garden:
          entities:
            - { id: x, label: 'X', relevance: 0.9 }
        """,
        WantedSection(entities=(*keep(0), WantedItem(fields={"relevance": 1, "label": "A: b", "id": "a-b"}))),
        """
        graph_garden:
          entities:
            - { id: x, label: 'X', relevance: 0.9 }
            - { id: a-b, label: 'A: b', relevance: 1 }
        """,
    ),
    "items side by side in brackets": (
        """
        graph_garden:
          entities: [a, "b c", d,  e] # x
          communities: ["one two", 'three']
          inferred_links: [{target: y}, {target: z}]
        """,
        WantedSection(
            entities=(*keep(1, 2), *plain("f, g")),
            communities=(*keep(1), *plain("four")),
            inferred_links=(change(0, target="y", type="requires"), LINK),
        ),
        """
        graph_garden:
          entities: ["b c", d, "f, g"] # x
          communities: ['three', "four"]
          inferred_links: [{target: y, type: requires}, LINK]
        """,
    ),
    "items in brackets, each on its line": (
        """
        graph_garden:
          entities: [
            a, # one
            b,
            c # three
          ]
          communities: [
            a,
            b,
          ]
        """,
        WantedSection(entities=(*keep(0, 2), *plain("d")), communities=(*keep(0), *plain("c", "d"))),
        """
        graph_garden:
          entities: [
            a, # one
            c, # three
            d
          ]
          communities: [
            a,
            c,
            d,
          ]
        """,
    ),
    "a section in braces": (
        """
        graph_garden: {entities: [{id: a, label: A}, {id: b}], communities: , inferred_links: []} # c
        x: 1
        """,
        WantedSection(last_pruned=DAY, entities=keep(1), communities=plain("c"), inferred_links=(LINK,)),
        """
        graph_garden: {last_pruned: 2026-11-22, entities: [{id: b}], communities: ["c"], inferred_links: [LINK]} # c
        x: 1
        """.replace('["c"]', "[c]"),
    ),
    "a section written as JSON": (
        """
        "graph_garden": {"last_pruned": "2026-01-01", "entities": [{"id": "a", "relevance":0.5}]}
        """,
        WantedSection(last_pruned=DAY, entities=(*keep(0), ENTITY), communities=plain("c")),
        """
        "graph_garden": {"last_pruned": "2026-11-22", "entities": [{"id": "a", "relevance":0.5}, ENTITY]JSON}
        """,
    ),
    "a section that is empty braces": (
        "a:\n    b: 1\ngraph_garden: {} # c\nx: 1\n",
        WantedSection(last_pruned=DAY, entities=plain("A")),
        "a:\n    b: 1\ngraph_garden: # c\n    last_pruned: 2026-11-22\n    entities:\n      - A\nx: 1\n",
    ),
    "a section that is null": (
        "graph_garden:\n\n# x\nx: 1\n",
        WantedSection(inferred_links=(LINK,)),
        """
        graph_garden:
          inferred_links:
            - target: b-c
              type: requires
              confidence: 0.7
              reason: "Both need: care"

        # x
        x: 1
        """,
    ),
    "last_pruned becomes the first line where it is missing": (
        "graph_garden: # g\n  # e\n  entities: []\n",
        WantedSection(last_pruned=DAY),
        "graph_garden: # g\n  last_pruned: 2026-11-22\n  # e\n  entities: []\n",
    ),
    "last_pruned that is empty is filled": (
        "graph_garden:\n  last_pruned: # never\n  entities: []\n",
        WantedSection(last_pruned=DAY),
        "graph_garden:\n  last_pruned: 2026-11-22 # never\n  entities: []\n",
    ),
    "last_pruned keeps its double quotes": (
        'graph_garden:\n  entities: []\n  last_pruned: "2026-02-16"\n',
        WantedSection(last_pruned=DAY),
        'graph_garden:\n  entities: []\n  last_pruned: "2026-11-22"\n',
    ),
    "last_pruned that is no date is quoted": (
        "graph_garden:\n  last_pruned: 2026-02-16\n",
        WantedSection(last_pruned="2026-02-30"),
        'graph_garden:\n  last_pruned: "2026-02-30"\n',
    ),
    "texts of a list of mere texts are rewritten in place": (
        "graph_garden:\n  entities:\n    - 'Old one' # o\n    - Two\n    -   Multi\n      line\n",
        WantedSection(entities=(retext(0, "New"), retext(1, "on"), retext(2, "M"))),
        "graph_garden:\n  entities:\n    - 'New' # o\n    - 'on'\n    -   M\n",
    ),
    "block texts and items on the line below the dash": (
        """
        graph_garden:
          entities:
            -
              id: x
              label: |
                Text

                more


            - id: y
              label: |+
                z

            - id: w
        """,
        WantedSection(entities=keep(1, 2)),
        """
        graph_garden:
          entities:


            - id: y
              label: |+
                z

            - id: w
        """,
    ),
    "a key of ours in a text or in the body is none": (
        "summary: |\n  graph_garden:\n    last_pruned: x\n'graph_garden':\n  last_pruned: 2026-01-01\n",
        WantedSection(last_pruned=DAY),
        "summary: |\n  graph_garden:\n    last_pruned: x\n'graph_garden':\n  last_pruned: 2026-11-22\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GOLDENS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_golden(name, newline, mark):
    before, wanted, after = GOLDENS[name]
    old, new = ((mark + file(text)).replace("\n", newline) for text in (before, after))
    assert splice(old, wanted, SETTINGS) == new


@pytest.mark.parametrize("name", GOLDENS)
def test_a_golden_without_its_last_newline_and_mixed_line_ends_changes_no_other_line(name):
    before, wanted, after = GOLDENS[name]
    old, new = (file(text).replace("Body.\n", "One.\r\nTwo.\rThree") for text in (before, after))
    assert splice(old, wanted, SETTINGS) == new


ANCHOR = ("license", "contributors")
MISSING = {
    "before the anchor and the comments above it": (
        "slug: a\n\n# ═══\n# GROUP 7\ncontributors: [x]\n",
        "slug: a\n\n{}# ═══\n# GROUP 7\ncontributors: [x]\n",
    ),
    "before the first of the anchor's keys that the file has": (
        "contributors: [x]\n# l\nlicense: CC\n",
        "contributors: [x]\n{}# l\nlicense: CC\n",
    ),
    "at the end where no key of the anchor is there": ("slug: a\n# end\n", "slug: a\n# end\n{}"),
    "below a text of several lines that has a #": (
        "notes: |\n  text\n  # heading\n# ours\nlicense: CC\n",
        "notes: |\n  text\n  # heading\n{}# ours\nlicense: CC\n",
    ),
    "below a folded text that ends with a #": (
        "notes: >-\n  text\n\n  #tag\nlicense: CC\n",
        "notes: >-\n  text\n\n  #tag\n{}license: CC\n",
    ),
    "below a quoted text that has a #": (
        'notes: "text\n  #tag"\nlicense: CC\n',
        'notes: "text\n  #tag"\n{}license: CC\n',
    ),
    "below a key that holds nothing": ("notes: # none\n# l\nlicense: CC\n", "notes: # none\n{}# l\nlicense: CC\n"),
    "into empty front matter": ("", "{}"),
    "first of all": ("license: CC\n", "{}license: CC\n"),
}


@pytest.mark.parametrize("name", MISSING)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_missing_section_is_created(name, newline):
    before, after = MISSING[name]
    made = (
        "# GROUP 6\ngraph_garden:\n  last_pruned: 2026-11-22\n  entities: []\n  inferred_links:\n"
        '    - target: b-c\n      type: requires\n      confidence: 0.7\n      reason: "Both need: care"\n'
    )
    wanted = WantedSection(last_pruned=DAY, entities=(), inferred_links=(LINK,))
    old, new = (f"---\n{text}---\nBody.".replace("\n", newline) for text in (before, after.format(made)))
    assert splice(old, wanted, SETTINGS, ANCHOR, "# GROUP 6\n") == new


def test_a_created_section_takes_the_files_own_indents():
    old = "---\na:\n   b:\n   - c\nd:\n- e\n---\n"
    wanted = WantedSection(entities=plain("x"))
    assert (
        splice(old, wanted, SETTINGS) == "---\na:\n   b:\n   - c\nd:\n- e\ngraph_garden:\n   entities:\n   - x\n---\n"
    )


@pytest.mark.parametrize("wanted", [WantedSection(), WantedSection(entities=(), communities=(), inferred_links=())])
def test_no_section_is_created_for_nothing(wanted):
    assert splice("---\na: 1\n---\n", wanted, SETTINGS) == "---\na: 1\n---\n"


def test_a_missing_section_is_not_created_where_settings_say_so():
    settings = Settings(section=SectionSettings(missing="skip"))
    with pytest.raises(SpliceRefused, match=r"section\.missing says to skip"):
        splice("---\na: 1\n---\n", WantedSection(last_pruned=DAY), settings)
    assert splice("---\ngraph_garden:\n---\n", WantedSection(last_pruned=DAY), settings) == (
        "---\ngraph_garden:\n  last_pruned: 2026-11-22\n---\n"
    )


def test_the_section_stands_under_the_key_of_the_settings():
    settings = Settings(section=SectionSettings(key="yes"))
    assert splice("---\na: 1\n---\n", WantedSection(last_pruned=DAY), settings) == (
        '---\na: 1\n"yes":\n  last_pruned: 2026-11-22\n---\n'
    )


NOTHING = """
graph_garden:
  last_pruned: '2026-02-16'
  entities: [{id: a, label: 1984, relevance: .50}, "b"]
  communities: # c
  inferred_links:
    - target: 'y'
      confidence: 1
      type:
      reason: >-
        Folded
        text.
"""


@pytest.mark.parametrize(
    "wanted",
    [
        WantedSection(),
        WantedSection(last_pruned="2026-02-16", entities=keep(0, 1), communities=(), inferred_links=keep(0)),
        WantedSection(entities=(change(0, label="1984", relevance=0.5), retext(1, "b"))),
        WantedSection(
            inferred_links=(change(0, target="y", confidence=1.0, type=None, reason="Folded text.", note=None),)
        ),
    ],
)
def test_nothing_to_change_gives_the_very_same_text(wanted):
    text = f"---{NOTHING}---\n"
    assert splice(text, wanted, SETTINGS) is text


NAN = float("nan")
NO_FIELDS = "an item without fields cannot be given some"
NO_TEXT = "an item with fields cannot become plain text"
NO_NUMBER = "nan is no number that can be written"
LATE = "entities: new items come after those that are there"
LOST = "comments in brackets would be lost"
IN_ORDER = "entities: the items that stay must be there, each once and in their order"
REFUSED = [
    ("  entities: [a, b]", WantedSection(entities=keep(1, 0)), IN_ORDER),
    ("  entities: [a, b]", WantedSection(entities=keep(0, 0)), IN_ORDER),
    ("  entities: [a, b]", WantedSection(entities=keep(2)), IN_ORDER),
    ("  entities: [a, b]", WantedSection(entities=keep(-1)), IN_ORDER),
    ("  entities: [a]", WantedSection(entities=(*plain("x"), *keep(0))), LATE),
    ("  entities: [a]", WantedSection(entities=(*keep(0), WantedItem())), "entities: a new item has no fields"),
    ("  entities: [a]", WantedSection(entities=(WantedItem(fields={"id": None}),)), "a new item has no fields"),
    ("  entities: [a]", WantedSection(entities=(change(0, id="x"),)), NO_FIELDS),
    ("  entities: [{id: a}]", WantedSection(entities=(retext(0, "x"),)), NO_TEXT),
    ("  entities: [{id: a}]", WantedSection(entities=(change(0, id=None),)), "an item would lose its only field"),
    ("  entities: [{id: [a]}]", WantedSection(entities=(change(0, id="b"),)), "id holds more than one value"),
    ("  entities: 5", WantedSection(entities=plain("x")), "entities holds no list"),
    ("  entities: &x [a]", WantedSection(entities=()), "entities is anchored, tagged or an alias"),
    ("  a: &x [a]\n  entities: *x", WantedSection(entities=()), "entities holds no list"),
    ("  entities: [\n   # c\n  ]", WantedSection(entities=plain("x")), "entities holds comments that would be lost"),
    ("  entities: [a, # of a\n   b, c]", WantedSection(entities=keep(0)), LOST),
    ("  entities: [ # of all\n   a]", WantedSection(entities=()), LOST),
    ("  entities:\n  - - a", WantedSection(entities=(change(0, id="x"),)), NO_FIELDS),
    ("  inferred_links: [&x a]", WantedSection(inferred_links=(change(0, type="x"),)), NO_FIELDS),
    ("  inferred_links:\n  - |\n    a", WantedSection(inferred_links=(change(0, type="x"),)), NO_FIELDS),
    ("  ? entities\n  : - a\n    - b", WantedSection(entities=keep(0)), "an item shares its line with something else"),
    ("  last_pruned: [x]", WantedSection(last_pruned=DAY), "last_pruned holds more than a date"),
    ("  last_pruned: 2026-01-01\n  entities: [&x a]\nz: *x", WantedSection(entities=()), None),
    ("  entities:\n  - {id}", WantedSection(entities=(change(0, id="x"),)), None),
    ("  entities: [a]", WantedSection(entities=(*keep(0), *plain("\ud800"))), None),
    ("  entities: [a]", WantedSection(entities=(WantedItem(fields={"id": NAN}),)), NO_NUMBER),
    # The blank lines would become a part of the text above.
    ("  entities:\n  - id: a\n    label: |+\n      kept\n  - id: b\n    label: |+\n      gone\n\n\n  z: 1",
     WantedSection(entities=keep(0)), "entities would not read as wanted"),
]  # fmt: skip


@pytest.mark.parametrize(("section", "wanted", "reason"), REFUSED)
def test_what_cannot_be_changed_safely_is_refused(section, wanted, reason):
    with pytest.raises(SpliceRefused) as caught:
        splice(f"---\ngraph_garden:\n{section}\n---\n", wanted, SETTINGS)
    assert reason is None or caught.value.reason == reason


ALONE = WantedSection(entities=keep(0))
WAYS_OUT = [
    ("  entities: [a]", WantedSection(entities=(change(0, id="x"),)), (3, 14), "write the items of the list all"),
    ("  entities: [{id: [a]}]", WantedSection(entities=(change(0, id="b"),)), (3, 19), "write one value there"),
    ("  entities: 5", WantedSection(entities=plain("x")), (3, 13), "empty it, or write a list there"),
    ("  entities: &x [a]", WantedSection(entities=()), (3, 13), "take the anchor or tag away"),
    ("  entities: [a, # of a\n   b, c]", ALONE, (3, 17), "move them to lines above the key"),
    ("  entities: [a,\n   b, c # of c\n   , d]", ALONE, (4, 9), "move them to lines above the key"),
    ("  entities: [\n   a\n   # of all\n  ]", WantedSection(entities=()), (5, 4), "move them to lines above the key"),
    ("  entities: # of all\n   []", WantedSection(entities=plain("x")), (3, 13), "move them to lines above the key"),
    ("  ? entities\n  : - a\n    - b", ALONE, (4, 5), "begin each item of the list on a line of its own"),
    ("  ? entities\n  : []", WantedSection(entities=plain("x")), (3, 5), "put it right behind the key"),
    ("  last_pruned: [x]", WantedSection(last_pruned=DAY), (3, 16), "write one date there"),
    ("  entities: [&x a]\nz: *x", WantedSection(entities=()), (2, 1), "take the anchor or tag away"),
    ("  entities:\n  - id: a\n    label: |+\n      kept\n  - id: b\n    label: |+\n      gone\n\n  z: 1", ALONE,
     (5, 12), "write | in place of |+"),
    # What only a fault of the program can bring about.
    ("  entities: [a, b]", WantedSection(entities=keep(1, 0)), (2, 1), "leave the file as it is, and report this"),
]  # fmt: skip


@pytest.mark.parametrize(("section", "wanted", "at", "way_out"), WAYS_OUT)
def test_a_refusal_names_its_place_and_a_way_out(section, wanted, at, way_out):
    text = f"---\ngraph_garden:\n{section}\n---\n"
    with pytest.raises(SpliceRefused) as caught:
        splice(text, wanted, SETTINGS)
    assert caught.value.index is not None
    assert place(text, caught.value.index) == at
    assert f"; {way_out}" in str(caught.value)


@pytest.mark.parametrize("value", ["# of all\n  {}", "# of all\n  ~", "{entities: [ # of all\n ]}"])
def test_a_comment_before_an_empty_value_is_not_lost(value):
    with pytest.raises(SpliceRefused, match="comments that would be lost; move them to lines above the key"):
        splice(f"---\ngraph_garden: {value}\n---\n", WantedSection(entities=plain("x")), SETTINGS)


@pytest.mark.parametrize(
    ("yaml_text", "reason"),
    [
        ("graph_garden: none", "graph_garden holds no keys"),
        ("graph_garden: [a]", "graph_garden holds no keys"),
        ("graph_garden: &g {}", "graph_garden is anchored, tagged or an alias"),
        ("a: &a {}\ngraph_garden: *a", "graph_garden is anchored, tagged or an alias"),
        ("graph_garden: {\n  # c\n  }", "graph_garden holds comments that would be lost"),
        ("{a: 1}", "the front matter stands in braces"),
    ],
)
def test_a_section_that_is_none_is_refused(yaml_text, reason):
    with pytest.raises(SpliceRefused) as caught:
        splice(f"---\n{yaml_text}\n---\n", WantedSection(last_pruned=DAY), SETTINGS)
    assert caught.value.reason == reason


def test_a_banner_that_is_no_comment_is_refused():
    with pytest.raises(SpliceRefused, match="another part of the front matter would read differently"):
        splice("---\na: 1\n---\n", WantedSection(last_pruned=DAY), SETTINGS, (), "b: 2")
    with pytest.raises(SpliceRefused, match="could not be read back"):
        splice("---\na: 1\n---\n", WantedSection(last_pruned=DAY), SETTINGS, (), "a: 2")


def test_a_text_that_cannot_be_read_says_so():
    with pytest.raises(FrontMatterError, match="duplicate-key"):
        splice("---\na: 1\na: 2\n---\n", WantedSection(last_pruned=DAY), SETTINGS)


OLD = "---\na: 1\ngraph_garden:\n  entities:\n    - id: x\n      n: 1\n    - id: y\n  more: 1\nz: 2\n---\n"
WANTED = WantedSection(entities=(*keep(0), change(1, id="w")))


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (OLD.replace("id: y", "id: w").replace("a: 1", "a: 2"), "bytes outside the section would change"),
        (OLD.replace("id: y", "id: w").replace("z: 2", "z:  2"), "bytes outside the section would change"),
        (OLD.replace("id: y", "id: w").replace("graph_garden", "garden"), "the result has no section"),
        (OLD.replace("id: y", "id: w").replace("more: 1", "more: 2"), "more would read differently"),
        (OLD.replace("id: y", "id: w").replace("n: 1", "n:  1"), "entities would not read as wanted"),
        (OLD.replace("id: y", "id: v"), "entities would not read as wanted"),
        (OLD.replace("id: y", "id: w\n      b: 1"), "entities would not read as wanted"),
        (OLD.replace("    - id: y\n", ""), "entities would not read as wanted"),
        (OLD.replace("id: y", "id: w\n    - id: q"), "entities would not read as wanted"),
    ],
)
def test_the_check_sees_every_way_to_go_wrong(new, reason):
    front = parse(OLD, SETTINGS.read)
    before = Before(OLD, front, (OLD.index("graph"), OLD.index("z: 2")))
    read_back(before, OLD.replace("id: y", "id: w"), WANTED, SETTINGS)
    with pytest.raises(SpliceRefused) as caught:
        read_back(before, new, WANTED, SETTINGS)
    assert caught.value.reason == reason


SCALARS = [
    ("adaptive-facilitation", True), ("12-factor-app", True), ("A b, c; d (e)", True), ("it's", True), ("a#b", True),
    ("a:b", True), ("é ü 😀", True), ("C:\\x", True), ("yesterday", True), ("nothing", True),
    ("yes", False), ("No", False), ("ON", False), ("y", False), ("N", False), ("true", False), ("null", False),
    ("Null", False), ("~", False), ("", False), (" a", False), ("a ", False), ("2026-02-16", False), ("1e3", False),
    ("12", False), ("-1.5", False), (".5", False), ("1_000", False), ("1,000", False), ("12:30", False),
    ("0o14", False), ("0x1F", False), (".inf", False), (".NaN", False), ("=", False), ("<<", False),
    ("a: b", False), ("a:", False), ("a #b", False), ("@a", False), ("`a`", False), ("%a", False), ("&a", False),
    ("*a", False), ("!a", False), ("|", False), (">", False), ("'a", False), ('"a', False), ("[a", False),
    ("{a", False), ("#a", False), ("- a", False), ("-", False), ("? a", False), (",a", False), ("---", False),
    ("...", False), ("a\nb", False), ("a\tb", False), ("a\u2028b", False), ("a\x85", False), ("a\u00a0b", False),
    ("2026-02-16T10:00:00Z", False), ("2026-2-6 10:00:00", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "safe"), SCALARS)
def test_a_text_is_written_plain_only_where_no_reader_mistakes_it(text, safe):
    assert plain_is_safe(text) is safe


@pytest.mark.parametrize("style", ["", "'", '"'])
@pytest.mark.parametrize(
    "text", [text for text, _ in SCALARS] + ["a'b\"c\\d", "\x07\x00\x1b", "a\r\nb", "\ufeff", "x " * 200]
)
def test_every_text_is_read_back_in_every_style(text, style):
    for flow in (False, True):
        shown = written(text, style, '"', flow=flow)
        assert len(shown.splitlines()) == 1
        assert yaml.safe_load(f"k: [{shown}]" if flow else f"k: {shown}") == {"k": [text] if flow else text}


@pytest.mark.parametrize("text", ["what?", "a?b", "a:b", "a,b", "a[b", "b]", "a{b", "b}"])
def test_a_text_that_some_reader_ends_early_is_quoted_in_brackets_only(text):
    assert written(text, "", '"', flow=True) == f'"{text}"'
    assert written(text, "", '"') == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.9, "0.9"),
        (1.0, "1.0"),
        (1e-05, "0.00001"),
        (1e22, "10000000000000000000000.0"),
        (3, "3"),
        (True, "true"),
        (None, "null"),
    ],
)
def test_numbers_are_written_so_that_they_stay_numbers(value, shown):
    assert written(value, "'", '"') == shown
    assert yaml.safe_load(shown) == value


def test_section_items_are_the_items_own_lines():
    text = file(
        """
        graph_garden:
          entities:
            # above
            - id: x # end
              # own
            - id: y
          communities: [a, {id: b}]
          inferred_links:
        """
    )
    assert section_items(text, SETTINGS) == {
        "entities": ("    - id: x # end\n      # own\n", "    - id: y\n"),
        "communities": ("a", "{id: b}"),
        "inferred_links": (),
    }
    assert section_items("---\na: 1\n---\n", SETTINGS) == {"entities": (), "communities": (), "inferred_links": ()}


def changed_lines(old: str, new: str) -> tuple[int, int]:
    """Lines added and removed between the common head and tail of two texts that differ in one place."""
    before, after = old.split("\n"), new.split("\n")
    most = min(len(before), len(after))
    head = next((i for i in range(most) if before[i] != after[i]), most)
    tail = next((i for i in range(most - head) if before[-1 - i] != after[-1 - i]), most - head)
    return len(after) - head - tail, len(before) - head - tail


def kept(items: Sequence[object], without: int | None = None) -> tuple[WantedItem, ...]:
    return keep(*(index for index in range(len(items)) if index != without))


def test_the_corpus_changes_by_exactly_the_lines_meant(corpus: Path):
    changed = 0
    for number, path in enumerate(sorted(corpus.glob("*.md"))):
        text = decode(path.read_bytes())
        try:
            section = pattern_from(parse(text, SETTINGS.read), text, path.name, "", SETTINGS).section or Section()
        except FrontMatterError:
            continue
        nothing = WantedSection(
            last_pruned=section.last_pruned,
            entities=kept(section.entities),
            communities=kept(section.communities),
            inferred_links=kept(section.links),
        )
        assert splice(text, nothing, SETTINGS) is text
        if number % 8 == 0:
            for wanted, lines in edits_of(section, number):
                assert changed_lines(text, splice(text, wanted, SETTINGS, ("contributors",))) == lines, path.name
                changed += 1
    assert changed > 1000


def edits_of(section: Section, number: int) -> Iterator[tuple[WantedSection, tuple[int, int]]]:
    """Edits of a section as the corpus writes it, each with the lines that it adds and removes."""
    links, entities = section.links, section.entities
    dated = section.last_pruned is not None
    yield WantedSection(last_pruned=DAY), (1, 1) if dated else (2, 0)
    yield WantedSection(inferred_links=(*kept(links), LINK)), (4, 0) if links else (5, 1) if dated else (6, 0)
    if len(links) > 1:
        one = number % len(links)
        yield WantedSection(inferred_links=kept(links, without=one)), (0, 3 if links[one].type is None else 4)
    if len(entities) > 1 and not entities[0].plain:
        yield WantedSection(entities=(change(0, relevance=0.123), *kept(entities, without=0))), (1, 1)
        yield WantedSection(entities=kept(entities, without=number % len(entities))), (0, 4)
