"""The one passage of a pattern that is embedded, by a recipe: title, summary, tension, the problem and the solution.

It has about 254 tokens, in that order of claim; where a body names no such sections, its beginning is taken.
"""

from collections.abc import Sequence

from garden.prose.markdown import SECTION_CHARS, plain

PASSAGE_CHARS = 1500
PROBLEM_SHARE = 0.45
LEAST_KEPT = 0.6


def passage(title: str, summary: str, tension: str, parts: Sequence[tuple[str, str]]) -> str:
    """The passage of a pattern whose body has these parts, each with its role."""
    lead = ". ".join(piece.rstrip(" .") for piece in (title, summary, tension) if piece)
    left = max(0, PASSAGE_CHARS - len(lead) - len(". ") - 1)
    problem, solution = _beginning(parts, "problem", left), _beginning(parts, "solution", left)
    if problem and solution:
        problem = cut(problem, max(int(left * PROBLEM_SHARE), left - len(solution)))
        rest = f"{problem} {cut(solution, max(0, left - len(problem)))}"
    else:
        rest = _opening(parts, summary, left)
    return f"{lead}. {rest}".strip() if lead else rest


def _beginning(parts: Sequence[tuple[str, str]], role: str, room: int) -> str:
    return cut(" ".join(plain(text[:SECTION_CHARS]) for name, text in parts if name == role), room)


def _opening(parts: Sequence[tuple[str, str]], summary: str, room: int) -> str:
    """How the body begins, without the summary where it only says that again, and without what is no prose."""
    texts: list[str] = []
    for role, text in parts:
        if role != "skip":
            texts.append(plain(text[:SECTION_CHARS]))
        if sum(map(len, texts)) > room + len(summary):
            break
    return cut(" ".join(filter(None, texts)).removeprefix(summary).strip(), room)


def cut(text: str, room: int) -> str:
    """The text cut after its last sentence that fits where that is most of it, else after its last whole word."""
    if len(text) <= room:
        return text
    fitting = text[: room + 1]
    stop = fitting.rfind(". ")
    if stop > room * LEAST_KEPT:
        return fitting[: stop + 1]
    return fitting.rsplit(" ", 1)[0] if " " in fitting else text[:room]
