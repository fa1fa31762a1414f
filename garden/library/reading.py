"""Reading a library whole. What a file says is kept by its content, so an unchanged file is parsed once."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from stat import S_ISREG

from garden import prose, shapes
from garden.config import ReadSettings, Settings
from garden.errors import FrontMatterError, NotALibrary, SettingsError
from garden.frontmatter import decode, parse
from garden.library.ahead import Ahead
from garden.library.find import is_pattern, pattern_files
from garden.library.meanwhile import file_hash
from garden.models import Pattern, Problem
from garden.names import composed
from garden.prose import Prose
from garden.sketch import sketch
from garden.store import Store, code_digest, digest

FIRST, BATCH = 100, 500
SETTINGS_FILE = "garden.toml"
UNSEEN = ("unreadable", "link-nowhere", "name-not-utf8")  # The codes of what nobody could look into.

Progress = Callable[[str, int, int], None]
Met = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Reading:
    """One readable file: what its front matter says, and what its prose is made of.

    ``said`` is the prose, or the bytes that ``prose.dump`` made of it: where nothing has changed, nobody asks for it.
    """

    pattern: Pattern
    said: Prose | bytes

    @cached_property
    def prose(self) -> Prose:
        """What the file's prose is made of."""
        return prose.load(self.said) if isinstance(self.said, bytes) else self.said


@dataclass(frozen=True)
class Library:
    """All patterns in slug order, and the problems met, by path. It is not ``whole`` where a folder was not read, nor
    where a file that may be called anything was not even looked into.

    ``new`` are the paths of files that no run has read before; ``named`` is what unreadable ones seem to be called.
    """

    root: Path
    readings: tuple[Reading, ...]
    problems: tuple[Problem, ...]
    whole: bool = True
    new: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns in slug order."""
        return tuple(reading.pattern for reading in self.readings)

    @property
    def unreadable(self) -> frozenset[str]:
        """Names that a link may mean although their file cannot be read: such links are not dead.

        Where the library is not whole, any name may be that of a pattern which is not there.
        """
        names = {PurePosixPath(problem.path).stem for problem in self.problems} | self.named
        if not self.whole:
            names.update(link.target for p in self.patterns if p.section for link in p.section.links)
            names.update(relationship.target for p in self.patterns for relationship in p.relationships)
        return frozenset(names)


def settings_text(root: Path) -> str:
    """The text of the library's settings file, empty where there is none. Raises ``SettingsError``."""
    file = root / SETTINGS_FILE
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        if file.is_symlink():
            raise SettingsError(str(file), "file", "is a link that leads nowhere; mend it or take it away") from error
    except NotADirectoryError:
        # There is no library: whoever reads it says so.
        return ""
    except IsADirectoryError as error:
        raise SettingsError(str(file), "file", "is a folder; put the settings in a file of this name") from error
    except OSError as error:
        raise SettingsError(str(file), "file", f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1} is not UTF-8; save the file as UTF-8"
        raise SettingsError(str(file), "file", message) from error
    return ""


def look(root: Path, settings: Settings) -> tuple[list[str], list[Problem]]:
    """The pattern files below ``root``, and the problems met while looking for them.

    Raises ``NotALibrary`` where ``root`` is no folder or holds no pattern file.
    """
    if not root.is_dir():
        raise NotALibrary(str(root), "not a folder" if root.exists() else "no such folder")
    names, problems = pattern_files(root, settings.read)
    if not names and not problems:
        bare = (root / "HEAD").is_file() and (root / "objects").is_dir()
        if bare:
            raise NotALibrary(str(root), "a bare git repository, which holds no files; clone it")
        raise _none_matches(root, settings.read)
    return names, problems


def _none_matches(root: Path, settings: ReadSettings) -> NotALibrary:
    """What to say where there is no pattern: no file matches, or all that do are left out."""
    globs = ", ".join(glob or "''" for glob in settings.include)
    if settings.exclude and pattern_files(root, settings.model_copy(update={"exclude": ()}))[0]:
        reason = f"read.exclude leaves out every file that matches {globs}"
        return NotALibrary(str(root), reason, "take out of read.exclude in garden.toml what is too much")
    reason = f"no file matches {globs}"
    if settings.include == ReadSettings().include:
        return NotALibrary(str(root), reason)
    return NotALibrary(str(root), reason, "change read.include in garden.toml; its globs begin at this folder")


def read(
    root: Path, settings: Settings, store: Store, progress: Progress, met: Met = lambda new, files: None
) -> Library:
    """Reads every pattern below ``root``; a bad file becomes a problem and the rest goes on.

    ``met`` is told how many new files have been met so far, as they are, and how many files there are.
    Raises ``NotALibrary`` where ``root`` is no folder or holds no pattern file.
    """
    names, problems = look(root, settings)
    readings, unread, new = _read_files(_Shelves(root, settings, store), names, progress, met)
    unique, doubles = _one_per_slug(readings)
    missing = [*problems, *unread]
    whole = all(is_pattern(one.path, settings.read) and one.code not in UNSEEN for one in missing)
    every = sorted([*missing, *doubles], key=lambda p: (p.path, p.line, p.column))
    named = frozenset(name for one in missing for name in _names_in(root / one.path, settings))
    return Library(root, unique, tuple(every), whole, new, named)


def read_into_store(root: Path, settings: Settings, store: Store, names: list[str]) -> None:
    """Reads some pattern files for the sake of whoever reads them next."""
    shelves = _Shelves(root, settings, store)
    for start in range(0, len(names), BATCH):
        shelves.read(names[start : start + BATCH])


