from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

import pytest

from garden.links.choose import Chosen, Pair
from garden.links.ties import Tie
from garden.models import Link, Pattern, Proposal, Relationship, Section
from garden.names import Heirs, names_of
from garden.plan import PairEvidence
from garden.plan.curated import curated_pairs
from garden.plan.links import LinkView, link_proposals, standing_pairs, typed_pairs
from garden.plan.sections import applied, wanted_section
from garden.vocabulary import Vocabulary

EVIDENCE = PairEvidence(("seen from the left",), ("seen from the right",), {"signals": {"lexical": 1.0}})


def link(target: str, kind: str | None = "complementary") -> Link:
    return Link(index=0, target=target, type=kind, confidence=0.8, reason="once found")


def pattern(
    slug: str, *links: Link, curated: Mapping[str, str] | None = None, aliases: tuple[str, ...] = ()
) -> Pattern:
    return Pattern(
        path=f"{slug}.md",
        slug=slug,
        title=slug.upper(),
        aliases=aliases,
        relationships=tuple(Relationship(kind=kind, target=target) for kind, target in (curated or {}).items()),
        section=Section(links=tuple(one.model_copy(update={"index": place}) for place, one in enumerate(links))),
        file_hash="f",
        text_hash="t",
    )


def view(
    *patterns: Pattern, chosen: AbstractSet[Pair] = frozenset(), reserved: tuple[str, ...] = (), **more: Any
) -> LinkView:
    names = replace(names_of(patterns, reserved), heirs=more.pop("heirs", {}))
    return LinkView(
        patterns=patterns,
        names=names,
        vocabulary=Vocabulary(),
        chosen=Chosen(frozenset(chosen), more.pop("crowded_out", frozenset())),
        confidence=more.pop("confidence", dict.fromkeys(chosen, 0.75)),
        evidence=dict.fromkeys(chosen, EVIDENCE),
        curated=curated_pairs(patterns, names),
        writable=more.pop("writable", frozenset(range(len(patterns)))),
        **more,
    )


def said(proposals: list[Proposal]) -> list[tuple[str, str, str | None, str | None]]:
    return [(p.kind, p.pattern, p.target, p.type) for p in proposals]


def causes(proposals: list[Proposal]) -> dict[str, str]:
    return {p.target or "": p.evidence["cause"] for p in proposals if p.kind == "remove_link"}


def test_a_new_pair_is_written_in_both_files_as_one_group_with_a_reason_from_each_end() -> None:
    proposals = link_proposals(view(pattern("a"), pattern("b"), chosen={(0, 1)}, types={(0, 1): Tie(0, 1, "enables")}))
    assert said(proposals) == [("add_link", "a", "b", "enables"), ("add_link", "b", "a", "requires")]
    assert {p.group for p in proposals} == {"link:a:b"}
    assert [p.reason for p in proposals] == ["seen from the left", "seen from the right"]
    assert proposals[0].evidence["fields"] == {
        "target": "b", "type": "enables", "confidence": 0.75, "reason": "seen from the left",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("Like B, it deals with rotas.", "Like B, which links here already, it deals with rotas."),
        (
            "Like B (“a list, by day”), it deals with rotas.",
            "Like B (“a list, by day”), which links here already, it deals with rotas.",
        ),
        ("It names B.", "It names B, which links here already."),
        ("It names B: “Ask B.”", "It names B, which links here already: “Ask B.”"),
        ("B speaks of rotas.", "B, which links here already, speaks of rotas."),
        ("A B and B both deal with rotas.", "A B and B, which links here already, both deal with rotas."),
        ("They read alike.", "They read alike."),
        (f"Like B, it deals with {'r' * 120}.", f"Like B, it deals with {'r' * 120}."),
    ],
)
def test_the_mate_of_a_link_that_stands_says_so_where_there_is_room(reason: str, told: str) -> None:
    own = pattern("a").model_copy(update={"title": "A B"})
    seen = view(own, pattern("b", link("a")), chosen={(0, 1)})
    evidence = replace(EVIDENCE, reasons_left=(reason,))
    proposals = link_proposals(replace(seen, evidence={(0, 1): evidence}))
    assert [(p.pattern, p.reason, p.evidence["fields"]["reason"]) for p in proposals] == [("a", told, told)]


