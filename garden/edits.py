"""From wanted sections to edits of files, and from edits to one patch that ``git apply`` takes."""

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from garden.config import Settings
from garden.errors import ChangedMeanwhile, FrontMatterError, GardenError, SpliceRefused
from garden.frontmatter import decode, place
from garden.library import Progress, as_read, changed, file_hash
from garden.models import Edit, Pattern, Problem, WantedSection
from garden.processes.splicing import Splicing
from garden.splice import splice
from garden.store import Store, code_digest, digest

CONTEXT = 3


@dataclass
class GitMissing(GardenError):
    """git is not installed, or too old to make the patch."""

    reason: str

    def __str__(self) -> str:
        return f"git could not make the patch: {self.reason}; install git 2.30 or later"


@dataclass(frozen=True)
class Change:
    """What one file's section should become. ``anchor`` and ``banner`` serve files that have no section yet."""

    pattern: Pattern
    wanted: WantedSection
    anchor: tuple[str, ...] = ()
    banner: str = ""


@dataclass(frozen=True)
class Edits:
    """The edits by path, in order, and the files that refused theirs."""

    edits: tuple[Edit, ...]
    refused: tuple[Problem, ...]


@dataclass(frozen=True)
class Desk:
    """Where edits are made: the library's folder, its settings, and the store that keeps them."""

    root: Path
    settings: Settings
    store: Store

    def kept(self, changes: Sequence[Change]) -> dict[str, Edit]:
        """The edits that the store has, by path."""
        key = _keys(self.settings)
        paths = {key(change): change.pattern.path for change in changes}
        found = self.store.get_many(paths)
        return {paths[key]: Edit.model_validate_json(blob) for key, blob in found.items()}

    def make(self, changes: Sequence[Change], told: Callable[[int], None]) -> tuple[dict[str, Edit], list[Problem]]:
        """The edits by path, which go into the store, and what refused. ``told`` hears how many are done."""
        fresh: dict[str, tuple[Edit, bytes]] = {}
        refused: list[Problem] = []
        for done, change in enumerate(changes):
            told(done)
            path, raw = change.pattern.path, b""
            try:
                raw = as_read(self.root, path, change.pattern.file_hash)
                edit = _splice_one(raw, change, self.settings)
            except (OSError, FrontMatterError, SpliceRefused, ChangedMeanwhile) as error:
                refused.append(_refusal(path, raw, error))
                continue
            if edit is not None:
                fresh[path] = (edit, raw)
        edits = _with_hunks(fresh)
        key = _keys(self.settings)
        keys = {change.pattern.path: key(change) for change in changes if change.pattern.path in edits}
        self.store.put_many({keys[path]: edit.model_dump_json().encode() for path, edit in edits.items()})
        return edits, refused


def make_edits(root: Path, changes: Sequence[Change], settings: Settings, store: Store, progress: Progress) -> Edits:
    """Splices every change into its file's text. A file that cannot be changed safely is refused and named."""
    desk = Desk(root, settings, store)
    edits = desk.kept(changes)
    left = [change for change in changes if change.pattern.path not in edits]
    with Splicing(desk) as splicing:
        half = splicing.begin(left)
        made, refused = desk.make(left[:half], lambda done: progress("splice", len(edits) + done, len(changes)))
        splicing.wait()
    edits |= made | desk.kept(left[half:])
    # Whatever the second process did not make is made here, and refused here.
    missing = [change for change in left[half:] if change.pattern.path not in edits]
    made, more = desk.make(missing, lambda _: None)
    progress("splice", len(changes), len(changes))
    return Edits(tuple(sorted((edits | made).values(), key=lambda e: e.path)), (*refused, *more))


def patch(edits: Sequence[Edit]) -> bytes:
    """One patch of all edits, to be applied with ``git apply`` in the library's folder.

    The headers are plain ones: git takes the names in them relative to the folder in which it is called.
    """
    return b"".join(_patch_one(edit) for edit in edits)


def _keys(settings: Settings) -> Callable[[Change], str]:
    """The key of each edit: all that it rests on."""
    code, ours = code_digest(), [str(settings.section), str(settings.read)]

    def key(change: Change) -> str:
        parts = [code, change.wanted.model_dump_json(), *change.anchor, change.banner, *ours]
        made_of = digest("\0".join(parts).encode()).hex()
        return f"edit:{change.pattern.path}:{change.pattern.file_hash}:{made_of}"

    return key


def _refusal(path: str, raw: bytes, error: OSError | GardenError) -> Problem:
    """Why a file of the bytes ``raw`` is left alone, and where in it."""
    if isinstance(error, ChangedMeanwhile):
        return changed(path, error)
    line, column, reason = located(error, raw)
    if isinstance(error, OSError):
        reason = f"cannot be read: {error.strerror or error}; allow reading it, then run again"
    return Problem(path=path, line=line, column=column, code="splice-refused", message=reason)


def located(error: OSError | GardenError, raw: bytes) -> tuple[int, int, str]:
    """The line and column in ``raw`` that an error is about, the first ones where it tells none, and its text."""
    if isinstance(error, FrontMatterError):
        return error.line, error.column, error.message
    if isinstance(error, SpliceRefused):
        return *place(decode(raw), error.index or 0), str(error)
    return 1, 1, str(error)


