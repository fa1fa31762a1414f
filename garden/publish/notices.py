"""What we say below a pull request, once each, and known again by an unseen mark."""

from hashlib import blake2b

from garden.publish.host import Host, PullRequest
from garden.publish.topics import OTHER_HISTORY

SPENT = "Nothing is left to propose here: what this held is done, withdrawn or turned down. So it is closed."


def left(note: str) -> str:
    """What to say of a branch that was left for the reason in ``note``, with the way out where that names none."""
    told = f"This run has more to say on this branch, but {note}. It is left as it is"
    return f"{told}." if note == OTHER_HISTORY else f"{told}; merge or close it, and the rest follows."


def say_once(host: Host, request: PullRequest, text: str) -> None:
    """Says something below a pull request, but not what has been said there already."""
    mark = _mark(text)
    if not any(mark in remark.text for remark in host.remarks(request.number)):
        host.comment(request.number, f"{text}\n{mark}")


def spent(host: Host, request: PullRequest) -> bool:
    """Whether we ourselves have said that nothing is left in a pull request."""
    mark = _mark(SPENT)
    return any(mark in remark.text and remark.who == request.author for remark in host.remarks(request.number))


def _mark(text: str) -> str:
    return f"<!-- graph-garden {blake2b(text.encode(), digest_size=6).hexdigest()} -->"
