"""The ledger: what reviewers decided, as sorted JSON lines in the library itself, so that it travels with git.

One line is one decision and lines are sorted by what they speak of, so that two branches seldom meet; where they do, a
union merge keeps both. Lines that cannot be read, say those of a later version, are kept as they are and named.
"""

import errno
import os
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import orjson
from pydantic import ValidationError

from garden.errors import FULL, LedgerRefused, NotKept
from garden.models import Problem
from garden.plan.decisions import Decision, Matter, in_time

FOLDER = ".garden"
NAME = "decisions.jsonl"
LEDGER = f"{FOLDER}/{NAME}"
ATTRIBUTES = f"{FOLDER}/.gitattributes"
REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EEXIST, errno.EISDIR, errno.ENOTDIR)
IN_THE_WAY = (errno.EEXIST, errno.ENOTDIR)
BARRED, MOVE = "a file stands where a folder goes", "move it elsewhere"
ROOM = "make room and run it again"
ATTRIBUTES_TEXT = "*.jsonl merge=union linguist-generated\n"


@dataclass(frozen=True)
class Ledger:
    """Decisions in order, and lines that could not be read, each with its problem."""

    decisions: tuple[Decision, ...] = ()
    strange: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def with_(self, decisions: Iterable[Decision]) -> "Ledger":
        """The ledger with ``decisions`` added.

        What was said again in one place stands once, as it was said first, unless something else was said in between.
        """
        heard: dict[tuple[str, ...], list[Decision]] = {}
        for one in in_time(sorted((*self.decisions, *decisions), key=line)):
            others = heard.setdefault(matter_of(one), [])
            if not repeats(one, [other for other in others if _identity(other) == _identity(one)], others):
                others.append(one)
        known = [one for others in heard.values() for one in others]
        return Ledger(tuple(sorted(known, key=lambda d: (d.order, line(d)))), self.strange, self.problems)

    def holds(self, said: Decision) -> bool:
        """Whether the same was said in the same place at any time."""
        return any(one.proposal == said.proposal and _identity(one) == _identity(said) for one in self.decisions)


def read(root: Path) -> Ledger:
    """The ledger of the library at ``root``; an empty one where there is none. Raises ``LedgerRefused``.

    A file in the place of its folder, which holds no decisions but keeps any from being written, is a problem.
    """
    file = root / LEDGER
    try:
        return parse(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError) as error:
        dead = next((path for path in (file.parent, file) if path.is_symlink() and not path.exists()), None)
        if dead is None:
            return Ledger(problems=_hindrances(file.parent))
        raise LedgerRefused(str(dead), f"this link leads to {dead.readlink()}, which is not there") from error
    except OSError as error:
        raise LedgerRefused(str(file), error.strerror or str(error)) from error


def parse(raw: bytes) -> Ledger:
    """The ledger that a file's bytes hold, whatever the order of its lines."""
    decisions: list[Decision] = []
    strange: dict[str, Problem] = {}
    for number, row in enumerate(raw.removeprefix(BOM_UTF8).splitlines(), 1):
        try:
            if row.strip():
                decisions.append(Decision.model_validate_json(row))
        except ValidationError as error:
            message = f"this line is no decision ({error.errors()[0]['msg']}); it is kept as it is"
            text = row.decode(errors="surrogateescape")
            strange[text] = Problem(path=LEDGER, line=number, column=1, code="decision", message=message)
    return Ledger((), tuple(sorted(strange)), tuple(strange.values())).with_(decisions)


def text(ledger: Ledger) -> bytes:
    """The file's bytes: the same for the same decisions."""
    rows = (*map(line, ledger.decisions), *ledger.strange)
    return "".join(f"{row}\n" for row in rows).encode(errors="surrogateescape")


def add(root: Path, decisions: Iterable[Decision]) -> Ledger:
    """Adds decisions to the library's ledger, atomically; where nothing is new nothing is written.

    The caller holds the library's lock.
    """
    old = read(root)
    new = old.with_(decisions)
    if new.decisions != old.decisions:
        put(root / ATTRIBUTES, ATTRIBUTES_TEXT.encode())
        put(root / LEDGER, text(new))
    return new


def put(path: Path, raw: bytes) -> None:
    """Writes one file of our own, so that a kill leaves it old or new. Raises ``NotKept`` where that is not allowed or
    there is no room.
    """
    with allowed(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == raw:
            return
        temporary = path.with_name(f".{path.name}.garden-tmp")
        try:
            with temporary.open("wb") as handle:
                handle.write(raw)
                handle.flush()
                os.fsync(handle.fileno())
            temporary.replace(path)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


@contextmanager
def allowed(path: Path) -> Iterator[None]:
    """A block that changes a file of our own. Raises ``NotKept`` where that is not allowed, something is there, or
    there is no room.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise NotKept(str(path), error.strerror or str(error), ROOM) from error
        if error.errno not in REFUSED:
            raise
        if error.errno in IN_THE_WAY:
            barred = next((above for above in path.parents if above.exists() and not above.is_dir()), path)
            raise NotKept(str(barred), BARRED, MOVE) from error
        raise NotKept(str(error.filename or path), error.strerror or str(error)) from error


def _hindrances(folder: Path) -> tuple[Problem, ...]:
    """What keeps decisions from being written into a folder that holds none."""
    if not folder.exists() or folder.is_dir():
        return ()
    message = f"{BARRED}, so that no decision can be kept; {MOVE}"
    return (Problem(path=folder.name, line=1, column=1, code="ledger", message=message),)


def repeats(one: Decision, before: Iterable[Decision], others: Iterable[Decision]) -> bool:
    """Whether ``one`` says what all of ``before`` said, and none of ``others`` said something else in between.

    All are about one matter (see ``matter_of``). What is older than one of ``before`` repeats it as well.
    """
    since = max((said.when for said in before), default=None)
    if since is None:
        return False
    return not any(since < other.when < one.when and _verdict(other) != _verdict(one) for other in others)


def matter_of(said: Matter) -> tuple[str, ...]:
    """What a decision is about, whoever says it and whatever it says: the same for both ends of a link."""
    return (said.group, said.kind, *sorted(end.slug for end in said.ends))


def statement(said: Decision) -> tuple[str, ...]:
    """What a decision says, and on which texts, wherever it was said."""
    return (said.proposal, *_verdict(said), *(end.text for end in said.ends))


def _identity(said: Decision) -> tuple[str, ...]:
    return (said.where, *statement(said))


def _verdict(said: Decision) -> tuple[str, str]:
    return (said.verdict, said.until or "")


def line(said: Decision) -> str:
    """A decision as the ledger has it: the same text for the same decision."""
    return orjson.dumps(said.lean(), option=orjson.OPT_SORT_KEYS).decode()
