"""Branches of ours whose changes came into the base by commits that say nothing of them, as a squashed merge may.

Only what stands there just as it was proposed is told: what is missing may have been turned down, or not be taken yet.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from garden.plan.decisions import Decision
from garden.publish.git import Commit
from garden.publish.history import MARK, MOST, Line, line_of, outcomes, paths_of, said_by
from garden.publish.versions import Versions

DELETED = (
    "{branch} was deleted, and nothing of it was merged. That is neither a yes nor a no, so what still holds of it is "
    "proposed again; to turn it down, say no in garden review, commit .garden/decisions.jsonl and push"
)


def squashed_decisions(versions: Versions, base: str, tips: Iterable[str]) -> Iterator[Decision]:
    """A yes for each proposal of the branches ending in ``tips`` that a commit of the base ``base`` has made."""
    git = versions.repository
    for tip in tips:
        lines = [line for commit in git.commits(f"{base}..{tip}") if (line := line_of(commit))]
        if lines and lines[0].told and git.commit_of(lines[0].told.base):
            yield from _taken(versions, base, lines[0], lines[0].told.base)


def deleted(versions: Versions, base: str, lost: Mapping[str, str]) -> Iterator[str]:
    """A line for each branch of ours, of those that are there no more, of which nothing is in the base ``base``.

    ``lost`` are their last commits by name. Whether that was a no cannot be told: branches are swept away, too.
    """
    git = versions.repository
    for branch, tip in sorted(lost.items()):
        ours = any(line_of(commit) for commit in git.commits(f"{base}..{tip}"))
        if ours and not any(squashed_decisions(versions, base, [tip])):
            yield DELETED.format(branch=branch)


def _taken(versions: Versions, base: str, line: Line, start: str) -> Iterator[Decision]:
    paths = paths_of(versions, start, line.commit.sha)
    where = [f":(top,literal){versions.prefix}{path}" for path in paths.values()]
    since = versions.repository.commits("--first-parent", f"{start}..{base}", "--", *where) if where else []
    for commit in since[:MOST]:
        # One that says what it brought is told by the history itself.
        if commit.parents and MARK not in commit.message:
            yield from _taken_by(versions, commit, line, {slug for slug, path in _changed(versions, commit, paths)})


def _changed(versions: Versions, commit: Commit, paths: dict[str, str]) -> Iterator[tuple[str, str]]:
    changed = set(versions.changed(commit.parents[0], commit.sha))
    return ((slug, path) for slug, path in paths.items() if path in changed)


def _taken_by(versions: Versions, commit: Commit, line: Line, slugs: set[str]) -> Iterator[Decision]:
    part = replace(line, matters=tuple(one for one in line.matters if one.ends and one.ends[0].slug in slugs))
    stood = {one.proposal for one, verdict in outcomes(versions, part, commit.parents[0]) if verdict == "accepted"}
    for matter, verdict in outcomes(versions, part, commit.sha):
        if verdict == "accepted" and matter.proposal not in stood:
            yield matter.decided("accepted", said_by(commit))