def _splice_one(raw: bytes, change: Change, settings: Settings) -> Edit | None:
    new = splice(decode(raw), change.wanted, settings, change.anchor, change.banner).encode()
    return None if new == raw else edit_between(change.pattern.path, raw, new)


def edit_between(path: str, raw: bytes, new: bytes) -> Edit:
    """The edit that turns the bytes ``raw`` into ``new``: whole lines, without the common head and tail."""
    old_lines, new_lines = raw.splitlines(keepends=True), new.splitlines(keepends=True)
    head = _common(old_lines, new_lines)
    tail = _common(old_lines[head:][::-1], new_lines[head:][::-1])
    start = sum(map(len, old_lines[:head]))
    return Edit(
        path=path,
        old_hash=file_hash(raw),
        start=start,
        old=b"".join(old_lines[head : len(old_lines) - tail]),
        new=b"".join(new_lines[head : len(new_lines) - tail]),
    )


def _common(left: list[bytes], right: list[bytes]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def _with_hunks(fresh: Mapping[str, tuple[Edit, bytes]]) -> dict[str, Edit]:
    """Lets git itself say what changed, so that the plan's line counts are those that a reviewer will see."""
    if not fresh:
        return {}
    with tempfile.TemporaryDirectory(prefix="graph-garden-") as folder:
        for number, (edit, raw) in enumerate(fresh.values()):
            end = _as_far_as_shows(raw, edit.start + len(edit.old))
            _put(Path(folder, "a", f"{number:06}"), raw[:end])
            _put(Path(folder, "b", f"{number:06}"), edit.applied_to(raw[:end]))
        hunks = _git_hunks(folder)
    return {key: _counted(edit, hunks[number]) for number, (key, (edit, _)) in enumerate(fresh.items())}


def _as_far_as_shows(raw: bytes, start: int) -> int:
    """Where in a file ends what can show in a hunk of a change that ends at ``start``.

    git lets a change of lines that come again below slide down as far as they do; the line that closes the front
    matter comes once.
    """
    closing = raw.find(b"\n---", max(start - 1, 0))
    return _after_lines(raw, start if closing < 0 else closing + 1, CONTEXT + 1)


def _after_lines(raw: bytes, start: int, lines: int) -> int:
    for _ in range(lines):
        found = raw.find(b"\n", start)
        if found < 0:
            return len(raw)
        start = found + 1
    return start


def _put(path: Path, raw: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(raw)


def _git_hunks(folder: str) -> dict[int, str]:
    command = [
        "git",
        "diff",
        "--no-index",
        "--text",
        "--no-color",
        "--no-ext-diff",
        "--no-renames",
        "--src-prefix=a/",
        "--dst-prefix=b/",
        "--diff-algorithm=myers",
        "--inter-hunk-context=0",
        f"-U{CONTEXT}",
        "a",
        "b",
    ]
    try:
        done = subprocess.run(command, cwd=folder, env=_without_settings(), capture_output=True, check=False)
    except FileNotFoundError as error:
        raise GitMissing("the command was not found") from error
    if done.returncode not in (0, 1):
        raise GitMissing(done.stderr.decode(errors="replace").strip())
    return {int(number): text for number, text in _per_file(done.stdout.decode())}


def _without_settings() -> dict[str, str]:
    """The environment in which git makes the same bytes for everyone: no one's settings, and no repository's."""
    around = {
        name: value for name, value in os.environ.items() if name == "GIT_EXEC_PATH" or not name.startswith("GIT_")
    }
    # A repository around the temporary folder has settings as well. A ceiling would not do: colons part its folders.
    nobodys = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_DIR": os.devnull}
    return {**around, **nobodys, "LC_ALL": "C"}


def _per_file(output: str) -> list[tuple[str, str]]:
    # Inside a hunk every line begins with a blank, + or -, so a header cannot be mistaken.
    pieces = re.split(r"^diff --git a/a/(\d+) b/b/\d+\n", output, flags=re.MULTILINE)[1:]
    names, bodies = pieces[::2], pieces[1::2]
    return [
        (name, re.sub(r"^(@@ [^@]+ @@).*$", r"\1", body[body.index("@@ ") :], flags=re.MULTILINE))
        for name, body in zip(names, bodies, strict=True)
    ]


def _counted(edit: Edit, hunks: str) -> Edit:
    lines = hunks.split("\n")
    added = sum(line.startswith("+") for line in lines)
    removed = sum(line.startswith("-") for line in lines)
    return edit.model_copy(update={"hunks": hunks, "added": added, "removed": removed})


def _patch_one(edit: Edit) -> bytes:
    return f"--- {_name('a', edit.path)}\n+++ {_name('b', edit.path)}\n{edit.hunks}".encode()


def _name(side: str, path: str) -> str:
    name = f"{side}/{path}"
    if re.search(r'["\\\x00-\x1f\x7f]', name):
        escaped = re.sub(r'["\\\x00-\x1f\x7f]', lambda m: f"\\{ord(m.group()):03o}", name)
        return f'"{escaped}"'
    # A tab ends a name that has blanks in it, as git itself writes them.
    return f"{name}\t" if " " in name else name
