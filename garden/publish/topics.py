"""The branches that we work on: which there are, whose commits are on them, and how one is brought up to date.

Our own commits make a line; where a reviewer has committed, a join brings both together. So every move of a branch is
a fast-forward, and nothing that anybody did is ever overwritten.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from garden.plan.decisions import Matter
from garden.publish.base import Base
from garden.publish.git import Commit, Repository, Signature
from garden.publish.message import Ours, joining_message, ours
from garden.publish.refs import Refs
from garden.splice.merge import merge

Outcome = Literal["created", "updated", "unchanged", "left"]
OTHER_HISTORY = "the base has another history by now; delete the branch to have it made anew"


@dataclass(frozen=True)
class Topic:
    """A branch of ours that is not merged into the base. ``last`` is the newest commit of our line, if any is left.

    ``foreign`` are the commits of others on it, ``moved`` says that the base has gone on since.
    """

    branch: str
    tip: str
    last: Commit | None
    told: Ours | None
    foreign: tuple[Commit, ...]
    moved: bool

    @property
    def proposed(self) -> tuple[str, ...]:
        """The ids of the proposals that it puts before reviewers, in their order."""
        return tuple(one.proposal for one in self.told.proposed) if self.told else ()

    def asks(self, proposed: Sequence[Matter]) -> bool:
        """Whether it asks these things, of the same texts. What the signals gave to each may differ."""
        return self.told is not None and _asked(self.told.proposed) == _asked(proposed)

    @property
    def day(self) -> str:
        """The ISO date of the run that last changed what it proposes."""
        return self.told.run[:10] if self.told else ""

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the proposals that it puts before reviewers."""
        return frozenset(self.proposed)


def open_topics(base: Base, refs: Refs, prefix: str) -> dict[str, Topic]:
    """Our branches that are not in the base, by topic."""
    found = {branch.removeprefix(f"{prefix}/"): topic_at(base, branch, tip) for branch, tip in refs.tips().items()}
    return {name: topic for name, topic in found.items() if topic}


def topic_at(base: Base, branch: str, tip: str) -> Topic | None:
    """What there is on a branch since it left the base; None where the base has it all."""
    repository = base.repository
    commits = repository.commits(f"{base.commit}..{tip}")
    if not commits:
        return None
    told = {commit.sha: ours(commit) for commit in commits}
    line = [commit for commit in commits if (said := told[commit.sha]) and not said.joins]
    last = told[line[0].sha] if line else None
    if last and repository.is_shallow() and repository.commit_of(last.base):
        # Where the base's history is cut off, all that the branch started from would count as somebody's commits.
        commits = repository.commits(f"{base.commit}..{tip}", f"^{last.base}")
    return Topic(
        branch=branch,
        tip=tip,
        last=line[0] if line else None,
        told=last,
        foreign=tuple(commit for commit in commits if told[commit.sha] is None),
        moved=not repository.is_ancestor(base.commit, tip),
    )


@dataclass(frozen=True)
class Wanted:
    """What a branch should say: the base with some files changed, and the message of a commit, given its tree.

    ``readable`` tells whether a file that came of two changes is still a good pattern.
    """

    run: str
    topic: str
    proposed: tuple[Matter, ...]
    files: Mapping[str, bytes]
    readable: Callable[[bytes], bool]
    message: Callable[[str], str]
    signature: Signature

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the proposals that the branch should put before reviewers."""
        return frozenset(one.proposal for one in self.proposed)


@dataclass(frozen=True)
class Move:
    """What should become of a branch: the commit to move it to, or the reason why it is better left alone."""

    outcome: Outcome
    commit: str | None = None
    note: str = ""


def stands(base: Base, topic: Topic, wanted: Wanted) -> bool:
    """Whether our newest commit on a branch, merged into the base as that is now, gives just what is wanted."""
    git = base.repository
    if topic.last is None or topic.told is None:
        return False
    now = base.commit
    if not git.merge_base(now, topic.last.sha):
        if not (git.is_shallow() and git.commit_of(topic.told.base)):
            return False
        # The base comes from there, but its history is cut off. This commit says so to git, and no ref ever knows it.
        now = git.commit(f"{now}^{{tree}}", [topic.told.base], "", wanted.signature)
    return git.merged_tree(now, topic.last.sha) == git.tree_with(base.commit, wanted.files)


def _asked(proposed: Sequence[Matter]) -> list[tuple[object, ...]]:
    return [(one.proposal, one.ends, one.target, one.type, one.mends) for one in proposed]


def bring_up(base: Base, topic: Topic | None, wanted: Wanted) -> Move:
    """Makes the commit that a branch should be moved to.

    A branch where nobody else has committed is taken to the newest base. Where somebody has, ours goes on top if it
    merges cleanly and the base has not moved on; else the branch is theirs.
    """
    git = base.repository
    tree = git.tree_with(base.commit, wanted.files)
    if topic is None:
        return Move("created", git.commit(tree, [base.commit], wanted.message(tree), wanted.signature))
    if topic.last is None:
        return Move("left", note="others have rewritten it, so it is theirs")
    if not git.merge_base(base.commit, topic.last.sha) and not git.is_shallow():
        return Move("left", note=OTHER_HISTORY)
    if (tree == topic.last.tree and not topic.moved) or (topic.foreign and wanted.ids == topic.ids):
        return Move("unchanged")
    if topic.foreign and topic.moved:
        return Move("left", note="others have committed to it, and the base has moved on")
    fresh = [] if git.is_ancestor(base.commit, topic.last.sha) else [base.commit]
    new = git.commit(tree, [topic.last.sha, *fresh], wanted.message(tree), wanted.signature)
    return _joined(git, topic, new, wanted) if topic.foreign else Move("updated", new)


def _joined(git: Repository, topic: Topic, new: str, wanted: Wanted) -> Move:
    """Ours and the reviewers' commits together, by git's own merge or, where lines only neighbour, by ours."""
    tree = git.merged_tree(topic.tip, new) or _merged_by_lines(git, topic, new, wanted)
    if tree is None:
        return Move("left", note="others have changed the same lines")
    message = joining_message(wanted.run, wanted.topic, tree)
    return Move("updated", git.commit(tree, [topic.tip, new], message, wanted.signature))


def _merged_by_lines(git: Repository, topic: Topic, new: str, wanted: Wanted) -> str | None:
    assert topic.last is not None
    files: dict[str, bytes] = {}
    for path in git.changed(topic.last.sha, new):
        versions = [git.file(commit, path) for commit in (topic.last.sha, new, topic.tip)]
        if any(raw is None for raw in versions):
            return None
        base, ours, theirs = (str(raw, "utf-8", "surrogateescape") for raw in versions if raw is not None)
        text = merge(base, ours, theirs)
        raw = None if text is None else text.encode(errors="surrogateescape")
        if raw is None or not wanted.readable(raw):
            return None
        files[path] = raw
    return git.tree_with(topic.tip, files)