@pytest.mark.parametrize(
    ("titles", "rated", "told"),
    [
        (("A", "B", "C"), 0.24, ["B links to A: this is the other end.", "C links to A: this is the other end."]),
        (("A", "B", "B"), 0.24, ["b links to A: this is the other end.", "c links to A: this is the other end."]),
        (("A", "B", "C"), 0.25, ["seen from the left", "seen from b and c"]),
    ],
)
def test_where_texts_hardly_bear_a_link_its_other_end_says_no_more_than_that(titles, rated, told) -> None:
    shelf = [pattern("a"), pattern("b", link("a")), pattern("c", link("a"))]
    seen = view(
        *(one.model_copy(update={"title": title}) for one, title in zip(shelf, titles, strict=True)),
        chosen={(0, 1), (0, 2)}, confidence={(0, 1): rated, (0, 2): rated}, doubted=0.25,
    )  # fmt: skip
    other = replace(EVIDENCE, reasons_left=("seen from b and c",))
    added = link_proposals(replace(seen, evidence={(0, 1): EVIDENCE, (0, 2): other}))
    assert [(p.pattern, p.reason) for p in added] == [("a", reason) for reason in told]


@pytest.mark.parametrize(
    ("rated", "said", "kept", "confidence"),
    [(0.03, 0.8, False, 0.03), (0.9, 0.8, False, 0.9), (0.03, None, False, 0.03),
     (0.0, None, True, 0.9), (0.0, 0.95, True, 0.95), (0.0, 7.5, True, 0.9), (0.97, None, True, 0.97)],
)  # fmt: skip
def test_what_completes_a_link_is_as_sure_as_texts_make_it_or_a_person(rated, said, kept, confidence) -> None:
    standing = link("a").model_copy(update={"confidence": said})
    seen = view(pattern("a"), pattern("b", standing), chosen={(0, 1)}, confidence={(0, 1): rated})
    seen = replace(seen, chosen=replace(seen.chosen, accepted=frozenset({(0, 1)} if kept else ())))
    added = link_proposals(seen)[0]
    assert (added.pattern, added.confidence, added.evidence["fields"]["confidence"]) == ("a", confidence, confidence)
    assert added.evidence.get("base", confidence) == rated


def test_what_nobody_could_see_the_reason_of_is_not_completed() -> None:
    seen = view(pattern("a"), pattern("b", link("a")), chosen={(0, 1)})
    assert link_proposals(replace(seen, evidence={})) == []


def test_a_type_without_an_inverse_is_written_at_one_end() -> None:
    proposals = link_proposals(view(pattern("a"), pattern("b"), chosen={(0, 1)}, types={(0, 1): Tie(0, 1, "tools")}))
    assert said(proposals) == [("add_link", "a", "b", "tools")]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("enables", "requires", []),
        ("complementary", "complementary", []),
        ("enables", None, [("add_link", "b", "a", "requires")]),
        (None, "requires", [("add_link", "a", "b", "enables")]),
        ("enables", "complementary", [("retype_link", "b", "a", "requires")]),
        ("complementary", "requires", [("retype_link", "a", "b", "enables")]),
        ("requires", "requires", [("retype_link", "b", "a", "enables")]),
        ("enabler", "requires", [("retype_link", "a", "b", "enables")]),
        ("nonsense", "enables", [("retype_link", "a", "b", "requires")]),
        ("tools", None, []),
        (None, "tools", []),
        ("tools", "enables", []),
    ],
)  # fmt: skip
def test_two_files_that_disagree_are_brought_together_by_the_more_specific_word(left, right, expected) -> None:
    patterns = (
        pattern("a", *([link("b", left)] if left else [])),
        pattern("b", *([link("a", right)] if right else [])),
    )
    assert said(link_proposals(view(*patterns, chosen={(0, 1)}))) == expected


