"""The processes that a forked program starts itself, forked as well: a worker's runs, and what they become.

A program that has a nursery forks one off before it begins. Where it starts ``python -m`` with one of these modules,
the nursery forks and the fork becomes that. Its parent ends at once, so that it is left to the program, which has asked
the system for what is left: the program waits for it, signals it and learns of its end as of any child.
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.live.becoming import become, take

SUPERVISOR = "prefect.runner._workspace_supervisor"
MODULES = (SUPERVISOR, "prefect.engine")
MOST = 1 << 20
SUBREAPER = 36

Start = Callable[..., int]


def nurse() -> None:
    """Sees to it that children of this process are forks of it as it is now.

    Only Linux gives a process what is left of its descendants; elsewhere they are started as ever.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        ours.close()
        grow(next_child(theirs))
        sys.exit()
    theirs.close()
    subprocess._fork_exec = starting(ours, subprocess._fork_exec)  # type: ignore[attr-defined]


def starting(nursery: socket.socket, plain: Start) -> Start:
    """What ``subprocess`` starts children by."""
    one = threading.Lock()

    def start(*given: Any) -> int:
        """Arguments as ``subprocess`` gives them, which are the same from Python 3.11 on."""
        words = [os.fsdecode(word) for word in given[0]]
        if words[:2] != [sys.executable, "-m"] or words[2] not in MODULES:
            return plain(*given)
        cwd, env = given[4:6]
        around = dict(os.fsdecode(pair).split("=", 1) for pair in env) if env else dict(os.environ)
        asked = {"argv": words[2:], "cwd": os.fsdecode(cwd or Path.cwd()), "env": around, "session": given[15]}
        streams = [number if given[at] == -1 else given[at] for number, at in enumerate((6, 9, 11))]
        with one:
            socket.send_fds(nursery, [json.dumps(asked).encode()], streams)
            child = int(nursery.recv(MOST))
            # It is this process's own child once the nursery has seen its parent's end.
            nursery.recv(MOST)
        return child

    return start


def next_child(line: socket.socket) -> dict[str, Any]:
    """Returns in the fork that is to be a program."""
    while True:
        raw, streams, _, _ = socket.recv_fds(line, MOST, 3)
        if not raw:
            # The program that this is the nursery of is gone.
            os._exit(0)
        parent = os.fork()
        if parent == 0:
            child = os.fork()
            if child:
                line.send(str(child).encode())
                os._exit(0)
            line.close()
            take(streams)
            asked: dict[str, Any] = json.loads(raw)
            return asked
        for stream in streams:
            os.close(stream)
        os.waitpid(parent, 0)
        line.send(b"left")


def grow(asked: Mapping[str, Any]) -> None:
    """Becomes a program, and where that is one which prepares another and then executes it, that one too.

    The one that prepares is a child meanwhile, so that the other begins as untouched as if it had been executed.
    """
    if asked["session"]:
        os.setsid()
    if asked["argv"][0] != SUPERVISOR:
        become(asked)
        return
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    child = os.fork()
    if child == 0:
        ours.close()
        setattr(os, "execvpe", lambda _, words, env: told(theirs, words, env))  # noqa: B010 - of another type
        become(asked)
        return
    theirs.close()
    execute(*_heard(ours, child))


def told(line: socket.socket, words: Sequence[str], env: Mapping[str, str]) -> None:
    """Ends a program that would execute another, and says which."""
    line.send(json.dumps([list(words), str(Path.cwd()), dict(env)]).encode())
    os._exit(0)


def _heard(line: socket.socket, child: int) -> tuple[list[str], str, dict[str, str]]:
    """What a child has said to execute. Ends as the child has ended if it said nothing."""
    before = signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
    raw = line.recv(MOST)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    signal.signal(signal.SIGTERM, before)
    line.close()
    if not raw:
        end(code)
    words, cwd, env = json.loads(raw)
    return words, cwd, env


def end(code: int) -> None:
    if code < 0:
        os.kill(os.getpid(), -code)
    os._exit(code)


def execute(words: Sequence[str], cwd: str, env: Mapping[str, str]) -> None:
    if list(words[:2]) == [sys.executable, "-m"] and words[2] in MODULES:
        become({"argv": list(words[2:]), "cwd": cwd, "env": env})
        return
    os.chdir(cwd)
    os.execvpe(words[0], list(words), env)
