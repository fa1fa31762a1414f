"""A second process that does a part of the work meanwhile. Whatever it fails to do, the first one does by itself."""

import gc
import importlib
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Self, cast

PACKAGE = Path(__file__).parents[1]
TOKENS = ("GARDEN_TOKEN", "GITHUB_TOKEN")  # Of no use to a helper.

Process = subprocess.Popen[bytes]

_ready: dict[str, Process] = {}


def start(module: str, asked: bytes) -> Process | None:
    """Starts a process that runs ``main`` of a module, with ``asked`` on its stdin; None where that fails."""
    process = opened(module)
    if process is not None:
        tell(process, asked)
        close(process)
    return process


def opened(module: str) -> Process | None:
    """Starts such a process, to be told what is asked of it, unless one is ready; None where that fails."""
    waiting = _ready.pop(module, None)
    if waiting is not None and waiting.poll() is None:
        return waiting
    if waiting is not None:
        stop(waiting)
    return _opened(module)


def ready(module: str) -> None:
    """Starts such a process for whoever opens it first. What nobody opens is to be ended by ``forgo``."""
    process = _opened(module)
    if process is not None:
        _ready[module] = process


def forgo() -> None:
    """Ends what is ready and was not opened."""
    while _ready:
        stop(_ready.popitem()[1])


def _opened(module: str) -> Process | None:
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    # -P: what lies in the folder where a command is typed is nobody's program.
    command = [sys.executable, "-P", "-m", "garden.processes.helper", module]
    try:
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, env=_surroundings())
    except OSError:
        return None


def _surroundings() -> dict[str, str]:
    """This process's environment, but that this very package is found, and that no token is in it."""
    # An empty path is the folder where one stands.
    paths = [str(PACKAGE.parent), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    kept = {name: value for name, value in os.environ.items() if name not in TOKENS}
    return {**kept, "PYTHONPATH": os.pathsep.join(paths)}


def tell(process: Process, asked: bytes) -> None:
    """Writes a part of what is asked on the process's stdin."""
    assert process.stdin is not None
    # Where it has ended already, what it says by that comes with ``finish``.
    with suppress(OSError):
        process.stdin.write(asked)
        process.stdin.flush()


def answers(process: Process) -> BinaryIO:
    """What the process writes on its stdout, to be read as it comes."""
    assert process.stdout is not None
    return cast("BinaryIO", process.stdout)


def close(process: Process) -> None:
    """Lets the process know that this was all. What it did not take is let go of."""
    assert process.stdin is not None
    with suppress(OSError):
        process.stdin.close()
    process.stdin = None


def finish(process: Process) -> bytes | None:
    """What the process has written once it ends, None where it failed. An interruption ends it too.

    Called after ``close``. Another thread may ``stop`` the process meanwhile, which is a failure.
    """
    # What is being read here is closed here, and by nobody who ends the process meanwhile.
    out, process.stdout = answers(process), None
    try:
        with out:
            said = out.read()
        failed = process.wait()
    except BaseException:
        stop(process)
        raise
    return None if failed else said


def stop(process: Process) -> None:
    """Ends the process, whatever it is at, and once it has ended does nothing more."""
    process.kill()
    process.wait()
    for pipe in filter(None, (process.stdin, process.stdout)):
        # What the process did not take is let go of.
        with suppress(OSError):
            pipe.close()


class Meanwhile:
    """What a second process works on. Made for ``with``, which ends it."""

    def __init__(self) -> None:
        self._process: Process | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            stop(self._process)

    def start(self, module: str, asked: bytes) -> bool:
        """Starts it; False where that fails."""
        self._process = start(module, asked)
        return self._process is not None

    def wait(self) -> None:
        """Waits until what was started is done, whether it failed or not."""
        if self._process is not None:
            process, self._process = self._process, None
            finish(process)


def two_cores() -> bool:
    """Whether a second process would have a core of its own."""
    return (os.cpu_count() or 1) > 1


def asked_for() -> bytes:
    """In the second process: what is asked for, or what is left of it."""
    return sys.stdin.buffer.read()


def answer() -> BinaryIO:
    """In the second process: where its answer goes. Whatever libraries print is kept apart from that."""
    out = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return os.fdopen(out, "wb")


def main(module: str) -> None:
    """The second process, before the module that does its work is loaded, which takes a second.

    Ctrl-C is for the first process, which ends this one. Garbage is not looked for: this process ends soon, and makes
    values that stay, as the first one does.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    importlib.import_module(module).main()


if __name__ == "__main__":
    main(*sys.argv[1:])