@dataclass(frozen=True)
class _Shelves:
    """Where readings come from: the store where it has them, else the file's own text."""

    root: Path
    settings: Settings
    store: Store

    @property
    def salt(self) -> str:
        """What a reading rests on beside its file."""
        settings = self.settings
        return digest(f"{code_digest()} {settings.read} {settings.fields} {settings.section.key}".encode()).hex()

    def read(self, names: list[str]) -> tuple[list[Reading], list[Problem], set[str]]:
        """The readings of some files, what is wrong with the others, and which were not in the store."""
        raws, problems = self._bytes(names)
        salt = self.salt
        keys = {name: f"reading:{salt}:{name}:{file_hash(raw)}" for name, raw in raws.items()}
        known = self.store.get_many(keys.values())
        readings: list[Reading] = []
        fresh: dict[str, bytes] = {}
        new: set[str] = set()
        for name, raw in raws.items():
            blob = known.get(keys[name])
            try:
                reading = _load(blob) if blob else reading_of(raw, name, self.settings)
            except FrontMatterError as error:
                problems.append(_problem(name, error))
                continue
            readings.append(reading)
            if not blob:
                fresh[keys[name]] = _dump(reading)
                new.add(name)
        if fresh:
            self.store.put_many(fresh)
        return readings, problems, new

    def _bytes(self, names: list[str]) -> tuple[dict[str, bytes], list[Problem]]:
        raws: dict[str, bytes] = {}
        problems: list[Problem] = []
        for name in names:
            try:
                raws[name] = read_bounded(self.root / name, self.settings.read.max_bytes)
            except (OSError, FrontMatterError) as error:
                problems.append(_problem(name, error))
        return raws, problems


def _read_files(
    shelves: _Shelves, names: list[str], progress: Progress, met: Met
) -> tuple[list[Reading], list[Problem], frozenset[str]]:
    readings: list[Reading] = []
    problems: list[Problem] = []
    new: set[str] = set()
    done = 0
    with Ahead(shelves.root, shelves.settings, shelves.store) as ahead:
        for batch in _batches(names):
            progress("read", done, len(names))
            ahead.wait_for(batch)
            good, bad, fresh = shelves.read(batch)
            readings.extend(good)
            problems.extend(bad)
            # Where the first files are new, so are the others.
            if done == 0 and 2 * len(fresh) > len(batch):
                ahead.begin(names[len(batch) :])
            done += len(batch)
            new |= fresh
            if fresh:
                met(len(new), len(names))
    progress("read", len(names), len(names))
    return readings, problems, frozenset(new)


def _batches(names: list[str]) -> Iterator[list[str]]:
    """The files that are read at a time: few at first, so that it is soon known how much there is to do."""
    yield names[:FIRST]
    for start in range(FIRST, len(names), BATCH):
        yield names[start : start + BATCH]


def read_bounded(path: Path, limit: int) -> bytes:
    """The bytes of a file. Raises ``FrontMatterError`` where it is larger, or none, and ``OSError``."""
    found = path.stat()
    if not S_ISREG(found.st_mode):
        # A pipe would be waited for, without end.
        raise FrontMatterError("no-file", "this is no regular file; move it out of the library, or exclude it")
    size = found.st_size
    if size > limit:
        raise FrontMatterError(
            "too-large", f"the file has {size:,} bytes, over the limit of {limit:,}; split it, or raise read.max_bytes"
        )
    return path.read_bytes()


def reading_of(raw: bytes, name: str, settings: Settings) -> Reading:
    """What a file's bytes say; ``name`` is its path in the library. Raises ``FrontMatterError``."""
    text = decode(raw)
    front = parse(text, settings.read)
    pattern = shapes.pattern_from(front, text, name, file_hash(raw), settings)
    words = prose.read(pattern.title, pattern.aliases, pattern.summary, pattern.tension, front.body)
    return Reading(pattern.model_copy(update={"text_sketch": sketch(words.keys, words.counts)}), words)


def _names_in(path: Path, settings: Settings) -> Iterator[str]:
    """What a file whose front matter cannot be read seems to be called there, as far as its lines tell."""
    fields = settings.fields
    keys = "|".join(re.escape(name.rpartition(".")[2]) for name in (*fields.slug, *fields.id) if name)
    with suppress(OSError):
        # A pipe would be waited for.
        if keys and S_ISREG(path.stat().st_mode):
            with path.open("rb") as file:
                # What is UTF-16 has a zero beside each letter.
                head = file.read(settings.read.max_front_matter_bytes).replace(b"\0", b"").decode(errors="replace")
            yield from re.findall(rf"^[ \t]*(?:{keys})[ \t]*:[ \t]*[\"']?([^\s\"'#]+)", head, re.MULTILINE)


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
        other = kept.setdefault(composed(slug), reading)
        if other is not reading:
            message = f"slug {slug!r} is also that of {other.pattern.path}; give one of the two a slug of its own"
            problems.append(Problem(path=reading.pattern.path, line=1, column=1, code="slug-twice", message=message))
    return tuple(sorted(kept.values(), key=lambda one: one.pattern.slug)), problems


def _dump(reading: Reading) -> bytes:
    head = reading.pattern.model_dump_json().encode()
    return len(head).to_bytes(4, "big") + head + prose.dump(reading.prose)


def _load(blob: bytes) -> Reading:
    end = 4 + int.from_bytes(blob[:4], "big")
    return Reading(Pattern.model_validate_json(blob[4:end]), blob[end:])
