"""Where what was found is kept by name, for rooms that know nothing of files."""

from collections.abc import Iterable, Mapping
from typing import Protocol


class Keep(Protocol):
    """Keeps bytes by name. Nothing in it is ever needed: it can be lost, and is found anew."""

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The values of those keys that are there."""

    def put_many(self, items: Mapping[str, bytes]) -> None:
        """Keeps all of the items."""
