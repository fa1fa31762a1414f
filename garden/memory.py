"""The plan of an earlier run on the very same input: it follows from the input alone, so it is not made twice.

Of the date it takes only what the date decides: on most days a library that nobody has touched has the plan of the day
before.
"""

import zlib

import orjson

from garden.models import Proposal, Reliability, Value
from garden.run import Known, Request
from garden.store import Store, code_digest, digest


def input_digest(request: Request, known: Known, encoder: str) -> str:
    """32 hexadecimal digits made from all that a plan rests on: files, settings, decisions, model, code, and dates."""
    shelf = known.library
    rests_on = [code_digest(), encoder, *request.part, str(request.settings.deciding()), *_of_the_day(request, known)]
    rests_on += [f"under review {one}" for one in sorted(request.under_review)]
    rests_on += [f"{pattern.path} {pattern.file_hash}" for pattern in shelf.patterns]
    rests_on += [f"{name} {heirs}" for name, heirs in known.names.heirs.items()]
    rests_on += [str(problem) for problem in shelf.problems]
    rests_on += [said.model_dump_json() for said in known.ledger.decisions]
    return digest("\0".join(rests_on).encode("utf-8", "surrogateescape")).hex()


def _of_the_day(request: Request, known: Known) -> list[str]:
    """What the date decides: which sections were pruned in the future, and which decisions are put off still."""
    sections = ((pattern.slug, pattern.section) for pattern in known.library.patterns)
    ahead = [slug for slug, section in sections if section and (section.last_pruned or "") > request.today]
    asleep = [said.proposal for said in known.ledger.decisions if (said.until or "") > request.today]
    return [f"ahead {ahead}", f"asleep {asleep}"]


class Remembered(Value):
    """The proposals of a run, of how many entities the text has the label before and after, and how far its confidence
    was borne out by a backtest.
    """

    proposals: tuple[Proposal, ...]
    said: tuple[int, int]
    tested: Reliability | None = None


def recalled(store: Store, key: str) -> Remembered | None:
    """What was made for this input, None where that is not known."""
    blob = store.get_many([_name(key)]).get(_name(key))
    return None if blob is None else Remembered.model_validate_json(zlib.decompress(blob))


def remember(store: Store, key: str, made: Remembered) -> None:
    """Keeps what was made for this input."""
    tested = made.tested.model_dump() if made.tested else None
    # A proposal's own dictionary holds its fields, and a large library has tens of thousands.
    raw = orjson.dumps({"proposals": list(map(vars, made.proposals)), "said": made.said, "tested": tested})
    store.put_many({_name(key): zlib.compress(raw, level=1)})


def _name(key: str) -> str:
    return f"plan:{key}"
