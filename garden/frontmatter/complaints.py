"""What is wrong with a front matter, said with its place in the file and a way out."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from yaml import MarkedYAMLError

from garden.errors import FrontMatterError
from garden.frontmatter.places import line_end, line_start, place

LONGEST_QUOTED = 40
# What YAML 1.1 does not allow in a stream: control characters and surrogates.
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

REFUSALS: Mapping[str, str] = {
    "no-front-matter": "the file does not open with front matter; begin it with a line that is only ---, "
    "and close it with another",
    "foreign-front-matter": "this front matter is {0}, which is not read here; write it as YAML between lines that are "
    "only ---, or leave the file out with read.exclude",
    "merge-conflict": "a merge conflict begins here; keep one side and delete the lines <<<<<<<, ======= and >>>>>>> "
    "(within what the machine writes either side will do: a run proposes what it lacks)",
    "unclosed-front-matter": "the front matter that opens here is never closed; "
    "put a line that is only --- after its last key",
    "closed-with-dots": "front matter that is closed with ... is not read here; write --- in place of this line",
    "too-large": "the front matter has {0} bytes, more than {1}; shorten it or raise read.max_front_matter_bytes",
    "too-deep": "this nests deeper than {0} levels; flatten it or raise read.max_depth",
    "control-character": "the character {0} is not allowed in YAML; delete it",
    "not-a-mapping": "front matter must be keys with values (title: ...), but this is {0}",
    "many-documents": "a second YAML document begins here; keep one, "
    "and close front matter with a line that is only ---",
    "tag": "the tag {0} is not allowed; remove it and write the value plainly",
    "tag-mismatch": "{0} is no {1}; remove the tag or mend the value",
    "unknown-alias": "*{0} is read as a YAML alias, but nothing is anchored as &{0}; put the value in quotes",
    "alias-loop": "*{0} stands inside what it repeats; write the value out",
    "alias-bomb": "aliases (*name) make this front matter too large; write the values out",
    "merge": "<< takes over the keys of a mapping, but this is none; write the keys out, or put << in quotes",
    "key-not-text": "the key {0} is not read as text; put it in quotes",
    "placeholder": "{{{{ is read as YAML, where a template means a placeholder; put it in quotes, or leave templates "
    "out with read.exclude",
    "duplicate-key": "the key {0} stands a second time (first on line {1}); keep one of them",
    "bad-date": "{0} is no date ({1}); correct it, or put it in quotes to keep it as text",
    "bad-number": "{0} is no number that can be read; put it in quotes to keep it as text",
}


def refusal(code: str, text: str, index: int, *about: object) -> FrontMatterError:
    """The error of a code in ``REFUSALS`` at ``text[index]``; ``about`` fills the message's gaps."""
    return FrontMatterError(code, REFUSALS[code].format(*map(_short, about)), *place(text, index))


class _Rule(NamedTuple):
    """How one of libyaml's complaints is told: part of its words, our code and message, and which mark is the place."""

    words: str
    code: str
    message: str
    at_context: bool = False


