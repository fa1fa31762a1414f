import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from garden.config import HealthSettings
from garden.health import (
    METRICS,
    Aside,
    Bias,
    Figures,
    alarms,
    bias_of,
    curated_leaning,
    health,
    history_line,
    leaning,
    read_history,
    rows,
)
from garden.health.bias import first_letters, gini, spread
from garden.history import health_history, remember_health
from garden.models import Community, Entity, Link, Pattern, Relationship, Section
from garden.names import names_of
from garden.settings import settings_from
from garden.vocabulary import Vocabulary
from tests.githost.garden import Checkout

DEFAULTS = HealthSettings()
LETTERS = "abcdefghijklmnopqrst"


def pattern(
    slug: str,
    links: Sequence[tuple[str, str | None]] = (),
    curated: Sequence[tuple[str, str]] = (),
    entities: Sequence[str] = (),
    communities: Sequence[str] = (),
    pruned: str | None = None,
    bare: bool = False,
) -> Pattern:
    section = Section(
        last_pruned=pruned,
        links=tuple(Link(index=n, target=target, type=type_) for n, (target, type_) in enumerate(links)),
        entities=tuple(Entity(index=n, id=one, label=one) for n, one in enumerate(entities)),
        communities=tuple(Community(index=n, id=one, label=one) for n, one in enumerate(communities)),
    )
    return Pattern(
        path=f"{slug}.md",
        slug=slug,
        title=slug,
        relationships=tuple(Relationship(kind=kind, target=target) for kind, target in curated),
        section=None if bare else section,
        file_hash="f",
        text_hash="t",
    )


def figures(*patterns: Pattern, sections: Mapping[str, Section] | None = None, aside: Aside | None = None) -> Figures:
    ordered = sorted(patterns, key=lambda one: one.slug)
    return health(ordered, names_of(ordered, ["unreadable"]), Vocabulary(), sections, aside)


def alphabet(size: int) -> list[str]:
    return sorted(f"{LETTERS[n % len(LETTERS)]}{n:04}" for n in range(size))


def fair(size: int, links: int, seed: int) -> list[int]:
    return [int(place) for place in np.random.default_rng(seed).integers(0, size, links)]


def popular(size: int, links: int, seed: int) -> list[int]:
    """A fair library as people make them: some patterns are linked far more than others, wherever they stand."""
    rng = np.random.default_rng(seed)
    weight = rng.permutation(1 / np.arange(1, size + 1) ** 0.8)
    return [int(place) for place in rng.choice(size, links, p=weight / weight.sum())]


def test_where_a_part_was_not_looked_at_nobody_knows_what_is_dead():
    patterns = [pattern("a", links=[("gone", "requires")], curated=[("requires", "nowhere")])]
    found = health(patterns, names_of(patterns, ["gone", "nowhere"], whole=False), Vocabulary())
    assert (found["links"], found["curated"]) == (1, 1)
    assert (found["links_dangling"], found["links_dangling_share"], found["curated_dangling"]) == (None, None, None)


def test_counts_what_is_wrong_with_links_one_by_one():
    found = figures(
        pattern(
            "a",
            links=[("b", "enables"), ("b", "enabler"), ("c", None), ("gone", "requires"), ("unreadable", "requires")],
            curated=[("complementary", "c"), ("requires", "nowhere"), ("requires", "unreadable")],
        ),
        pattern("b", links=[("a", "requires"), ("c", "complementary")]),
        pattern("c"),
    )
    assert {key: found[key] for key in found if key.startswith("links") or key == "inverse_consistency"} == {
        "links": 7,
        "links_dangling": 1,
        "links_dangling_share": 0.1429,
        "links_repeating_curated": 1,
        "links_unknown_type": 1,
        "links_untyped": 1,
        "inverse_consistency": 0.75,
    }
    assert (found["curated"], found["curated_dangling"]) == (3, 1)
    assert (found["targets_share"], found["sources_share"], found["patterns_without_links"]) == (1.0, 0.6667, 0)


