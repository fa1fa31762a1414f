"""Two pieces of work at a time. Most of ranking is arithmetic, during which Python lets another thread go on."""

import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

First = TypeVar("First")
Second = TypeVar("Second")
Made = TypeVar("Made")


def together(first: Callable[[], First], second: Callable[[], Second]) -> tuple[First, Second]:
    """What both make, ``first`` in a thread of its own. Raises what either raises, and waits for the other no longer.

    The thread knows the context of the caller, and ends with the process: Ctrl-C does not wait for it, as it would for
    an executor's.
    """
    made: Future[First] = Future()

    def work() -> None:
        try:
            made.set_result(first())
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
            made.set_exception(error)

    threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True).start()
    here = second()
    return made.result(), here


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
