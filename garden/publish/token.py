"""Which token may be shown to a host. PyGithub is not needed for that, and takes a while to load."""

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
    own = environ.get(OWN_TOKEN, "")
    home = api.rstrip("/") in (PUBLIC, environ.get(ACTIONS_API, PUBLIC).rstrip("/"))
    token = own or (environ.get(SHARED_TOKEN, "") if home else "")
    parts = urlsplit(api)
    if token and parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise HostError(api, "the token is only shown over https; put https:// in publish.api")
    return token