def test_every_figure_is_a_json_value_and_has_words_and_every_word_a_figure():
    found = figures(
        pattern("a", links=[("b", "requires")]), pattern("b"), aside=Aside(today="2026-01-02", problems=1, stale=0)
    )
    assert json.loads(json.dumps(found)) == found
    assert set(found) == {metric.key for metric in METRICS}
    assert len({metric.name for metric in METRICS}) == len(METRICS)


def test_a_library_without_links_or_patterns_has_figures_and_raises_no_alarm():
    for found in (figures(), figures(pattern("a"), pattern("b", bare=True))):
        assert found["letter_excess"] is None
        assert found["targets_share"] in (None, 0.0)
        assert alarms(found, DEFAULTS) == ()


def test_sections_can_be_replaced_to_see_a_library_as_it_would_become():
    patterns = [pattern("a", links=[("gone", None)]), pattern("b")]
    after = {"a": Section(links=(Link(index=0, target="b", type="requires"),))}
    assert figures(*patterns)["links_dangling"] == 1
    assert figures(*patterns, sections=after)["links_dangling"] == 0


@pytest.mark.parametrize(
    ("links", "requires", "specializes"),
    [
        ({"a": [("b", "requires")], "b": [("c", "requires")], "c": [("a", "requires")]}, (1, 3), (0, 0)),
        ({"a": [("b", "requires")], "b": [("a", "enables")]}, (0, 0), (0, 0)),
        ({"a": [("b", "requires")], "b": [("a", "requires")]}, (1, 2), (0, 0)),
        ({"a": [("b", "requires"), ("b", "enables")]}, (1, 2), (0, 0)),
        (
            {"a": [("b", "specializes_to")], "b": [("c", "specializes_to")], "a2": [("c", "specializes_to")]},
            (0, 0),
            (0, 0),
        ),
        ({"a": [("b", "specializes")], "b": [("a", "specializes_to")]}, (0, 0), (1, 2)),
        ({"a": [("a", "requires"), ("gone", "requires")]}, (0, 0), (0, 0)),
    ],
)
def test_circles_are_found_whichever_end_tells_the_link(links, requires, specializes):
    slugs = ("a", "a2", "b", "c")
    found = figures(*(pattern(slug, links=links.get(slug, ())) for slug in slugs))
    assert (found["cycles_requires"], found["cycles_requires_patterns"]) == requires
    assert (found["cycles_specializes_to"], found["cycles_specializes_to_patterns"]) == specializes
    assert bool(found["cycles_requires_example"]) is bool(requires[0])


def test_a_circle_over_curated_and_inferred_links_is_shown_by_example():
    found = figures(pattern("a", curated=[("requires", "b")]), pattern("b", links=[("a", "requires")]))
    assert found["cycles_requires_example"] == "a → b → a"


def test_entities_communities_and_ages_are_counted():
    found = figures(
        pattern("a", entities=["value-alignment", "peer-review"], communities=["x", "y"], pruned="2026-01-01"),
        pattern("b", entities=["values-alignment", "peer-review"], communities=["x"], pruned="2026-01-11"),
        pattern("c", entities=["organisational-memory", "organizational-memory"], pruned="soon"),
        pattern("d", bare=True),
        aside=Aside(today="2026-01-31", stale=3),
    )
    assert (found["entities"], found["entity_ids"], found["entity_ids_used_once"]) == (6, 5, 4)
    assert (found["entity_near_duplicates"], found["entities_stale"], found["entities_stale_share"]) == (2, 3, 0.5)
    assert (found["communities"], found["communities_of_one"], found["patterns_without_community"]) == (2, 1, 2)
    assert (found["median_age_days"], found["oldest_age_days"], found["never_pruned"]) == (20, 30, 1)


