"""Every shape of pattern met in the wild, and the place of what cannot be one."""

from hashlib import blake2b
from pathlib import Path

import pytest

from garden.config import SectionSettings, Settings
from garden.errors import FrontMatterError
from garden.frontmatter import decode, parse
from garden.models import Community, Entity, Link, Pattern, Relationship, Section
from garden.shapes import banner_above, pattern_from, text_hash

SETTINGS = Settings()


def pattern(yaml: str, body: str = "", path: str = "deep/my-note.md", settings: Settings = SETTINGS) -> Pattern:
    text = f"---\n{yaml}\n---\n{body}"
    return pattern_from(parse(text, settings.read), text, path, "hash", settings)


def section(yaml: str) -> Section:
    read = pattern(f"graph_garden:\n{yaml}").section
    assert read is not None
    return read


def test_a_pattern_in_full():
    read = pattern(
        "id: pat_1\nslug: shared-work\ntitle: Shared Work\naliases: [Commons, 2]\nsummary: >-\n  Work\n  together.\n"
        "ontology:\n  domain: x\n  search_hints:\n    primary_tension: Mine vs. Ours\n    vector_keywords: [work, 7]\n"
        "relationships:\n  enables:\n    - slug: trust\n      weight: 0.8\n"
        "# GROUP 6\ngraph_garden:\n  last_pruned: 2026-02-19\nunknown: {any: thing}",
        "\nBody.\n",
    )
    assert read == Pattern(
        path="deep/my-note.md",
        slug="shared-work",
        id="pat_1",
        title="Shared Work",
        aliases=("Commons", "2"),
        summary="Work together.",
        tension="Mine vs. Ours",
        keywords=("work", "7"),
        relationships=(Relationship(kind="enables", target="trust", weight=0.8),),
        section=Section(last_pruned="2026-02-19"),
        keys=("id", "slug", "title", "aliases", "summary", "ontology", "relationships", "graph_garden", "unknown"),
        banner="# GROUP 6\n",
        file_hash="hash",
        text_hash=text_hash("Shared Work", ("Commons", "2"), "Work together.", "Body."),
    )


@pytest.mark.parametrize(
    ("yaml", "path", "slug", "title"),
    [
        ("a: 1", "deep/my-note.md", "my-note", "My Note"),
        ("", "my_note.v2.md", "my_note.v2", "My Note V2"),
        ("slug: ''\ntitle:", "über-uns.md", "über-uns", "Über Uns"),
        ("slug: 360-degree-feedback", "x.md", "360-degree-feedback", "360 Degree Feedback"),
        ("slug: a/mcKinsey-7S", "x.md", "a/mcKinsey-7S", "A McKinsey 7S"),
        ("title: no", ".hidden", ".hidden", "no"),
        ("slug: 2026\ntitle: 1984", "x.md", "2026", "1984"),
        ("slug: 1e3\ntitle: 2026-02-01", "x.md", "1e3", "2026-02-01"),
        ("slug: 0x1F\ntitle: 3.10", "x.md", "0x1F", "3.10"),
    ],
)
def test_slug_and_title_are_taken_as_written_or_made_from_the_name(yaml, path, slug, title):
    read = pattern(yaml, path=path)
    assert (read.slug, read.title) == (slug, title)


@pytest.mark.parametrize(
    ("yaml", "aliases"),
    [
        ("aliases:", ()),
        ("aliases: []", ()),
        ("aliases: Just one", ("Just one",)),
        ("aliases:\n- One\n-\n- no\n- 2", ("One", "no", "2")),
        ("other: x", ()),
    ],
)
def test_aliases_may_be_a_list_one_text_or_nothing(yaml, aliases):
    assert pattern(yaml).aliases == aliases


@pytest.mark.parametrize("yaml", ["ontology: biology", "ontology: [a]", "ontology: {search_hints: x}", "ontology:"])
def test_an_ontology_of_another_kind_is_not_ours_to_judge(yaml):
    assert (pattern(yaml).tension, pattern(yaml).keywords) == ("", ())


