"""The person at the other end: shows text, takes one key, takes one line."""

import os
import re
import signal
import sys
import termios
import tty
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TextIO

INTERRUPT, END, ESCAPE = "\x03", "\x04", "\x1b"
HEADING = re.compile(r"\d[\d,]* of \d[\d,]* · ")
BOLD, RED, GREEN, PLAIN = "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[0m"


class Terminal(Protocol):
    """Where a review takes place."""

    def show(self, text: str) -> None:
        """Shows text."""

    def key(self, prompt: str, keys: Sequence[str]) -> str:
        """One of ``keys``; asks again until it is. The end of input is 'q'."""

    def line(self, prompt: str, default: str = "") -> str:
        """One line of text, ``default`` where it is left empty."""


@dataclass(frozen=True)
class Keyboard:
    """A real terminal, where a key counts without Enter; elsewhere one line is one answer."""

    output: TextIO = sys.stdout
    input: TextIO = sys.stdin

    def show(self, text: str) -> None:
        """See ``Terminal``; on a real one with headings and diffs in colour, unless NO_COLOR is set."""
        plain = not self.output.isatty() or os.environ.get("NO_COLOR")
        print(text if plain else "\n".join(map(_painted, text.split("\n"))), file=self.output, flush=True)

    def key(self, prompt: str, keys: Sequence[str]) -> str:
        """See ``Terminal``."""
        while True:
            try:
                pressed = self._press(prompt)
            except KeyboardInterrupt:
                # What is said next begins on a line of its own.
                print(file=self.output, flush=True)
                raise
            if pressed in ("", END):
                return "q"
            if pressed in keys:
                return pressed

    def line(self, prompt: str, default: str = "") -> str:
        """See ``Terminal``."""
        hint = f" [{default}]" if default else ""
        print(f"{prompt}{hint}:", end=" ", file=self.output, flush=True)
        try:
            return self.input.readline().strip() or default
        except KeyboardInterrupt:
            print(file=self.output, flush=True)
            raise

    def _ask(self, prompt: str) -> None:
        print(prompt, end=" ", file=self.output, flush=True)

    def _press(self, prompt: str) -> str:
        if not self.input.isatty():
            self._ask(prompt)
            line = self.input.readline()
            return line.strip()[:1].lower() or ("?" if line else "")
        handle = self.input.fileno()
        before = termios.tcgetattr(handle)
        try:
            tty.setcbreak(handle, termios.TCSANOW)
            with _stoppable(handle, lambda: self._ask(prompt)):
                pressed = self.input.read(1).lower()
                if pressed == ESCAPE:
                    _skip(lambda: self.input.read(1))
        finally:
            termios.tcsetattr(handle, termios.TCSANOW, before)
        if pressed == INTERRUPT:
            raise KeyboardInterrupt
        print(pressed if pressed.isprintable() else "", file=self.output, flush=True)
        return pressed


@contextmanager
def _stoppable(handle: int, ask: Callable[[], None]) -> Iterator[None]:
    """A wait for a key in which Ctrl-Z stops the process; taken up again (fg), it asks anew.

    The shell has used the terminal meanwhile. As it leaves it, keys count with Enter alone, and all that were pressed
    for want of an answer would then answer questions that nobody has seen.
    """

    def stop(*_: object) -> None:
        ours = termios.tcgetattr(handle)
        signal.signal(signal.SIGTSTP, before)
        signal.raise_signal(signal.SIGTSTP)
        # From here it goes on.
        signal.signal(signal.SIGTSTP, stop)
        termios.tcsetattr(handle, termios.TCSANOW, ours)
        ask()

    before = signal.signal(signal.SIGTSTP, stop)
    try:
        ask()
        yield
    finally:
        signal.signal(signal.SIGTSTP, before)


def _skip(read: Callable[[], str]) -> None:
    """Reads what a key that is no letter sends after its escape: "[B" is an arrow, "OP" F1, and so is "[[A"."""
    first = read()
    if first == "O":
        read()
    if first != "[":
        return
    sign = read()
    if sign == "[":
        read()
        return
    while sign and not "@" <= sign <= "~":
        sign = read()


def _painted(line: str) -> str:
    """A line of a question as a terminal shows it. The text itself holds no signs that a terminal would obey."""
    if HEADING.match(line):
        return f"{BOLD}{line}{PLAIN}"
    colour = {"    +": GREEN, "    -": RED}.get(line[:5])
    return f"{colour}{line}{PLAIN}" if colour else line