@pytest.mark.parametrize(
    ("slugs", "letters"),
    [
        (["apple", "pear"], ["a", "p"]),
        (["capec-1", "capec-22"], ["1", "2"]),
        (["Apple", "apricot"], ["a", "a"]),
        (["a", "ab"], ["", "b"]),
        (["alone"], ["a"]),
        ([], []),
    ],
)
def test_letters_are_compared_where_slugs_begin_to_differ(slugs, letters):
    assert first_letters(slugs) == letters


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [([1, 1, 1, 1], 0.0), ([4, 0, 0, 0], 0.75), ([0, 0], None), ([0, 0, 1, 1], 0.5)],
)
def test_gini_of_in_degrees(degrees, expected):
    assert gini(np.array(degrees)) == expected


def test_evenness_leaves_out_the_first_and_measures_against_chance():
    assert spread(np.array([0, 0, 0])) == 1.0
    assert spread(np.array([900] + [1] * 20 + [0] * 80)) > 0.9
    assert spread(np.array([100] * 10 + [0] * 990)) < 0.03


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(("size", "links"), [(40, 10), (60, 50), (300, 900), (1500, 6000)])
def test_a_fair_library_shows_no_bias(size, links, seed):
    slugs = alphabet(size)
    for targets in (fair(size, links, seed), popular(size, links, seed)):
        bias = bias_of(slugs, targets)
        assert bias is not None
        assert bias.signs(DEFAULTS) == ()


@pytest.mark.parametrize("hub", [0, 7, 299])
@pytest.mark.parametrize(("hub_links", "others"), [(400, 600), (400, 20), (30, 10), (5, 0)])
def test_one_true_hub_is_no_bias_wherever_it_stands(hub, hub_links, others):
    bias = bias_of(alphabet(300), [hub] * hub_links + fair(300, others, 1))
    assert bias is not None
    assert bias.signs(DEFAULTS) == ()


def test_links_to_the_first_slugs_of_a_list_are_bias_in_every_way():
    rng = np.random.default_rng(0)
    bias = bias_of(alphabet(1000), rng.integers(0, 20, 3000).tolist())
    assert bias is not None
    assert bias.signs(DEFAULTS) == ("letter", "position", "spread")


def test_half_of_the_links_going_to_the_beginning_is_still_seen():
    rng = np.random.default_rng(0)
    bias = bias_of(alphabet(1000), [*rng.integers(0, 30, 1500).tolist(), *fair(1000, 1500, 1)])
    assert bias is not None
    assert "letter" in bias.signs(DEFAULTS)
    assert "position" in bias.signs(DEFAULTS)


def test_the_same_seed_gives_the_same_test():
    slugs, targets = alphabet(100), fair(100, 300, 4)
    assert bias_of(slugs, targets, 1) == bias_of(slugs, targets, 1)
    assert bias_of(slugs, [], 1) is None


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")


def test_the_corpus_is_flagged_and_the_gardens_of_people_are_not(corpus, gardens):
    targets = []
    slugs = sorted(path.stem for path in corpus.glob("*.md"))
    places = {slug: place for place, slug in enumerate(slugs)}
    for path in sorted(corpus.glob("*.md")):
        section = path.read_text(encoding="utf-8", errors="replace").partition("inferred_links:")[2].split("\n---")[0]
        named = [line.partition("target:")[2].strip(" '\"") for line in section.splitlines() if "target:" in line]
        targets += [places[name] for name in named if name in places]
    found = bias_of(slugs, targets)
    assert isinstance(found, Bias)
    assert found.signs(DEFAULTS) == ("letter", "position", "spread")
    assert len(targets) > 15_000
    checked = 0
    for garden in sorted(path for path in gardens.iterdir() if path.is_dir()):
        notes = [json.loads(line)["slug"] for line in lines_of(garden / "notes.jsonl")]
        links = [json.loads(line)["target"] for line in lines_of(garden / "links.jsonl")]
        order = {slug: place for place, slug in enumerate(sorted(notes))}
        bias = bias_of(sorted(notes), [order[target] for target in links if target in order])
        assert bias is not None
        assert bias.signs(DEFAULTS) == (), garden.name
        checked += 1
    assert checked == 4


