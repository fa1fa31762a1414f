import pytest

from garden.models import Kind, Link, Pattern, Relationship, Section
from garden.plan.decisions import End, Matter
from garden.plan.gone import Written, put_back, removed_by_hand
from garden.plan.identity import pair_group, proposal_id


def pattern(slug: str, links: str = "", day: str = "2026-11-22", curated: str = "") -> Pattern:
    return Pattern(
        path=f"{slug}.md",
        slug=slug,
        title=slug,
        section=Section(last_pruned=day, links=tuple(Link(index=n, target=t) for n, t in enumerate(links))),
        relationships=tuple(Relationship(kind="requires", target=target) for target in curated),
        file_hash="",
        text_hash=slug,
    )


def matter(owner: str, target: str, kind: Kind = "add_link") -> Matter:
    return Matter(
        proposal=proposal_id(kind, owner, target),
        kind=kind,
        group=pair_group(owner, target),
        ends=(End(slug=owner, text=owner), End(slug=target, text=target)),
        target=target,
        confidence=0.8,
    )


def run(*matters: Matter, day: str = "2026-11-22") -> Written:
    return Written(day, matters)


AB = matter("a", "b")


@pytest.mark.parametrize(
    ("runs", "a", "gone"),
    [
        ([], pattern("a"), False),
        ([run(AB)], pattern("a", "b"), False),
        ([run(AB)], pattern("a", "c"), True),
        ([run(AB)], pattern("a", day="2026-11-29"), True),
        ([run(AB)], pattern("a", day="2026-11-01"), False),
        ([run(AB), run(matter("a", "b", "remove_link"))], pattern("a"), False),
        ([run(AB), run(matter("a", "b", "remove_link")), run(AB)], pattern("a"), True),
        ([run(AB)], pattern("a", curated="b"), False),
        ([run(matter("a", "nowhere"))], pattern("a"), False),
    ],
    ids=str,
)
def test_a_link_that_went_without_us_was_removed_by_hand(runs: list[Written], a: Pattern, gone: bool) -> None:
    found = removed_by_hand(runs, [a, pattern("b"), pattern("c")])
    assert [one.target for one in found] == (["b"] if gone else [])


@pytest.mark.parametrize(
    ("day", "paths", "ids"),
    [
        ("2026-11-01", {"a.md"}, {AB.proposal}),
        ("2026-11-01", {"b.md"}, set()),
        ("2026-11-22", {"a.md"}, set()),
        ("2026-11-29", {"a.md"}, set()),
    ],
)
def test_what_was_written_into_a_file_is_put_back_where_its_date_is_older(
    day: str, paths: set[str], ids: set[str]
) -> None:
    assert put_back(run(AB), [pattern("a", day=day), pattern("b", day="2026-11-01")], paths) == ids


def test_a_file_without_a_section_has_been_put_back() -> None:
    bare = pattern("a").model_copy(update={"section": None})
    assert removed_by_hand([run(AB)], [bare, pattern("b")]) == ()


def test_a_link_that_still_names_a_renamed_pattern_has_not_gone() -> None:
    by_id = matter("a", "b").model_copy(update={"ends": (End(slug="a", text="a"), End(slug="b", id="1", text="b"))})
    renamed = pattern("c").model_copy(update={"id": "1"})
    assert removed_by_hand([run(by_id)], [pattern("a", "b"), renamed]) == ()
    assert removed_by_hand([run(by_id)], [pattern("a"), renamed]) == (by_id,)
