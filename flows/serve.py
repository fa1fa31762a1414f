"""A library tended on a schedule by people who have no Prefect server: one command, one process.

    python -m flows.serve patterns --cron "0 5 * * 1"

This room reads the arguments and prepares Prefect's surroundings; ``flows.served`` then imports Prefect, which reads
them once.
"""

import fcntl
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, get_args

import typer
from platformdirs import user_data_path

from flows.commands import parameters_of
from flows.parameters import Mode, TendParameters
from garden.console import guarded
from garden.cron import local_zone
from garden.errors import GardenError
from garden.publish.base import repository_of
from garden.publish.clone import is_address, name_of
from garden.publish.remote import remote_of
from garden.workshop import settings_of

HOST, PORT = "127.0.0.1", 4280
CRON = "0 5 * * 1"
# What would lead to a server that the user works with elsewhere, or to its data.
OF_ANOTHER = (
    "PREFECT_API_KEY",
    "PREFECT_API_AUTH_STRING",
    "PREFECT_API_DATABASE_CONNECTION_URL",
    "PREFECT_SERVER_DATABASE_CONNECTION_URL",
    "PREFECT_SERVER_API_AUTH_STRING",
    "PREFECT_PROFILE",
)


@dataclass
class CannotServe(GardenError):
    """The library cannot be served."""

    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True)
class Served:
    """What to serve: the parameters of each tending, when, and where the pages and the data are."""

    tend: TendParameters
    cron: str
    timezone: str
    port: int
    home: Path

    @property
    def name(self) -> str:
        """What the library is called."""
        return name_of(self.tend.path)

    @property
    def pages(self) -> str:
        """Where a person looks at it."""
        return f"http://{HOST}:{self.port}"


def command(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="The library's folder, or the address of a git repository.")
    ],
    cron: Annotated[str, typer.Option(metavar="CRON", help="When to tend it.")] = CRON,
    timezone: Annotated[str, typer.Option(metavar="ZONE", help="The clock for that [default: this machine's].")] = "",
    mode: Annotated[str, typer.Option(metavar="MODE", help=f"One of {', '.join(get_args(Mode))}.")] = "dry-run",
    port: Annotated[int, typer.Option(min=1024, max=65535, help="The port of the pages.")] = PORT,
) -> None:
    """Tends a library on a schedule, with pages to look at on this machine, until it is stopped."""
    served = Served(_parameters(path, mode), cron, timezone or local_zone(), port, home_of(path))
    _see_whether_reviewers_are_reached(served.tend)
    with _alone(served):
        for name in OF_ANOTHER:
            os.environ.pop(name, None)
        os.environ.update(surroundings(served))
        # Prefect reads its surroundings once, when it is imported.
        from flows.served import serve  # noqa: PLC0415

        serve(served)


def home_of(path: str) -> Path:
    """Where the server's data of a library is kept: in the user's folder, and for each library its own."""
    place = path if is_address(path) else str(Path(path).resolve())
    digest = blake2b(place.encode(), digest_size=4).hexdigest()
    return user_data_path("graph-garden") / "served" / f"{name_of(place)}-{digest}"


def surroundings(served: Served) -> dict[str, str]:
    """What Prefect should read: a server of its own on this machine."""
    return {
        "PREFECT_HOME": str(served.home),
        "PREFECT_API_URL": f"{served.pages}/api",
        "PREFECT_UI_API_URL": f"{served.pages}/api",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        # Runs are dropped after the 90 days that Prefect has for this, so that the data does not grow for ever.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    }


def _parameters(path: str, mode: str) -> TendParameters:
    # A run may have another folder around it than this command.
    place = path if is_address(path) else str(Path(path).resolve())
    return parameters_of(TendParameters, {"path": place, "mode": mode})


def _see_whether_reviewers_are_reached(asked: TendParameters) -> None:
    """Finds out now what every run would fail of. Raises ``NoRepository``, ``GitError`` and ``HostError``.

    What lies behind an address is not known before it is fetched.
    """
    if asked.remote or asked.mode not in ("branch", "pull-request"):
        return
    root = Path(asked.path)
    if asked.mode == "branch":
        repository_of(root)
    else:
        remote_of(root, settings_of(root), os.environ)


@contextmanager
def _alone(served: Served) -> Iterator[None]:
    """Holds the data for one process. Raises ``CannotServe`` where another has it, or the port."""
    served.home.mkdir(parents=True, exist_ok=True)
    handle = os.open(served.home, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _see_whether_free(served.port)
        yield
    except BlockingIOError as error:
        raise CannotServe(f"{served.tend.path} is served already; stop the other garden serve first") from error
    finally:
        os.close(handle)


def _see_whether_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotServe(f"port {port} is taken ({error.strerror}); name another with --port") from error


if __name__ == "__main__":
    sys.exit(guarded(lambda: typer.run(command)))
