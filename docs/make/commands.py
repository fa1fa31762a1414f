"""The page of commands, made from their help."""

import re
from collections.abc import Iterator
from typing import Any

import typer

from garden.cli import app
from garden.commands.help import Help

HEAD = """# Commands

What `garden --help` and `garden COMMAND --help` say. `PATH` is the library's folder. Results go to stdout, progress and
errors to stderr, so that a pipe holds nothing but the result. A command ends with 0 when it is done, 1 when it failed
or found what it was asked to look for, 2 when it was not understood, 3 for a bug and 130 when it was stopped.

`garden --install-completion` teaches your shell (bash, zsh or fish) to complete commands, options and slugs.
Colours are left out where `NO_COLOR` is set, and wherever output is not a terminal.
"""


def commands_page() -> str:
    """The page's Markdown."""
    group: Any = typer.main.get_command(app)
    context = group.make_context("garden", [], resilient_parsing=True)
    return "\n".join([HEAD, *(line for command in group.commands.values() for line in _command(command, context))])


def _command(command: Any, above: Any) -> Iterator[str]:
    if command.hidden:
        return
    told = Help.of(command.help)
    context = type(above)(command, info_name=command.name, parent=above)
    yield f"## garden {command.name}\n"
    yield from (f"{_plain(paragraph)}\n" for paragraph in told.paragraphs)
    yield f"```text\n{command.get_usage(context).removeprefix('Usage: ')}\n```\n"
    rows = [row for parameter in command.params if (row := _row(parameter, context))]
    if rows:
        yield from ("| | |", "|---|---|", *rows, "")
    if told.examples:
        yield "| example | |"
        yield "|---|---|"
        yield from (f"| `{example}` | {_plain(about)} |" for example, about in told.examples)
        yield ""


def _row(parameter: Any, context: Any) -> str | None:
    if parameter.hidden:
        return None
    if parameter.param_type_name == "argument":
        return f"| `{(parameter.metavar or parameter.name.upper()).strip('[]')}` | {_plain(parameter.help or '')} |"
    names, about = parameter.get_help_record(context)
    return f"| `{names}` | {_plain(about)} |"


def _plain(text: str) -> str:
    return re.sub(r"([|<>\[\]*_`])", r"\\\1", " ".join(text.split()))
