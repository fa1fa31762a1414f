"""What a face takes from the surroundings before a run: the library's settings, the tools, the date."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from threadpoolctl import threadpool_limits

from garden import library
from garden.config import Settings
from garden.encoder import SentenceEncoder
from garden.errors import OutputRefused, SettingsError
from garden.library import Progress
from garden.processes.runners import shards_for
from garden.report.page.places import Places
from garden.settings import settings_from
from garden.store import FILE, Store, cache_folder
from garden.tools import Tools

EPOCH = "SOURCE_DATE_EPOCH"


def settings_of(root: Path) -> Settings:
    """The settings of the library at ``root``, with what the environment says.

    Raises ``SettingsError`` where the file cannot be read or a setting is wrong.
    """
    return settings_from(library.settings_text(root), os.environ, {}, str(root / library.SETTINGS_FILE))


def put_result(path: Path, made: Callable[[], bytes]) -> None:
    """Makes a result and writes it, unless it is known before that it cannot be written. Raises ``OutputRefused``."""
    reason = _hindrance(path)
    if reason:
        raise OutputRefused(str(path), reason)
    raw = made()
    try:
        path.write_bytes(raw)
    except OSError as error:
        raise OutputRefused(str(path), error.strerror or str(error)) from error


def _hindrance(path: Path) -> str:
    """Why a file cannot be written, as far as that can be told without touching it."""
    if path.is_dir():
        return "it is a folder"
    if not path.parent.is_dir():
        return f"there is no folder {path.parent}"
    return "" if os.access(path if path.exists() else path.parent, os.W_OK) else "that is not allowed"


def store() -> Store:
    """The store in the user's cache folder."""
    return Store(cache_folder() / FILE)


def places_of(root: Path) -> Places | None:
    """Where the places of the map of the library at ``root`` are kept; none where the same input must give the same
    bytes, for places rest on earlier runs as well.
    """
    return None if os.environ.get(EPOCH) else Places(store(), library.as_text(root.resolve()))


def tools_for(settings: Settings, progress: Progress) -> Tools:
    """The tools of one run. Nothing heavy is loaded before it is needed.

    From then on numpy works with one thread: with more, sums come out another way on another number of cores, and
    where another process keeps a core busy (one that loads a model, say) threads wait for each other at each step.
    """
    threadpool_limits(1, user_api="blas")
    # With SOURCE_DATE_EPOCH set (reproducible-builds.org) the same input gives the same bytes, so no time is taken.
    clock: Callable[[], float] = (lambda: 0.0) if os.environ.get(EPOCH) else time.monotonic
    return Tools(
        encoder=SentenceEncoder(settings.encoder),
        store=store(),
        clock=clock,
        progress=progress,
        shards=shards_for(settings.runner, cache_folder()),
    )


def current_seconds() -> int:
    """The time as whole seconds since 1970: what SOURCE_DATE_EPOCH says where it is set.

    Raises ``SettingsError`` where SOURCE_DATE_EPOCH is no number of seconds.
    """
    epoch = os.environ.get(EPOCH)
    try:
        return int(epoch) if epoch else int(time.time())
    except ValueError as error:
        raise SettingsError("environment", EPOCH, f"{epoch!r} is no number of seconds since 1970") from error


def current_time() -> str:
    """The time in UTC, as ISO writes it."""
    return datetime.fromtimestamp(current_seconds(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def current_date() -> str:
    """Today as an ISO date: the day that SOURCE_DATE_EPOCH names in UTC where it is set, else the local one.

    Raises ``SettingsError`` where SOURCE_DATE_EPOCH is no number of seconds.
    """
    epoch = os.environ.get(EPOCH)
    if not epoch:
        return datetime.now().astimezone().date().isoformat()
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    except (ValueError, OverflowError) as error:
        raise SettingsError("environment", EPOCH, f"{epoch!r} is no number of seconds since 1970") from error
