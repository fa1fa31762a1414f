"""The ledger: what reviewers decided, as sorted JSON lines in the library itself, so that it travels with git.

One line is one decision and lines are sorted by what they speak of, so that two branches seldom meet; where they do, a
union merge keeps both. Lines that cannot be read, say those of a later version, are kept as they are and named.
"""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
from pydantic import ValidationError

from garden.errors import NotKept
from garden.models import Problem
from garden.plan.decisions import Decision

FOLDER = ".garden"
NAME = "decisions.jsonl"
LEDGER = f"{FOLDER}/{NAME}"
ATTRIBUTES = f"{FOLDER}/.gitattributes"
REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EEXIST, errno.EISDIR, errno.ENOTDIR)
ATTRIBUTES_TEXT = "*.jsonl merge=union linguist-generated\n"


@dataclass(frozen=True)
class Ledger:
    """Decisions in order, and lines that could not be read, each with its problem."""

    decisions: tuple[Decision, ...] = ()
    strange: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def with_(self, decisions: Iterable[Decision]) -> "Ledger":
        """The ledger with ``decisions`` added. What was said twice in one place stands once, as it was said first."""
        latest_first = sorted((*self.decisions, *decisions), key=lambda one: (one.when, line(one)), reverse=True)
        known = {_identity(one): one for one in latest_first}
        return Ledger(tuple(sorted(known.values(), key=lambda d: (d.order, line(d)))), self.strange, self.problems)


def read(root: Path) -> Ledger:
    """The ledger of the library at ``root``; an empty one where there is none."""
    file = root / LEDGER
    return parse(file.read_bytes()) if file.is_file() else Ledger()


def parse(raw: bytes) -> Ledger:
    """The ledger that a file's bytes hold, whatever the order of its lines."""
    decisions: list[Decision] = []
    strange: dict[str, Problem] = {}
    for number, row in enumerate(raw.splitlines(), 1):
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
    """Writes one file of our own, so that a kill leaves it old or new. Raises ``NotKept`` where that is not allowed."""
    with allowed(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == raw:
            return
        temporary = path.with_name(f".{path.name}.garden-tmp")
        with temporary.open("wb") as handle:
            handle.write(raw)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(path)


@contextmanager
def allowed(path: Path) -> Iterator[None]:
    """A block that changes a file of our own. Raises ``NotKept`` where that is not allowed, or something is there."""
    try:
        yield
    except OSError as error:
        if error.errno not in REFUSED:
            raise
        raise NotKept(str(error.filename or path), error.strerror or str(error)) from error


def _identity(said: Decision) -> tuple[str, ...]:
    return (said.proposal, said.verdict, said.where, *(end.text for end in said.ends))


def line(said: Decision) -> str:
    """A decision as the ledger has it: the same text for the same decision."""
    return orjson.dumps(said.lean(), option=orjson.OPT_SORT_KEYS).decode()
