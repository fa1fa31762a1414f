"""One question at a time, in a terminal. Every answer is kept at once, so that a review can be taken up again."""

import datetime
import shutil
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from garden.models import Pattern, Proposal
from garden.report.words import counted, told_apart, visible
from garden.review.answers import Answer, Question, answer, editable
from garden.review.session import Session
from garden.review.terminal import Terminal
from garden.vocabulary import Vocabulary

PROMPT = "[y]es [n]o [e]dit [s]kip [l]ater [b]ack [q]uit ?"
HELP = """  y  yes: it will be written
  n  no: it will not be asked again while the texts stay as they are
  e  edit: change its type or reason, then write it
  s  skip: leave it for another day
  l  later: leave it for 30 days
  b  back to the question before
  q  quit: what was accepted so far is written
Every file that is written gets a new date, last_pruned; where it stands apart, it is left out of what is shown here."""
KEYS = ("y", "n", "e", "s", "l", "b", "q", "?")
LATER = 30
QUOTED = 2
WIDTH = 88
NARROWEST = 40


@dataclass(frozen=True)
class Desk:
    """What a review needs: the library's folder and patterns (by slug), its words, the ISO date, and the diffs."""

    root: Path
    patterns: Mapping[str, Pattern]
    vocabulary: Vocabulary
    today: str
    diff: Callable[[Sequence[Proposal]], str]

    @cached_property
    def titles(self) -> dict[str, str]:
        """What each slug's pattern is called, told apart from others of its title."""
        return told_apart(self.patterns.values())


def ask(asked: Sequence[Question], desk: Desk, terminal: Terminal) -> list[Answer]:
    """Asks every question that an interrupted review has not answered yet; gives all answers, in order of questions."""
    session = Session.at(desk.root, asked)
    if session.answers:
        terminal.show(f"Going on where the last review stopped: {len(session.answers)} answered.")
    place = 0
    while place < len(asked):
        question = asked[place]
        if question.group in session.answers:
            place += 1
            continue
        terminal.show("\n".join(_shown(question, place, len(asked), desk)))
        try:
            key = _choice(terminal)
            given = _answer(key, question, desk, terminal) if key not in ("q", "b") else None
        except KeyboardInterrupt:
            terminal.show(_left(session))
            raise
        if key == "q":
            break
        if key == "b":
            place = _back(asked, place, session)
            continue
        if given:
            session.note(given)
    return [session.answers[question.group] for question in asked if question.group in session.answers]


def _left(session: Session) -> str:
    """What becomes of the answers of a review that is interrupted."""
    count = len(session.answers)
    kept = f"{counted(count, 'answer')} {'is' if count == 1 else 'are'} kept, and not carried out yet"
    return f"{kept}: the next review goes on after them." if count else "Nothing was answered."


def _choice(terminal: Terminal) -> str:
    while True:
        key = terminal.key(PROMPT, KEYS)
        if key != "?":
            return key
        terminal.show(HELP)


def _back(asked: Sequence[Question], place: int, session: Session) -> int:
    """One question back, which is asked again."""
    before = max(place - 1, 0)
    session.forget(asked[before].group)
    return before


def _answer(key: str, question: Question, desk: Desk, terminal: Terminal) -> Answer | None:
    if key == "y":
        return answer(question, "accepted")
    if key == "n":
        return answer(question, "rejected", terminal.line("Why not (may stay empty)"))
    if key == "l":
        until = datetime.date.fromisoformat(desk.today) + datetime.timedelta(days=LATER)
        return answer(question, "snoozed", until=until.isoformat())
    if key == "e":
        fields = _edited(question, desk.vocabulary, terminal)
        return answer(question, "edited").model_copy(update={"fields": fields}) if fields else None
    return answer(question, "skipped")


def _edited(question: Question, vocabulary: Vocabulary, terminal: Terminal) -> dict[str, Any]:
    choices = editable(question, vocabulary)
    if not choices:
        terminal.show("There is nothing to edit in this one: answer yes or no.")
    now: Mapping[str, Any] = question.proposals[0].evidence.get("fields") or {}
    changed: dict[str, Any] = {}
    for name, values in choices.items():
        said = _type(vocabulary, values, str(now[name]), terminal) if values else terminal.line(name, str(now[name]))
        if said != now[name]:
            changed[name] = said
    return changed


def _type(vocabulary: Vocabulary, types: Sequence[str], now: str, terminal: Terminal) -> str:
    """The type that a link is to have; asked again until it is one, by whatever name, or as it was."""
    while (said := terminal.line(f"type ({' '.join(types)})", now)) != now:
        meant = vocabulary.canonical(said)
        if meant is not None:
            return meant
        terminal.show(f"{visible(said)} is none of these. Enter alone leaves {visible(now)}.")
    return said


def _shown(question: Question, place: int, total: int, desk: Desk) -> Iterator[str]:
    yield f"\n{place + 1:,} of {total:,} · {visible(question.heading)} · confidence {question.confidence:.2f}"
    for proposal in question.proposals:
        yield _wrapped(_sentence(proposal, desk.titles))
    yield _wrapped(f"Why: {question.proposals[0].reason}")
    yield from _evidence(question.proposals[0], desk.titles)
    yield "\n".join(f"    {_as_it_stands(line)}" for line in desk.diff(question.proposals).split("\n"))


def _sentence(proposal: Proposal, titles: Mapping[str, str]) -> str:
    owner = titles[proposal.pattern]
    name = proposal.target or ""
    target = titles[name] if name in titles else str(proposal.evidence.get("label") or name)
    verb = proposal.kind.replace("_", " ")
    type_ = f" ({proposal.type})" if proposal.type else ""
    return f"{owner}: {verb}{type_}{f' → {target}' if target else ''}"


def _evidence(proposal: Proposal, titles: Mapping[str, str]) -> Iterator[str]:
    terms = proposal.evidence.get("terms")
    if isinstance(terms, Sequence) and not isinstance(terms, str) and terms:
        yield _wrapped(f"Both speak of: {', '.join(map(str, terms))}")
    sentences = proposal.evidence.get("sentences")
    for said in list(sentences)[:QUOTED] if isinstance(sentences, Sequence) else ():
        slug = said["pattern"]
        yield _wrapped(f"{titles.get(slug, slug)}: “{said['text']}”")


def _wrapped(text: str) -> str:
    # One column is left free: some terminals break a line that ends in their last one.
    width = min(WIDTH, max(shutil.get_terminal_size((WIDTH, 24)).columns - 1, NARROWEST))
    return textwrap.fill(visible(text), width, initial_indent="  ", subsequent_indent="    ")


def _as_it_stands(line: str) -> str:
    """A line of a diff with its blanks; what a terminal would obey is shown by its code."""
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in line)