_DIRECTIVE = "a line that begins with % is read as a YAML directive; remove it"
_TAG = "a value that begins with ! is read as a tag; put it in quotes"
_TAB = "a tab indents this line; indent with spaces"
_EXPECTED_KEY = "a key is expected here; close what stands before it, or indent this line as its neighbours"
_AFTER_QUOTE = "something follows the closing quote; quote the whole value, and double a quote inside single quotes"
# The first whose words occur in what libyaml says, problem and context.
_RULES = (
    _Rule(
        "mapping values are not allowed",
        "colon",
        "a ': ' is not expected here; put quotes around the value, or check the indent of this line and the one above",
    ),
    _Rule(
        "found unexpected ':'", "colon", "a ':' is not expected here; put a blank behind it, or quotes around the value"
    ),
    _Rule(
        "could not find expected ':'",
        "colon",
        "this line is no 'key: value'; add the colon, or indent it if it goes on with the value above",
        at_context=True,
    ),
    _Rule(
        "found unexpected end of stream",
        "unclosed-quote",
        "the quote that opens here is not closed before the --- of line {end}; "
        "close it, and indent a --- that belongs to the text",
        at_context=True,
    ),
    _Rule(
        "found unexpected document indicator",
        "unclosed-quote",
        "the quote that opens here runs into a --- or ... at the start of a line; close it, or indent that line",
        at_context=True,
    ),
    _Rule(
        "did not find expected ','",
        "unclosed-bracket",
        "a ',' or the closing bracket is missing before this: the {opener} of line {opened} is still open",
    ),
    _Rule(
        "found unknown escape character",
        "escape",
        "a backslash in double quotes is an escape; double it, or use single quotes",
    ),
    _Rule(
        "hexdecimal number",
        "escape",
        "this escape needs hexadecimal digits; double the backslash, or use single quotes",
    ),
    _Rule("invalid Unicode character", "escape", "this escape is no character; write the character itself"),
    _Rule("tab character where an indentation", "tab", _TAB),
    _Rule("cannot start any token", "reserved-character", "a value cannot begin with {found}; put it in quotes"),
    _Rule(
        "alphabetic or numeric character",
        "reserved-character",
        "a value that begins with {opener} is read as an anchor or alias; put it in quotes",
        at_context=True,
    ),
    _Rule("undefined tag handle", "tag", _TAG, at_context=True),
    _Rule("scanning a tag", "tag", _TAG, at_context=True),
    _Rule("parsing a tag", "tag", _TAG, at_context=True),
    _Rule(
        "block sequence entries are not allowed",
        "indent",
        "a list cannot begin here; put each '- ' on a line of its own below the key, or quote the value",
    ),
    _Rule(
        "did not find expected '-' indicator",
        "indent",
        "this line is no item ('- ') of the list above; indent it as the list needs",
    ),
    _Rule("mapping keys are not allowed", "reserved-character", "a value cannot begin with ?; put it in quotes"),
    _Rule(
        "did not find expected node content",
        "reserved-character",
        "{found} is not expected here; put the value in quotes, or complete it",
    ),
    _Rule("block scalar", "block-text", "after | or > nothing may follow; put the text below, or the value in quotes"),
)


def complaint(error: Exception, text: str, start: int, end: int) -> FrontMatterError:
    """The parser's error about ``text[start:end]`` as ours, with the line and column of the file."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        found = _NO_CHARACTER.search(text, start, end)
        if found:
            return refusal("control-character", text, found.start(), f"U+{ord(found[0]):04X}")
        return FrontMatterError("syntax", f"YAML cannot be read: {error}", *place(text, start))
    problem = min(start + error.problem_mark.index, end)
    context = problem if error.context_mark is None else start + error.context_mark.index
    if text.startswith("%", start):
        return FrontMatterError("directive", _DIRECTIVE, *place(text, start))
    tab = _indenting_tab(text, problem)
    if tab is not None:
        return FrontMatterError("tab", _TAB, *place(text, tab))
    words = f"{error.problem} {error.context}"
    rule = next((rule for rule in _RULES if rule.words in words), None) or _what_is_left(words, text, start, problem)
    message = rule.message.format(
        found=text[problem : problem + 1],
        opener=text[context : context + 1],
        opened=place(text, context)[0],
        end=place(text, end)[0],
    )
    return FrontMatterError(rule.code, message, *place(text, context if rule.at_context else problem))


def _what_is_left(words: str, text: str, start: int, problem: int) -> _Rule:
    """A line that is no entry of the mapping it stands in, something after a quote, or a document that ends early."""
    before = text[line_start(text, problem) : problem].rstrip()
    if "expected <document start>" in words and re.search(r"^\.\.\.", text[start:problem], re.MULTILINE):
        return _Rule("", "many-documents", REFUSALS["many-documents"])
    if before.endswith(("'", '"')):
        return _Rule("", "quote", _AFTER_QUOTE)
    if "expected" in words:
        return _Rule("", "indent", _EXPECTED_KEY)
    return _Rule("", "syntax", "YAML cannot be read here; put the value in quotes")


def _indenting_tab(text: str, index: int) -> int | None:
    begin = line_start(text, index)
    line = text[begin : line_end(text, index)]
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    return begin + indent.index("\t") if "\t" in indent else None


def _short(value: Any) -> str:
    shown = " ".join(str(value).split())
    return shown if len(shown) <= LONGEST_QUOTED else f"{shown[:LONGEST_QUOTED]}…"
