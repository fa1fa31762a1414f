"""What reviewers decided, told from git alone: what of ours was merged, how, and what went by hand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from garden.models import Link, Pattern
from garden.plan.decisions import Decision, End, Matter, Said, Verdict
from garden.plan.identity import pair_group, proposal_id
from garden.plan.outcome import outcome
from garden.publish.git import Commit
from garden.publish.message import TOPIC, Ours, ours, proposed_in, trailers_of
from garden.publish.versions import Versions

MARK = "Graph-Garden-"
MOST = 2000  # Commits looked at for links that went by hand.


@dataclass(frozen=True)
class Line:
    """One commit of ours, with what it says of itself where it proves to be untouched.

    ``told`` is None where somebody has rewritten it: amended, rebased or squashed. Then its message still says what was
    proposed, while its tree may hold their changes.
    """

    commit: Commit
    told: Ours | None
    matters: tuple[Matter, ...]


def decisions_in(versions: Versions, base: str) -> list[Decision]:
    """The decisions that the history of ``base`` holds: merges of ours, and links taken out by hand since."""
    main = versions.repository.commits("--first-parent", base)
    merged = _of_ours(versions, main)
    if not merged:
        return []
    since = main[: main.index(merged[-1]) + 1][:MOST]
    found = [said for commit in merged for said in merge_decisions(versions, commit, said_by(commit))]
    ours_ = {commit.sha for commit in merged}
    found += [said for commit in since if commit.sha not in ours_ for said in _by_hand(versions, commit)]
    return found


def merges_of_ours(versions: Versions, base: str) -> list[Commit]:
    """The commits of ``base`` that brought proposals of ours, newest first."""
    return _of_ours(versions, versions.repository.commits("--first-parent", base))


def merge_decisions(versions: Versions, merge: Commit, said: Said, head: str = "") -> list[Decision]:
    """What was decided on the proposals that came into the base with the commit ``merge``.

    ``head`` is the last commit of its branch, where that is known otherwise: a squashed merge does not tell.
    """
    lines = lines_in(versions, merge, head)
    told = [pair for line in lines for pair in outcomes(versions, line, merge.sha, merge.parents[:1])]
    return [matter.decided(verdict, said) for matter, verdict in told]


def outcomes(versions: Versions, line: Line, at: str, parents: Iterable[str] = ()) -> Iterator[tuple[Matter, Verdict]]:
    """Each proposal of a commit of ours with its verdict, as the commit ``at`` has it."""
    before = start_of(versions, line, next(iter(parents), ""))
    if line.told and not before:
        return
    proposed = line.commit.sha if line.told else ""
    paths = paths_of(versions, before, proposed or at)
    for matter in line.matters:
        path = paths.get(matter.ends[0].slug) if matter.ends else None
        now = (versions.at(at, path) if path else None) or _moved(versions, (line.commit.sha, at), matter)
        if now is None:
            continue
        old = versions.at(before, path) if before and path else None
        new = versions.at(proposed, path) if proposed and path else None
        if verdict := outcome(matter, old, new, _by_old_name(versions, (line.commit.sha, at), matter, now)):
            yield matter, verdict


def start_of(versions: Versions, line: Line, parent: str) -> str:
    """The commit that a commit of ours started from, empty where not known; ``parent`` is the base before it came.

    Where a rewritten history has that under another name, it is the newest that both have.
    """
    git = versions.repository
    if line.told is None:
        return parent
    if git.commit_of(line.told.base):
        return line.told.base
    return (git.merge_base(parent, line.commit.sha) if parent else None) or ""


def lines_in(versions: Versions, merge: Commit, head: str = "") -> list[Line]:
    """The newest commit of ours for each topic that a merge brought; where it was squashed, what its message says.

    Nothing where the history is cut off below it: then it does not tell what had come before.
    """
    git = versions.repository
    brought = [f"{merge.parents[0]}..{head or merge.sha}"] if merge.parents else [merge.sha]
    commits = git.commits(*brought)
    if versions.cut_off(commits):
        return []
    newest: dict[str, Line] = {}
    for commit in commits:
        if line := line_of(commit):
            newest.setdefault(trailers_of(commit.message).get(TOPIC, [""])[-1], line)
    if newest:
        return list(newest.values())
    matters = proposed_in(merge.message)
    return [Line(merge, None, matters)] if matters else []


def line_of(commit: Commit) -> Line | None:
    """What a commit on a branch proposes, None where it is not of ours or only brings commits together."""
    if told := ours(commit):
        return None if told.joins else Line(commit, told, told.proposed)
    # A merge may quote the messages of what it brings.
    matters = proposed_in(commit.message) if len(commit.parents) < 2 else ()
    return Line(commit, None, matters) if matters else None


def _of_ours(versions: Versions, main: Iterable[Commit]) -> list[Commit]:
    return [commit for commit in main if _is_of_ours(versions, commit)]


def _is_of_ours(versions: Versions, commit: Commit) -> bool:
    if MARK in commit.message:
        return True
    if len(commit.parents) < 2:
        return False
    return any(MARK in one.message for one in versions.repository.commits(f"{commit.parents[0]}..{commit.sha}"))


def said_by(commit: Commit) -> Said:
    """Who decided what came into the base with a commit, when and where."""
    return Said(who=commit.who, when=commit.when, where=f"commit {commit.sha[:12]}")


def paths_of(versions: Versions, before: str, after: str) -> dict[str, str]:
    """The paths of the patterns that differ between two commits, by slug."""
    found: dict[str, str] = {}
    for path in versions.changed(before, after) if before else ():
        pattern = versions.at(after, path) or versions.at(before, path)
        if pattern:
            found[pattern.slug] = path
    return found


def _moved(versions: Versions, between: tuple[str, str], matter: Matter) -> Pattern | None:
    return versions.successor(*between, matter.ends[0]) if matter.ends else None


def _by_old_name(versions: Versions, between: tuple[str, str], matter: Matter, now: Pattern) -> Pattern:
    """A pattern whose link to what a proposal was about bears the name that this had then: names do not count."""
    if len(matter.ends) < 2 or now.section is None or any(link.target == matter.target for link in now.section.links):
        return now
    target = versions.successor(*between, matter.ends[1])
    if target is None or target.slug == matter.target:
        return now
    links = [
        link.model_copy(update={"target": matter.target}) if link.target == target.slug else link
        for link in now.section.links
    ]
    return now.model_copy(update={"section": now.section.model_copy(update={"links": tuple(links)})})


def _by_hand(versions: Versions, commit: Commit) -> Iterator[Decision]:
    """A no for each link that a person's commit takes out of the machine's section."""
    if not commit.parents:
        return
    parent = commit.parents[0]
    # Only files in whose diff some line speaks of a target need to be read.
    for path in versions.changed(parent, commit.sha, "-G", "target"):
        old = versions.at(parent, path)
        new = versions.at(commit.sha, path) or (versions.successor(parent, commit.sha, End.of(old)) if old else None)
        if old and new and old.section and new.section and old.section.last_pruned == new.section.last_pruned:
            left = {link.target for link in new.section.links} | {r.target for r in new.relationships}
            for link in old.section.links:
                target = _target(versions, (parent, commit.sha), link) if link.target not in left else None
                if target and target.slug not in left:
                    yield _removed(new, link, target).decided("rejected", said_by(commit))


def _target(versions: Versions, between: tuple[str, str], link: Link) -> Pattern | None:
    """What a link spoke of, under the name that it has in the later of two commits."""
    was = versions.named(between[0], link.target)
    return versions.successor(*between, End.of(was)) if was else versions.named(between[1], link.target)


def _removed(pattern: Pattern, link: Link, target: Pattern) -> Matter:
    return Matter(
        proposal=proposal_id("add_link", pattern.slug, target.slug),
        kind="add_link",
        group=pair_group(pattern.slug, target.slug),
        ends=tuple(map(End.of, (pattern, target))),
        target=target.slug,
        type=link.type,
        confidence=link.confidence or 0.0,
    )
