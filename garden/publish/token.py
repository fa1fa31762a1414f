"""Which token may be shown to a host. PyGithub is not needed for that, and takes a while to load."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from garden.publish.host import HostError

PUBLIC = "https://api.github.com"
OWN_TOKEN, SHARED_TOKEN, ACTIONS_API = "GARDEN_TOKEN", "GITHUB_TOKEN", "GITHUB_API_URL"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def token_for(api: str, environ: Mapping[str, str]) -> str:
    """The token that may be shown to the API at ``api``, empty where there is none.

    A library's settings name the API: so the token that every workflow has is shown only where it comes from, and none
    is sent in the clear to another machine. Raises ``HostError``.
    """
    own = kept_in(environ, OWN_TOKEN)
    home = api.rstrip("/") in (PUBLIC, environ.get(ACTIONS_API, PUBLIC).rstrip("/"))
    token = own or (kept_in(environ, SHARED_TOKEN) if home else "")
    parts = urlsplit(api)
    if token and parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise HostError(api, "the token is only shown over https; put https:// in publish.api")
    return token


def kept_in(environ: Mapping[str, str], name: str) -> str:
    """The token of that name, empty where there is none; a file or a form may have put a line break behind it.

    Raises ``HostError`` where it holds what a token never does: it could not be sent, and what cannot be is told of
    with all it holds.
    """
    token = environ.get(name, "").strip()
    if re.search(r"[^!-~]", token):
        raise HostError(name, "what it holds is no token: there is a space, a line break or a strange letter in it")
    return token
