"""Where the target of a dead link may have gone."""

import subprocess
from pathlib import Path

import pytest

from garden.heirs import heirs_of, lost_curated, lost_targets
from garden.models import Link, Pattern, Relationship, Section
from garden.names import Heirs, names_of
from garden.publish.renames import renames


def pattern(slug: str, *targets: str, title: str = "") -> Pattern:
    links = tuple(Link(index=place, target=target) for place, target in enumerate(targets))
    return Pattern(
        path=f"{slug}.md",
        slug=slug,
        title=title or slug,
        section=Section(links=links),
        file_hash="",
        text_hash="",
    )


PATTERNS = (
    pattern("code-review"),
    pattern("decision-record", title="Architecture Decision Records"),
    pattern("organisational-memory"),
    pattern("review-the-design"),
    pattern("review-the-designs-twice"),
    pattern("value-alignment"),
    pattern("alignment-of-value"),
)


@pytest.mark.parametrize(
    ("name", "heirs"),
    [
        ("reviews-of-code", Heirs((0,))),
        ("code-reviews", Heirs((0,), "name")),  # another number
        ("review-code", Heirs((0,), "name")),  # another order
        ("architecture-decision-record", Heirs((1,), "name")),  # a title
        ("organizational-memory", Heirs((2,), "name")),  # another spelling
        ("aligned-value", Heirs((5,), "name")),  # another form
        ("review-the-big-design", Heirs((3,))),  # like one, and not clearly
        ("values-alignment", Heirs((5,), "name")),
        ("tea-ceremony", Heirs()),
    ],
)
def test_a_name_has_a_clear_heir_where_one_pattern_says_the_same_words(name: str, heirs: Heirs) -> None:
    assert heirs_of([name], PATTERNS, {}) == {name: heirs}


def test_what_git_saw_goes_before_what_is_called_alike() -> None:
    moved = {"code-reviews": "value-alignment.md", "gone-again": "no-more.md"}
    found = heirs_of(["code-reviews", "gone-again"], PATTERNS, moved)
    assert found == {"code-reviews": Heirs((5,), "git"), "gone-again": Heirs()}


def test_only_targets_that_mean_nothing_are_lost() -> None:
    patterns = (pattern("a", "b", "a", "gone", "unread", "gone"), pattern("b"))
    assert lost_targets(patterns, names_of(patterns, ["unread"])) == ["gone"]


def test_what_people_wrote_is_lost_by_the_same_rule() -> None:
    said = tuple(Relationship(kind="requires", target=name) for name in ("b", "gone", "unread", "gone"))
    patterns = (pattern("a").model_copy(update={"relationships": said}), pattern("b"))
    assert lost_curated(patterns, names_of(patterns, ["unread"])) == ["gone"]


def test_of_what_people_wrote_only_clear_heirs_count() -> None:
    found = heirs_of([], PATTERNS, {}, ["code-reviews", "reviews-of-code", "review-the-big-design", "tea-ceremony"])
    assert found == {"code-reviews": Heirs((0,), "name")}
    both = heirs_of(["review-the-big-design"], PATTERNS, {}, ["review-the-big-design"])
    assert both == {"review-the-big-design": Heirs((3,))}


def git(root: Path, *words: str) -> None:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A library in a folder of a repository, with a pattern that was renamed twice, and one outside of the library."""
    root = tmp_path / "repository" / "library"
    (root / "old").mkdir(parents=True)
    (root / "old" / "First Name.md").write_text("a text\n" * 20)
    (root.parent / "aside.md").write_text("another text\n" * 20)
    git(root.parent, "init", "-q")
    git(root.parent, "add", ".")
    git(root.parent, "commit", "-qm", "one")
    git(root, "mv", "old/First Name.md", "second-näme.md")
    git(root, "mv", "../aside.md", "../aside-two.md")
    git(root, "commit", "-qm", "two")
    (root / "second-näme.md").write_text("a text\n" * 20 + "and more\n")
    git(root, "mv", "second-näme.md", "third.md")
    git(root, "commit", "-qam", "three")
    return root


def test_a_file_that_was_renamed_twice_is_followed(repository: Path) -> None:
    assert renames(repository) == {"first-name": "third.md", "second-näme": "third.md"}


def test_half_a_history_is_not_asked(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth=1", (repository.parent).as_uri(), "shallow")
    git(tmp_path, "clone", "-q", "--filter=blob:none", (repository.parent).as_uri(), "partial")
    assert renames(tmp_path / "shallow" / "library") == {}
    assert renames(tmp_path / "partial" / "library") == {}


def test_no_repository_and_no_commit_say_nothing(tmp_path: Path) -> None:
    assert renames(tmp_path) == {}
    git(tmp_path, "init", "-q")
    assert renames(tmp_path) == {}
