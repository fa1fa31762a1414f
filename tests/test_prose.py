import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from garden import prose, terms
from garden.prose import Prose, Sentence, markdown

BODY = """Opening words that say what the whole pattern is about in one line.

> [!NOTE] Confidence Rating: three stars
> This line is a marker of the template and a remark.

---

### Section 1: Context

Teams work **apart** in many places. They `rarely` meet, see [the wiki](https://example.org/wiki) for more of it.

### Section 2: Problem

> **The core conflict is Speed vs. Care.**

Reviews that wait for days make authors lose the thread of their change.
Dr. Who waited for a week, e.g. in May, and left.

```python
# Section 9: Solution
hidden_identifier = 1
```

### Section 3: Solution

> **Therefore, let two people share each review and answer within one working day.**

| head | other |
|------|-------|
| cell | value |

1. **Rota**: a rota names two reviewers for each day of the week.
- and a bullet that is too short

### References

A book that nobody should ever quote from stands here.
"""


def read(body: str = BODY, title: str = "Review Rota", summary: str = "A rota shares the load of reviews.") -> Prose:
    return prose.read(title, (), summary, "Speed vs. Care", body)


def says(said: Prose, word: str) -> bool:
    return terms.term_key(word) in said.keys.tolist()


def test_the_passage_claims_title_summary_tension_problem_and_solution_in_that_order():
    passage = read().passage
    claims = ["Review Rota", "shares the load", "Speed vs. Care", "make authors lose the thread", "Therefore, let two"]
    places = [passage.index(claim) for claim in claims]
    assert places == sorted(places)


def test_a_long_problem_leaves_room_for_the_solution():
    body = f"## Problem\n\n{'The problem goes on. ' * 300}\n\n## Solution\n\nThe solution is short.\n"
    passage = prose.read("T", (), "S", "", body).passage
    assert "The solution is short." in passage
    assert len(passage) <= prose.PASSAGE_CHARS


def test_a_body_without_sections_gives_its_beginning():
    body = "Alpha opens the text. " + "Beta goes on for long. " * 500
    passage = prose.read("Title", (), "Alpha opens the text.", "", body).passage
    assert passage.startswith("Title. Alpha opens the text. Beta goes on")
    assert passage.count("Alpha opens") == 1
    assert len(passage) <= prose.PASSAGE_CHARS


@pytest.mark.parametrize(
    "mark", ["**", "`", "[!NOTE]", "https://", "hidden_identifier", "|", "<!--", "](", "###", ">", "[1]"]
)
def test_no_markdown_is_left_in_what_is_embedded_or_quoted(mark):
    body = BODY + "\n## Problem\n\n<!-- a comment --> A claim with a note[1] in the middle of it, truly.\n"
    said = read(body)
    assert mark not in said.passage
    assert not [sentence for sentence in said.sentences if mark in sentence.text]


@pytest.mark.parametrize(
    ("said", "plainly"),
    [
        ("They think in ten-\nyear arcs.", "They think in ten-year arcs."),
        ("A place for community- making.", "A place for community-making."),
        ("Before and after: pre- and post-natal care.", "Before and after: pre- and post-natal care."),
        ("Of 10 - 20 of them, one - at most - is ours.", "Of 10 - 20 of them, one - at most - is ours."),
    ],
)
def test_a_word_that_was_broken_at_its_hyphen_is_one_word(said, plainly):
    assert markdown.plain(said) == plainly


def test_sentences_carry_the_part_that_they_come_from():
    roles = {sentence.text: sentence.role for sentence in read().sentences}
    assert roles["A rota shares the load of reviews."] == "summary"
    assert roles["Teams work apart in many places."] == "context"
    assert roles["Reviews that wait for days make authors lose the thread of their change."] == "problem"
    assert roles["Therefore, let two people share each review and answer within one working day."] == "solution"


def test_sentences_are_not_cut_at_abbreviations():
    assert "Dr. Who waited for a week, e.g. in May, and left." in {s.text for s in read().sentences}


def test_references_headings_and_markers_are_never_quoted():
    quoted = " ".join(sentence.text for sentence in read().sentences)
    assert "nobody should ever quote" not in quoted
    assert "Confidence Rating" not in quoted
    assert "Section" not in quoted


def test_sentences_are_few_and_of_a_length_to_quote():
    body = "".join(
        f"## {name}\n\n" + f"This sentence number {name} says a thing. " * 40 for name in ("Problem", "Other")
    )
    long = "word " * 60 + "end."
    said = prose.read("T", (), long, "", body + f"\n\n{long.capitalize()}\n")
    assert len(said.sentences) <= prose.MOST_SENTENCES
    assert all(prose.SHORTEST <= len(s.text) <= prose.LONGEST for s in said.sentences)


