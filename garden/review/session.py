"""The answers of a review as they are given: kept beside the records of runs until they have been carried out."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from garden.ledger import put
from garden.records import RUNS
from garden.review.answers import Answer, Question, answer

SESSION = f"{RUNS}/review.jsonl"


@dataclass
class Session:
    """The answers so far to what is asked, in the order in which they were given, and ``others`` to what is not."""

    root: Path
    answers: dict[str, Answer] = field(default_factory=dict)
    others: Sequence[Answer] = ()

    @classmethod
    def at(cls, root: Path, asked: Sequence[Question]) -> "Session":
        """What an interrupted review left; an answer to a question that has changed is left out."""
        groups = {question.group for question in asked}
        return cls(root, kept(root, asked), [one for one in _read(root) if one.group not in groups])

    def note(self, given: Answer) -> None:
        """Keeps an answer, as the last that was given."""
        self.answers.pop(given.group, None)
        self.answers[given.group] = given
        self._save()

    def forget(self, group: str) -> None:
        """Takes an answer back."""
        self.answers.pop(group, None)
        self._save()

    def _save(self) -> None:
        _write(self.root, (*self.others, *self.answers.values()))


def kept(root: Path, asked: Sequence[Question]) -> dict[str, Answer]:
    """The answers of an interrupted review that are to the very questions asked now, by group."""
    now = {question.group: answer(question, "skipped").ids for question in asked}
    return {one.group: one for one in _read(root) if now.get(one.group) == one.ids}


def end(root: Path, groups: Container[str]) -> None:
    """Forgets the answers to the questions ``groups``: they have been carried out."""
    if left := [one for one in _read(root) if one.group not in groups]:
        _write(root, left)
    else:
        (root / SESSION).unlink(missing_ok=True)


def _read(root: Path) -> list[Answer]:
    path = root / SESSION
    found: list[Answer] = []
    for line in path.read_bytes().splitlines() if path.is_file() else ():
        try:
            found.append(Answer.model_validate_json(line))
        except ValidationError:
            # A session is a convenience: what it cannot tell is asked again.
            continue
    return found


def _write(root: Path, answers: Iterable[Answer]) -> None:
    path = root / SESSION
    put(path.parent / ".gitignore", b"*\n")
    put(path, "".join(f"{one.model_dump_json()}\n" for one in answers).encode())
