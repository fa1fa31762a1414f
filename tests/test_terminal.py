"""What a terminal shows: no wider than it is, no colours where they are not wanted, nothing that steers it."""

import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from typer._completion_classes import completion_init
from typer._completion_shared import get_completion_script

from tests.live.forge import ROOT, Forge, forging
from tests.test_cli import PATTERNS

GARDEN = [sys.executable, "-m", "garden"]
COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-9]|4[0-9]|9[0-7]|10[0-7])(?:;\d+)*m")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
EVIL = "\x1b]0;owned\x07\x1b[31mred\u202e"


def in_terminal(*words: str, columns: int = 80, **environment: str) -> str:
    """What a command prints on a terminal of its own."""
    leader, follower = pty.openpty()
    import fcntl  # noqa: PLC0415
    import struct  # noqa: PLC0415
    import termios  # noqa: PLC0415

    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    variables = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "NO_COLOR")}
    process = subprocess.Popen(
        [*GARDEN, *words],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**variables, "TERM": "xterm-256color", **environment},
    )
    os.close(follower)
    printed = b""
    while True:
        select.select([leader], [], [])
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        printed += piece
    process.wait()
    os.close(leader)
    return printed.decode()


def piped(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*GARDEN, *words], capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


def shown(text: str) -> list[str]:
    """The lines that stay on the screen: bars that were wiped away are gone."""
    kept = text.replace("\r\n", "\n").rpartition("\x1b[?25h")[2] or text
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", kept).splitlines()


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PATTERNS, tmp_path / "patterns"))


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("command", ["health", "init"])
def test_a_summary_fits_the_screen(library: Path, command: str, columns: int, monkeypatch) -> None:
    monkeypatch.chdir(library.parent)
    lines = shown(in_terminal(command, "patterns", columns=columns))
    assert any("43" in line for line in lines)
    assert max(map(len, lines)) <= columns
    assert len(lines) <= 24


def at_closed(streams: str, *words: str) -> subprocess.CompletedProcess[bytes]:
    command = ["sh", "-c", f'"$@" {streams}', "sh", *GARDEN, *words]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, subprocess.CompletedProcess[str]]]:
    """A folder by its name, and what ``garden check`` says of it where all streams are open."""
    base = tmp_path_factory.mktemp("checked")
    shutil.copytree(PATTERNS, base / "patterns")
    (base / "bad").mkdir()
    (base / "bad" / "bad.md").write_text("---\ntitle: [1,\n---\n")
    return cache(lambda name: (base / name, piped("check", str(base / name))))


@pytest.mark.parametrize("streams", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(("name", "code"), [("patterns", 0), ("bad", 1), ("nowhere", 1)])
def test_a_closed_stream_changes_no_exit_code_and_nothing_goes_to_another(
    checked: Callable[[str], tuple[Path, subprocess.CompletedProcess[str]]], streams: str, name: str, code: int
) -> None:
    folder, open_ = checked(name)
    closed = at_closed(streams, "check", str(folder))
    assert closed.returncode == open_.returncode == code
    assert closed.stdout.decode() == ("" if re.search(r"(?<!2)>&-", streams) else open_.stdout)
    assert b"Traceback" not in closed.stderr


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "utf-8"])
@pytest.mark.parametrize("words", [["check"], ["check", "--json"]])
def test_a_character_that_the_output_cannot_hold_is_escaped(library: Path, encoding: str, words: list[str]) -> None:
    (library / "naïve 🌱 ….md").write_text("---\ntitle: [1,\n---\n")
    done = subprocess.run(
        [*GARDEN, words[0], str(library), *words[1:]],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    text = done.stdout.decode(encoding)
    if "--json" in words:
        assert json.loads(text)["problems"][0]["path"] == "naïve 🌱 ….md"
    else:
        shown = {"ascii": r"na\u00efve \ud83c\udf31 \u2026.md", "latin-1": r"naïve \ud83c\udf31 \u2026.md"}
        assert text.startswith(shown.get(encoding, "naïve 🌱 ….md"))


def test_colours_are_left_out_where_no_color_is_set(library: Path) -> None:
    (library / "garden.toml").write_text("[health]\ncycles = 0\n")
    with_colours = in_terminal("health", str(library))
    without = in_terminal("health", str(library), NO_COLOR="1")
    assert "Alarm" in with_colours
    assert COLOUR.search(with_colours)
    assert "Alarm" in without
    assert not COLOUR.search(without)


@pytest.mark.parametrize("command", ["check", "health", "init"])
def test_a_pipe_holds_no_control_characters_whatever_the_library_says(library: Path, command: str) -> None:
    (library / f"evil{EVIL}.md").write_text("---\ntitle: [1,\n---\n")
    (library / "evil.md").write_text(
        f'---\ntitle: "{EVIL.encode("unicode_escape").decode().replace("x1b", "e").replace("x07", "a")}"\n'
        "slug: evil\nrelated: [review-rota]\n---\n\nA rota of reviewers.\n"
    )
    done = piped(command, str(library), TERM="xterm-256color")
    assert done.stdout
    assert CONTROL.findall(done.stdout) == []
    assert CONTROL.findall(done.stderr) == []
    assert "\u202e" not in done.stdout + done.stderr


def test_a_terminal_is_not_steered_by_what_the_library_says(library: Path) -> None:
    (library / f"evil{EVIL}.md").write_text("---\ntitle: [1,\n---\n")
    text = in_terminal("check", str(library))
    assert "\\u001b]0;owned" in text
    assert "\x1b]0;owned" not in text
    assert "\x07" not in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("tend", "nowhere"), "name a folder that holds Markdown patterns"),
        (("tned", "patterns"), "Did you mean 'tend'?"),
        (("tend", "patterns", "--wirte"), "--write"),
        (("undo", "nothing", "patterns"), "no run or proposal"),
    ],
)
def test_an_error_says_what_to_do_and_nothing_goes_to_stdout(library: Path, words, says: str) -> None:
    done = subprocess.run([*GARDEN, *words], cwd=library.parent, capture_output=True, text=True, check=False)
    assert done.returncode in (1, 2)
    assert says in done.stderr
    assert done.stdout == ""