RELATIONSHIPS = [
    ("relationships:", ()),
    ("relationships: {enables: [], requires: }", ()),
    ("relationships:\n  enables: trust", (("enables", "trust", None),)),
    ("relationships:\n  enables:\n  - trust\n  - pat_01", (("enables", "trust", None), ("enables", "pat_01", None))),
    ("relationships: {tools: [{slug: kanban, weight: 1}]}", (("tools", "kanban", 1.0),)),
    ("relationships: {tools: [{id: pat_9, description: x, weight: .5}]}", (("tools", "pat_9", 0.5),)),
    ("relationships: {tools: [{typeid: pat_9, slug: s, weight: 0.5, source: x}]}", (("tools", "s", 0.5),)),
    ("relationships: {tools: [{typeid: pat_9, slug: }]}", (("tools", "pat_9", None),)),
    (
        "relationships: {governed_by: [x], manifests_as: [{slug: y}]}",
        (("governed_by", "x", None), ("manifests_as", "y", None)),
    ),
    ("relationships: {enables: [2026]}", (("enables", "2026", None),)),
    (
        "related: [a]\nenables: [b]\nrelationships: {requires: [c]}",
        (("requires", "c", None), ("enables", "b", None), ("related", "a", None)),
    ),
    (
        "generalizes_from: [a]\nspecializes_to: [{id: b}]\nrequires: []",
        (("generalizes_from", "a", None), ("specializes_to", "b", None)),
    ),
]


@pytest.mark.parametrize(("yaml", "expected"), RELATIONSHIPS)
def test_relationships_in_every_shape(yaml, expected):
    assert tuple((r.kind, r.target, r.weight) for r in pattern(yaml).relationships) == expected


SECTIONS = [
    ("graph_garden:", Section()),
    ("graph_garden: ~", Section()),
    ("graph_garden: {}", Section()),
    ("graph_garden: {last_pruned: , entities: , communities: ~, inferred_links: []}", Section()),
    ("graph_garden: {last_pruned: '2026-02-16'}", Section(last_pruned="2026-02-16")),
    ("graph_garden: {last_pruned: 2026-2-6}", Section(last_pruned="2026-2-6")),
    ("graph_garden: {last_pruned: 2026-02-16 10:00:00Z}", Section(last_pruned="2026-02-16 10:00:00Z")),
    ("graph_garden: {last_pruned: never}", Section(last_pruned="never")),
    (
        '"graph_garden": {"entities": ["Feedback Loop"]}',
        Section(entities=(Entity(index=0, id="feedback-loop", label="Feedback Loop", plain=True),)),
    ),
    (
        "graph_garden:\n  entities:\n    - id: a-b\n      type: concept\n      label: A b\n      relevance: 1",
        Section(entities=(Entity(index=0, id="a-b", label="A b", type="concept", relevance=1.0),)),
    ),
    (
        "graph_garden:\n  entities:\n  - id: a-b\n  - label: C, d",
        Section(entities=(Entity(index=0, id="a-b", label="a b"), Entity(index=1, id="c-d", label="C, d"))),
    ),
    (
        "graph_garden: {entities: [{id: 7, label: no, relevance: }]}",
        Section(entities=(Entity(index=0, id="7", label="no"),)),
    ),
    (
        "graph_garden: {communities: [{id: a, label: A, source: taxonomy, confidence: .9}]}",
        Section(communities=(Community(index=0, id="a", label="A", source="taxonomy", confidence=0.9),)),
    ),
    (
        "graph_garden: {communities: [change-and-work]}",
        Section(communities=(Community(index=0, id="change-and-work", label="change-and-work", plain=True),)),
    ),
    (
        "graph_garden: {inferred_links: [{target: a, type: requires, confidence: 0.8, reason: Because.}]}",
        Section(links=(Link(index=0, target="a", type="requires", confidence=0.8, reason="Because."),)),
    ),
    (
        "graph_garden: {inferred_links: [{target: a, reason: x, strength: 3}, {target: b}]}",
        Section(links=(Link(index=0, target="a", reason="x"), Link(index=1, target="b"))),
    ),
    (
        "graph_garden: {inferred_links: [plain-slug, 5-whys]}",
        Section(links=(Link(index=0, target="plain-slug"), Link(index=1, target="5-whys"))),
    ),
    (
        "graph_garden: {inferred_links: [{target: 2026, type: 1, extra: [x]}], more: 1}",
        Section(links=(Link(index=0, target="2026", type="1"),)),
    ),
]


@pytest.mark.parametrize(("yaml", "expected"), SECTIONS)
def test_sections_in_every_shape(yaml, expected):
    assert pattern(yaml).section == expected


def test_a_missing_section_is_none():
    assert pattern("title: A").section is None


def test_the_section_is_found_under_the_key_of_the_settings():
    settings = Settings(section=SectionSettings(key="graph"))
    read = pattern("graph_garden: 5\n# G\ngraph: {last_pruned: 2026-01-01}", settings=settings)
    assert (read.section, read.banner) == (Section(last_pruned="2026-01-01"), "# G\n")


def test_values_that_a_merge_brought_in_are_read():
    read = section("  entities: [&x {label: 12, relevance: 0.5, id: a}, {<<: *x, id: b}]")
    assert [(e.id, e.label, e.relevance) for e in read.entities] == [("a", "12", 0.5), ("b", "12", 0.5)]


