"""The git remote that a library is pushed to: which token it may see, and whether pull requests can be opened there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from garden.config import PublishSettings, Settings
from garden.publish.base import repository_of
from garden.publish.host import HostError
from garden.publish.token import LOOPBACK, OWN_TOKEN, PUBLIC, SHARED_TOKEN, kept_in, token_for

if TYPE_CHECKING:
    from garden.publish.github import GitHub

HOME, ACTIONS_SERVER = "github.com", "GITHUB_SERVER_URL"
HOMES = (HOME, "ssh.github.com", "www.github.com")


@dataclass(frozen=True)
class Remote:
    """A remote by its name in git, the token for git itself, and the host; None for one whose API is not spoken."""

    name: str
    token: str = field(repr=False)
    host: "GitHub | None"


def remote_of(root: Path, settings: Settings, environ: Mapping[str, str]) -> Remote:
    """The remote of the library at ``root``. Raises ``NoRepository``, ``GitError``; ``HostError`` without a token."""
    publish = settings.publish
    address = repository_of(root, publish.remote).remote_url
    token = token_at(address, environ)
    if not speaks_github(address, publish):
        return Remote(publish.remote, token, None)
    from garden.publish.github import GitHub  # noqa: PLC0415 - loading PyGithub costs a moment of every command

    host = GitHub(publish.api, publish.repository or repository_in(address), token_for(publish.api, environ))
    if not host.token:
        raise HostError(host.name, f"there is no token; put one in {OWN_TOKEN}, or take branches without pull requests")
    return Remote(publish.remote, token, host)


def speaks_github(address: str, publish: PublishSettings) -> bool:
    """Whether a remote's host has GitHub's API: at its own address, or where the settings say so."""
    told = publish.api.rstrip("/") != PUBLIC or bool(publish.repository)
    return told or _machine(address) in HOMES


def token_at(address: str, environ: Mapping[str, str]) -> str:
    """The token to show at an address: over https alone, and the one that every workflow has only where it is from."""
    parts = urlsplit(address)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    homes = (HOME, urlsplit(environ.get(ACTIONS_SERVER, "")).hostname)
    shared = kept_in(environ, SHARED_TOKEN) if parts.hostname in homes else ""
    return (kept_in(environ, OWN_TOKEN) or shared) if safe else ""


def repository_in(address: str) -> str:
    """owner/name as a remote's address has it, empty where it has none."""
    path = urlsplit(address).path if "://" in address else address.partition(":")[2]
    parts = path.strip("/").removesuffix(".git").split("/")
    return "/".join(parts[-2:]) if len(parts) > 1 else ""


def _machine(address: str) -> str:
    if "://" in address:
        return urlsplit(address).hostname or ""
    return address.partition(":")[0].rpartition("@")[2].lower()
