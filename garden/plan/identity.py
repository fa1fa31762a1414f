"""Ids of proposals: the same change has the same id in every run."""

from hashlib import blake2b

from garden.models import Proposal
from garden.names import Names

LENGTH = 12


def proposal_id(kind: str, pattern: str, *parts: str) -> str:
    """12 hexadecimal digits that name one change of one pattern."""
    return blake2b("\0".join((kind, pattern, *parts)).encode(), digest_size=LENGTH // 2).hexdigest()


def pair_group(left: str, right: str) -> str:
    """The group of all proposals about one pair of patterns, whichever file they touch."""
    return f"link:{min(left, right)}:{max(left, right)}"


def target_of(proposal: Proposal, names: Names) -> int | None:
    """The place of the pattern that a link leads to, None where there is none.

    Where it was renamed since the link was made, the group of the proposal has its present name. That a link only
    follows it there is a question of its own.
    """
    found = names.find(proposal.target) if proposal.target else None
    if found is not None or proposal.evidence.get("cause") == "renamed":
        return found
    return names.exact(_mate(proposal.group, proposal.pattern))


def _mate(group: str, slug: str) -> str:
    """The other pattern of a pair's group than ``slug``; empty where it is no group of a pair with that."""
    ends = group.removeprefix("link:")
    others = (ends.removeprefix(f"{slug}:"), ends.removesuffix(f":{slug}"))
    return next((other for other in others if pair_group(slug, other) == group), "")
