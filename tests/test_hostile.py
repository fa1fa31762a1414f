"""A hostile library is shown as text wherever it is shown; the browser's part of this is in test_page_browser."""

import re
import sys
import unicodedata
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from garden.cli import main
from garden.config import PublishSettings, Settings
from garden.plan.batches import cut
from garden.publish.body import Setting, body, ticks
from garden.report import write_report
from garden.report.stills import MOST_NAMES
from garden.review.terminal import Keyboard
from garden.run import Request, Run
from garden.store import Store
from garden.tend import tend
from garden.tools import Tools
from tests.conftest import FakeEncoder
from tests.hostile import TEXTS, hostile_files

MARKUP = {"html_block", "html_inline", "link_open", "image", "fence", "code_block", "blockquote_open", "hr"}
LONGEST = 2_500
GITHUB = 65_536
# What a host turns into links and mentions by itself, wherever it stands in a text.
AUTOMATIC = re.compile(r"https?://|www\.|(?<![\w`&])[@#][A-Za-z0-9]")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hostile")
    for name, text in hostile_files().items():
        (root / name).write_bytes(text.encode())
    return root


@pytest.fixture(scope="module")
def run(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    store = Store(tmp_path_factory.mktemp("store") / "store.sqlite")
    return tend(Request(library, Settings(), "2026-11-24"), Tools(FakeEncoder(), store, lambda: 0.0, lambda *_: None))


@pytest.fixture(scope="module")
def report(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    write_report(run, folder)
    return folder


def tokens(text: str) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        yield token
        yield from token.children or ()


def headings(text: str) -> list[str]:
    found = list(tokens(text))
    return [after.tag for after in found if after.type == "heading_open"]


def is_unseen(letter: str) -> bool:
    """Whether a terminal or a reader's eye would take the letter for something else than a letter."""
    if letter in "\n\u200c\u200d":
        return False
    return unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp", "Cs")


def test_the_library_brings_every_kind_of_trouble_into_the_run(run: Run) -> None:
    assert len(run.library.patterns) == len(hostile_files()) - 1
    assert len(run.problems) == 1
    assert {p.kind for p in run.plan.proposals} >= {"add_link", "remove_link", "remove_entity"}
    shown = "".join(p.reason for p in run.plan.proposals) + "".join(p.title for p in run.library.patterns)
    assert [text for text in TEXTS if text.strip() not in shown] == []


def test_the_markdown_report_has_no_markup_but_its_own(run: Run, report: Path) -> None:
    text = (report / "report.md").read_text(encoding="utf-8")
    assert {token.type for token in tokens(text)} & MARKUP == set()
    owners = {proposal.pattern for proposal in run.plan.proposals if proposal.kind != "merge_entity"}
    merges = any(proposal.kind == "merge_entity" for proposal in run.plan.proposals)
    assert headings(text) == ["h1", "h2", "h2", "h2", *["h3"] * (len(owners) + merges)]
    assert max(map(len, text.splitlines())) < LONGEST
    assert [letter for letter in text if is_unseen(letter)] == []


def test_a_pull_request_has_one_line_for_each_proposal_and_no_markup_but_its_own(run: Run) -> None:
    patterns = {pattern.slug: pattern for pattern in run.library.patterns}
    for batch in cut(run.plan.proposals, run.library.patterns, PublishSettings(open=100)).now:
        text = body(batch, Setting(run.id, patterns, run.before, run.after, waiting=3))
        assert len(text) < GITHUB
        assert ticks(text).ticked == {proposal.id for proposal in batch.proposals}
        assert ticks(text).whole
        assert not ticks(text).unticked
        kinds = [token for token in tokens(text) if token.type in MARKUP]
        assert all(own_markup(token.content) for token in kinds), [token.content for token in kinds]
        assert headings(text) == ["h2"]
        assert [letter for letter in text if is_unseen(letter)] == []


def own_markup(content: str) -> bool:
    """Whether HTML in a body is what the body itself writes: comments around the list, and folded evidence."""
    own = re.sub(r"</?(?:details|summary|br|code)>|<!-- graph-garden \w+ -->", "", content)
    return "<" not in own and ">" not in own


def test_no_host_makes_a_link_or_a_mention_of_what_stands_in_a_pull_request(run: Run) -> None:
    patterns = {pattern.slug: pattern for pattern in run.library.patterns}
    for batch in cut(run.plan.proposals, run.library.patterns, PublishSettings(open=100)).now:
        text = body(batch, Setting(run.id, patterns, run.before, run.after, waiting=0))
        lines = [line for line in text.splitlines() if line.startswith("- [x]")]
        assert [found for line in lines for found in AUTOMATIC.findall(line)] == []


def test_the_page_holds_no_element_and_no_attribute_of_the_library(report: Path) -> None:
    html = (report / "report.html").read_text(encoding="utf-8")
    outside = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    assert re.findall(r"<(?:img|iframe|base|object|embed|svg onload)\b|\son\w+=|javascript:", unquoted(outside)) == []
    assert [letter for letter in outside if is_unseen(letter)] == []


def unquoted(html: str) -> str:
    """The page's tags alone, without what stands between them."""
    return " ".join(re.findall(r"<[a-zA-Z/][^<>]*>", html))


def test_pictures_name_communities_as_text(report: Path) -> None:
    svg = (report / "pictures" / "map.svg").read_text(encoding="utf-8")
    assert "javascript:" not in svg or "<a" not in svg
    assert svg.count('class="bed"') <= MOST_NAMES
    assert re.findall(r"<(?:script|image|a|foreignObject|use)\b", svg) == []
    assert [letter for letter in svg if is_unseen(letter)] == []


@pytest.mark.parametrize(
    "command",
    [
        ("check",),
        ("check", "--json"),
        ("health",),
        ("health", "--json"),
        ("tend",),
        ("tend", "--json"),
        ("tend", "--only", "p\x1b[2J\u202e"),
        ("review",),
        ("learn",),
        ("undo", "no\x1bsuch"),
    ],
    ids=" ".join,
)
def test_a_terminal_has_nothing_to_obey(
    command: tuple[str, ...],
    library: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("garden.workshop.SentenceEncoder", lambda settings: FakeEncoder())
    monkeypatch.setattr("garden.commands.review.Keyboard", lambda: Keyboard(sys.stdout, StringIO("s\n" * 400)))
    monkeypatch.chdir(tmp_path)
    name, *rest = command
    words = [name, *rest, str(library)] if name == "undo" else [name, str(library), *rest]
    monkeypatch.setattr(sys, "argv", ["garden", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert ended.value.code in (None, 0, 1, 2)
    assert printed.out + printed.err
    assert [letter for letter in printed.out + printed.err if is_unseen(letter)] == []
