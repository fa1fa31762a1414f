"""Which proposals only put right what is plainly so: no text was weighed for them, and nobody need judge them."""

from garden.models import Proposal

# Why a link goes that no reader of the two texts could want.
PLAIN = frozenset({"curated", "dead", "duplicate", "renamed", "self"})


def is_fact(proposal: Proposal) -> bool:
    """Whether a proposal follows from names, types and curated relationships alone, and is wholly sure.

    A link is dead, doubled, leads to its own pattern or repeats a curated one; a target goes by its present name, where
    it is not guessed; a type goes by the name that the vocabulary has for it.
    """
    if proposal.confidence < 1:
        return False
    if proposal.kind == "retype_link":
        return True
    return proposal.kind.endswith("_link") and proposal.evidence.get("cause") in PLAIN
