import contextvars
import threading

import pytest

from garden.processes.together import Once, together

ASKED = contextvars.ContextVar("ASKED", default="nothing")


def test_both_are_at_work_at_the_same_time():
    first, second = threading.Event(), threading.Event()

    def wait_for_second() -> bool:
        first.set()
        return second.wait(30)

    def wait_for_first() -> bool:
        second.set()
        return first.wait(30)

    assert together(wait_for_second, wait_for_first) == (True, True)


def test_what_the_thread_raises_is_raised_here():
    def fail() -> None:
        raise ValueError("no rota")

    with pytest.raises(ValueError, match="no rota"):
        together(fail, lambda: 1)


def test_what_is_raised_here_does_not_wait_for_the_thread():
    never = threading.Event()

    def fail() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        together(never.wait, fail)
    never.set()


def test_the_thread_knows_what_was_set_for_whoever_began_it():
    token = ASKED.set("a rota")
    assert together(ASKED.get, lambda: None) == ("a rota", None)
    ASKED.reset(token)


def test_a_value_is_made_once_whoever_asks():
    made = []
    barrier = threading.Barrier(2)
    once = Once(lambda: made.append(1))

    def ask() -> None:
        barrier.wait(30)
        once()

    together(ask, ask)
    assert made == [1]


def test_where_making_a_value_fails_the_next_to_ask_tries_again():
    tries = iter([ValueError("no rota"), None])

    def make() -> str:
        error = next(tries)
        if error:
            raise error
        return "rota"

    once = Once(make)
    with pytest.raises(ValueError, match="no rota"):
        once()
    assert once() == "rota"