def test_a_one_way_type_is_written_at_the_end_that_says_it() -> None:
    proposals = link_proposals(view(pattern("a"), pattern("b"), chosen={(0, 1)}, types={(0, 1): Tie(1, 0, "tools")}))
    assert said(proposals) == [("add_link", "b", "a", "tools")]


def test_a_standing_type_that_closes_a_circle_of_requires_is_taken_back_and_the_circle_is_named() -> None:
    patterns = (pattern("a", curated={"requires": "b"}), pattern("b", link("c", "requires")), pattern("c"))
    other = pattern("c", link("b", "enables"), link("a", "requires"))
    first = pattern("a", link("c", "enables"), curated={"requires": "b"})
    confidence = {(0, 2): 0.5, (1, 2): 0.9}
    proposals = link_proposals(view(first, patterns[1], other, chosen=set(confidence), confidence=confidence))
    assert said(proposals) == [
        ("retype_link", "a", "c", "complementary"),
        ("retype_link", "c", "a", "complementary"),
    ]
    assert [p.reason for p in proposals] == [
        "enables would close a circle of A → B → C → A.",
        "requires would close a circle of A → B → C → A.",
    ]
    assert len({p.group for p in proposals}) == 1


@pytest.mark.parametrize("kind", ["requires", "enables", "alternatives", "complementary"])
def test_a_pair_that_people_have_joined_is_never_given_a_link_of_any_type(kind: str) -> None:
    patterns = (pattern("a", link("b", "requires"), curated={kind: "b"}), pattern("b"))
    proposals = link_proposals(view(*patterns, types={(0, 1): Tie(1, 0, "requires")}))
    assert {p.kind for p in proposals} == {"remove_link"}


def test_a_link_without_a_type_gets_one() -> None:
    proposals = link_proposals(view(pattern("a", link("b", None)), pattern("b", link("a")), chosen={(0, 1)}))
    assert said(proposals) == [("retype_link", "a", "b", "complementary")]
    assert proposals[0].evidence["fields"] == {"type": "complementary"}


def test_dead_own_double_and_curated_links_go_and_say_why() -> None:
    first = pattern(
        "a", link("gone"), link("a"), link("b"), link("b"), link("c"), link("d"), curated={"enables": "c"}
    )  # fmt: skip
    other = pattern("d", curated={"requires": "a"})
    proposals = link_proposals(view(first, pattern("b", link("a")), pattern("c"), other, chosen={(0, 1)}))
    assert causes(proposals) == {"gone": "dead", "a": "self", "b": "duplicate", "c": "curated", "d": "curated"}
    assert all(p.kind == "remove_link" for p in proposals)


def test_a_link_to_a_file_that_could_not_be_read_is_not_dead() -> None:
    assert link_proposals(view(pattern("a", link("broken")), reserved=("broken",))) == []


def test_a_link_under_an_old_name_is_written_anew_under_the_present_one() -> None:
    patterns = (pattern("a", link("old-b")), pattern("b", link("a"), aliases=("Old B",)))
    proposals = link_proposals(view(*patterns, chosen={(0, 1)}))
    assert said(proposals) == [("remove_link", "a", "old-b", "complementary"), ("add_link", "a", "b", "complementary")]
    assert len({p.group for p in proposals}) == 1


@pytest.mark.parametrize(
    ("cause", "words", "confidence"),
    [("git", "is now called b, as git has it", 1.0), ("name", "only b is called nearly so", 0.9)],
)
def test_a_link_to_a_name_with_one_clear_heir_is_written_anew(cause: str, words: str, confidence: float) -> None:
    patterns = (pattern("a", link("bee")), pattern("b"))
    found = link_proposals(view(*patterns, chosen={(0, 1)}, heirs={"bee": Heirs((1,), cause)}))
    assert said(found) == [
        ("remove_link", "a", "bee", "complementary"),
        ("add_link", "a", "b", "complementary"),
        ("add_link", "b", "a", "complementary"),
    ]
    assert words in found[0].reason
    assert (found[0].evidence["cause"], found[0].confidence) == ("renamed", confidence)


