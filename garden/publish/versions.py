"""Patterns as they are in commits, read as the library reads files."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from garden.config import Settings
from garden.errors import FrontMatterError
from garden.library.find import is_pattern
from garden.library.reading import reading_of
from garden.models import Pattern
from garden.plan.decisions import End
from garden.publish.git import Commit, Repository


@dataclass(frozen=True)
class Versions:
    """A library's patterns in any commit; ``prefix`` is its folder in the repository, empty or ending in a slash."""

    repository: Repository
    prefix: str
    settings: Settings
    _read: dict[tuple[str, str], Pattern | None] = field(default_factory=dict, repr=False, compare=False)
    _stems: dict[str, dict[str, str]] = field(default_factory=dict, repr=False, compare=False)
    # Asked of git again and again about the same commits, and each time is a process.
    _blobs: dict[tuple[str, str], str | None] = field(default_factory=dict, repr=False, compare=False)
    _changes: dict[tuple[str, ...], list[str]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def shallow(self) -> bool:
        """Whether the history is cut off."""
        return self.repository.is_shallow()

    def cut_off(self, commits: Iterable[Commit]) -> bool:
        """Whether commits reach down to where the history is cut off: what came before them then cannot be told."""
        return self.shallow and any(not commit.parents for commit in commits)

    def at(self, commit: str, path: str) -> Pattern | None:
        """The pattern at a path (relative to the library) in a commit; None where there is none that can be read."""
        if (commit, path) not in self._blobs:
            self._blobs[commit, path] = self.repository.blob_of(commit, f"{self.prefix}{path}")
        blob = self._blobs[commit, path]
        if blob is None or not is_pattern(path, self.settings.read):
            return None
        key = (blob, path)
        if key not in self._read:
            self._read[key] = self._parsed(self.repository.run("cat-file", "blob", blob), path)
        return self._read[key]

    def changed(self, old: str, new: str, *arguments: str) -> list[str]:
        """The paths, relative to the library, of patterns that differ between two commits; see ``git diff-tree``."""
        key = (old, new, *arguments)
        if key not in self._changes:
            paths = self.repository.changed(old, new, self.prefix, *arguments)
            relative = [path.removeprefix(self.prefix) for path in paths]
            self._changes[key] = [path for path in relative if is_pattern(path, self.settings.read)]
        return self._changes[key]

    def named(self, commit: str, slug: str) -> Pattern | None:
        """The pattern with a slug in a commit, looked for where the slug is the name of its file."""
        if commit not in self._stems:
            paths = [entry.path.removeprefix(self.prefix) for entry in self.repository.entries(commit, self.prefix)]
            self._stems[commit] = {
                PurePosixPath(p).stem: p for p in reversed(paths) if is_pattern(p, self.settings.read)
            }
        path = self._stems[commit].get(slug)
        found = self.at(commit, path) if path else None
        return found if found and found.slug == slug else None

    def successor(self, since: str, commit: str, end: End) -> Pattern | None:
        """The pattern that ``end`` was about, in a later commit: by name, else what was renamed since and has its id,
        or its text where that tells; None where it is gone.
        """
        if known := self.named(commit, end.slug):
            return known
        moved = [one for path in self.changed(since, commit) if (one := self._fresh(since, commit, path, end.slug))]
        for same in (
            [one for one in moved if one.slug == end.slug],
            [one for one in moved if end.id and one.id == end.id],
            [one for one in moved if one.text_hash == end.text],
            [one for one in moved if end.stands(one)],
        ):
            if same:
                return same[0] if len(same) == 1 else None
        return None

    def _fresh(self, since: str, commit: str, path: str, slug: str) -> Pattern | None:
        """The pattern at a path, where that held nothing before or the pattern that went by ``slug``."""
        before = self.at(since, path)
        return self.at(commit, path) if before is None or before.slug == slug else None

    def _parsed(self, raw: bytes, path: str) -> Pattern | None:
        try:
            return reading_of(raw, path, self.settings).pattern
        except FrontMatterError:
            # A file that could not be read in some commit tells nothing about what was decided there.
            return None
