"""Two pieces of work at a time. Most of ranking is arithmetic, during which Python lets another thread go on."""

import contextvars
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

First = TypeVar("First")
Second = TypeVar("Second")
Made = TypeVar("Made")


def together(first: Callable[[], First], second: Callable[[], Second]) -> tuple[First, Second]:
    """What both make, ``first`` in a thread of its own. Raises what either raises, and waits for the other no longer.

    The thread ends with the process, so Ctrl-C does not wait for it either.
    """
    other = _Thread(first)
    here = second()
    return other.result(), here


class _Thread(Generic[Made]):
    """A piece of work in a thread that knows the context of whoever began it."""

    def __init__(self, work: Callable[[], Made]) -> None:
        self._made: list[Made] = []
        self._error: BaseException | None = None
        context = contextvars.copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._run, work), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[], Made]) -> None:
        try:
            self._made.append(work())
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
            self._error = error

    def result(self) -> Made:
        """What was made; waits for it."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._made[0]


class Once(Generic[Made]):
    """A function whose value is made when it is first asked for, by whichever thread asks first."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make, self._made = make, list[Made]()
        self._lock = threading.Lock()

    def __call__(self) -> Made:
        """The value. Where making it fails, whoever asks next tries again."""
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]
