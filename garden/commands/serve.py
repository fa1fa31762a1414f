"""The command that tends a library on a schedule. Prefect lives elsewhere, so the process becomes that program's."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from garden import library
from garden.console import say
from garden.cron import check as cron_check
from garden.cron import local_zone
from garden.publish.clone import is_address
from garden.workshop import settings_of


def serve(
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH", help="The library's folder, or the address of a git repository.", show_default=False
        ),
    ],
    cron: Annotated[
        str, typer.Option(metavar="CRON", help="When to tend it: minute, hour, day, month, weekday.")
    ] = "0 5 * * 1",
    timezone: Annotated[
        str, typer.Option(metavar="ZONE", help="The clock for that, like Europe/Berlin [default: this machine's].")
    ] = "",
    mode: Annotated[
        str, typer.Option(metavar="MODE", help="What a tending does: dry-run, write, approve, branch or pull-request.")
    ] = "dry-run",
    port: Annotated[int, typer.Option(min=1024, max=65535, help="The port of the pages, on this machine.")] = 4280,
) -> None:
    """Tends a library on a schedule, with pages to look at, until it is stopped. Needs no server and no account.

    Example: garden serve patterns --cron "0 5 * * 1" --mode branch
    """
    cron_check(cron, timezone or local_zone())
    if not is_address(path):
        library.look(Path(path), settings_of(Path(path)))
    say("Starting; the first time takes half a minute.")
    options = [f"--cron={cron}", f"--timezone={timezone}", f"--mode={mode}", f"--port={port}"]
    # -P: what lies in the folder where this is typed is nobody's program. The process becomes the server's.
    os.execv(sys.executable, [sys.executable, "-P", "-m", "flows.serve", *options, "--", path])  # noqa: S606
