"""Programs forked from one that has imported what they need: python -m tests.live.forge SOCKET MODULE ...

To start a process that imports Prefect and the flows takes seconds of a core. A forge imports them once and starts no
thread; each program is then a fork of it, with an environment, a folder, arguments and streams of its own. It runs as
``python -m`` runs it, ends as a process ends, and is killed as one.
"""

import json
import os
import runpy
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
from typing import Any

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
            self.returncode = self._number()
            self._line.close()
        return self.returncode

    def kill(self) -> None:
        if self.returncode is None:
            # One that has ended by itself is gone already.
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
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
        line = socket.socket(socket.AF_UNIX)
        line.connect(str(self.address))
        asked = {"argv": [module, *arguments], "cwd": str(cwd), "env": dict(env)}
        with out.open("wb") as out_file, err.open("wb") if err else os.fdopen(os.dup(2), "wb") as err_file:
            socket.send_fds(line, [json.dumps(asked).encode()], [out_file.fileno(), err_file.fileno()])
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
    for stream, number in zip((os.open(os.devnull, os.O_RDONLY), *streams), (0, 1, 2), strict=True):
        os.dup2(stream, number)
        os.close(stream)
    asked: dict[str, Any] = json.loads(raw)
    return asked


def become(asked: Mapping[str, Any]) -> None:
    """Runs a module as ``python -m`` does."""
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    sys.argv[:] = asked["argv"]
    sys.path[0] = asked["cwd"]
    runpy.run_module(asked["argv"][0], run_name="__main__", alter_sys=True)


def main(address: str, *modules: str) -> None:
    for module in modules:
        import_module(module)
    assert threading.active_count() == 1, threading.enumerate()
    # Nobody waits for those that wait for programs.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        asked = next_program(server)
    become(asked)


if __name__ == "__main__":
    main(*sys.argv[1:])
