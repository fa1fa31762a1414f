"""A fork that becomes a program, as ``python -m`` runs it."""

import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from typing import Any


def take(streams: Sequence[int]) -> None:
    """These are the standard streams from now on."""
    for stream, number in zip(streams, (0, 1, 2), strict=True):
        os.dup2(stream, number)
        os.close(stream)


def become(asked: Mapping[str, Any]) -> None:
    """Runs a module with its arguments, in a folder and an environment of its own."""
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    sys.argv[:] = asked["argv"]
    sys.path[0] = asked["cwd"]
    _find(asked["env"].get("PYTHONPATH", ""))
    _forget(asked["argv"][0])
    runpy.run_module(asked["argv"][0], run_name="__main__", alter_sys=True)


def _forget(module: str) -> None:
    """A module is run anew, under another name; of a package it is its ``__main__``."""
    if not hasattr(sys.modules.get(module), "__path__"):
        sys.modules.pop(module, None)


def _find(paths: str) -> None:
    sys.path[1:1] = [path for path in paths.split(os.pathsep) if path and path not in sys.path]