def biased_library() -> dict[str, object]:
    slugs = alphabet(200)
    targets = np.random.default_rng(0).choice(slugs[:6], (200, 5))
    return figures(
        *(
            pattern(slug, links=[(str(one), "requires") for one in row])
            for slug, row in zip(slugs, targets, strict=True)
        )
    )


def test_a_biased_library_raises_alarms_that_say_what_to_do():
    raised = alarms(biased_library(), DEFAULTS)
    assert [alarm.figure for alarm in raised] == ["letter_excess", "position", "spread"]
    assert "begin with “a”" in str(raised[0])
    assert all("run garden tend" in alarm.sentence for alarm in raised)
    assert raised[0].value > raised[0].threshold == DEFAULTS.letter_excess


def test_links_and_relationships_are_told_to_lean_each_by_their_own():
    slugs = alphabet(200)
    rows_of_targets = np.random.default_rng(0).choice(slugs[:5], (200, 4)).tolist()
    said = [(slug, [("requires", to) for to in row]) for slug, row in zip(slugs, rows_of_targets, strict=True)]
    curated = [pattern(slug, curated=row) for slug, row in said]
    inferred = [pattern(slug, links=[(to, kind) for kind, to in row]) for slug, row in said]
    signs = ("letter", "position", "spread")
    assert leaning(inferred, names_of(inferred), DEFAULTS) == signs
    assert leaning(curated, names_of(curated), DEFAULTS) == ()
    assert curated_leaning(curated, names_of(curated), DEFAULTS) == signs
    assert curated_leaning(inferred, names_of(inferred), DEFAULTS) == ()


@pytest.mark.parametrize(
    ("setting", "threshold", "figure", "value", "expected"),
    [
        ("top_target_share", 0.05, "top_target_share", 0.06, True),
        ("top_target_share", 0.05, "top_target_share", 0.05, False),
        ("targets_share", 0.9, "targets_share", 0.89, True),
        ("targets_share", 0.9, "targets_share", 0.9, False),
        ("links_dangling_share", 0.1, "links_dangling_share", 0.2, True),
        ("links_dangling_share", None, "links_dangling_share", 0.2, False),
        ("curated_dangling", 0, "curated_dangling", 1, True),
        ("inverse_consistency", 0.9, "inverse_consistency", 0.5, True),
        ("cycles", 0, "cycles_requires", 1, True),
        ("cycles", 0, "cycles_specializes_to", 1, True),
        ("entities_stale_share", 0.1, "entities_stale_share", None, False),
        ("entities_stale_share", 0.1, "entities_stale_share", 0.2, True),
        ("oldest_age_days", 90, "oldest_age_days", 91, True),
        ("problems", 0, "problems", 2, True),
    ],
)
def test_each_threshold_raises_its_alarm_beyond_it_and_not_at_it(setting, threshold, figure, value, expected):
    fine = figures(pattern("a", links=[("b", "complementary")]), pattern("b", links=[("a", "complementary")]))
    settings = DEFAULTS.model_copy(update={setting: threshold})
    raised = alarms({**fine, figure: value}, settings)
    assert [(alarm.figure, alarm.threshold) for alarm in raised] == ([(figure, threshold)] if expected else [])


def test_large_bias_that_chance_could_give_is_no_alarm():
    assert alarms({**biased_library(), "letter_p": 0.2, "position_p": 0.2, "spread": 1.0}, DEFAULTS) == ()


def test_thresholds_are_settings_and_an_empty_one_is_unset():
    settings = settings_from('[health]\nletter_excess = ""\nproblems = 0\n', {"GARDEN_HEALTH__POSITION_SHIFT": ""}, {})
    assert (settings.health.letter_excess, settings.health.position_shift, settings.health.problems) == (None, None, 0)


