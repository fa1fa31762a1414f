"""A simulated year: 52 weekly runs over 300 corpus patterns whose authors go on writing, and a reviewer with a rule.

    python -m benchmarks.year CORPUS_FOLDER [--weeks 52] [--seed 7] [--confidence-alone] [--out benchmarks]

Before the year the plain facts are put right at once, as `garden review --accept-above 0.95` does: links that are dead,
doubled or curated already. Then, each week, authors rewrite a fifth of three texts and put a slip right in three more;
every second week a pattern is added, every fourth one is renamed, and git sees both. The tool runs, the reviewer gets
what fits into a week's batches, and answers by a rule that the tool does not know: see ``year_reviewer``. What she
accepts is written and committed, what she says goes into the ledger.

Each week is checked: every file can be read, git counts the lines that the plan counts, only the machine's section
differs, and nothing that she turned down is asked again before a paragraph of one of its texts was rewritten.

``--confidence-alone`` is the year to compare with: decisions set the confidence, but no signal, type or subject has a
weight of its own. ``year.json`` keeps one year of each seed and way; the picture is drawn of all that learned.
"""

import argparse
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from benchmarks.year_reviewer import Chance, Reviewer
from garden import ledger, library, memory
from garden.config import PublishSettings, Settings
from garden.encoder import SentenceEncoder
from garden.models import Pattern, Proposal
from garden.plan.batches import cut
from garden.plan.decisions import Said
from garden.plan.outcomes import Outcome, learning, outcomes
from garden.plan.taste import Cases, Curve, Numbers, curve_of
from garden.review import Answer, Question, accepted_above, questions, settle
from garden.review.settle import Shelf, edits_of
from garden.run import Request, Run
from garden.tend import tend
from garden.tools import Tools
from garden.workshop import store

SIZE, REWRITTEN, SLIPS = 300, 3, 3
START = date(2026, 1, 5)
SURE = 0.95


@dataclass
class Week:
    """The figures of one week, proposals by kind. ``asked`` and ``yes`` are questions and those accepted,
    ``mended`` links that follow a renamed pattern."""

    week: int
    patterns: int
    proposals: dict[str, int]
    asked: dict[str, int]
    yes: dict[str, int]
    added: int
    removed: int
    mended: int
    returned: int
    problems: int
    seconds: float


