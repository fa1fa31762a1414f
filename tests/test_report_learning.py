import re

from garden.models import Bin, Reliability
from garden.plan.outcomes import Learning, Outcome, learning
from garden.report.learning import backtest_markdown, learning_document, learning_markdown, learning_screen, sentence
from garden.report.terminal_health import print_health


def outcome(confidence: float, *, accepted: bool, kind: str = "add_link") -> Outcome:
    signals = {"lexical": 0.7, "meaning": 0.2} if kind == "add_link" else {}
    return Outcome(kind, "requires" if kind == "add_link" else "", confidence, confidence, signals, accepted, "2026")


TOLD = learning(
    [
        *[outcome(0.85, accepted=yes) for yes in (True, True, True, False)],
        outcome(0.55, accepted=False),
        outcome(0.95, accepted=True, kind="remove_entity"),
    ]
)


def test_the_sentence_says_how_many_were_accepted_of_how_many_expected() -> None:
    assert sentence(TOLD) == (
        "4 of 6 proposals accepted, 5 expected. Calibration error 0.167: confidence is surer or less sure than it says."
    )
    assert sentence(learning(())) == "Nothing has been decided yet."


def test_markdown_shows_reliability_kinds_types_and_signals() -> None:
    text = "\n".join(learning_markdown(TOLD))
    for row in (
        "| 0.8 to 0.9 | 4 | 3 | 3.4 | 75% |",
        "| add link | 5 | 3 | 4.0 | 60% |",
        "| remove entity | 1 | 1 | 0.9 | 100% |",
        "| requires | 5 | 3 | 4.0 | 60% |",
        "| lexical | 5 | 3 | 4.0 | 60% |",
    ):
        assert row in text
    assert list(learning_markdown(learning(()))) == []


def test_a_terminal_shows_the_same_and_what_is_too_little_to_learn_from(capsys) -> None:
    print_health(learning_screen(TOLD))
    out = capsys.readouterr().out
    assert re.search(r"0\.8 to 0\.9 +4 +3 +3\.4 +75%", out)
    assert "from 50 of a kind on; so far add link 5, remove entity 1." in " ".join(out.split())
    assert max(map(len, out.splitlines())) <= 80


def test_programs_get_the_same_figures() -> None:
    told = learning_document(TOLD)
    assert told["total"] == {"name": "all", "decided": 6, "accepted": 4, "expected": 4.9}
    assert [row["name"] for row in told["reliability"]] == ["0.5 to 0.6", "0.8 to 0.9", "0.9 to 1.0"]
    assert learning_document(Learning(None, (), (), (), (), None))["total"] is None


def test_markdown_shows_the_backtest_of_confidence_where_there_was_one() -> None:
    table = Reliability(source="backtest", bins=(Bin(confidence=0.55, share=0.4, count=1200),))
    text = "\n".join(backtest_markdown((Reliability(source="decisions", bins=table.bins), table)))
    assert "| 0.55 | 1,200 | 40% |" in text
    assert text.count("How sure is sure") == 1
    assert not list(backtest_markdown((Reliability(source="backtest", bins=()),)))
