"""How help is set: whole first sentences in the list of commands, examples as a table, nothing cut short."""

import inspect
import re
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

_EXAMPLES = re.compile(r"^Examples?:\s*", re.MULTILINE)
FOLDERS = ("PATH", "DIR")  # What arguments are called that name a folder.
_SENTENCE = re.compile(r"(?<=[.!?]) ")


@dataclass(frozen=True)
class Help:
    """A command's help in parts: its paragraphs, and its examples with what each does, empty where it says nothing."""

    paragraphs: tuple[str, ...]
    examples: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, text: str | None) -> "Help":
        """The parts of a docstring whose last part may begin with ``Example:`` or ``Examples:``."""
        about, *rest = _EXAMPLES.split(inspect.cleandoc(text or ""), maxsplit=1)
        paragraphs = tuple(" ".join(part.split()) for part in about.split("\n\n") if part.strip())
        lines = [line.strip() for line in "".join(rest).splitlines() if line.strip()]
        return cls(paragraphs, tuple(_example(line) for line in lines))

    @property
    def sentence(self) -> str:
        """The first sentence."""
        return _SENTENCE.split(self.paragraphs[0], maxsplit=1)[0] if self.paragraphs else ""


def helpful(app: typer.Typer) -> None:
    """Sets the help of every command that ``app`` has by now."""
    for command in app.registered_commands:
        command.cls = HelpfulCommand


class HelpfulCommand(TyperCommand):
    """A command whose examples stay a table, whose usage shows what one may write: nothing empty."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """``[OPTIONS] PATH``: arguments by the names that their help has, hidden ones left out."""
        arguments = [each for each in self.get_params(ctx) if each.param_type_name == "argument"]
        return ["[OPTIONS]", *(_usage(each) for each in arguments if not getattr(each, "hidden", False))]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As ever, but that an empty argument is none: a path would mean the folder where one is."""
        given = list(args)
        left = super().parse_args(ctx, args)
        words, _, _ = self.make_parser(ctx).parse_args(given)
        parameters: list[Any] = self.get_params(ctx)
        for each in parameters:
            if each.param_type_name == "argument" and words.get(each.name) == "":
                here = "; the folder where you are is ." if (each.metavar or "").strip("[]") in FOLDERS else ""
                raise typer.BadParameter(f"it is empty{here}", ctx, each)
        return left

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """The paragraphs, then the examples."""
        told = Help.of(self.help)
        for paragraph in told.paragraphs:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(paragraph)
        if told.examples:
            with formatter.section("Examples"):
                _write_examples(formatter, told.examples)


class HelpfulGroup(TyperGroup):
    """The list of commands, each with its whole first sentence."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The commands in the order in which a person meets them."""
        commands = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        rows = [(name, Help.of(each.help).sentence) for name, each in commands.items() if each and not each.hidden]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _example(line: str) -> tuple[str, str]:
    command, *about = re.split(r"\s{2,}", line, maxsplit=1)
    return command, "".join(about)


def _write_examples(formatter: Any, examples: tuple[tuple[str, str], ...]) -> None:
    # What an example does stands beside it where all of them leave room for it, else below it.
    longest = max(len(command) for command, _ in examples)
    if all(longest + len(about) + 6 <= formatter.width for _, about in examples):
        formatter.write_dl(examples, col_max=longest)
        return
    for command, about in examples:
        formatter.write(f"{'':{formatter.current_indent}}{command}\n")
        if about:
            with formatter.indentation(), formatter.indentation():
                formatter.write_text(about)


def _usage(argument: Any) -> str:
    name = str(argument.metavar or argument.name.upper())
    return name if argument.required or name.startswith("[") else f"[{name}]"
