"""A pattern that git saw renamed, through the whole loop: proposed, written, merged, turned down, taken back."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from garden import ledger, library
from garden.config import Settings
from garden.learn import Lesson, learn, remember
from garden.models import Pattern, Proposal
from garden.plan.decisions import Said
from garden.publish.base import base_of
from garden.publish.branches import Options, publish_branches
from garden.review import questions, settle
from garden.review.answers import answer
from garden.review.settle import Shelf
from garden.run import Request, Run
from garden.store import Store
from garden.tend import tend
from garden.tools import Tools
from garden.undo import undo
from tests.githost.garden import NOON, TODAY, Checkout, means, quiet

PATTERNS = Path(__file__).resolve().parents[1] / "patterns"
OLD, NEW = "architecture-map", "where-things-live"
SAID = Said(who="ann", when="2026-11-23T12:00:00Z", where="terminal")
Tend = Callable[..., Run]


@pytest.fixture
def run(fake_encoder, tmp_path: Path) -> Tend:
    def run(root: Path, **options) -> Run:
        store = Store(tmp_path / "store")
        return tend(Request(root, Settings(), TODAY, **options), Tools(fake_encoder, store, lambda: 0.0, quiet))

    return run


@pytest.fixture
def repo(tmp_path: Path, run: Tend) -> Checkout:
    """The sample library, tended, in which a pattern to which several link has got another name since."""
    shutil.copytree(PATTERNS, tmp_path / "repo")
    repo = Checkout(tmp_path / "repo")
    repo.git("init", "-q", "-b", "main")
    repo.commit("Begin")
    run(repo.folder, write=True)
    repo.commit("Tend")
    repo.git("mv", f"{OLD}.md", f"{NEW}.md")
    repo.write(f"{NEW}.md", re.sub("^slug: .*$", f"slug: {NEW}", repo.read(f"{NEW}.md"), flags=re.MULTILINE))
    repo.commit("Rename")
    return repo


def texts(repo: Checkout) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(repo.folder.glob("*.md"))}


def without_date(text: str) -> str:
    return re.sub("last_pruned: .*", "", text)


def reasons(pattern: Pattern) -> dict[str, str]:
    """What a pattern's section says of each link, by target."""
    return {link.target: link.reason for link in (pattern.section.links if pattern.section else ())}


def followed(found: Run) -> list[Proposal]:
    """The proposals that write links anew. There is one to remove what stands for each that is added."""
    gone, new = ([p for p in found.plan.proposals if p.kind == kind] for kind in ("remove_link", "add_link"))
    assert {p.evidence.get("cause") for p in (*gone, *new)} == {"renamed"}
    assert {(p.pattern, p.group) for p in gone} == {(p.pattern, p.group) for p in new}
    assert {p.target for p in gone} == {OLD}
    return new


def test_every_link_follows_and_keeps_what_it_said_at_both_ends(repo: Checkout, run: Tend) -> None:
    found = run(repo.folder)
    new = followed(found)
    standing = {p.slug: told[OLD] for p in found.library.patterns if OLD in (told := reasons(p))}
    assert {p.pattern: p.evidence["fields"]["reason"] for p in new} == standing != {}


def test_once_written_nothing_is_left_and_undo_brings_the_old_name_back(repo: Checkout, run: Tend) -> None:
    before = texts(repo)
    followed(run(repo.folder, write=True))
    after = run(repo.folder)
    assert not after.plan.proposals
    assert not [p.slug for p in after.library.patterns if OLD in reasons(p)]
    assert not undo(repo.folder, "last", SAID, means(repo.folder.parent)).problems
    assert texts(repo) == before


def test_a_link_keeps_its_place_and_all_that_the_program_does_not_know_of_it(repo: Checkout, run: Tend) -> None:
    extra = f"    # a person's word\n    - target: {OLD}  # looked at in May\n      strength: 0.7\n"
    path = next(name for name, text in texts(repo).items() if f"- target: {OLD}\n".encode() in text)
    repo.write(path, repo.read(path).replace(f"    - target: {OLD}\n", extra, 1))
    before = texts(repo)
    found = run(repo.folder, write=True)
    assert without_date(repo.read(path)) == without_date(
        before[path].decode().replace(f"- target: {OLD} ", f"- target: {NEW} ")
    )
    first = next(p for p in found.plan.proposals if p.path == path and p.kind == "add_link")
    repo.write(path, repo.read(path).replace("      strength: 0.7\n", "      strength: 0.9\n"))
    assert not undo(repo.folder, first.id, SAID, means(repo.folder.parent)).problems
    assert without_date(repo.read(path)) == without_date(before[path].decode()).replace(
        "strength: 0.7", "strength: 0.9"
    )


def test_one_of_them_is_taken_back_with_its_mate_alone(repo: Checkout, run: Tend) -> None:
    before = texts(repo)
    found = run(repo.folder, write=True)
    first = followed(found)[0]
    done = undo(repo.folder, first.id, SAID, means(repo.folder.parent))
    assert set(done.proposals) == {p.id for p in found.plan.proposals if p.group == first.group}
    assert texts(repo)[first.path] == before[first.path]
    assert first.group not in {p.group for p in run(repo.folder).plan.proposals}, "what was taken back is turned down"


def test_they_are_a_sure_clean_up_on_a_branch_and_its_merge_is_a_yes(repo: Checkout, run: Tend, tmp_path: Path) -> None:
    with base_of(repo.folder, Settings()) as base:
        found = run(base.folder)
        published = publish_branches(found, base, Options(Store(tmp_path / "store"), quiet, NOON))
    assert {branch.name.split("/")[1].split("-")[0] for branch in published.branches} == {"tidy"}
    for branch in published.branches:
        repo.git("merge", "-q", "--no-ff", "-m", "Merge", branch.name)
    patterns = library.read(repo.folder, Settings(), Store(tmp_path / "store"), quiet).patterns
    learned = learn(Lesson(repo.folder, Settings(), patterns, SAID.when))
    told = {said.proposal: said.verdict for said in learned.ledger.decisions}
    assert told == {p.id: "accepted" for branch in published.branches for p in branch.batch.proposals}
    remember(repo.folder, learned)
    assert not [p for p in run(repo.folder).plan.proposals if p.id in told]


def test_what_was_merged_of_them_is_taken_back_to_the_byte(repo: Checkout, run: Tend, tmp_path: Path) -> None:
    before = texts(repo)
    with base_of(repo.folder, Settings()) as base:
        found = run(base.folder)
        published = publish_branches(found, base, Options(Store(tmp_path / "store"), quiet, NOON))
    for branch in published.branches:
        repo.git("merge", "-q", "--no-ff", "-m", "Merge", branch.name)
    one = followed(found)[0]
    assert not undo(repo.folder, one.id, SAID, means(repo.folder.parent)).problems
    assert texts(repo)[one.path] == before[one.path]
    assert not undo(repo.folder, found.id, SAID, means(repo.folder.parent)).problems
    assert texts(repo) == before


def test_a_no_stays_a_no(repo: Checkout, run: Tend, tmp_path: Path) -> None:
    found = run(repo.folder)
    asked = questions(found.plan.proposals, found.library.patterns)
    shelf = Shelf(found.id, found.request, found.library, Store(tmp_path / "store"), quiet)
    settle(shelf, asked, [answer(question, "rejected") for question in asked], SAID)
    assert {said.kind for said in ledger.read(repo.folder).decisions} == {"remove_link", "add_link"}
    assert not run(repo.folder).plan.proposals
