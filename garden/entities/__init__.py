"""Entities: which of them a text bears, which ids are one idea, and what to give a text that has none."""

from garden.entities.support import Verdict, judge, labels_of

__all__ = ["Verdict", "judge", "labels_of"]
