"""A second process that gets to know a large library: it judges entities and finds communities, while this one ranks.

All of it is much of Python's own work, of which the threads of one process do one thing at a time. What the other
process fails to do, for whatever reason, is done here.
"""

import pickle
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from threading import Thread
from typing import Any, BinaryIO

from threadpoolctl import threadpool_limits

from garden.communities import Communities, Edges, communities_of
from garden.config import EntitySettings, Settings
from garden.entities import Library, Texts, Wanted, want
from garden.entities.looking import indices_of, with_indices
from garden.links import Pair
from garden.links.shelf import Vectors
from garden.models import Pattern
from garden.processes import helper
from garden.prose import Prose, load

LARGE = 1000  # With fewer patterns, a second process takes longer to start than it saves.

# The texts of a library, or the bytes that they are kept as.
Said = Sequence[Prose | bytes]
Given = Callable[[], tuple[Vectors, Mapping[str, Vectors]]]


class Second:
    """What a second process may do: it is asked for ``wanted`` first, and for ``communities`` after that.

    It knows one library; ``leave`` ends the process, after which another library may be told of.
    """

    def __init__(self) -> None:
        self._process: helper.Process | None = None
        self._telling: Thread | None = None

    def expect(self, patterns: int) -> None:
        """Starts the process where ``wanted`` will be asked about so many patterns that it is worth one."""
        if self._process is None and patterns >= LARGE and helper.two_cores():
            self._process = helper.opened("garden.processes.second")

    def tell(self, library: Library, said: Said) -> None:
        """Starts the process, and lets it get to know the library, whose texts are ``said``, while this one goes on."""
        self.expect(len(library.patterns))
        if self._process is not None and self._telling is None:
            self._telling = Thread(target=_tell, args=(self._process, library, said), daemon=True)
            self._telling.start()

    def wanted(self, library: Library, settings: EntitySettings, vectors: Given) -> Wanted:
        """What ``want`` gives for the library with these vectors of passages and labels; they may be on their way.

        Nothing but its ``joined`` pairs and what is ``doubtful`` may have changed since ``tell``.
        """
        self.tell(library, library.proses)
        doubtful = None if library.doubtful is None else indices_of(library.doubtful)
        found: Wanted | None = self._asked(lambda: (settings, library.joined, doubtful, vectors()))
        if found is not None:
            return found
        # What rests on words alone comes first.
        library = replace(library, texts=Texts(library.proses))
        return want(_with(library, vectors()), settings)

    def communities(
        self, library: Library, edges: Edges, joined: Collection[Pair], settings: Settings
    ) -> Communities | None:
        """What ``communities_of`` gives for the library of which ``wanted`` was asked."""
        found: tuple[Communities | None] | None = self._asked(lambda: (edges, joined, settings))
        return communities_of(library.patterns, library.proses, edges, joined, settings) if found is None else found[0]

    def leave(self) -> None:
        """Ends the process, whatever it is at."""
        process, self._process, self._telling = self._process, None, None
        if process is not None:
            helper.stop(process)

    def _asked(self, question: Callable[[], object]) -> Any:
        """What the process answers, None where there is none or it fails."""
        process, telling = self._process, self._telling
        if process is None or telling is None:
            return None
        try:
            asked = pickle.dumps(question())
            telling.join()
            helper.tell(process, asked)
            return pickle.load(helper.answers(process))  # noqa: S301 - made by the second process a moment ago
        except (EOFError, pickle.UnpicklingError):
            self.leave()
            return None
        except BaseException:
            self.leave()
            raise


def _tell(process: helper.Process, library: Library, said: Said) -> None:
    # Where the process was ended, or ended by itself, it shows in that there is no answer.
    with suppress(ValueError):
        # The texts first: to count their words takes longer than all else takes to arrive.
        helper.tell(process, pickle.dumps(list(said)))
        helper.tell(process, pickle.dumps(_light(library)))


def _with(library: Library, vectors: tuple[Vectors, Mapping[str, Vectors]]) -> Library:
    passages, labels = vectors
    return replace(library, passages=passages, labels=labels)


def _light(library: Library) -> Library:
    """The same without its texts, and without what nobody asks of patterns there: it would take its time on the way."""
    patterns = [_light_pattern(pattern) for pattern in library.patterns]
    return replace(library, patterns=patterns, proses=(), joined=(), doubtful=None)


def _light_pattern(pattern: Pattern) -> Pattern:
    section = pattern.section.model_copy(update={"links": ()}) if pattern.section else None
    return pattern.model_copy(update={"section": section, "relationships": (), "keys": (), "banner": ""})


def _answer(out: BinaryIO, found: object) -> None:
    out.write(pickle.dumps(found))
    out.flush()


def main() -> None:
    """The second process: the library and each question come on stdin, answers go to stdout."""
    # As in the first process, so that sums come out the same.
    threadpool_limits(1, user_api="blas")
    asked = sys.stdin.buffer
    with helper.answer() as out:
        said: Said = pickle.load(asked)  # noqa: S301 - made by the first process a moment ago
        proses = [load(one) if isinstance(one, bytes) else one for one in said]
        texts = Texts(proses)
        library: Library = replace(pickle.load(asked), proses=proses, texts=texts)  # noqa: S301 - likewise
        settings, joined, indices, vectors = pickle.load(asked)  # noqa: S301 - likewise
        doubtful = None if indices is None else with_indices(library.patterns, indices)
        _answer(out, want(_with(replace(library, joined=joined, doubtful=doubtful), vectors), settings))
        edges, joined, settings = pickle.load(asked)  # noqa: S301 - likewise
        _answer(out, (communities_of(library.patterns, library.proses, edges, joined, settings),))
