"""git as a tool: commands run without a shell, answers as text or bytes, failures as errors that name the command.

Nothing here knows a work tree or the user's index: only objects, trees and refs.
"""

import base64
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from garden.errors import GardenError

HIDDEN = "***"
LOGIN_REFUSED = ("could not read Username", "could not read Password", "Authentication failed")
WAY_IN = "GARDEN_TOKEN, or set up git's own way to log in to this remote"
# What the caller's surroundings say of another repository must not lead us there (hooks set these).
OF_ANOTHER = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE")


@dataclass
class GitError(GardenError):
    """A git command failed. ``said`` is all that it told, of which ``reason`` keeps the lines that matter."""

    command: str
    reason: str
    said: str = ""

    def __str__(self) -> str:
        return f"git {self.command}: {self.reason}"


@dataclass
class NoRepository(GardenError):
    """The library is not kept in git."""

    path: str

    def __str__(self) -> str:
        return f"{self.path}: not in a git repository; run git init and commit the library, or use --write"


@dataclass(frozen=True)
class Signature:
    """Who commits, and when (seconds since 1970, UTC)."""

    name: str
    email: str
    seconds: int

    @property
    def environment(self) -> dict[str, str]:
        """What git reads it from."""
        values: dict[str, str] = {}
        for role in ("AUTHOR", "COMMITTER"):
            values[f"GIT_{role}_NAME"] = self.name
            values[f"GIT_{role}_EMAIL"] = self.email
            values[f"GIT_{role}_DATE"] = f"@{self.seconds} +0000"
        return values


@dataclass(frozen=True)
class Entry:
    """One file of a tree. ``mode`` is git's, as text; ``path`` is relative to the repository."""

    mode: str
    blob: str
    path: str


