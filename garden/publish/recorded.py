"""Runs as commits tell them: what went by a branch and was merged can be taken back in any clone of the library."""

from collections.abc import Iterator
from dataclasses import dataclass

from garden.errors import FrontMatterError
from garden.models import Proposal, Section
from garden.plan.decisions import Matter
from garden.plan.rebuilt import in_places, rebuilt
from garden.publish.history import Line, lines_in, merges_of_ours, start_of
from garden.publish.message import RUN, trailers_of
from garden.publish.versions import Versions
from garden.records import FileRecord, Record, head_of


@dataclass(frozen=True)
class Recorded:
    """A run that was merged, with what its proposals were about."""

    record: Record
    matters: tuple[Matter, ...]


def recorded(versions: Versions, commit: str, what: str) -> Recorded | None:
    """What came into the history of ``commit`` by the run, or with the proposal, whose id is ``what``; newest first.

    A run may have come by several branches: they are one record. A commit that later ones took the place of before it
    was merged is not found: what was merged is what the later ones say.
    """
    merged = list(_lines(versions, commit))
    named = [one.run for one in merged if what in (one.run, *(matter.proposal for matter in one.line.matters))]
    if not named:
        return None
    run = named[0]
    came = [one for one in merged if one.run == run]
    files = {file.path: file for one in reversed(came) for file in _files(versions, one.line, one.start)}
    record = Record(run, run[:10], versions.settings, (), "", tuple(files[path] for path in sorted(files)))
    return Recorded(record, tuple({m.proposal: m for one in came for m in one.line.matters}.values()))


@dataclass(frozen=True)
class _Merged:
    """A commit of ours that was merged, with the run that it came of and the commit that it started from."""

    run: str
    line: Line
    start: str


def _lines(versions: Versions, commit: str) -> Iterator[_Merged]:
    """What was merged, newest first. Where it is not known what it started from, nothing of it can be told."""
    for merge in merges_of_ours(versions, commit):
        for line in lines_in(versions, merge):
            if line.told is None and line.commit != merge:
                # Its lines and those of whoever rewrote it cannot be told apart.
                continue
            run = line.told.run if line.told else trailers_of(line.commit.message).get(RUN, [""])[-1]
            start = start_of(versions, line, next(iter(merge.parents), ""))
            if run and start:
                yield _Merged(run, line, start)


def _files(versions: Versions, line: Line, before: str) -> Iterator[FileRecord]:
    by_slug: dict[str, list[Matter]] = {}
    for matter in line.matters:
        by_slug.setdefault(matter.ends[0].slug if matter.ends else "", []).append(matter)
    for path in versions.changed(before, line.commit.sha):
        old, new = versions.at(before, path), versions.at(line.commit.sha, path)
        if old is None or new is None or new.slug not in by_slug:
            continue
        sections = old.section or Section(), new.section or Section()
        told = in_places([rebuilt(matter, path, *sections) for matter in by_slug[new.slug]])
        heads = [_head(versions, commit, path) for commit in (before, line.commit.sha)]
        if heads[0] is not None and heads[1] is not None:
            yield FileRecord(path, heads[0], heads[1], _whole(told, by_slug[new.slug]))


def _whole(told: list[Proposal | None], matters: list[Matter]) -> tuple[Proposal, ...]:
    """The proposals of a file. One that could not be told again keeps its place: it goes with all the others only."""
    return tuple(
        proposal
        or Proposal(
            id=matter.proposal,
            kind="touch",
            pattern=matter.ends[0].slug,
            path="",
            confidence=matter.confidence,
            reason="",
            group=matter.group,
        )
        for proposal, matter in zip(told, matters, strict=True)
    )


def _head(versions: Versions, commit: str, path: str) -> bytes | None:
    raw = versions.repository.file(commit, f"{versions.prefix}{path}")
    try:
        return None if raw is None else head_of(raw, versions.settings.read)
    except FrontMatterError:
        return None
