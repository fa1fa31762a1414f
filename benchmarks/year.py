"""A simulated year: 52 weekly runs over 300 corpus patterns whose authors go on writing, and a reviewer with a rule.

    python benchmarks/year.py CORPUS_FOLDER [--weeks 52] [--out benchmarks]

Each week authors edit three texts; every second week a pattern is added, every fourth one is renamed. Then the tool
runs, the reviewer gets what fits into a week's batches, and answers by a rule that the tool does not know: a link is
accepted where its confidence, seen through her own taste (a seeded deviation for each pair of texts), is above a bar
that lets 80 % of the first weeks' links pass; of all else she accepts nine in ten. What she accepts is written and
committed, what she says goes into the ledger. Each week is checked: every file can be read, git counts the lines that
the plan counts, only the machine's section differs, and nothing that she turned down is asked again while both texts
stay as they were.
"""

import argparse
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from garden import ledger, library
from garden.config import PublishSettings, Settings
from garden.encoder import SentenceEncoder
from garden.models import Pattern, Proposal
from garden.plan.batches import cut
from garden.plan.decisions import Said
from garden.plan.outcomes import Outcome, learning, outcomes
from garden.review import Answer, Question, settle
from garden.review.answers import answer
from garden.review.settle import Shelf, edits_of
from garden.run import Request, Run
from garden.store import Store
from garden.tend import Tools, tend

SEED = 7
SIZE, EDITS = 300, 3
START = date(2026, 1, 5)
ACCEPTS, ELSE = 0.8, 0.9
TASTE = 0.6  # Standard deviations of her own taste, in units of log odds.


@dataclass
class Week:
    """The figures of one week. ``links`` and ``yes`` are questions on new links and those accepted."""

    week: int
    patterns: int
    proposals: int
    asked: int
    accepted: int
    links: int
    yes: int
    added: int
    removed: int
    returned: int
    problems: int
    seconds: float


@dataclass
class Reviewer:
    """Answers by a rule of her own, and remembers what she turned down."""

    bar: float | None = None
    no: set[tuple[str, ...]] = field(default_factory=set)
    seen: list[tuple[float, bool]] = field(default_factory=list)

    def says(self, question: Question, texts: dict[str, str]) -> Answer:
        likes = self._likes(question, texts)
        if question.proposals[0].kind == "add_link":
            self.seen.append((question.proposals[0].confidence, likes))
        if not likes:
            self.no |= {key(proposal, texts) for proposal in question.proposals}
        return answer(question, "accepted" if likes else "rejected")

    def set_bar(self, asked: Sequence[Question], texts: dict[str, str]) -> None:
        """The bar that lets four in five of these links pass; it stays for the year."""
        rates = [self._rate(question, texts) for question in asked if question.proposals[0].kind == "add_link"]
        if self.bar is None and len(rates) >= 20:
            self.bar = float(np.quantile(rates, 1 - ACCEPTS))

    def _likes(self, question: Question, texts: dict[str, str]) -> bool:
        if question.proposals[0].kind == "add_link":
            return self._rate(question, texts) >= (self.bar if self.bar is not None else -np.inf)
        return chance(*key(question.proposals[0], texts)) < ELSE

    def _rate(self, question: Question, texts: dict[str, str]) -> float:
        first = question.proposals[0]
        base = first.evidence.get("base", first.confidence)
        sure = min(max(float(base), 0.01), 0.99)
        spread = np.sqrt(2) * erfinv(2 * chance(*sorted((texts[first.pattern], texts[first.target or ""]))) - 1)
        return float(np.log(sure / (1 - sure)) + TASTE * spread)