def test_a_link_written_anew_keeps_what_it_said_and_is_as_sure_as_the_name() -> None:
    patterns = (pattern("a", link("bee", "requires")), pattern("b", link("a", "enables")))
    found = link_proposals(view(*patterns, chosen={(0, 1)}, heirs={"bee": Heirs((1,), "git")}))
    assert said(found) == [("remove_link", "a", "bee", "requires"), ("add_link", "a", "b", "requires")]
    assert found[1].evidence["fields"] == {
        "target": "b", "type": "requires", "confidence": 0.8, "reason": "once found",
    }  # fmt: skip
    assert (found[1].confidence, found[1].reason) == (1.0, found[0].reason)
    assert (found[1].evidence["mends"], found[1].evidence["item"]) == ("bee", 0)


def test_an_old_name_beside_the_present_one_only_goes() -> None:
    patterns = (pattern("a", link("bee"), link("b")), pattern("b", link("a")))
    found = link_proposals(view(*patterns, chosen={(0, 1)}, heirs={"bee": Heirs((1,), "git")}))
    assert said(found) == [("remove_link", "a", "bee", "complementary")]


def test_two_old_names_of_one_pattern_become_one_link() -> None:
    patterns = (pattern("a", link("bee"), link("beeh")), pattern("b", link("a")))
    heirs = {"bee": Heirs((1,), "git"), "beeh": Heirs((1,), "git")}
    assert [
        (kind, target) for kind, _, target, _ in said(link_proposals(view(*patterns, chosen={(0, 1)}, heirs=heirs)))
    ] == [
        ("remove_link", "bee"),
        ("remove_link", "beeh"),
        ("add_link", "b"),
    ]


@pytest.mark.parametrize(("cause", "confidence"), [("git", 1.0), ("name", 0.9)])
@pytest.mark.parametrize("target", ["bee", "b"])
def test_a_link_that_people_have_made_under_an_old_name_is_not_repeated(
    target: str, cause: str, confidence: float
) -> None:
    patterns = (pattern("a", link(target), curated={"requires": "bee"}), pattern("b", link("a")))
    found = link_proposals(view(*patterns, heirs={"bee": Heirs((1,), cause)}))
    assert [(p.kind, p.pattern, p.target, p.confidence) for p in found] == [
        ("remove_link", "a", target, confidence), ("remove_link", "b", "a", confidence),
    ]  # fmt: skip
    assert causes(found) == {target: "curated", "a": "curated"}
    assert [p.reason for p in found] == [
        "A already names B under requires as bee, in its curated relationships.",
        "A already names B under requires as bee, so the link from here is a repeat.",
    ]


def test_what_people_say_by_a_present_name_goes_before_what_they_say_by_an_old_one() -> None:
    patterns = (pattern("a", curated={"requires": "bee"}), pattern("b", curated={"enables": "a"}))
    heirs = {"bee": Heirs((1,), "name")}
    assert curated_pairs(patterns, replace(names_of(patterns), heirs=heirs)) == {(0, 1): (1, "enables", "")}


def test_a_curated_relationship_whose_old_name_could_mean_several_joins_none() -> None:
    patterns = (pattern("a", curated={"requires": "bee"}), pattern("b"), pattern("c"))
    assert curated_pairs(patterns, replace(names_of(patterns), heirs={"bee": Heirs((1, 2))})) == {}


def test_no_circle_is_closed_with_what_people_say_by_an_old_name() -> None:
    patterns = (pattern("a", curated={"requires": "bee"}), pattern("b"), pattern("c", curated={"requires": "a"}))
    chosen = {(1, 2)}
    types = {(1, 2): Tie(1, 2, "requires")}
    found = link_proposals(view(*patterns, chosen=chosen, types=types, heirs={"bee": Heirs((1,), "name")}))
    assert {p.type for p in found} == {"complementary"}


