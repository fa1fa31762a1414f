"""Review: a run's proposals one question at a time, each answered by a person or a script, and what follows."""

from garden.review.answers import Answer, Question, accepted_above, questions
from garden.review.ask import ask
from garden.review.given import Given, answers_from, proposals_from
from garden.review.settle import Reviewed, settle
from garden.review.terminal import Keyboard, Terminal

__all__ = [
    "Answer",
    "Given",
    "Keyboard",
    "Question",
    "Reviewed",
    "Terminal",
    "accepted_above",
    "answers_from",
    "ask",
    "proposals_from",
    "questions",
    "settle",
]
