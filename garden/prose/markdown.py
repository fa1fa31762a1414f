"""A Markdown body as plain text: without what is no prose, in parts that go by what their headings name."""

import re
from collections.abc import Iterator

SECTION_CHARS = 2400

ROLES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(rf"\b(?:{words})", re.IGNORECASE))
    for role, words in (
        ("skip", "references?|resources|sources|see also|related|further reading|bibliograph|changelog|assessment"),
        ("uses", "known uses|examples?|case stud|evidence"),
        ("problem", "problem|tension|conflict|challenge|symptom|forces"),
        ("solution", "solution|principles|practices|recommend|approach|mitigation|extended description"),
        ("implementation", "implementation|how to|steps|execution flow|getting started"),
        (
            "consequences",
            "consequences|benefit|trade-?offs?|risks?|impact|vitality|cognitive era|pitfall|anti-?pattern",
        ),
        ("context", "context|overview|introduction|background|when to|description|summary|motivation"),
    )
)
_FENCE = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1`*~*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
# Each way begins with a plain character, so that the search leaps from one such to the next; what stands before it is
# looked at afterwards.
_NOISE = re.compile(
    r"<!--.*?-->|</?[a-zA-Z][^>\n]{0,300}>|!\[[^\]\n]*\]\([^)\n]*\)|h(?<!\wh)ttps?://[^\s)>\]]+|\[\^?\d{1,3}\](?!\()",
    re.DOTALL,
)
_LINK = re.compile(r"\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])")
HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_MARKER = re.compile(
    r"^[ \t]*(?=[>\[*+|=~_\d-])(?:>[ \t]*)*"
    r"(?:\[![A-Z]+\].*|(?:[-*+]|\d{1,3}[.)])[ \t]+|[ \t:|=-]*\|[ \t:|=-]*$|[-*_=~]{3,}[ \t]*$)?",
    re.MULTILINE,
)
_EMPHASIS = re.compile(r"\*\*{0,2}|_(?<!\w_)_{0,2}(?=\S)|_(?<=\S_)_{0,2}(?!\w)|``*|\\(?=[^\w\s])")

# A hyphen at the end of a line that was broken there; in "pre- and post-natal" it stands for itself.
_BROKEN = re.compile(r"(?<=\w)- (?=[^\W\d_])(?!(?:and|but|nor|or|to)\b)")


def without_noise(body: str) -> str:
    """The body without code blocks, comments, tags, pictures and addresses; the texts of links are kept."""
    if "```" in body or "~~~" in body:
        body = _FENCE.sub("\n", body)
    if "<" in body or "[" in body or "://" in body:
        body = _NOISE.sub(" ", body)
    return _LINK.sub(r"\1", body) if "](" in body or "][" in body else body


def sections(body: str) -> Iterator[tuple[str, str]]:
    """The parts of a body in order as (role, Markdown text); what precedes the first heading is ``opening``."""
    role, start = "opening", 0
    for match in HEADING.finditer(body):
        yield role, body[start : match.start()]
        role, start = role_of(match[1], role), match.end()
    yield role, body[start:]


def role_of(heading: str, before: str) -> str:
    """The role that a heading names; one that names none continues the part before it (a sub-heading does)."""
    for role, pattern in ROLES:
        if pattern.search(heading):
            return role
    return "body" if before in ("opening", "skip") else before


def names_a_role(heading: str) -> bool:
    """Whether a heading names a role by itself."""
    return any(pattern.search(heading) for _, pattern in ROLES)


def plain(markdown: str) -> str:
    """Running text of a piece of Markdown: no marks of lists, quotes, tables, rules or emphasis."""
    text = _MARKER.sub("", markdown).replace("|", " ")
    if "*" in text or "_" in text or "`" in text or "\\" in text:
        text = _EMPHASIS.sub("", text)
    text = " ".join(text.split())
    return _BROKEN.sub("-", text) if "- " in text else text