def test_history_is_read_back_by_date_each_line_once_and_bad_lines_are_named():
    lines = [history_line(figures(pattern(slug)), date) for slug, date in (("a", "2026-02-01"), ("b", "2026-01-01"))]
    assert lines[0].count("\n") == 1
    found = read_history("".join([lines[0], "<<<<<<< ours\n", lines[1], "\n", lines[0], '{"links": 1}\n']))
    assert [entry["date"] for entry in found.entries] == ["2026-01-01", "2026-02-01"]
    assert found.entries[0]["patterns"] == 1
    assert found.unread == (2, 6)


@pytest.mark.parametrize(
    "line",
    [
        '{"date": "soon"}',
        '{"date": "2026-01-01\ud800"}',
        '{"date": 20260101}',
        '["date"]',
        "[" * 20_000,
        '{"date": "2026-01-01", "links": ' + "1" * 5_000 + "}",
    ],
)
def test_a_line_of_the_history_that_is_none_is_passed_over(line):
    good = history_line(figures(pattern("a")), "2026-01-02")
    found = read_history(f"{line}\n{good}")
    assert [entry["date"] for entry in found.entries] == ["2026-01-02"]
    assert found.unread == (1,)


def test_a_history_of_other_bytes_is_read_past_them(tmp_path):
    good = history_line(figures(pattern("a")), "2026-01-02")
    (tmp_path / ".garden").mkdir()
    (tmp_path / ".garden" / "health.jsonl").write_bytes(b'\xff{"date": "\xe9"}\n' + good.encode())
    found = health_history(tmp_path)
    assert [entry["date"] for entry in found.entries] == ["2026-01-02"]
    assert found.unread == (1,)


def test_a_history_that_an_editor_saved_with_a_byte_order_mark_keeps_its_first_line():
    line = history_line(figures(pattern("a")), "2026-01-02")
    found = read_history("\ufeff" + line.replace("\n", "\r\n") + line)
    assert ([entry["date"] for entry in found.entries], found.unread) == (["2026-01-02"], ())


def test_two_branches_that_each_ran_merge_their_histories(tmp_path):
    checkout = Checkout(tmp_path)
    checkout.git("init", "-q", "-b", "main")
    checkout.write("a.md", "")
    checkout.commit("Begin")
    for branch, slug, day in (("one", "a", "2026-01-02"), ("two", "b", "2026-01-01")):
        checkout.git("checkout", "-q", "-b", branch, "main")
        remember_health(tmp_path, figures(pattern(slug)), day)
        checkout.commit(branch)
    checkout.git("merge", "-q", "--no-edit", "one")
    found = health_history(tmp_path)
    assert [entry["date"] for entry in found.entries] == ["2026-01-01", "2026-01-02"]
    assert found.unread == ()


def test_rows_say_better_or_worse_and_leave_out_what_nobody_knows():
    before = figures(pattern("a", links=[("gone", None)]), pattern("b"))
    after = figures(pattern("a", links=[("b", "requires")]), pattern("b"))
    table = {row.metric.key: row for row in rows(before, after)}
    assert (table["links_dangling"].before, table["links_dangling"].after) == ("1", "0")
    assert table["links_dangling"].trend == "better"
    assert table["targets_share"].after == "50.0%"
    assert table["patterns"].trend is None
    assert table["never_pruned"].trend == "same"
    assert "entities_stale" not in table
    assert {row.metric.key for row in rows(before, after, brief=True)} < set(table)
    assert rows(after, before)[0].metric.key == "patterns"
    assert {row.metric.key: row.trend for row in rows({"position": 0.5}, {"position": 0.3})} == {"position": "worse"}


PROGRAM = """
import tests.test_health as t
print(t.json.dumps(t.biased_library()))
"""


def test_the_same_library_gives_the_same_figures_whatever_the_hash_seed(pytestconfig):
    root = str(pytestconfig.rootpath)
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=root,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": root},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert b"letter_excess" in outputs.pop()