def chance(*parts: str) -> float:
    """A number in 0..1 that is always the same for the same parts."""
    digest = blake2b("\0".join((str(SEED), *parts)).encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") + 0.5) / 2**64


def erfinv(x: float) -> float:
    """The inverse of the error function (Winitzki's approximation), good to three digits."""
    a = 0.147
    log = np.log(max(1 - x * x, 1e-12))
    part = 2 / (np.pi * a) + log / 2
    return float(np.sign(x) * np.sqrt(np.sqrt(part * part - log / a) - part))


def key(proposal: Proposal, texts: dict[str, str]) -> tuple[str, ...]:
    """What a proposal asks, by texts and not by names, reckoned apart from the ledger's own way of doing so."""
    ends = sorted(texts[slug] for slug in {proposal.pattern, proposal.target or ""} if slug in texts)
    name = "" if proposal.kind in ("add_link", "remove_link") and len(ends) == 2 else proposal.target or ""
    return (proposal.kind, name, proposal.type if proposal.kind == "retype_link" else "", *ends)  # type: ignore[return-value]


class Library:
    """The library in git, and the authors who go on writing."""

    def __init__(self, corpus: Path, folder: Path) -> None:
        rng = np.random.default_rng(SEED)
        names = sorted(
            path.name for path in corpus.glob("*.md") if "graph_garden:" in path.read_text("utf-8", "replace")
        )
        picked = [names[place] for place in rng.permutation(len(names))]
        self.folder, self.rng = folder, rng
        self.pool = [corpus / name for name in picked[SIZE:]]
        folder.mkdir(parents=True)
        for name in picked[:SIZE]:
            shutil.copy(corpus / name, folder / name)
        self.git("init", "-q", "-b", "main")
        self.commit("Begin")

    def git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=author", "-c", "user.email=author@example.org", "-c", "core.quotepath=false"]
        command = ["git", *identity, "-C", str(self.folder), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def commit(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)

    def write_on(self, week: int) -> None:
        """A week's writing: edited texts, now and then a new pattern or another name for one."""
        paths = sorted(self.folder.glob("*.md"))
        for place in self.rng.choice(len(paths), EDITS, replace=False):
            self._edit(paths[place], paths[self.rng.integers(len(paths))])
        if week % 2 == 0:
            new = self.pool.pop()
            shutil.copy(new, self.folder / new.name)
        if week % 4 == 0:
            self._rename(paths[self.rng.integers(len(paths))])
        self.commit(f"Week {week}")

    def _edit(self, path: Path, other: Path) -> None:
        """A paragraph of another text's is added: what the pattern speaks of shifts a little."""
        said = [line for line in other.read_text("utf-8").split("---", 2)[2].splitlines() if len(line) > 120]
        if said:
            raw = path.read_bytes()
            path.write_bytes(raw.rstrip(b"\n") + f"\n\n{said[self.rng.integers(len(said))]}\n".encode())

    def _rename(self, path: Path) -> None:
        slug = f"{path.stem}-{chr(97 + int(self.rng.integers(26)))}"
        text = re.sub(
            rf"(?m)^(slug:\s*)(['\"]?){re.escape(path.stem)}\2\s*$", rf"\g<1>{slug}", path.read_bytes().decode()
        )
        path.rename(path.with_name(f"{slug}.md"))
        path.with_name(f"{slug}.md").write_bytes(text.encode())


def week(number: int, place: Library, reviewer: Reviewer, tools: Tools, settings: Settings) -> Week:
    """One week: the authors write, the tool runs, the reviewer answers, and all of it is checked."""
    started = time.monotonic()
    place.write_on(number)
    today = (START + timedelta(weeks=number)).isoformat()
    run = tend(Request(place.folder, settings, today), tools)
    texts = {pattern.slug: pattern.text_hash for pattern in run.library.patterns}
    returned = sum(key(proposal, texts) in reviewer.no for proposal in run.plan.proposals)
    asked = weekly(run, settings.publish)
    reviewer.set_bar(asked, texts)
    answers = [reviewer.says(question, texts) for question in asked]
    added, removed = carry_out(run, asked, answers, tools, place)
    links = [a for q, a in zip(asked, answers, strict=True) if q.proposals[0].kind == "add_link"]
    return Week(
        week=number,
        patterns=len(run.library.readings),
        proposals=len(run.plan.proposals),
        asked=len(asked),
        accepted=sum(a.says == "accepted" for a in answers),
        links=len(links),
        yes=sum(a.says == "accepted" for a in links),
        added=added,
        removed=removed,
        returned=returned,
        problems=len(run.library.problems),
        seconds=round(time.monotonic() - started, 1),
    )


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
    yes = [p for q, a in zip(asked, answers, strict=True) if a.says == "accepted" for p in q.proposals]
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


def figures(weeks: Sequence[Week], decided: Sequence[Outcome]) -> dict[str, Any]:
    """The year in figures."""
    quarters = [weeks[start : start + 13] for start in range(0, len(weeks), 13)]
    links = [one for one in decided if one.kind == "add_link"]
    late = [one for one in links if one.when >= (START + timedelta(weeks=13)).isoformat()]
    return {
        "seed": SEED,
        "weeks": len(weeks),
        "proposals_first_and_last": [weeks[0].proposals, weeks[-1].proposals],
        "asked": sum(w.asked for w in weeks),
        "link_acceptance_by_quarter": [share(q) for q in quarters],
        "acceptance": round(sum(w.accepted for w in weeks) / max(sum(w.asked for w in weeks), 1), 3),
        "returned": sum(w.returned for w in weeks),
        "calibration_error_links": error(links),
        "calibration_error_links_after_first_quarter": error(late),
        "expected_and_accepted_links": [round(sum(o.confidence for o in links), 1), sum(o.accepted for o in links)],
        "problems": max(w.problems for w in weeks),
        "seconds_a_week": round(float(np.median([w.seconds for w in weeks])), 1),
    }


def share(weeks: Sequence[Week]) -> float | None:
    links = sum(week.links for week in weeks)
    return round(sum(week.yes for week in weeks) / links, 3) if links else None


def error(links: Sequence[Outcome]) -> float | None:
    found = learning(links).error
    return None if found is None else round(found, 4)


def picture(weeks: Sequence[Week]) -> str:
    """Proposals, and the part of links accepted, week by week, as an SVG."""
    wide, high, left, top = 900, 320, 60, 20
    step = (wide - left - 60) / max(len(weeks) - 1, 1)
    most = max(1, *(week.proposals for week in weeks))
    line = " ".join(
        f"{left + i * step:.1f},{top + (high - 60) * (1 - w.proposals / most):.1f}" for i, w in enumerate(weeks)
    )
    rolling = [(i, share(weeks[max(0, i - 3) : i + 1])) for i in range(len(weeks))]
    rate = " ".join(f"{left + i * step:.1f},{top + (high - 60) * (1 - s):.1f}" for i, s in rolling if s is not None)
    ticks = "".join(
        f'<text x="{left + i * step:.0f}" y="{high - 18}" text-anchor="middle">{i}</text>'
        for i in range(0, len(weeks), 4)
    )
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}"
 font-family="sans-serif" font-size="12">
<title>A year of weekly runs: proposals left, and the part of new links that the reviewer accepted</title>
<rect width="{wide}" height="{high}" fill="#fff"/>
<text x="8" y="{top + 4}" fill="#2f5d3a">{most:,}</text>
<text x="8" y="{high - 38}" fill="#2f5d3a">0</text>
<text x="{wide - 52}" y="{top + 4}" fill="#b3541e">100 %</text>
<text x="{wide - 52}" y="{high - 38}" fill="#b3541e">0 %</text>
<polyline points="{line}" fill="none" stroke="#2f5d3a" stroke-width="2.5"/>
<polyline points="{rate}" fill="none" stroke="#b3541e" stroke-width="2.5" stroke-dasharray="6 3"/>
<g fill="#444">{ticks}<text x="{wide / 2:.0f}" y="{high - 2}" text-anchor="middle">week</text></g>
<text x="{left + 20}" y="{top + 14}" fill="#2f5d3a">proposals (solid)</text>
<text x="{wide - 300}" y="{top + 14}" fill="#b3541e">links accepted, four weeks (dashed)</text>
</svg>
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="A simulated year of tending and reviewing.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--out", type=Path, default=Path("benchmarks"))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="garden-year-") as scratch:
        place = Library(asked.corpus, Path(scratch, "library"))
        settings = Settings()
        store = Store(Path(scratch, "store.sqlite"))
        tools = Tools(SentenceEncoder(settings.encoder), store, time.monotonic, lambda *_: None)
        reviewer = Reviewer()
        weeks: list[Week] = []
        for number in range(asked.weeks):
            weeks.append(week(number, place, reviewer, tools, settings))
            print(json.dumps(asdict(weeks[-1])), flush=True)
        found = figures(weeks, outcomes(ledger.read(place.folder).decisions))
    print(json.dumps(found, indent=2))
    (asked.out / "year.json").write_text(
        json.dumps({"figures": found, "weeks": [asdict(one) for one in weeks]}, indent=1) + "\n", encoding="utf-8"
    )
    (asked.out / "year.svg").write_text(picture(weeks), encoding="utf-8")


if __name__ == "__main__":
    main()
