"""The library on disk: reading it whole, writing changed files atomically, and the lock that keeps runs apart."""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from garden import prose, shapes
from garden.config import Settings
from garden.errors import FrontMatterError, LibraryLocked, NotALibrary
from garden.frontmatter import decode, parse
from garden.models import Edit, Pattern, Problem
from garden.prose import Prose
from garden.store import Store, digest

READING = "1"
TEMPORARY = ".garden-tmp"
SETTINGS_FILE = "garden.toml"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Reading:
    """One readable file: what its front matter says, and what its prose is made of."""

    pattern: Pattern
    prose: Prose


@dataclass(frozen=True)
class Library:
    """All patterns in slug order, and the problems met, by path. ``unreadable`` holds the stems of files with problems."""

    root: Path
    readings: tuple[Reading, ...]
    problems: tuple[Problem, ...]

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns in slug order."""
        return tuple(reading.pattern for reading in self.readings)

    @property
    def unreadable(self) -> frozenset[str]:
        """Names that a link may mean although their file cannot be read: such links are not dead."""
        return frozenset(PurePosixPath(problem.path).stem for problem in self.problems)


@dataclass(frozen=True)
class Written:
    """What a write did: the files that have their new text, and those left alone with the reason."""

    paths: tuple[str, ...]
    skipped: tuple[Problem, ...]


def settings_text(root: Path) -> str:
    """The text of the library's settings file, empty where there is none."""
    file = root / SETTINGS_FILE
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def read(root: Path, settings: Settings, store: Store, progress: Progress) -> Library:
    """Reads every pattern below ``root``; a bad file becomes a problem and the rest goes on.

    Raises ``NotALibrary`` where ``root`` is no folder or holds no pattern file.
    """
    if not root.is_dir():
        raise NotALibrary(str(root), "not a folder" if root.exists() else "no such folder")
    names, problems = pattern_files(root, settings)
    if not names and not problems:
        raise NotALibrary(str(root), f"no file matches {', '.join(settings.read.include)}")
    readings, unread = _read_files(root, names, settings, store, progress)
    unique, doubles = _one_per_slug(readings)
    return Library(root, unique, tuple(sorted([*problems, *unread, *doubles], key=lambda p: (p.path, p.line, p.column))))


def pattern_files(root: Path, settings: Settings) -> tuple[list[str], list[Problem]]:
    """The relative paths of all pattern files, sorted, and problems with links that lead out of the library."""
    names: list[str] = []
    problems: list[Problem] = []
    real_root = root.resolve()
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted([*files, *folders]):
            path = Path(folder, name)
            relative = path.relative_to(root).as_posix()
            if path.is_symlink():
                problems.extend(_link_problem(path, relative, real_root, settings))
            elif name in files and _is_pattern(relative, settings):
                names.append(relative)
    return sorted(names), problems


def write(root: Path, edits: Sequence[Edit], progress: Progress) -> Written:
    """Puts each edit's new text in place of its file, atomically and durably, one after the other.

    A file that is no longer what the edit was made from is skipped and named; a kill at any moment leaves every file
    old or new. The caller holds the library's lock.
    """
    _sweep(root)
    written: list[str] = []
    skipped: list[Problem] = []
    for done, edit in enumerate(edits):
        progress("write", done, len(edits))
        problem = _write_one(root, edit)
        if problem:
            skipped.append(problem)
        else:
            written.append(edit.path)
    progress("write", len(edits), len(edits))
    return Written(tuple(written), tuple(skipped))


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Holds the library for one run. The lock is the kernel's, on the folder itself: it ends with the process.

    Raises ``LibraryLocked`` where another process holds it.
    """
    handle = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LibraryLocked(str(root)) from error
        yield
    finally:
        os.close(handle)


def file_hash(raw: bytes) -> str:
    """The hash of a file's bytes, in hexadecimal."""
    return digest(raw).hex()


def _is_pattern(relative: str, settings: Settings) -> bool:
    path = PurePosixPath(relative)
    return _matches(path, settings.read.include) and not _matches(path, settings.read.exclude)


def _matches(path: PurePosixPath, globs: tuple[str, ...]) -> bool:
    # PurePath.match before 3.13 takes ** for one folder: a leading **/ is what people write, and means any depth.
    return any(path.match(glob.removeprefix("**/")) for glob in globs)


def _link_problem(path: Path, relative: str, real_root: Path, settings: Settings) -> list[Problem]:
    # A link to a file inside the library is read once, at its own place.
    inside = path.resolve().is_relative_to(real_root)
    counts = path.is_dir() or _is_pattern(relative, settings)
    if inside or not counts:
        return []
    message = "this symbolic link leads out of the library, so it is not followed; copy the file here or remove the link"
    return [Problem(path=relative, line=1, column=1, code="link-outside", message=message)]


