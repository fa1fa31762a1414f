import json
import shutil
from pathlib import Path

import pytest

from garden.config import Settings
from garden.errors import InputError, UnknownPattern
from garden.explain import explain
from garden.plan.explained import Explanation, Links, as_json
from garden.run import Request
from garden.store import Store
from garden.tend import tend
from garden.tools import Tools


@pytest.fixture
def asked(tmp_path, fake_encoder, sample):
    return asking(tmp_path, fake_encoder, sample, Settings())


def asking(tmp_path: Path, encoder, library: Path, settings: Settings):
    tools = Tools(encoder, Store(tmp_path / "store.sqlite"), clock=lambda: 0.0, progress=lambda *_: None)
    request = Request(root=library, settings=settings, today="2026-11-24")
    return lambda *names: explain(request, tools, *names), tend(request, tools)


@pytest.fixture(scope="session")
def sample() -> Path:
    return Path(__file__).parents[1] / "patterns"


def test_a_proposed_pair_is_explained_in_the_very_words_of_its_proposal(asked):
    explained, run = asked
    proposal = next(p for p in run.plan.proposals if p.kind == "add_link" and p.target)
    found = explained(proposal.pattern, proposal.target)
    assert isinstance(found, Explanation)
    assert (found.status, found.why, found.type) == ("proposed", proposal.reason, proposal.type)
    assert found.confidence == pytest.approx(proposal.confidence, abs=0.005)
    assert found.details["sentences"] == proposal.evidence["sentences"]


def test_the_shares_add_up_to_the_score(asked):
    found = asked[0]("contributor-ladder", "escalation-path")
    assert sum(found.details["shares"].values()) == pytest.approx(found.score, abs=0.05)
    assert found.details["shares"].keys() == found.details["signals"].keys()


def test_a_pair_that_is_not_proposed_says_why_not(asked):
    explained, run = asked
    found = explained("contributor-ladder", "compatibility-promise")
    assert found.status == "not proposed"
    assert f"rates {found.confidence:.2f}" in found.why
    assert not found.proposals
    assert not any({p.pattern, p.target} == {"contributor-ladder", "compatibility-promise"} for p in run.plan.proposals)


def test_a_curated_pair_says_who_said_it(asked):
    found = asked[0]("thanks-in-public", "contributor-ladder")
    assert found.status == "curated"
    assert found.why == "People have said it: Contributor Ladder names Thanks in Public under complementary."
    assert asked[0]("contributor-ladder", "thanks-in-public").why == found.why


def test_two_patterns_of_one_title_are_told_apart(tmp_path, fake_encoder, sample):
    copy = shutil.copytree(sample, tmp_path / "copy")
    path = copy / "contributor-ladder.md"
    path.write_text(
        path.read_text("utf-8").replace('title: "Contributor Ladder"', "title: Thanks in public", 1), "utf-8"
    )
    found = asking(tmp_path, fake_encoder, copy, Settings())[0]("thanks-in-public", "contributor-ladder")
    assert found.why == "People have said it: contributor-ladder names thanks-in-public under complementary."


def test_a_pruned_pair_gives_the_reason_of_its_removal(tmp_path, fake_encoder, sample):
    strict = Settings.model_validate({"links": {"keep_within": 0.05, "lose": 0.2}})
    explained, run = asking(tmp_path, fake_encoder, sample, strict)
    proposal = next(p for p in run.plan.proposals if p.kind == "remove_link" and p.evidence["cause"] == "weak")
    found = explained(proposal.pattern, proposal.target)
    assert (found.status, found.why) == ("pruned", proposal.reason)


def test_one_pattern_lists_every_link_that_its_file_has_or_gets(asked):
    explained, run = asked
    found = explained("contributor-ladder")
    assert isinstance(found, Links)
    told = {(one.target.slug, one.status) for one in found.links}
    for proposal in run.plan.proposals:
        if proposal.pattern == "contributor-ladder" and proposal.kind in ("add_link", "remove_link"):
            status = "proposed" if proposal.kind == "add_link" else "pruned"
            assert (proposal.target, status) in told or proposal.evidence.get("cause") == "curated"
    assert ("thanks-in-public", "curated") in told
    order = [one.status for one in found.links]
    assert order == sorted(order, key=("kept", "proposed", "pruned", "curated").index)


def test_both_forms_are_json(asked):
    explained, _ = asked
    for found in (explained("contributor-ladder"), explained("contributor-ladder", "escalation-path")):
        assert json.loads(json.dumps(as_json(found)))


def test_an_unknown_name_is_named_with_what_is_near(asked):
    with pytest.raises(UnknownPattern, match="near it: contributor-ladder"):
        asked[0]("contributor-laddr")


def test_a_pattern_is_found_by_its_alias_and_is_no_pair_with_itself(asked):
    assert asked[0]("roles-and-rungs").pattern.slug == "contributor-ladder"
    with pytest.raises(InputError, match="same pattern"):
        asked[0]("roles-and-rungs", "contributor-ladder")