REFUSED = [
    (
        "graph_garden: none",
        "wrong-type",
        2,
        15,
        "graph_garden should hold keys with values, but this is text; leave it empty for none",
    ),
    (
        "graph_garden:\n  - a",
        "wrong-type",
        3,
        3,
        "graph_garden should hold keys with values, but this is a list; leave it empty for none",
    ),
    (
        "graph_garden:\n  communities: none",
        "wrong-type",
        3,
        16,
        "communities should be a list, but this is text; write [] for none",
    ),
    (
        "graph_garden:\n  entities: 5",
        "wrong-type",
        3,
        13,
        "entities should be a list, but this is a number; write [] for none",
    ),
    (
        "graph_garden:\n  inferred_links: {a: b}",
        "wrong-type",
        3,
        19,
        "inferred_links should be a list, but this is a mapping; write [] for none",
    ),
    (
        "graph_garden:\n  last_pruned: 2026",
        "wrong-type",
        3,
        16,
        "last_pruned should be a date, but this is a number; write it as 2026-01-31",
    ),
    (
        "graph_garden:\n  last_pruned: [x]",
        "wrong-type",
        3,
        16,
        "last_pruned should be a date, but this is a list; write it as 2026-01-31",
    ),
    (
        "graph_garden:\n  last_pruned: no",
        "wrong-type",
        3,
        16,
        "last_pruned should be a date, but this is yes or no; write it as 2026-01-31",
    ),
    (
        "graph_garden:\n  entities:\n    - id: a\n      relevance: .nan",
        "not-finite",
        5,
        18,
        "relevance should be a number from 0 to 1; write it as 0.8",
    ),
    (
        "graph_garden:\n  entities:\n    - id: a\n      relevance: '0.9'",
        "wrong-type",
        5,
        18,
        "relevance should be a number, but this is text; write it as 0.8",
    ),
    (
        "graph_garden:\n  entities: [{id: a, relevance: yes}]",
        "wrong-type",
        3,
        33,
        "relevance should be a number, but this is yes or no; write it as 0.8",
    ),
    (
        "graph_garden:\n  communities: [{id: a, confidence: -.inf}]",
        "not-finite",
        3,
        37,
        "confidence should be a number from 0 to 1; write it as 0.8",
    ),
    (
        "graph_garden:\n  entities:\n    - id: a\n      label: [x]",
        "wrong-type",
        5,
        14,
        "label should be text, but this is a list; write one value, in quotes",
    ),
    (
        "graph_garden:\n  entities:\n    - [x]",
        "wrong-type",
        4,
        7,
        "an item of entities should be text, but this is a list; write one value, in quotes",
    ),
    (
        "graph_garden:\n  entities:\n    - a\n    -",
        "empty-item",
        5,
        6,
        "this item of entities is empty; fill it in, or remove its line",
    ),
    (
        "graph_garden:\n  entities:\n    - type: x",
        "no-id",
        4,
        7,
        "this item of entities has neither id nor label; give it one, or remove it",
    ),
    (
        "graph_garden:\n  communities: ['']",
        "empty-item",
        3,
        17,
        "this item of communities is empty; fill it in, or remove its line",
    ),
    (
        "graph_garden:\n  inferred_links:\n    - target: a\n    - type: requires",
        "no-target",
        5,
        7,
        "this link has no target; name the slug of a pattern, or remove the link",
    ),
    (
        "graph_garden:\n  inferred_links: [{target: ''}]",
        "no-target",
        3,
        20,
        "this link has no target; name the slug of a pattern, or remove the link",
    ),
    (
        "graph_garden:\n  inferred_links: [{target: {x: y}}]",
        "wrong-type",
        3,
        29,
        "target should be text, but this is a mapping; write one value, in quotes",
    ),
    (
        "graph_garden:\n  inferred_links: [{target: a, confidence: high}]",
        "wrong-type",
        3,
        44,
        "confidence should be a number, but this is text; write it as 0.8",
    ),
    ("title: [A]", "wrong-type", 2, 8, "title should be text, but this is a list; write one value, in quotes"),
    ("slug: {{a: b}: c}", None, 2, 8, None),
    (
        "aliases: {a: b}",
        "wrong-type",
        2,
        10,
        "aliases should be text, but this is a mapping; write one value, in quotes",
    ),
    (
        "aliases: [[a]]",
        "wrong-type",
        2,
        11,
        "an item of aliases should be text, but this is a list; write one value, in quotes",
    ),
    (
        "ontology:\n  search_hints:\n    vector_keywords: [a, {b: c}]",
        "wrong-type",
        4,
        26,
        "an item of vector_keywords should be text, but this is a mapping; write one value, in quotes",
    ),
    (
        "relationships: [a]",
        "wrong-type",
        2,
        16,
        "relationships should hold kinds with lists, but this is a list; leave it empty for none",
    ),
    (
        "relationships:\n  enables: {slug: a}",
        "wrong-type",
        3,
        12,
        "enables should be a list, but this is a mapping; write [] for none",
    ),
    (
        "relationships:\n  enables:\n    - weight: 1",
        "no-target",
        4,
        7,
        "this item of enables names no pattern; give it a slug or an id, or remove it",
    ),
    (
        "relationships:\n  enables:\n    - slug: a\n      weight: 2026-01-01",
        "wrong-type",
        5,
        15,
        "weight should be a number, but this is a date; write it as 0.8",
    ),
    (
        "related: [a, ]\nrequires: [[b]]",
        "wrong-type",
        3,
        12,
        "an item of requires should be text, but this is a list; write one value, in quotes",
    ),
    ("related: 7", "wrong-type", 2, 10, "related should be a list, but this is a number; write [] for none"),
]


