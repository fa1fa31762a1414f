"""What a history does not tell because a part of it is not there, in words."""

from garden.publish.git import Repository

WHOLE = "git fetch --unshallow brings the rest"


def gaps(repository: Repository) -> tuple[str, ...]:
    """A line where the history is cut off, as by ``git clone --depth 1``; else none."""
    if not repository.is_shallow():
        return ()
    return (f"This clone holds the newest commits alone, so what was decided and merged before is not known; {WHOLE}",)
