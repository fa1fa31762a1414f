"""What the other end of a link that stands gives as its reason."""

from garden.links.reasons import LONGEST

MATE = ", which links here already"
BARE = "{other} links to {own}: this is the other end."


def at_first(reason: str) -> tuple[str, ...]:
    """What ``other_end`` may have been given to come to this reason."""
    before, mate, after = reason.partition(MATE)
    return (reason, before + after, before + after.removeprefix(",")) if mate else (reason,)


def other_end(reason: str, own: str, other: str) -> str:
    """The reason of a link that has stood at its other end, where there is room to say so."""
    # Where a reason begins with the own title, the other's may be a part of it.
    before, title, after = reason.removeprefix(f"{own} and ").partition(other)
    if after.startswith(" (“"):  # What the other is, in its own words.
        gloss, _, after = after.partition("”)")
        title += f"{gloss}”)"
    comma = "" if after[:1] in ",.:" else ","
    whole = f"{before}{title}{MATE}{comma}{after}" if title else reason
    whole = f"{own} and {whole}" if reason.startswith(f"{own} and ") else whole
    return whole if len(whole) <= LONGEST else reason


def bare_end(own: str, other: str) -> str:
    """The reason where the texts hardly bear the pair: nothing but that the link stands at its other end."""
    return BARE.format(own=own, other=other)
