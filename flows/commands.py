"""What the flows' commands share: parameters from what was typed, or a line for each that is wrong."""

from collections.abc import Mapping
from typing import TypeVar

import typer
from pydantic import ValidationError

from flows.parameters import Place
from garden.console import say

WRONG_USAGE = 2
M = TypeVar("M", bound=Place)


def parameters_of(model: type[M], asked: Mapping[str, object]) -> M:
    """The parameters of a flow. Where they are out of bounds it says why, and the command ends with exit code 2."""
    try:
        return model.model_validate(asked)
    except ValidationError as error:
        for each in error.errors():
            name, said = ".".join(map(str, each["loc"])), each["msg"].removeprefix("Value error, ")
            say(f"{name}: {said}" if name else said)
        raise typer.Exit(WRONG_USAGE) from error