@dataclass(frozen=True)
class Commit:
    """One commit. ``when`` is the committer's ISO time in UTC."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    who: str
    when: str
    message: str


@dataclass(frozen=True)
class Repository:
    """A repository by its folder. ``token`` is told to git by its environment alone, and only for ``remote_url``."""

    folder: Path
    token: str = field(default="", repr=False)
    remote_url: str = ""

    @classmethod
    def of(cls, folder: Path) -> "Repository":
        """The repository that ``folder`` lies in. Raises ``NoRepository``."""
        try:
            top = cls(folder).text("rev-parse", "--show-toplevel")
        except (GitError, NotADirectoryError) as error:
            raise NoRepository(str(folder)) from error
        return cls(Path(top))

    def text(self, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> str:
        """What a command prints, without the last line end. Raises ``GitError``."""
        return self.run(*arguments, stdin=stdin, environment=environment).decode(errors="surrogateescape").rstrip("\n")

    def run(self, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> bytes:
        """The bytes that a command prints. Raises ``GitError``."""
        done = self._done(arguments, stdin, environment)
        if done.returncode:
            raise self._error(arguments, done.stderr)
        return done.stdout

    def says(self, *arguments: str) -> bool:
        """Whether a command that answers by its exit code says yes."""
        done = self._done(arguments, b"", None)
        if done.returncode not in (0, 1):
            raise self._error(arguments, done.stderr)
        return done.returncode == 0

    def commit_of(self, name: str) -> str | None:
        """The commit that a branch, tag or hash names, or None where there is none."""
        done = self._done(("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"), b"", None)
        return done.stdout.decode().strip() or None

    def blob_of(self, commit: str, path: str) -> str | None:
        """The hash of a file in a commit, or None where it is not there."""
        done = self._done(("rev-parse", "--verify", "--quiet", f"{commit}:{path}"), b"", None)
        return done.stdout.decode().strip() or None

    def file(self, commit: str, path: str) -> bytes | None:
        """The bytes of a file in a commit, or None where it is not there."""
        blob = self.blob_of(commit, path)
        return self.run("cat-file", "blob", blob) if blob else None

    def changed(self, old: str, new: str, prefix: str = "", *arguments: str) -> list[str]:
        """The paths of files that differ between two commits, below a folder; a rename is two of them."""
        where = ("--", prefix) if prefix else ()
        raw = self.run("diff-tree", "-r", "-z", "--no-renames", "--name-only", *arguments, old, new, *where)
        return [os.fsdecode(path) for path in raw.split(b"\0") if path]

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether ``newer`` contains ``older``; a commit contains itself."""
        return self.says("merge-base", "--is-ancestor", older, newer)

    def merge_base(self, one: str, other: str) -> str | None:
        """The newest commit that both of two commits contain, or None where they have nothing in common."""
        done = self._done(("merge-base", one, other), b"", None)
        if done.returncode not in (0, 1):
            raise self._error(("merge-base",), done.stderr)
        return done.stdout.decode().split("\n", 1)[0] or None

    def is_shallow(self) -> bool:
        """Whether the history is cut off: the oldest commits that are here then seem to have no parents."""
        return self.text("rev-parse", "--is-shallow-repository") == "true"

    def refs(self, pattern: str) -> dict[str, str]:
        """Commits by the full names of the refs that match ``pattern``."""
        lines = self.text("for-each-ref", "--format=%(objectname) %(refname)", pattern).splitlines()
        return {name: sha for sha, _, name in (line.partition(" ") for line in lines)}

    def commits(self, *range_: str) -> list[Commit]:
        """The commits of a range, parents after children."""
        layout = "%H%x00%T%x00%P%x00%an <%ae>%x00%cd%x00%B%x01"
        dates = "--date=format-local:%Y-%m-%dT%H:%M:%SZ"
        raw = self.text(
            "-c",
            "log.showSignature=false",
            "log",
            "--topo-order",
            dates,
            f"--format={layout}",
            *range_,
            environment={"TZ": "UTC"},
        )
        return [_commit(piece.lstrip("\n")) for piece in raw.split("\x01") if piece.strip()]

    def entries(self, tree: str, prefix: str) -> list[Entry]:
        """The files of a commit or tree below the folder ``prefix``, which is empty or ends in a slash."""
        where = ("--", prefix) if prefix else ()
        raw = self.run("ls-tree", "-r", "-z", "--full-tree", tree, *where)
        return [_entry(piece) for piece in raw.split(b"\0") if piece]

    def blobs(self, names: Sequence[str]) -> Iterator[bytes]:
        """The contents of blobs, by hash or as commit:path, in order. Raises ``GitError`` where one is missing."""
        answer = self.run(
            "cat-file", "--batch", stdin="".join(f"{name}\n" for name in names).encode(errors="surrogateescape")
        )
        start = 0
        for name in names:
            end = answer.index(b"\n", start)
            head = answer[start:end].split(b" ")
            if head[-1] == b"missing":
                raise GitError("cat-file", f"{name} is missing")
            size = int(head[-1])
            yield answer[end + 1 : end + 1 + size]
            start = end + 2 + size

    def tree_with(self, tree: str, files: Mapping[str, bytes]) -> str:
        """The hash of a tree like ``tree`` with some files' contents changed or added; modes stay as they are.

        Made in an index of its own: the user's index and work tree are never looked at.
        """
        modes = {entry.path: entry.mode for entry in self.entries(tree, "") if entry.path in files}
        with tempfile.TemporaryDirectory(prefix="graph-garden-") as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
            self.run("read-tree", tree, environment=index)
            lines = [
                f"{modes.get(path, '100644')} {self.text('hash-object', '-w', '--stdin', stdin=raw)}\t{path}\0"
                for path, raw in sorted(files.items())
            ]
            self.run(
                "update-index",
                "-z",
                "--index-info",
                stdin="".join(lines).encode(errors="surrogateescape"),
                environment=index,
            )
            return self.text("write-tree", environment=index)

    def commit(self, tree: str, parents: Sequence[str], message: str, signature: Signature) -> str:
        """Makes a commit that no ref knows yet, and gives its hash."""
        ancestry = [part for parent in parents for part in ("-p", parent)]
        return self.text("commit-tree", tree, *ancestry, stdin=message.encode(), environment=signature.environment)

    def merged_tree(self, ours: str, theirs: str) -> str | None:
        """The tree that two commits merge to, or None where they conflict."""
        done = self._done(("merge-tree", "--write-tree", ours, theirs), b"", None)
        if done.returncode not in (0, 1):
            raise self._error(("merge-tree",), done.stderr)
        return done.stdout.decode().split("\n", 1)[0] if done.returncode == 0 else None

    def _done(
        self, arguments: Sequence[str], stdin: bytes, environment: Mapping[str, str] | None
    ) -> subprocess.CompletedProcess[bytes]:
        around = {name: value for name, value in os.environ.items() if name not in OF_ANOTHER}
        around |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", **self._secret(around)}
        around |= environment or {}
        command = ["git", "-C", str(self.folder), *arguments]
        try:
            return subprocess.run(command, input=stdin, env=around, capture_output=True, check=False)
        except FileNotFoundError as error:
            raise GitError(arguments[0], "the git command was not found; install git 2.38 or later") from error

    def _secret(self, around: Mapping[str, str]) -> dict[str, str]:
        if not self.token or not self.remote_url.startswith(("https://", "http://")):
            return {}
        basic = base64.b64encode(f"x-access-token:{self.token}".encode()).decode()
        place = int(around.get("GIT_CONFIG_COUNT", "0") or 0)
        return {
            "GIT_CONFIG_COUNT": str(place + 1),
            f"GIT_CONFIG_KEY_{place}": f"http.{self.remote_url}.extraHeader",
            f"GIT_CONFIG_VALUE_{place}": f"Authorization: Basic {basic}",
        }

    def _error(self, arguments: Sequence[str], stderr: bytes) -> GitError:
        said = hide(stderr.decode(errors="replace").strip(), self.token)
        lines = [line for line in said.splitlines() if line.strip() and not line.startswith("hint:")]
        # The first line says what is wrong, or the last ones do.
        reason = "; ".join([*lines[:-3][:1], *lines[-3:]]) or "failed without a word"
        if any(sign in said for sign in LOGIN_REFUSED):
            reason = (
                f"{'the token was refused; check' if self.token else 'a login is asked for; put a token in'} {WAY_IN}"
            )
        return GitError(next(one for one in arguments if one[0] != "-" and "=" not in one), reason, said)


def committer(folder: Path) -> str:
    """Who commits where a folder lies, as git has been told; empty where it has not, and outside of a repository."""
    try:
        return Repository.of(folder).text("config", "user.name").strip()
    except GardenError:
        return ""


def hide(text: str, token: str) -> str:
    """``text`` without the token, as it is and as git sends it."""
    if not token:
        return text
    sent = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return text.replace(token, HIDDEN).replace(sent, HIDDEN)


def _commit(piece: str) -> Commit:
    sha, tree, parents, who, when, message = piece.split("\0", 5)
    return Commit(sha, tree, tuple(parents.split()), who, when, message.strip())


def _entry(piece: bytes) -> Entry:
    head, _, path = piece.partition(b"\t")
    mode, _, blob = head.decode().split(" ")
    return Entry(mode, blob, os.fsdecode(path))