class Library:
    """The library in git, and the authors who go on writing."""

    def __init__(self, corpus: Path, folder: Path, seed: int) -> None:
        self.folder, self.rng = folder, np.random.default_rng(seed)
        self.ids: dict[str, str] = {}
        self.domains: dict[str, str] = {}
        self.rewritten: Counter[str] = Counter()
        usable = [path for path in sorted(corpus.glob("*.md")) if self._known(path)]
        picked = [usable[place] for place in self.rng.permutation(len(usable))]
        self.pool = picked[SIZE:]
        self.ids = {path.stem: self.ids[path.stem] for path in picked[:SIZE]}
        folder.mkdir(parents=True)
        for path in picked[:SIZE]:
            shutil.copy(path, folder / path.name)
        self.git("init", "-q", "-b", "main")
        self.commit("Begin")

    def version(self, slug: str) -> str:
        """A pattern by its id, and how often one of its paragraphs was rewritten."""
        return f"{self.ids[slug]} {self.rewritten[self.ids[slug]]}"

    def text(self, slug: str) -> str:
        """What people wrote below the front matter."""
        return body_of(self.folder / f"{slug}.md")[1]

    def domain(self, slug: str) -> str:
        return self.domains[self.ids[slug]]

    def git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=author", "-c", "user.email=author@example.org", "-c", "core.quotepath=false"]
        command = ["git", *identity, "-C", str(self.folder), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def commit(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)

    def write_on(self, week: int) -> None:
        """A week's writing: rewritten texts, slips put right, now and then a new pattern or another name for one."""
        paths = sorted(self.folder.glob("*.md"))
        chosen = [paths[place] for place in self.rng.choice(len(paths), REWRITTEN + SLIPS, replace=False)]
        for path in chosen[:REWRITTEN]:
            self._rewrite(path, paths[self.rng.integers(len(paths))])
        for path in chosen[REWRITTEN:]:
            self._slip(path)
        if week % 2 == 0:
            new = self.pool.pop()
            self._known(new)
            shutil.copy(new, self.folder / new.name)
        if week % 4 == 0:
            self._rename(paths[self.rng.integers(len(paths))])
        self.commit(f"Week {week}")

    def _known(self, path: Path) -> bool:
        """Takes in the id and domain of a pattern; False for one of the older schema or that cannot be read."""
        try:
            front = yaml.load(path.read_text("utf-8").split("\n---", 1)[0], yaml.CSafeLoader)
            self.domains[str(front["id"])] = str(front["ontology"]["domain"])
        except (yaml.YAMLError, KeyError, TypeError, ValueError):
            return False
        self.ids[path.stem] = str(front["id"])
        return front.get("graph_garden") is not None and front.get("slug") == path.stem

    def _rewrite(self, path: Path, other: Path) -> None:
        """A fifth of the paragraphs give way to those of another text: what the pattern speaks of shifts."""
        head, text = body_of(path)
        said = paragraphs(body_of(other)[1])
        own = paragraphs(text)
        if own and said:
            for old in {int(place) for place in self.rng.integers(len(own), size=max(len(own) // 5, 1))}:
                text = text.replace(own[old], said[self.rng.integers(len(said))], 1)
            path.write_bytes((head + text).encode())
            self.rewritten[self.ids[path.stem]] += 1

    def _slip(self, path: Path) -> None:
        """Two letters of one word change places."""
        head, text = body_of(path)
        words = list(re.finditer(r"\b[a-z]{6,}\b", text))
        if words:
            at = words[self.rng.integers(len(words))].start() + 2
            path.write_bytes(f"{head}{text[:at]}{text[at + 1]}{text[at]}{text[at + 2 :]}".encode())

    def _rename(self, path: Path) -> None:
        slug = f"{path.stem}-{chr(97 + int(self.rng.integers(26)))}"
        named = re.compile(rf"^(slug:\s*)(['\"]?){re.escape(path.stem)}\2\s*$", re.MULTILINE)
        text = named.sub(rf"\g<1>{slug}", path.read_bytes().decode())
        path.unlink()
        path.with_name(f"{slug}.md").write_bytes(text.encode())
        self.ids[slug] = self.ids.pop(path.stem)


def body_of(path: Path) -> tuple[str, str]:
    """A file's front matter with its fences, and the rest."""
    text = path.read_bytes().decode()
    end = text.index("\n---", 3) + 4
    return text[:end], text[end:]


def paragraphs(text: str) -> list[str]:
    return [line for line in text.split("\n") if len(line) > 120]


def begin(place: Library, reviewer: Reviewer, tools: Tools, settings: Settings) -> int:
    """Puts the plain facts right, as many as there are, and shows the reviewer what she will judge the rest by."""
    run = tend(Request(place.folder, settings, START.isoformat()), tools)
    reviewer.settle_on(run)
    asked = questions(run.plan.proposals, run.library.patterns)
    answers = accepted_above(asked, SURE)
    carry_out(run, asked, answers, tools, place)
    return len(answers)


def week(number: int, place: Library, reviewer: Reviewer, tools: Tools, settings: Settings) -> Week:
    """One week: the authors write, the tool runs, the reviewer answers, and all of it is checked."""
    started = time.monotonic()
    place.write_on(number)
    today = day(number)
    run = tend(Request(place.folder, settings, today), tools)
    returned = sum(reviewer.key(proposal) in reviewer.no for proposal in run.plan.proposals)
    asked = weekly(run, settings.publish)
    answers = [reviewer.says(question) for question in asked]
    added, removed = carry_out(run, asked, answers, tools, place)
    kinds = [question.proposals[0].kind for question in asked]
    yes = [kind for kind, said in zip(kinds, answers, strict=True) if said.says == "accepted"]
    return Week(
        week=number,
        patterns=len(run.library.readings),
        proposals=dict(sorted(Counter(p.kind for p in run.plan.proposals).items())),
        asked=dict(sorted(Counter(kinds).items())),
        yes=dict(sorted(Counter(yes).items())),
        added=added,
        removed=removed,
        mended=sum(mends(question) for question, said in zip(asked, answers, strict=True) if said.says == "accepted"),
        returned=returned,
        problems=len(run.library.problems),
        seconds=round(time.monotonic() - started, 1),
    )


def mends(question: Question) -> int:
    """How many links that had lost their target to a new name are written anew."""
    return sum(p.kind == "remove_link" and p.evidence["cause"] == "renamed" for p in question.proposals)


def weekly(run: Run, settings: PublishSettings) -> list[Question]:
    """What a reviewer gets in a week: the batches that would be three open pull requests."""
    found: list[Question] = []
    for batch in cut(run.plan.proposals, run.library.patterns, settings).now:
        groups: dict[str, list[Proposal]] = {}
        for proposal in batch.proposals:
            groups.setdefault(proposal.group, []).append(proposal)
        found += [Question(batch.topic, tuple(group)) for group in groups.values()]
    return found


def carry_out(
    run: Run, asked: Sequence[Question], answers: Sequence[Answer], tools: Tools, place: Library
) -> tuple[int, int]:
    """Writes what was accepted, commits it, and checks that git saw what was planned and nothing else."""
    today = run.request.today
    shelf = Shelf(run.id, run.request, run.library, tools.store, tools.progress)
    given = {said.group: said.says for said in answers}
    yes = [p for question in asked if given.get(question.group) == "accepted" for p in question.proposals]
    planned = sorted((edit.added, edit.removed, edit.path) for edit in edits_of(shelf, yes).edits)
    before = {pattern.path: outside(pattern, place.folder) for pattern in run.library.patterns}
    settle(shelf, asked, answers, Said("reviewer", f"{today}T12:00:00Z", "terminal"))
    counted = [line.split("\t") for line in place.git("diff", "--numstat", "--", "*.md").splitlines()]
    assert sorted((int(a), int(r), path) for a, r, path in counted) == planned, "git counts other lines than the plan"
    after = library.read(place.folder, run.request.settings, tools.store, tools.progress)
    changed = [p.path for p in after.patterns if outside(p, place.folder) != before[p.path]]
    assert not changed, f"changed outside the section: {changed}"
    place.commit(f"Review of {today}")
    return sum(edit[0] for edit in planned), sum(edit[1] for edit in planned)


def outside(pattern: Pattern, folder: Path) -> str:
    """A file without its section, by a plain reading of lines that owes nothing to the program's own."""
    kept, inside = [], False
    for line in (folder / pattern.path).read_bytes().decode().split("\n"):
        inside = line.startswith("graph_garden:") or (inside and (not line or line[0] in " \t-#") and line != "---")
        if not inside:
            kept.append(line)
    return "\n".join(kept)


def figures(weeks: Sequence[Week], decided: Sequence[Outcome], seed: int) -> dict[str, Any]:
    """The year in figures."""
    quarters = [weeks[start : start + 13] for start in range(0, len(weeks), 13)]
    links = [one for one in decided if one.kind == "add_link"]
    return {
        "seed": seed,
        "weeks": len(weeks),
        "proposals_by_quarter_end": [standing(weeks[0]), *(standing(quarter[-1]) for quarter in quarters)],
        "asked": sum(sum(w.asked.values()) for w in weeks),
        "acceptance_by_quarter": [share(quarter) for quarter in quarters],
        "link_acceptance_by_quarter": [share(quarter, "add_link") for quarter in quarters],
        "asked_links_by_quarter": [sum(w.asked.get("add_link", 0) for w in quarter) for quarter in quarters],
        "mended": sum(w.mended for w in weeks),
        "told_apart": told_apart(decided),
        "told_apart_links": told_apart(links),
        "returned": sum(w.returned for w in weeks),
        "calibration_error": error(decided),
        "calibration_error_links": error(links),
        "calibration_error_by_quarter": [error(within(decided, q)) for q in quarters],
        "calibration_error_links_by_quarter": [error(within(links, q)) for q in quarters],
        "expected_and_accepted": [round(sum(o.confidence for o in decided), 1), sum(o.accepted for o in decided)],
        "expected_and_accepted_links": [round(sum(o.confidence for o in links), 1), sum(o.accepted for o in links)],
        "problems": max(w.problems for w in weeks),
        "seconds_a_week": round(float(np.median([w.seconds for w in weeks])), 1),
    }


def told_apart(found: Sequence[Outcome]) -> float | None:
    """How often a yes had more confidence than a no (AUC)."""
    yes, no = ([one.confidence for one in found if one.accepted is said] for said in (True, False))
    more = [(a > b) + (a == b) / 2 for a in yes for b in no]
    return round(float(np.mean(more)), 3) if more else None


def standing(week: Week) -> int:
    return sum(week.proposals.values())


def day(number: int) -> str:
    """The date of a week's run; the first comes a week after the beginning."""
    return (START + timedelta(weeks=number + 1)).isoformat()


def share(weeks: Sequence[Week], kind: str = "") -> float | None:
    """The part of what was asked that was accepted, of one kind or of all."""
    asked, yes = (
        sum(count for told in counts for name, count in told.items() if kind in ("", name))
        for counts in ([week.asked for week in weeks], [week.yes for week in weeks])
    )
    return round(yes / asked, 3) if asked else None


def within(decided: Iterable[Outcome], weeks: Sequence[Week]) -> list[Outcome]:
    """The outcomes of some weeks."""
    return [one for one in decided if day(weeks[0].week) <= one.when[:10] <= day(weeks[-1].week)]


def error(found: Sequence[Outcome]) -> float | None:
    told = learning(found).error
    return None if told is None else round(told, 4)


def confidence_alone(cases: Cases, yes: Numbers) -> Curve:
    """What decisions make of confidence, were it all that they are compared by."""
    return curve_of(Cases(cases.base), yes)


def compare_by_confidence() -> None:
    """Makes decisions count in that way. Plans that are remembered were made in the other one: none is used or kept."""
    # The package gives a function of that name, so the room itself is asked for by its whole name.
    vars(import_module("garden.plan.believed"))["curve_of"] = confidence_alone
    vars(memory).update(recalled=lambda *_: None, remember=lambda *_: None)


def kept(path: Path, name: str, year: Mapping[str, Any]) -> dict[str, Any]:
    """The years of a file, this one among them, in order of their names."""
    known = json.loads(path.read_bytes()) if path.is_file() else {}
    years = dict(sorted({**known, name: dict(year)}.items()))
    path.write_text(json.dumps(years, indent=1) + "\n", encoding="utf-8")
    return years


def picture(years: Sequence[Sequence[Week]]) -> str:
    """Proposals, and the part accepted, week by week, as an SVG: each year thin, all of them together thick."""
    wide, high, left, top = 900, 320, 60, 20
    length = min(map(len, years))
    step = (wide - left - 60) / max(length - 1, 1)
    most = max(standing(week) for year in years for week in year)

    def line(values: Sequence[float | None], colour: str, style: str) -> str:
        places = [(i, v) for i, v in enumerate(values) if v is not None]
        points = " ".join(f"{left + i * step:.1f},{top + (high - 60) * (1 - v):.1f}" for i, v in places)
        return f'<polyline points="{points}" fill="none" stroke="{colour}" {style}/>'

    green, brown = "#2f5d3a", "#b3541e"
    thin, thick, dashed = 'stroke-width="1" stroke-opacity="0.45"', 'stroke-width="2.5"', ' stroke-dasharray="6 3"'
    lines = [line([standing(w) / most for w in year], green, thin) for year in years]
    lines += [line([recent([year], i) for i in range(length)], brown, thin + dashed) for year in years]
    lines += [line([float(np.mean([standing(y[i]) / most for y in years])) for i in range(length)], green, thick)]
    lines += [line([recent(years, i) for i in range(length)], brown, thick + dashed)]
    drawn = "\n".join(lines)
    ticks = "".join(
        f'<text x="{left + i * step:.0f}" y="{high - 18}" text-anchor="middle">{i}</text>' for i in range(0, length, 4)
    )
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}"
 font-family="sans-serif" font-size="12">
<title>{len(years)} years of weekly runs: proposals left, and the part that the reviewer accepted</title>
<rect width="{wide}" height="{high}" fill="#fff"/>
<text x="8" y="{top + 4}" fill="#2f5d3a">{most:,}</text>
<text x="8" y="{high - 38}" fill="#2f5d3a">0</text>
<text x="{wide - 52}" y="{top + 4}" fill="#b3541e">100 %</text>
<text x="{wide - 52}" y="{high - 38}" fill="#b3541e">0 %</text>
{drawn}
<g fill="#444">{ticks}<text x="{wide / 2:.0f}" y="{high - 2}" text-anchor="middle">week</text></g>
<text x="{left + 110}" y="{high - 110}" fill="#2f5d3a">proposals (solid)</text>
<text x="{wide - 480}" y="{top + 130}" fill="#b3541e">accepted in four weeks (dashed); thin: one seed, thick: all</text>
</svg>
"""


def recent(years: Sequence[Sequence[Week]], number: int) -> float | None:
    """The part accepted in a week and the three before it."""
    return share([week for year in years for week in year[max(0, number - 3) : number + 1]])


def main() -> None:
    parser = argparse.ArgumentParser(description="A simulated year of tending and reviewing.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--confidence-alone", action="store_true", help="The year to compare with.")
    parser.add_argument("--ledger", type=Path, help="Where to keep the year's ledger, for a closer look.")
    parser.add_argument("--out", type=Path, default=Path("benchmarks"))
    asked = parser.parse_args()
    if asked.confidence_alone:
        compare_by_confidence()
    with tempfile.TemporaryDirectory(prefix="garden-year-") as scratch:
        place = Library(asked.corpus, Path(scratch, "library"), asked.seed)
        settings = Settings()
        # The user's own cache, for the corpus's vectors: without them encoding takes most of the first week.
        tools = Tools(SentenceEncoder(settings.encoder), store(), time.monotonic, lambda *_: None)
        reviewer = Reviewer(place, Chance(asked.seed))
        facts = begin(place, reviewer, tools, settings)
        weeks: list[Week] = []
        for number in range(asked.weeks):
            weeks.append(week(number, place, reviewer, tools, settings))
            print(json.dumps(asdict(weeks[-1])), flush=True)
        decided = outcomes(ledger.read(place.folder).decisions)
        if asked.ledger:
            shutil.copy(place.folder / ledger.LEDGER, asked.ledger)
        found = {"facts": facts, **figures(weeks, within(decided, weeks), asked.seed)}
    print(json.dumps(found, indent=2))
    name = f"seed {asked.seed}{', confidence alone' if asked.confidence_alone else ''}"
    years = kept(asked.out / "year.json", name, {"figures": found, "weeks": [asdict(one) for one in weeks]})
    learned = [[Week(**one) for one in year["weeks"]] for name, year in years.items() if "alone" not in name]
    if learned:
        (asked.out / "year.svg").write_text(picture(learned), encoding="utf-8")


if __name__ == "__main__":
    main()