def test_titles_count_more_and_are_shown_as_the_body_writes_them():
    said = read("The rota is kept by all. A rota helps.", title="Rota")
    place = said.words.index("rota")
    assert said.counts[place] == 2 + 1 + prose.TITLE_WEIGHT


def test_code_comments_and_addresses_are_no_terms():
    said = read()
    assert says(said, "wiki")
    assert not says(said, "identifier")
    assert not says(said, "https")


def test_a_title_repeated_makes_no_phrase_with_itself():
    said = prose.read("Mutual Aid", (), "", "", "")
    assert len(said.phrases) == 1
    assert said.phrase_counts.tolist() == [prose.TITLE_WEIGHT]


@given(st.text(), st.text(), st.lists(st.text(), max_size=3), st.text(), st.text())
def test_any_text_can_be_read_and_comes_back_from_the_cache(title, summary, aliases, tension, body):
    said = prose.read(title, aliases, summary, tension, body)
    again = prose.load(prose.dump(said))
    assert (again.passage, again.sentences, again.words) == (said.passage, said.sentences, said.words)
    for name in ("keys", "counts", "phrases", "phrase_counts"):
        assert np.array_equal(getattr(again, name), getattr(said, name))
    assert len(said.words) == len(said.keys) == len(said.counts)
    assert len(said.passage) <= max(prose.PASSAGE_CHARS, len(title) + len(summary) + len(tension) + 10)


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b[:10], lambda b: b"xxxx" + b[4:], lambda b: b + b"!"])
def test_damaged_bytes_are_refused(damage):
    with pytest.raises(ValueError, match="not the bytes"):
        prose.load(damage(prose.dump(read())))


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Section 2: Problem", "problem"),
        ("3. Key Practices (5-10 practices)", "solution"),
        ("Prerequisites", "body"),
        ("Overview", "context"),
        ("Known Uses", "uses"),
        ("Resources & References", "skip"),
        ("Something else", "body"),
    ],
)
def test_headings_name_roles(heading, role):
    assert [name for name, _ in prose.sections(f"## {heading}\n\ntext")] == ["opening", role]


def test_a_sub_heading_continues_its_section():
    assert [name for name, _ in prose.sections("## Problem\n\na\n\n### In small teams\n\nb")][-1] == "problem"


def test_unclosed_fences_and_stray_brackets_end_in_time():
    body = "```\n" + "[" * 20_000 + "<" * 20_000 + "*_`" * 5_000
    start = time.monotonic()
    prose.read("T", (), "", "", body)
    prose.read("T", (), "", "", body[4:])
    assert time.monotonic() - start < 5


@pytest.mark.slow
def test_most_texts_of_the_corpus_have_many_sentences_to_quote(corpus: Path):
    texts = [path.read_text(encoding="utf-8").split("\n---\n", 1)[-1] for path in sorted(corpus.glob("*.md"))[::8]]
    proses = [prose.read("Title", (), "", "", text) for text in texts]
    assert np.mean([len(said.sentences) for said in proses]) > 15
    assert all(isinstance(sentence, Sentence) for said in proses for sentence in said.sentences)


def test_what_is_listed_in_the_parts_that_a_pattern_is_made_of_is_kept():
    said = read(
        "Opening **bold words**.\n\n## Problem\n\n- **Late:** too late.\n\n## Key Practices\n\n"
        "1. **Ask early**: it helps.\n- Ask often: it helps, too.\n\n### Ask **in turn**\n\nSome text.\n\n"
        "## Implementation\n\n**Begin small.** Then grow.\n\n## References\n\n- **A Book:** by somebody.\n"
    )
    assert said.listed == (
        ("Ask early", "practices"),
        ("Ask often", "practices"),
        ("Ask in turn", "practices"),
        ("Begin small", "implementation"),
    )
    assert prose.load(prose.dump(said)).listed == said.listed


def test_how_a_text_writes_what_it_names():
    said = read("The loops and the feedback loop. A feedback loop, or loops. Of grief; the deep grief of all. A rota.")
    ways = dict(zip(said.keys.tolist(), said.ways.tolist(), strict=True))
    assert [ways[terms.term_key(word)] for word in ("loop", "grief")] == [prose.MANY, prose.BARE]
    phrases = dict(zip(said.phrases.tolist(), said.phrase_ways.tolist(), strict=True))
    told = [terms.phrase_keys(terms.token_keys(text)[1]).tolist() for text in ("feedback loop", "deep grief")]
    assert [phrases[key] for (key,) in told] == [prose.THE | prose.ONE, prose.THE]


def test_what_was_read_from_bytes_goes_on_as_those_bytes_and_has_the_digest_of_what_was_written():
    said = read()
    raw = prose.dump(said)
    again = prose.load(raw)
    assert prose.dump(again) is raw
    assert again.digest == said.digest
    assert prose.dump(replace(again, passage="Another.")) == prose.dump(replace(said, passage="Another."))
