"""Judging the entities of a large library: a second process does so, while this one ranks the pairs of its patterns.

Both are much of Python's own work, of which the threads of one process do one thing at a time. What the other process
fails to do, for whatever reason, is done here.
"""

import pickle
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace

from threadpoolctl import threadpool_limits

from garden import helper
from garden.config import EntitySettings
from garden.entities import Library, Texts, Wanted, want
from garden.links.shelf import Vectors
from garden.models import Pattern

LARGE = 1000  # With fewer patterns, a second process takes longer to start than it saves.

Given = Callable[[], tuple[Vectors, Mapping[str, Vectors]]]


class Wanting:
    """Finds what is wanted of a library's entities."""

    def __init__(self) -> None:
        self._process: helper.Process | None = None

    def expect(self, patterns: int) -> None:
        """Starts the second process where ``wanted`` will be asked about so many patterns that it is worth one."""
        if self._process is None and patterns >= LARGE and helper.two_cores():
            self._process = helper.opened("garden.wanting")

    def wanted(self, asked: Library, settings: EntitySettings, vectors: Given) -> Wanted:
        """What ``want`` gives for what is asked with these vectors of passages and labels; they may be on their way."""
        self.expect(len(asked.patterns))
        process, self._process = self._process, None
        found = None if process is None else _told(process, asked, settings, vectors)
        if found is not None:
            return found
        # What rests on words alone comes first.
        asked = replace(asked, texts=Texts(asked.proses))
        return want(_with(asked, vectors()), settings)


def _with(asked: Library, vectors: tuple[Vectors, Mapping[str, Vectors]]) -> Library:
    passages, labels = vectors
    return replace(asked, passages=passages, labels=labels)


def _light(asked: Library) -> Library:
    """The same without what nobody asks of patterns there: it would take its time on the way."""
    return replace(asked, patterns=[_light_pattern(pattern) for pattern in asked.patterns])


def _light_pattern(pattern: Pattern) -> Pattern:
    section = pattern.section.model_copy(update={"links": (), "communities": ()}) if pattern.section else None
    return pattern.model_copy(update={"section": section, "relationships": (), "keys": (), "banner": ""})


def _told(process: helper.Process, asked: Library, settings: EntitySettings, vectors: Given) -> Wanted | None:
    """What the other process finds, None where it fails."""
    try:
        helper.tell(process, pickle.dumps((_light(asked), settings)))
        helper.tell(process, pickle.dumps(vectors()))
    except BaseException:
        helper.stop(process)
        raise
    helper.close(process)
    out = helper.finish(process)
    found: Wanted | None = pickle.loads(out) if out else None  # noqa: S301 - made by the second process a moment ago
    return found


def main() -> None:
    """The second process: what is asked, and vectors later, come on stdin; what is wanted goes to stdout."""
    helper.begin()
    # As in the first process, so that sums come out the same.
    threadpool_limits(1, user_api="blas")
    with helper.answer() as out:
        asked, settings = pickle.load(sys.stdin.buffer)  # noqa: S301 - made by the first process a moment ago
        asked = replace(asked, texts=Texts(asked.proses))
        found = want(_with(asked, pickle.load(sys.stdin.buffer)), settings)  # noqa: S301 - likewise
        out.write(pickle.dumps(found))


if __name__ == "__main__":
    main()