def test_a_dead_link_that_could_mean_several_goes_and_names_them() -> None:
    patterns = (pattern("a", link("bee")), pattern("b"), pattern("c"))
    found = link_proposals(view(*patterns, heirs={"bee": Heirs((1, 2))}))
    assert said(found) == [("remove_link", "a", "bee", "complementary")]
    assert found[0].reason.endswith("b and c are called something like it.")
    assert (found[0].evidence["cause"], found[0].evidence["candidates"]) == ("dead", ["b", "c"])


def test_one_dead_link_in_two_files_of_one_title_is_told_of_each() -> None:
    patterns = tuple(pattern(slug, link("gone")).model_copy(update={"title": title}) for slug, title in SAME)
    reasons = [p.reason for p in link_proposals(view(*patterns))]
    assert reasons == [
        f"No pattern of this library is called gone, to which {name} links." for name in ("a-one", "a-two", "B")
    ]


SAME = [("a-one", "A Thing"), ("a-two", "A thing"), ("b", "B")]


@pytest.mark.parametrize(("why", "word"), [("weak", "texts do not bear it"), ("full", "Surer links")])
def test_a_pair_that_was_not_chosen_goes_with_the_reason(why: str, word: str) -> None:
    patterns = (pattern("a", link("b")), pattern("b"))
    crowded_out = frozenset({(0, 1)} if why == "full" else ())
    proposals = link_proposals(view(*patterns, crowded_out=crowded_out, confidence={(0, 1): 0.2}))
    assert causes(proposals) == {"b": why}
    assert word in proposals[0].reason
    assert proposals[0].confidence == 0.8


def test_a_file_that_may_not_be_given_a_section_gets_no_link() -> None:
    proposals = link_proposals(view(pattern("a"), pattern("b"), chosen={(0, 1)}, writable=frozenset({1})))
    assert said(proposals) == [("add_link", "b", "a", "complementary")]


def test_standing_pairs_tell_who_holds_them() -> None:
    patterns = (pattern("a", link("b"), link("gone")), pattern("b", link("a"), link("c")), pattern("c"))
    assert standing_pairs(patterns, names_of(patterns)) == {(0, 1): (0, 1), (1, 2): (1,)}


def test_a_link_under_an_old_name_joins_a_pair_that_its_file_does_not_hold_yet() -> None:
    patterns = (pattern("a", link("old-b")), pattern("b", link("a"), aliases=("Old B",)))
    assert standing_pairs(patterns, names_of(patterns)) == {(0, 1): (1,)}


def test_a_pair_is_typed_where_either_file_gives_a_type_that_the_vocabulary_has() -> None:
    patterns = (
        pattern("a", link("b", None), link("c", "requires"), link("d", "no such"), link("gone")),
        pattern("b", link("old-d")),
        pattern("c"),
        pattern("d", aliases=("Old D",)),
    )
    assert typed_pairs(patterns, names_of(patterns), Vocabulary()) == {(0, 2), (1, 3)}


def test_once_applied_a_plan_leaves_nothing_to_propose() -> None:
    patterns = (
        pattern("a", link("gone"), link("b", "enabler"), link("c"), link("old-d", "requires")),
        pattern("b", link("b"), link("a", None)),
        pattern("c", curated={"requires": "a"}),
        pattern("d", aliases=("old-d",)),
    )
    chosen = {(0, 1), (0, 3), (1, 2)}
    proposals = link_proposals(view(*patterns, chosen=chosen))
    own = {one.slug: [p for p in proposals if p.pattern == one.slug] for one in patterns}
    sections = [applied(one.section, wanted_section(one.section, own[one.slug], "2026-01-01")) for one in patterns]
    tended = [one.model_copy(update={"section": section}) for one, section in zip(patterns, sections, strict=True)]
    assert proposals
    assert link_proposals(view(*tended, chosen=chosen)) == []
