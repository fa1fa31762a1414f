"""Carrying out a review: what was accepted is written, what was said is remembered, and all of it can be undone."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from garden import aftermath, ledger, library, records
from garden.edits import Change, Edits, make_edits
from garden.library import Library, Progress
from garden.models import Problem, Proposal
from garden.plan import plan_of
from garden.plan.decisions import Decision, Said, decision
from garden.plan.place import section_place
from garden.review.answers import Answer, Question, edited
from garden.review.session import end, kept
from garden.run import Request
from garden.store import Store

TERMINAL = "terminal"


@dataclass(frozen=True)
class Reviewed:
    """What came of a review: the run's id for ``undo``, the files written and left alone, and what was said."""

    run: str
    paths: tuple[str, ...]
    problems: tuple[Problem, ...]
    decisions: tuple[Decision, ...]


@dataclass(frozen=True)
class Shelf:
    """The library under review, what was asked for, and with what the edits are made."""

    run: str
    request: Request
    library: Library
    store: Store
    progress: Progress


def settle(shelf: Shelf, asked: Sequence[Question], answers: Sequence[Answer], said: Said) -> Reviewed:
    """Writes what was accepted or edited and nothing else; a file changed meanwhile is left alone and named.

    The answers that an interrupted review has kept go before ``answers``, but for a no, which stands. What was said is
    remembered, but for a yes that could not be written. Raises ``LibraryLocked``.
    """
    root = shelf.request.root
    with library.locked(root, shelf.request.patience):
        given = {answer.group: answer for answer in answers}
        denied = {group for group, one in given.items() if one.says == "rejected"}
        before = {group: one for group, one in kept(root, asked).items() if group not in denied}
        before = {group: one for group, one in before.items() if one != given.get(group)}
        given |= before
        wanted = {q.group: _wanted(q, given[q.group], shelf) for q in asked if q.group in given}
        proposals = [proposal for group in wanted.values() for proposal in group]
        edits = edits_of(shelf, proposals)
        written = _write(shelf, edits, proposals)
        problems = (*edits.refused, *written.skipped)
        failed = {problem.path for problem in problems}
        lost = {group for group, made in wanted.items() if any(proposal.path in failed for proposal in made)}
        told = [question for question in asked if question.group in given and question.group not in lost]
        decisions = _decisions(shelf, [q for q in told if q.group not in before], given, said)
        decisions += _decisions(shelf, [q for q in told if q.group in before], given, _earlier(said))
        ledger.add(root, decisions)
        end(root, given)
    return Reviewed(shelf.run, written.paths, problems, tuple(decisions))


def edits_of(shelf: Shelf, proposals: Sequence[Proposal]) -> Edits:
    """The edits that just these proposals come to."""
    patterns, request = shelf.library.patterns, shelf.request
    plan = plan_of(patterns, proposals, request.today)
    place = section_place(patterns, request.settings.section.key)
    by_slug = {pattern.slug: pattern for pattern in patterns}
    changes = [Change(by_slug[slug], wanted, place.anchor, place.banner) for slug, wanted in plan.wanted.items()]
    return make_edits(request.root, changes, request.settings, shelf.store, shelf.progress)


def diff(shelf: Shelf, proposals: Sequence[Proposal]) -> str:
    """The change that the proposals come to, as a unified diff with the files' names.

    A hunk that only sets the date of pruning is left out beside others: every question has it. Line ends of Windows are
    shown as any other.
    """
    told = "".join(f"{edit.path}\n{_telling(edit.hunks)}" for edit in edits_of(shelf, proposals).edits)
    return told.replace("\r\n", "\n")


def _telling(hunks: str) -> str:
    pieces = [piece for piece in re.split(r"^(?=@@ )", hunks, flags=re.MULTILINE) if piece]
    return "".join([piece for piece in pieces if _says_more(piece)] or pieces)


def _says_more(hunk: str) -> bool:
    changed = re.findall(r"^[-+](.*)", hunk, flags=re.MULTILINE)
    return any(not line.lstrip().startswith("last_pruned:") for line in changed)


def _wanted(question: Question, given: Answer, shelf: Shelf) -> tuple[Proposal, ...]:
    if given.says == "accepted":
        return question.proposals
    if given.says == "edited":
        return edited(question, given.fields or {}, shelf.request.settings.vocabulary)
    return ()


def _write(shelf: Shelf, edits: Edits, proposals: Sequence[Proposal]) -> library.Written:
    if not edits.edits:
        return library.Written((), ())
    root, patterns, request = shelf.request.root, shelf.library.patterns, shelf.request
    place = section_place(patterns, request.settings.section.key)
    files = records.file_records(edits.edits, proposals, root, shelf.request.settings.read)
    record = records.Record(shelf.run, request.today, request.settings, place.anchor, place.banner, files)
    if files:
        aftermath.keep(root, record, patterns)
    written = library.write(root, edits.edits, shelf.progress)
    if files:
        records.complete(root, record, [problem.path for problem in written.skipped])
    return written


def _earlier(said: Said) -> Said:
    """Who gave the answers that an interrupted review has kept: whoever sat at this machine's terminal."""
    return said if said.where == TERMINAL else Said("", said.when, TERMINAL)


def _decisions(shelf: Shelf, asked: Sequence[Question], given: Mapping[str, Answer], said: Said) -> list[Decision]:
    by_slug = {pattern.slug: pattern for pattern in shelf.library.patterns}
    found: list[Decision] = []
    for question in asked:
        answer = given[question.group]
        if answer.says != "skipped":
            told = Said(said.who, said.when, said.where, answer.why, answer.until)
            found += [decision(proposal, answer.says, by_slug, told) for proposal in question.proposals]
    return found
