"""The token for git and its host, from the environment or from Prefect's own keeping."""

import os
from collections.abc import Mapping
from typing import Any, cast

from prefect.blocks.system import Secret

from garden.publish.token import OWN_TOKEN

BLOCK = "garden-token"


def surroundings() -> Mapping[str, str]:
    """The environment; where it holds no GARDEN_TOKEN, with that of the secret block ``garden-token``, if there is one.

    The token is not kept: whoever needs it asks again.
    """
    if os.environ.get(OWN_TOKEN):
        return os.environ
    try:
        kept = cast("Secret[Any]", Secret.load(BLOCK))
    except ValueError:
        # There is no such block: then the token of the workflow, or none, has to do.
        return os.environ
    return {**os.environ, OWN_TOKEN: str(kept.get())}
