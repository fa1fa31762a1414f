"""The plan of an earlier run on the very same input: it follows from the input alone, so it is not made twice."""

import zlib

from pydantic import TypeAdapter

from garden.models import Proposal
from garden.run import Known, Request
from garden.store import Store, code_digest, digest

_PROPOSALS = TypeAdapter(tuple[Proposal, ...])


def input_digest(request: Request, known: Known, encoder: str) -> str:
    """32 hexadecimal digits made from all that a plan rests on: files, settings, decisions, date, model and code."""
    shelf = known.library
    rests_on = [code_digest(), encoder, request.today, *request.only, str(request.settings.deciding())]
    rests_on += [f"{pattern.path} {pattern.file_hash}" for pattern in shelf.patterns]
    rests_on += [str(problem) for problem in shelf.problems]
    rests_on += [said.model_dump_json() for said in known.ledger.decisions]
    return digest("\0".join(rests_on).encode("utf-8", "surrogateescape")).hex()


def recalled(store: Store, key: str) -> tuple[Proposal, ...] | None:
    """The proposals that were made for this input, None where they are not known."""
    blob = store.get_many([_name(key)]).get(_name(key))
    return None if blob is None else _PROPOSALS.validate_json(zlib.decompress(blob))


def remember(store: Store, key: str, proposals: tuple[Proposal, ...]) -> None:
    """Keeps the proposals that were made for this input."""
    store.put_many({_name(key): zlib.compress(_PROPOSALS.dump_json(proposals), level=1)})


def _name(key: str) -> str:
    return f"plan:{key}"
