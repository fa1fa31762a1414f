"""The way in. Python loads the rest for a second; from before that on, Ctrl-C ends the program in a line."""

import gc
import os
import signal
import sys
from contextlib import suppress
from typing import NoReturn

EPOCH = "SOURCE_DATE_EPOCH"
FAILED, INTERRUPTED = 1, 130


def program() -> None:
    """Loads the command line and runs it."""
    # As in ``garden.cli``: of loading it, looking for garbage is a tenth.
    gc.disable()
    # What runs in the background ignores Ctrl-C, and goes on doing so.
    heeded = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if heeded:
        signal.signal(signal.SIGINT, _stopped)
    from garden import early, streams  # noqa: PLC0415 - Ctrl-C is heeded from here on

    # Before other processes start: their pipes would take the numbers of streams that are closed.
    streams.ready()
    _date()
    early.begin(sys.argv[1:])
    from garden.cli import program as run  # noqa: PLC0415 - this is what takes the second

    if heeded:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        run()
    except KeyboardInterrupt:
        _stopped()


def _date() -> None:
    """Ends the program where SOURCE_DATE_EPOCH is no date: numpy reads it as well, and fails with a trace."""
    given = os.environ.get(EPOCH)
    if given == "":
        del os.environ[EPOCH]
    elif given is not None and not (given.isascii() and given.isdecimal()):
        sys.stderr.write(f"garden: {EPOCH}: {given!r} is no number of seconds since 1970\n")
        sys.exit(FAILED)


def _stopped(*_: object) -> NoReturn:
    # No exception: what is being imported could catch it, or tell of it.
    with suppress(OSError):
        os.write(2, b"garden: stopped\n")
    os._exit(INTERRUPTED)
