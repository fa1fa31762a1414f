"""A host of pull requests on 127.0.0.1: real git over HTTP, and GitHub's REST calls computed from that git.

It keeps to the rules that matter to a client: 401 on a bad token, 422 on a duplicate, an unknown head or no commits,
heads that follow pushes, ``mergeable`` null at first, 405 on a conflict, pages, secondary rate limits with
Retry-After, and pushes that are refused unless they are fast-forward.
"""

import base64
import json
import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "ghp_theSecretThatMustNeverBeSeen42"
BOT, OWNER, NAME = "garden-bot", "ann", "lib"
IDENTITY = ("-c", "user.name=host", "-c", "user.email=host@example.org")


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers or {}


@dataclass
class Pull:
    """One pull request as the host keeps it. ``fork`` is the repository that its branch lies in, None once deleted."""

    number: int
    title: str
    body: str
    head: str
    base: str
    state: str = "open"
    merged: bool = False
    merge_commit: str | None = None
    labels: list[str] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    reviews: list[dict[str, Any]] = field(default_factory=list)
    last_head: str = ""
    closed_by: str | None = None
    closed_at: str | None = None
    asked_for: str = ""
    fork: str | None = f"{OWNER}/{NAME}"


@dataclass
class GitHost:
    """The host. ``requests`` are the method and path of every call; ``limits`` counts the next calls to refuse.

    ``away`` counts the next calls of git that find nobody there.
    """

    folder: Path
    url: str = ""
    pulls: dict[int, Pull] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    limits: int = 0
    broken: int = 0
    away: int = 0
    minutes: int = 0
    kill: Callable[[str], None] | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def bare(self) -> Path:
        return self.folder / OWNER / f"{NAME}.git"

    @property
    def remote(self) -> str:
        return f"{self.url}/{OWNER}/{NAME}.git"

    @property
    def api(self) -> str:
        return f"{self.url}/api/v3"

    def git(self, *arguments: str, check: bool = True) -> str:
        command = ["git", *IDENTITY, "-C", str(self.bare), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if check and done.returncode:
            raise Refused(422, done.stderr.strip())
        return done.stdout.strip() if not done.returncode else ""

    def now(self) -> str:
        self.minutes += 1
        return f"2026-11-22T{10 + self.minutes // 60:02}:{self.minutes % 60:02}:00Z"

    def comment(self, number: int, text: str, login: str = "ann", role: str = "MEMBER") -> None:
        """What a person writes below a pull request."""
        with self.lock:
            pull = self.pulls[number]
            said = {"body": text, "user": {"login": login}, "author_association": role, "created_at": self.now()}
            pull.comments.append({"id": len(pull.comments) + 1, **said})

    def untick(self, number: int, proposal: str) -> None:
        pull = self.pulls[number]
        assert f"- [x] `{proposal}`" in pull.body, f"{proposal} is not in the body"
        pull.body = pull.body.replace(f"- [x] `{proposal}`", f"- [ ] `{proposal}`")

    def strike(self, number: int, proposal: str) -> None:
        """Takes a proposal's whole line out of the body."""
        pull = self.pulls[number]
        kept = [line for line in pull.body.split("\n") if not line.startswith(f"- [x] `{proposal}`")]
        assert len(kept) < len(pull.body.split("\n"))
        pull.body = "\n".join(kept)

    def close(self, number: int, login: str = "ann") -> None:
        pull = self.pulls[number]
        pull.state, pull.closed_by, pull.closed_at = "closed", login, self.now()

    def reword(self, number: int, old: str, new: str, count: int = 1) -> None:
        """What a person does who edits the text of a pull request."""
        pull = self.pulls[number]
        assert pull.body.count(old) == count, f"{old!r} is there {pull.body.count(old)} times, not {count}"
        pull.body = pull.body.replace(old, new)

    def open_from_fork(self, branch: str, sha: str, fork: str | None) -> int:
        """What a stranger does who may write nothing here: a commit pushed to a fork of theirs, and a pull request."""
        pull = Pull(len(self.pulls) + 1, "Spam", "Buy!", branch, "main", last_head=sha, fork=fork)
        self.pulls[pull.number] = pull
        return pull.number

    def merge(self, number: int, how: str = "merge") -> None:
        """What the button does: merge, squash or rebase."""
        pull = self.pulls[number]
        base, head = self.git("rev-parse", pull.base), self.git("rev-parse", pull.head)
        tree = self.git("merge-tree", "--write-tree", base, head, check=False).split("\n")[0]
        if not tree:
            raise Refused(405, "Pull Request is not mergeable")
        parents = ["-p", base, *(["-p", head] if how == "merge" else [])]
        messages = self.git("log", "--format=%B", f"{base}..{head}")
        text = f"Merge pull request #{number}\n" if how == "merge" else f"{pull.title} (#{number})\n\n{messages}"
        new = self.git("commit-tree", tree, *parents, "-m", text)
        self.git("update-ref", f"refs/heads/{pull.base}", new, base)
        pull.state, pull.merged, pull.merge_commit, pull.closed_by = "closed", True, new, "ann"
        pull.closed_at, pull.last_head = self.now(), head

    def call(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
        """One REST call on this repository."""
        for pattern, handler in self._routes():
            known, wanted = pattern.split(" ")
            match = re.fullmatch(f"/repos/{OWNER}/{NAME}{wanted}", path)
            if known == method and match:
                return handler(*map(int, match.groups()), query=query, body=body)
        raise Refused(404, "Not Found")

    def _routes(self) -> list[tuple[str, Callable[..., tuple[int, Any]]]]:
        return [
            ("GET /pulls", self._list),
            ("POST /pulls", self._open),
            (r"GET /pulls/(\d+)", lambda n, **_: (200, self._shown(self._pull(n), whole=True))),
            (r"PATCH /pulls/(\d+)", self._edit),
            (r"PUT /pulls/(\d+)/merge", self._merge_call),
            (r"GET /issues/(\d+)", lambda n, **_: (200, self._issue(self._pull(n)))),
            (r"GET /issues/(\d+)/comments", lambda n, **_: (200, self._pull(n).comments)),
            (r"POST /issues/(\d+)/comments", self._comment_call),
            (r"GET /pulls/(\d+)/comments", lambda n, **_: (200, [])),
            (r"GET /pulls/(\d+)/reviews", lambda n, **_: (200, self._pull(n).reviews)),
            (r"POST /issues/(\d+)/labels", self._label),
        ]

    def _pull(self, number: int) -> Pull:
        if number not in self.pulls:
            raise Refused(404, "Not Found")
        return self.pulls[number]

    def _list(self, *, query: dict[str, str], **_: Any) -> tuple[int, Any]:
        state, head = query.get("state", "open"), query.get("head", "")
        found = [p for p in self.pulls.values() if state in (p.state, "all") and head in ("", _owned(p))]
        order = sorted(found, key=lambda p: p.number, reverse=query.get("direction", "desc") == "desc")
        return 200, [self._shown(pull) for pull in order]

    def _open(self, *, body: dict[str, Any], **_: Any) -> tuple[int, Any]:
        head, base = body["head"].removeprefix(f"{OWNER}:"), body["base"]
        if not self.git("rev-parse", "--verify", f"refs/heads/{head}", check=False):
            raise Refused(422, "Validation Failed: head is invalid")
        if any(p.state == "open" and _owned(p) == f"{OWNER}:{head}" and p.base == base for p in self.pulls.values()):
            raise Refused(422, f"Validation Failed: A pull request already exists for {OWNER}:{head}.")
        if self.git("rev-list", "--count", f"{base}..{head}") == "0":
            raise Refused(422, f"Validation Failed: No commits between {base} and {head}")
        pull = Pull(len(self.pulls) + 1, body["title"], body.get("body", ""), head, base)
        self.pulls[pull.number] = pull
        return 201, self._shown(pull)

    def _edit(self, number: int, *, body: dict[str, Any], **_: Any) -> tuple[int, Any]:
        pull = self._pull(number)
        pull.title, pull.body = body.get("title", pull.title), body.get("body", pull.body)
        if body.get("state") == "closed":
            pull.state, pull.closed_by, pull.closed_at = "closed", BOT, self.now()
        return 200, self._shown(pull)

    def _merge_call(self, number: int, *, body: dict[str, Any], **_: Any) -> tuple[int, Any]:
        self.merge(self._pull(number).number, body.get("merge_method", "merge"))
        return 200, {"merged": True, "sha": self.pulls[number].merge_commit}

    def _comment_call(self, number: int, *, body: dict[str, Any], **_: Any) -> tuple[int, Any]:
        self.comment(self._pull(number).number, body["body"], BOT)
        return 201, self.pulls[number].comments[-1]

    def _label(self, number: int, *, body: Any, **_: Any) -> tuple[int, Any]:
        names = body["labels"] if isinstance(body, dict) else body
        pull = self._pull(number)
        pull.labels = sorted({*pull.labels, *names})
        return 200, [{"name": name} for name in pull.labels]

    def _issue(self, pull: Pull) -> dict[str, Any]:
        by = {"login": pull.closed_by} if pull.closed_by else None
        return {"number": pull.number, "closed_by": by, "url": f"{self.api}/repos/{OWNER}/{NAME}/issues/{pull.number}"}

    def _shown(self, pull: Pull, *, whole: bool = False) -> dict[str, Any]:
        own = {"full_name": f"{OWNER}/{NAME}"}
        tip = self.git("rev-parse", "--verify", f"refs/heads/{pull.head}", check=False)
        head = pull.last_head = (tip if pull.fork == own["full_name"] else "") or pull.last_head
        if head:
            self.git("update-ref", f"refs/pull/{pull.number}/head", head)
        shown: dict[str, Any] = {
            "number": pull.number,
            "title": pull.title,
            "body": pull.body,
            "state": pull.state,
            "url": f"{self.api}/repos/{OWNER}/{NAME}/pulls/{pull.number}",
            "issue_url": f"{self.api}/repos/{OWNER}/{NAME}/issues/{pull.number}",
            "html_url": f"{self.url}/{OWNER}/{NAME}/pull/{pull.number}",
            "head": {"ref": pull.head, "sha": head, "repo": {"full_name": pull.fork} if pull.fork else None},
            "base": {"ref": pull.base, "sha": self.git("rev-parse", pull.base), "repo": own},
            "labels": [{"name": name} for name in pull.labels],
            "merged_at": pull.closed_at if pull.merged else None,
            "closed_at": pull.closed_at,
            "merge_commit_sha": pull.merge_commit,
            "user": {"login": BOT},
        }
        if whole:
            # Computed in the background by the real one: the first answer after a push does not know yet.
            known = pull.asked_for == head
            pull.asked_for = head
            clean = pull.state == "open" and self.git("merge-tree", "--write-tree", pull.base, pull.head, check=False)
            shown |= {"merged": pull.merged, "mergeable": bool(clean) if known else None}
            shown["merged_by"] = {"login": pull.closed_by} if pull.merged else None
        return shown


class _Handler(BaseHTTPRequestHandler):
    host: GitHost
    protocol_version = "HTTP/1.1"
    # Of an answer in two pieces, the second would wait until the client has confirmed the first.
    wbufsize = -1

    def log_message(self, *_: object) -> None:
        """Nothing: tests read ``requests``."""

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PATCH = do_PUT = do_GET  # noqa: N815 - the library's names

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = self._chunks()
        parts = urlsplit(self.path)
        with self.host.lock:
            self.host.requests.append(f"{self.command} {parts.path}")
            if parts.path.startswith("/api/v3/"):
                self._rest(parts.path.removeprefix("/api/v3"), parts.query, body)
            else:
                self._git(parts.path, parts.query, body)

    def _rest(self, path: str, query: str, body: bytes) -> None:
        try:
            answer = self._answer(path, query, body)
        except Refused as error:
            answer = (error.status, {"message": error.message, "documentation_url": "https://docs"}, error.headers)
        self._send(*answer)

    def _answer(self, path: str, query: str, body: bytes) -> tuple[int, Any, dict[str, str]]:
        host = self.host
        if self.headers.get("Authorization") not in (f"token {TOKEN}", f"Bearer {TOKEN}"):
            raise Refused(401, "Bad credentials")
        if host.limits:
            host.limits -= 1
            raise Refused(403, "You have exceeded a secondary rate limit.", {"Retry-After": "1"})
        if host.broken:
            host.broken -= 1
            raise Refused(502, "Server Error")
        asked = {key: values[0] for key, values in parse_qs(query).items()}
        status, found = host.call(self.command, path, asked, json.loads(body) if body else {})
        if host.kill:
            host.kill(f"{self.command} {path}")
        if not isinstance(found, list) or self.command != "GET":
            return status, found, {}
        size, page = int(asked.get("per_page", 30)), int(asked.get("page", 1))
        more = len(found) > size * page
        link = f'<{host.api}{path}?{_next(asked, page)}>; rel="next"'
        return status, found[size * (page - 1) : size * page], {"Link": link} if more else {}

    def _git(self, path: str, query: str, body: bytes) -> None:
        if self.host.away:
            self.host.away -= 1
            self._send(503, {"message": "Nobody is there"}, {})
            return
        given = self.headers.get("Authorization", "")
        user = f"x-access-token:{TOKEN}"
        if given != f"Basic {base64.b64encode(user.encode()).decode()}":
            self._send(401, {"message": "Bad credentials"}, {"WWW-Authenticate": 'Basic realm="git"'})
            return
        around = {
            **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
            "GIT_PROJECT_ROOT": str(self.host.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": BOT,
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        done = subprocess.run(["git", "http-backend"], input=body, env=around, capture_output=True, check=False)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        status = int(headers.pop("Status", "200 OK").split(" ")[0])
        if self.host.kill:
            self.host.kill(f"{self.command} {path}")
        self._raw(status, content, headers)

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline().strip() or b"0", 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _send(self, status: int, value: Any, headers: dict[str, str]) -> None:
        self._raw(status, json.dumps(value).encode(), {"Content-Type": "application/json", **headers})

    def _raw(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(content)


def _owned(pull: Pull) -> str:
    """What the host calls the branch of a pull request: its owner, and its name."""
    return f"{(pull.fork or '').split('/')[0]}:{pull.head}"


def _next(asked: dict[str, str], page: int) -> str:
    return "&".join(f"{key}={value}" for key, value in {**asked, "page": str(page + 1)}.items())


@contextmanager
def serving(folder: Path) -> Iterator[GitHost]:
    """A host with one empty bare repository, for as long as the block runs."""
    host = GitHost(folder)
    host.bare.parent.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(host.bare)], check=True)
    host.git("config", "http.receivepack", "true")
    host.git("config", "receive.denyNonFastForwards", "true")
    handler = type("Handler", (_Handler,), {"host": host})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    host.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
