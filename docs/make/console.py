"""Pages whose console blocks are run: ``python -m docs.make.console PAGE`` writes the outputs anew, --check compares.

A block is a shell's: lines with ``$`` are commands, what follows one is what it prints. All blocks of a page run one
after the other, beginning in a folder that holds the sample library, with nothing of the user's: no settings, no cache,
no git configuration.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Where a date is given, runs have the same names whenever they are made.
DAY = "1795305600"
GIT = """[user]
    name = Ann
    email = ann@example.org
[init]
    defaultBranch = main
[advice]
    detachedHead = false
"""
# Beside a command that may end otherwise than by 0.
EXPECTED = "# may fail"
# How long things took, which is never twice the same, and is not shown on a terminal.
PROGRESS = re.compile(r"^[A-Z][a-z ]+: [\d,]+ in [\d.]+ s\n", re.MULTILINE)


class CommandFailed(Exception):
    """A command of a page ended otherwise than by 0, and nothing beside it says that it should."""


@dataclass(frozen=True)
class Step:
    """One command of a page and what the page says it prints."""

    command: str
    printed: str


def main() -> int:
    """Runs pages, and gives the exit code: 1 where a page that is checked would differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--check", action="store_true", help="change nothing, end with 1 where a page differs")
    given = parser.parse_args()
    stale = 0
    for page in given.pages:
        old = page.read_text(encoding="utf-8")
        new = rerun(old)
        stale += new != old
        if not given.check:
            page.write_text(new, encoding="utf-8")
        elif new != old:
            print(f"{page}: its outputs are not what its commands print; make tutorial writes them anew")
    return int(given.check and bool(stale))


def rerun(page: str) -> str:
    """The page with each command's output as it is now. Raises ``CommandFailed``."""
    with tempfile.TemporaryDirectory(prefix="garden-page-") as home:
        shell = Shell(Path(home))
        return BLOCK.sub(lambda block: f"```console\n{''.join(shell.printed(block[1]))}```", page)


def clean(home: Path) -> Mapping[str, str]:
    """An environment with nothing of the user's in it but the way to the programs."""
    (home / ".gitconfig").write_text(GIT)
    here = Path(sys.executable).parent
    return {
        "PATH": f"{here}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PROJECT": str(ROOT),
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_COMMITTER_DATE": f"{DAY} +0000",
        "GIT_AUTHOR_DATE": f"{DAY} +0000",
        "SOURCE_DATE_EPOCH": DAY,
        "COLUMNS": "80",
        "LANG": "C.UTF-8",
        "USER": "ann",
        "LOGNAME": "ann",
        "TERM": "dumb",
        "HF_HUB_OFFLINE": "1",
    }


def steps(block: str) -> Iterator[Step]:
    """The commands of a block; a command goes on over lines that end in a backslash."""
    pieces = re.split(r"^\$ ((?:.*\\\n)*.*\n)", block, flags=re.MULTILINE)[1:]
    for command, printed in zip(pieces[::2], pieces[1::2], strict=True):
        yield Step(command, printed)


class Shell:
    """Runs commands one after the other; each begins in the folder in which the one before ended."""

    def __init__(self, home: Path) -> None:
        self._environment = clean(home)
        self._place = home / ".place"
        self._folder = home / "graph-garden"
        shutil.copytree(ROOT / "patterns", self._folder / "patterns")

    def printed(self, block: str) -> Iterator[str]:
        """The block's commands, each followed by what it prints now. Raises ``CommandFailed``."""
        for step in steps(block):
            ended, printed = self._run(step.command)
            if ended and EXPECTED not in step.command:
                raise CommandFailed(f"$ {step.command}{printed}ended with {ended}")
            yield f"$ {step.command}{_whole(PROGRESS.sub('', printed))}"

    def _run(self, command: str) -> tuple[int, str]:
        done = subprocess.run(
            ["bash", "-c", f"trap 'pwd > {self._place}' EXIT\n{command}"],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self._folder = Path(self._place.read_text().strip())
        return done.returncode, done.stdout.decode()


def _whole(printed: str) -> str:
    lines = [line.rstrip() for line in printed.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
