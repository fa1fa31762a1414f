"""Programs forked from one that has imported what they need: python -m tests.live.forge SOCKET MODULE ...

To start a process that imports Prefect and the flows takes seconds of a core. A forge imports them once and starts no
thread; each program is then a fork of it, with an environment, a folder, arguments and streams of its own. It runs as
``python -m`` runs it, ends as a process ends, and is killed as one.
"""

import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from tests.live.becoming import become, take
from tests.live.children import nurse

ROOT = Path(__file__).resolve().parents[2]
MOST = 1 << 20


class Forked:
    """A program at work. ``wait`` gives its exit code, or its signal below zero, as ``subprocess`` does."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self.pid = self._number()
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            self._line.settimeout(timeout)
            try:
                self.returncode = self._number()
            except TimeoutError as error:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0) from error
            self._line.close()
        return self.returncode

    def poll(self) -> int | None:
        """The exit code of one that has ended."""
        if self.returncode is None and select.select([self._line], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def send_signal(self, sign: signal.Signals) -> None:
        # One that has ended by itself is gone already.
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, sign)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)
        self.wait()

    def _number(self) -> int:
        told = b""
        while not told.endswith(b"\n"):
            piece = self._line.recv(1)
            assert piece, "the forge is gone"
            told += piece
        return int(told)


@dataclass(frozen=True)
class Forge:
    """Starts programs. What is imported already has read the forge's environment, not the program's."""

    address: Path

    def start(
        self, module: str, *arguments: str, cwd: Path, env: Mapping[str, str], out: Path, err: Path | None = None
    ) -> Forked:
        """A program whose output goes to files; its errors go where the forge's go unless ``err`` is given."""
        with out.open("wb") as out_file, err.open("wb") if err else os.fdopen(os.dup(2), "wb") as err_file:
            asked = {"argv": [module, *arguments], "cwd": str(cwd), "env": dict(env), "own": False}
            return self._asked(asked, out_file, err_file)

    def begin(self, module: str, *arguments: str, cwd: Path, env: Mapping[str, str], log: Path) -> Forked:
        """A program in a session of its own, which logs to the end of a file and whose own children are forks too."""
        with log.open("ab") as file:
            asked = {"argv": [module, *arguments], "cwd": str(cwd), "env": dict(env), "own": True}
            return self._asked(asked, file, file)

    def _asked(self, asked: Mapping[str, Any], out: BinaryIO, err: BinaryIO) -> Forked:
        line = socket.socket(socket.AF_UNIX)
        line.connect(str(self.address))
        socket.send_fds(line, [json.dumps(asked).encode()], [out.fileno(), err.fileno()])
        return Forked(line)


@contextmanager
def forging(folder: Path, modules: Sequence[str], env: Mapping[str, str]) -> Iterator[Forge]:
    """A forge that has imported the modules in an environment, for as long as the block runs."""
    address = folder / "forge"
    command = [sys.executable, "-m", "tests.live.forge", str(address), *modules]
    around = {**env, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=around, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        with process.stdin:
            assert process.stdout.readline() == b"ready\n"
            yield Forge(address)


def next_program(server: socket.socket) -> dict[str, Any]:
    """Returns in the fork that is to be a program. Another one waits for its end and tells of it."""
    while True:
        ready, _, _ = select.select([server, sys.stdin], [], [])
        if sys.stdin in ready:
            # Who started this forge is gone.
            sys.exit()
        line, _ = server.accept()
        with line:
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                server.close()
                return told_of(line)


def told_of(line: socket.socket) -> dict[str, Any]:
    raw, streams, _, _ = socket.recv_fds(line, MOST, 2)
    program = os.fork()
    if program:
        line.sendall(f"{program}\n".encode())
        line.sendall(f"{os.waitstatus_to_exitcode(os.waitpid(program, 0)[1])}\n".encode())
        os._exit(0)
    line.close()
    take((os.open(os.devnull, os.O_RDONLY), *streams))
    asked: dict[str, Any] = json.loads(raw)
    return asked


def main(address: str, *modules: str) -> None:
    for module in modules:
        import_module(module)
    assert threading.active_count() == 1, threading.enumerate()
    # No fork looks through all that was imported for what can be thrown away, least of all as it ends.
    gc.collect()
    gc.freeze()
    # Nobody waits for those that wait for programs.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        asked = next_program(server)
    if asked["own"]:
        os.setsid()
        nurse()
    become(asked)


if __name__ == "__main__":
    main(*sys.argv[1:])
