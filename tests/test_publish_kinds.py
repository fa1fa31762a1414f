"""Kinds of change beside new links and stale entities, in pull requests: merged, edited, put back, ticked off."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from garden.config import Settings
from garden.learn import Lesson, learn
from garden.models import Kind, Pattern, Proposal
from garden.plan.decisions import Said, Verdict, in_time
from garden.plan.identity import proposal_id
from garden.undo import undo
from tests.githost.garden import means
from tests.githost.server import GitHost, serving
from tests.githost.team import Team, authorised, team_at

TIDY = "graph-garden/tidy-care"
LOST = "  inferred_links:\n    - target: lost  # in May\n      type: complementary\n      strength: 0.7\n"
OLD = {"id": "old-idea", "label": "Old Idea"}


def made(kind: Kind, owner: str, target: str | None, group: str, *parts: str, **evidence: Any) -> Proposal:
    return Proposal(
        id=proposal_id(kind, owner, *parts),
        kind=kind,
        pattern=owner,
        path=f"{owner}.md",
        target=target,
        type="complementary" if kind.endswith("link") else None,
        confidence=0.95,
        reason="Because.",
        evidence=evidence,
        group=group,
    )


WAS = {"target": "lost", "type": "complementary", "confidence": None, "reason": ""}
GONE = made("remove_link", "a", "lost", "link:a:b", "lost", "complementary", "0", item=0, cause="renamed", was=WAS)
MEND = made(
    "add_link", "a", "b", "link:a:b", "b", item=0, mends="lost", fields={"target": "b", "type": "complementary"}
)
RESCORE = made(
    "rescore_entity", "b", "old-idea", "entity:b:old-idea", "old-idea", "0", item=0, fields={"relevance": 0.4}, was=OLD
)
TOUCH = made("touch", "c", None, "touch:c", was="2027-05-01")
MERGE = made("merge_entity", "d", "old-idea", "entity:idea", "old-idea", "idea", item=0, fields={"id": "idea"}, was=OLD)
JOIN = {"fields": {"id": "craft", "label": "Craft", "source": "inferred", "confidence": 0.8}}
COMMUNITIES = made("set_communities", "d", None, "communities:d", "craft", **{"in": [JOIN]}, out=[], renamed=[], was=[])
ALL = (GONE, MEND, RESCORE, TOUCH, MERGE, COMMUNITIES)
# How each shows in its file, what it was before, and what a reviewer may make of it.
SHOWN = {
    MEND.id: ("a", "- target: b  # in May\n", "- target: lost  # in May\n", "- target: c  # in May\n"),
    RESCORE.id: ("b", "\n      relevance: 0.4", "", "\n      relevance: 0.5"),
    TOUCH.id: ("c", "last_pruned: 2026-11-22", "last_pruned: 2027-05-01", "last_pruned: 2026-11-20"),
    MERGE.id: ("d", "- id: idea\n      label: Old Idea", "- id: old-idea\n      label: Old Idea",
               "- id: idea\n      label: Idea"),
    COMMUNITIES.id: (
        "d",
        "\n    - id: craft\n      label: Craft\n      source: inferred\n      confidence: 0.8",
        "",
        "\n    - id: craft\n      label: Craft\n      source: curated",
    ),
}  # fmt: skip


def proposing(patterns: tuple[Pattern, ...]) -> list[Proposal]:
    """What is not done yet."""
    by_slug = {pattern.slug: pattern.section for pattern in patterns}
    a, b, c, d = (by_slug[slug] for slug in "abcd")
    assert a
    assert b
    assert c
    assert d
    left = {
        "a": any(link.target == "lost" for link in a.links),
        "b": b.entities[0].relevance is None,
        "c": c.last_pruned == "2027-05-01",
        MERGE.id: d.entities[0].id == "old-idea",
        COMMUNITIES.id: len(d.communities) == 1,
    }
    return [proposal for proposal in ALL if left.get(proposal.id, left.get(proposal.pattern, False))]


@pytest.fixture
def host(tmp_path: Path) -> Iterator[GitHost]:
    with serving(tmp_path / "host") as host:
        yield host


@pytest.fixture
def team(host: GitHost, tmp_path: Path) -> Team:
    team = team_at(host, tmp_path / "team")
    team.repo.edit("lib/a.md", "  inferred_links: []\n", LOST)
    team.repo.edit("lib/c.md", "last_pruned: 2026-01-01", "last_pruned: 2027-05-01")
    team.repo.commit("As it has come to be")
    team.repo.git(*authorised(host), "push", "-q", "origin", "main")
    return team


def verdicts(team: Team) -> dict[str, Verdict]:
    return {said.proposal: said.verdict for said in in_time(team.learn())}


def all_but(verdict: Verdict, *ids: str) -> dict[str, Verdict]:
    accepted: dict[str, Verdict] = {proposal.id: "accepted" for proposal in ALL}
    return {**accepted, **dict.fromkeys(ids, verdict)}


def mates(name: str) -> list[str]:
    return [GONE.id, MEND.id] if name == MEND.id else [name]


@pytest.mark.parametrize("how", ["merge", "squash"])
def test_what_was_merged_as_proposed_is_accepted(team: Team, host: GitHost, how: str) -> None:
    assert len(team.publish(proposing).requests) == 1
    assert LOST.replace("lost", "b") in team.file(TIDY, "lib/a.md"), "a link under its new name keeps its item"
    host.merge(1, how)
    assert verdicts(team) == all_but("accepted")
    assert team.publish(proposing).requests == ()


@pytest.mark.parametrize("how", ["merge", "squash"])
def test_it_is_learned_from_git_alone_too(team: Team, host: GitHost, how: str) -> None:
    team.publish(proposing)
    host.merge(1, how)
    team.repo.git(*authorised(host), "pull", "-q", "origin", "main")
    host.git("branch", "-D", TIDY)
    told = learn(Lesson(team.root, Settings(), (), "2026-11-23T09:00:00Z")).ledger.decisions
    assert {said.proposal: said.verdict for said in told} == all_but("accepted")


@pytest.mark.parametrize("name", list(SHOWN))
def test_what_was_changed_on_the_branch_is_merged_with_an_edit(team: Team, host: GitHost, name: str) -> None:
    team.publish(proposing)
    slug, proposed, _, other = SHOWN[name]
    team.push(f"lib/{slug}.md", proposed, other, TIDY)
    host.merge(1)
    told = verdicts(team)
    if name == MEND.id:
        # The old name went, as was proposed, though not to where it was thought to lead.
        assert told == all_but("rejected", MEND.id)
    else:
        assert told == all_but("edited", name)


@pytest.mark.parametrize("name", list(SHOWN))
def test_what_was_put_back_on_the_branch_is_rejected_before_and_after_the_merge(
    team: Team, host: GitHost, name: str
) -> None:
    team.publish(proposing)
    slug, proposed, before, _ = SHOWN[name]
    team.push(f"lib/{slug}.md", proposed, before, TIDY)
    assert verdicts(team) == dict.fromkeys(mates(name), "rejected")
    host.merge(1)
    assert verdicts(team) == all_but("rejected", *mates(name))
    assert team.publish(proposing).requests == ()


@pytest.mark.parametrize("name", list(SHOWN))
def test_what_was_ticked_off_leaves_the_branch_and_the_rest_is_merged(team: Team, host: GitHost, name: str) -> None:
    team.publish(proposing)
    host.untick(1, name)
    assert verdicts(team) == {name: "rejected"}
    team.publish(proposing)
    slug, proposed, before, _ = SHOWN[name]
    assert proposed not in team.file(TIDY, f"lib/{slug}.md")
    assert before in team.file(TIDY, f"lib/{slug}.md")
    host.merge(1)
    told = verdicts(team)
    assert told[name] == "rejected"
    assert {said for other, said in told.items() if other not in mates(name)} == {"accepted"}
    assert team.publish(proposing).requests == ()


@pytest.mark.parametrize("name", [*SHOWN])
def test_each_is_taken_back_from_what_was_merged(team: Team, host: GitHost, name: str) -> None:
    slug, proposed, before, _ = SHOWN[name]
    was = team.repo.read(f"lib/{slug}.md")
    team.publish(proposing)
    host.merge(1)
    team.repo.git(*authorised(host), "pull", "-q", "origin", "main")
    merged = team.repo.read(f"lib/{slug}.md")
    done = undo(team.root, name, Said("ann", "2026-11-30T09:00:00Z", "undo"), means(team.root.parent))
    assert not done.problems
    assert set(done.proposals) == set(mates(name))
    after = team.repo.read(f"lib/{slug}.md")
    assert after == (was if slug != "d" else merged.replace(proposed, before))