@pytest.mark.parametrize(("yaml", "code", "line", "column", "message"), REFUSED)
def test_the_wrong_type_is_named_at_its_place(yaml, code, line, column, message):
    with pytest.raises(FrontMatterError) as caught:
        pattern(yaml)
    assert (caught.value.line, caught.value.column) == (line, column)
    if code:
        assert (caught.value.code, caught.value.message) == (code, message)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_banner_is_the_comment_lines_right_above(newline):
    text = "---\n# no\n\n# one\n# two\ngraph_garden:\n  a: 1\n---\n".replace("\n", newline)
    front = parse(text, SETTINGS.read)
    assert banner_above(front, text, "graph_garden") == "# one\n# two\n"
    assert banner_above(front, text, "gone") == ""


def test_a_banner_may_begin_the_front_matter():
    assert pattern("# one\ngraph_garden:").banner == "# one\n"
    assert pattern("a: 1 # not above\ngraph_garden:").banner == ""


def test_the_text_hash_is_blake2b_of_what_people_wrote():
    expected = blake2b(b"1:t1:a3:sum8:two word", digest_size=16).hexdigest()
    assert text_hash("T", ("A",), "Sum.", "Two\n\n*word*") == expected


def test_the_text_hash_counts_words_in_any_script_and_white_space_of_any_kind_once():
    assert text_hash("Über\u00a0uns", (), "", "«Straße»") == text_hash("ÜBER  uns.", (), "", "«strasse»")
    assert text_hash("T", (), "", "naïve") != text_hash("T", (), "", "naive")


def test_the_text_hash_moves_with_prose_and_with_nothing_else():
    base = "title: T\naliases: [A]\nsummary: S\nslug: s"
    first = pattern(base, "Body.\n").text_hash
    assert pattern(f"{base}\nextra: 1\ngraph_garden: {{last_pruned: 2026-01-01}}", "\n\nBody.").text_hash == first
    other = (
        "title: U\naliases: [A]\nsummary: S",
        "title: T\naliases: [A, B]\nsummary: S",
        "title: T\naliases: [A]\nsummary: x",
    )
    hashes = {pattern(f"{yaml}\nslug: s", "Body.\n").text_hash for yaml in other} | {pattern(base, "Bodx.\n").text_hash}
    assert len(hashes | {first}) == 5


def test_the_text_hash_does_not_see_line_ends():
    texts = ("---\ntitle: T\n---\na\nb\n", "---\r\ntitle: T\r\n---\r\na\r\nb\r\n", "\ufeff---\ntitle: T\n---\na\nb")
    hashes = {pattern_from(parse(text, SETTINGS.read), text, "x.md", "", SETTINGS).text_hash for text in texts}
    assert len(hashes) == 1


def test_the_corpus_is_read_whole(corpus: Path):
    patterns, problems = [], 0
    for path in sorted(corpus.glob("*.md")):
        text = decode(path.read_bytes())
        try:
            patterns.append(pattern_from(parse(text, SETTINGS.read), text, path.name, "", SETTINGS))
        except FrontMatterError:
            problems += 1
    sections = [read.section for read in patterns if read.section]
    assert (len(patterns), problems, len(sections)) == (3614, 2, 2072)
    assert sum(len(one.links) for one in sections) == 18_508
    assert sum(link.type is None for one in sections for link in one.links) == 45
    assert sum(len(one.entities) for one in sections) == 16_518 + 414
    assert sum(not entity.plain for one in sections for entity in one.entities) == 16_518
    assert sum(r.kind == "related" for read in patterns for r in read.relationships) > 200