def _read_files(
    root: Path, names: list[str], settings: Settings, store: Store, progress: Progress
) -> tuple[list[Reading], list[Problem]]:
    readings: list[Reading] = []
    problems: list[Problem] = []
    salt = digest(f"{READING} {prose.RECIPE} {settings.read} {settings.section.key}".encode()).hex()
    for start in range(0, len(names), 500):
        progress("read", start, len(names))
        batch = names[start : start + 500]
        fresh = _read_batch(root, batch, salt, settings, store, problems)
        readings.extend(fresh)
    progress("read", len(names), len(names))
    return readings, problems


def _read_batch(
    root: Path, names: list[str], salt: str, settings: Settings, store: Store, problems: list[Problem]
) -> list[Reading]:
    raws: dict[str, bytes] = {}
    for name in names:
        try:
            raws[name] = _read_bounded(root / name, settings.read.max_bytes)
        except (OSError, FrontMatterError) as error:
            problems.append(_problem(name, error))
    keys = {name: f"reading:{salt}:{name}:{file_hash(raw)}" for name, raw in raws.items()}
    known = store.get_many(keys.values())
    readings: list[Reading] = []
    fresh: dict[str, bytes] = {}
    for name, raw in raws.items():
        try:
            if (blob := known.get(keys[name])) is not None:
                readings.append(_load(blob))
                continue
            reading = _parse(raw, name, settings)
        except FrontMatterError as error:
            problems.append(_problem(name, error))
            continue
        fresh[keys[name]] = _dump(reading)
        readings.append(reading)
    if fresh:
        store.put_many(fresh)
    return readings


def _read_bounded(path: Path, limit: int) -> bytes:
    size = path.stat().st_size
    if size > limit:
        raise FrontMatterError(
            "too-large", f"the file has {size:,} bytes, over the limit of {limit:,}; split it, or raise read.max_bytes"
        )
    return path.read_bytes()


def _parse(raw: bytes, name: str, settings: Settings) -> Reading:
    text = decode(raw)
    front = parse(text, settings.read)
    pattern = shapes.pattern_from(front, text, name, file_hash(raw), settings)
    words = prose.read(pattern.title, pattern.aliases, pattern.summary, pattern.tension, front.body)
    return Reading(pattern, words)


def _problem(name: str, error: OSError | FrontMatterError) -> Problem:
    if isinstance(error, FrontMatterError):
        return Problem(path=name, line=error.line, column=error.column, code=error.code, message=error.message)
    message = f"cannot be read: {error.strerror or error}; allow reading it, or exclude it in {SETTINGS_FILE}"
    return Problem(path=name, line=1, column=1, code="unreadable", message=message)


def _one_per_slug(readings: list[Reading]) -> tuple[tuple[Reading, ...], list[Problem]]:
    kept: dict[str, Reading] = {}
    problems: list[Problem] = []
    for reading in sorted(readings, key=lambda r: r.pattern.path):
        slug = reading.pattern.slug
        if slug in kept:
            message = f"slug {slug!r} is also that of {kept[slug].pattern.path}; give one of the two a slug of its own"
            problems.append(Problem(path=reading.pattern.path, line=1, column=1, code="slug-twice", message=message))
        else:
            kept[slug] = reading
    return tuple(kept[slug] for slug in sorted(kept)), problems


def _dump(reading: Reading) -> bytes:
    head = reading.pattern.model_dump_json().encode()
    return len(head).to_bytes(4, "big") + head + prose.dump(reading.prose)


def _load(blob: bytes) -> Reading:
    end = 4 + int.from_bytes(blob[:4], "big")
    return Reading(Pattern.model_validate_json(blob[4:end]), prose.load(blob[end:]))


def _sweep(root: Path) -> None:
    # Left by a run that was killed while writing; the lock says that no other is at it.
    for stray in sorted(root.rglob(f".*{TEMPORARY}")):
        stray.unlink()


def _write_one(root: Path, edit: Edit) -> Problem | None:
    path = root / edit.path
    temporary = path.with_name(f".{path.name}{TEMPORARY}")
    try:
        raw = path.read_bytes()
        if file_hash(raw) != edit.old_hash:
            return _changed_meanwhile(edit.path)
        _put_beside(temporary, edit.applied_to(raw), path.stat().st_mode)
        if file_hash(path.read_bytes()) != edit.old_hash:
            return _changed_meanwhile(edit.path)
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}; the file is as it was"
        return Problem(path=edit.path, line=1, column=1, code="unwritable", message=message)
    finally:
        temporary.unlink(missing_ok=True)
    return None


def _put_beside(temporary: Path, raw: bytes, mode: int) -> None:
    with temporary.open("wb") as handle:
        handle.write(raw)
        os.fchmod(handle.fileno(), mode & 0o7777)
        handle.flush()
        os.fsync(handle.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _changed_meanwhile(path: str) -> Problem:
    message = "was changed by someone else during the run, so it is left as it is; run again"
    return Problem(path=path, line=1, column=1, code="changed-meanwhile", message=message)
