"""Embedding, the one long stage, as a bar on the run's page."""

import time
from collections.abc import Callable
from typing import cast
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact

from flows.shown import artifact_key

# What takes long by the name of its stage, and what a person calls it.
LONG = {"embed": "Texts with their vector"}
SECONDS_BETWEEN = 5.0


class Gauge:
    """Shows how much of a long stage is done. A stage with nothing left to do from the start is not shown."""

    def __init__(self, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._clock = clock
        self._shown: dict[str, UUID] = {}
        self._last = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Takes note that ``done`` of ``total`` is done."""
        if stage not in LONG or not total:
            return
        now, percent = self._clock(), 100.0 * min(done, total) / total
        if stage not in self._shown:
            if done < total:
                key = artifact_key(stage, self._name)
                made = create_progress_artifact(percent, key, f"{LONG[stage]}, of {total:,}")
                self._shown[stage] = cast("UUID", made)
                self._last = now
        elif done >= total or now - self._last >= SECONDS_BETWEEN:
            update_progress_artifact(self._shown[stage], percent)
            self._last = now
