"""Entities: which of them a text bears, which ids are one idea, and what to give a text that has none."""

from garden.entities.fit import Texts
from garden.entities.looking import Held, count_said, doubtful_in, look
from garden.entities.proposing import Ground
from garden.entities.resolution import Group
from garden.entities.style import fields_of
from garden.entities.support import Verdict, labels_of, stands_from
from garden.entities.want import Library, Wanted, count_stale, want

__all__ = [
    "Ground",
    "Group",
    "Held",
    "Library",
    "Texts",
    "Verdict",
    "Wanted",
    "count_said",
    "count_stale",
    "doubtful_in",
    "fields_of",
    "labels_of",
    "look",
    "stands_from",
    "want",
]