def test_a_setting_that_is_misspelt_is_told_its_name(library: Path) -> None:
    (library / "garden.toml").write_text("[links]\nmots = 1\n")
    done = piped("check", str(library))
    assert "links.mots: there is no such setting; near it: most" in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell_completes_commands_options_and_slugs(
    library: Path, completing: Callable[[str, str], list[str]], shell: str
) -> None:
    completion_init()
    script = get_completion_script(prog_name="garden", complete_var="_GARDEN_COMPLETE", shell=shell)
    assert "garden" in script
    assert "_GARDEN_COMPLETE" in script
    assert completing(shell, "garden te") == ["tend"]
    assert "--write" in completing(shell, f"garden tend {library} --wr")
    assert completing(shell, f"garden tend {library} --only review-") == ["review-as-conversation", "review-rota"]
    assert completing(shell, f"garden explain {library} review-r") == ["review-rota"]
    assert completing(shell, f"garden explain {library} review-rota lazy") == ["lazy-consensus"]
    assert completing(shell, "garden tend nowhere --only review-") == []


@pytest.fixture(scope="module")
def completing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], list[str]]]:
    folder = tmp_path_factory.mktemp("completing")
    with forging(folder, ["garden.cli"], os.environ) as forge:
        yield lambda shell, line: complete(forge, folder, shell, line)


def complete(forge: Forge, folder: Path, shell: str, line: str) -> list[str]:
    """What a shell would offer for the last word of a line, by the protocol of its script."""
    variables = {"_GARDEN_COMPLETE": f"complete_{shell}", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
    variables |= {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    out, err = folder / "out", folder / "err"
    forge.start("tests.live.completing", cwd=ROOT, env={**os.environ, **variables}, out=out, err=err).wait(timeout=300)
    assert "Traceback" not in err.read_text(encoding="utf-8")
    printed = out.read_text(encoding="utf-8")
    return re.findall(r'(?:\(\(|\n)"([\w-]+)"', printed) if shell == "zsh" else words_of(printed)


def words_of(printed: str) -> list[str]:
    return [line.split("\t")[0] for line in printed.splitlines() if line.strip()]


def script_and_surroundings(library: Path, shell: str) -> tuple[str, dict[str, str]]:
    """A shell's script, and an environment in which ``garden`` is a command."""
    completion_init()
    script = get_completion_script(prog_name="garden", complete_var="_GARDEN_COMPLETE", shell=shell)
    wrapper = library.parent / "garden"
    wrapper.write_text(f"#!{sys.executable}\nfrom garden.cli import main\n\nmain()\n")
    wrapper.chmod(0o755)
    path = f"{library.parent}{os.pathsep}{os.environ['PATH']}"
    return script, {**os.environ, "PATH": path, "HOME": str(library.parent), "TERM": "dumb"}


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_takes_the_script(library: Path) -> None:
    script, around = script_and_surroundings(library, "bash")
    typed = f"COMP_WORDS=(garden tend {library} --only review-r); COMP_CWORD=4"
    ask = f'{typed}; _garden_completion garden; echo "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", f"{script}\n{ask}"], env=around, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["review-rota"]


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed: apt-get install fish")
def test_fish_takes_the_script(library: Path) -> None:
    script, around = script_and_surroundings(library, "fish")
    ask = f"complete -C 'garden tend {library} --only review-r'"
    done = subprocess.run(["fish", "-c", f"{script}\n{ask}"], env=around, capture_output=True, text=True, check=True)
    assert words_of(done.stdout) == ["review-rota"]


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed: apt-get install zsh")
def test_zsh_takes_the_script(library: Path) -> None:
    script, around = script_and_surroundings(library, "zsh")
    (library.parent / "_garden").write_text(script)
    # zsh completes where somebody types. The line is then left in a file and not carried out.
    (library.parent / ".zshrc").write_text(
        "autoload -Uz compinit; compinit -u -D; source ./_garden\n"
        'show() { print -r -- "$BUFFER" > line; exit; }\nzle -N show; bindkey "^X" show; bindkey "^I" complete-word\n'
    )
    leader, follower = pty.openpty()
    with subprocess.Popen(
        ["zsh", "-i"],
        cwd=library.parent,
        env=around,
        start_new_session=True,
        stdin=follower,
        stdout=follower,
        stderr=follower,
    ) as process:
        os.close(follower)
        os.write(leader, f"garden tend {library} --only review-ro\t\x18".encode())
        with suppress(OSError):
            while os.read(leader, 65536):
                pass
        assert process.wait(timeout=300) == 0
    os.close(leader)
    assert (library.parent / "line").read_text().split()[-2:] == ["--only", "review-rota"]
