"""Ids of proposals: the same change has the same id in every run."""

from hashlib import blake2b

LENGTH = 12


def proposal_id(kind: str, pattern: str, *parts: str) -> str:
    """12 hexadecimal digits that name one change of one pattern."""
    return blake2b("\0".join((kind, pattern, *parts)).encode(), digest_size=LENGTH // 2).hexdigest()


def pair_group(left: str, right: str) -> str:
    """The group of all proposals about one pair of patterns, whichever file they touch."""
    return f"link:{min(left, right)}:{max(left, right)}"
