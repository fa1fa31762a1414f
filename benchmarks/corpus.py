"""Tends a large library from cold to written, twice, and checks what the product promises on the way.

    python benchmarks/corpus.py FOLDER_OF_PATTERNS

Works on a copy under git in a scratch folder with a cache of its own, so the library stays as it is. Prints each
figure beside its goal; the time of a cold run stands beside that of encoding the same passages alone.
"""

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GIT = ["git", "-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "core.autocrlf=false"]
# A section: from its key to the next line that is not indented.
SECTION = re.compile(rb"^graph_garden:.*?(?=^(?![ \t#\r\n-]|---)|^---|^# \xe2)", re.MULTILINE | re.DOTALL)
ENCODE = """
import sys, time
from pathlib import Path
from garden.config import Settings
from garden.encoder import SentenceEncoder
from garden.entities import labels_of
from garden.library import read
from garden.store import Store
from garden.vectors import embed
library = read(Path(sys.argv[1]), Settings(), Store(Path(sys.argv[2])), lambda *_: None)
passages = [reading.prose.passage for reading in library.readings]
labels = labels_of(library.patterns, [reading.prose for reading in library.readings])
store = Store(Path(sys.argv[2]))
start = time.monotonic()
encoder = SentenceEncoder(Settings().encoder)
embed(passages, encoder, store, lambda *_: None)
print(time.monotonic() - start)
embed(labels, encoder, store, lambda *_: None)
print(time.monotonic() - start)
"""
# What a user of the library alone would write.
PLAIN = """
import sys, time
from pathlib import Path
from garden.config import Settings
from garden.encoder import packaged_folder
from garden.library import read
from garden.store import Store
library = read(Path(sys.argv[1]), Settings(), Store(Path(sys.argv[2])), lambda *_: None)
passages = [reading.prose.passage for reading in library.readings]
start = time.monotonic()
from sentence_transformers import SentenceTransformer
SentenceTransformer(str(packaged_folder()), device="cpu").encode(passages)
print(time.monotonic() - start)
"""


class Bench:
    """A scratch folder, and the rows printed so far."""

    def __init__(self, scratch: Path, source: Path) -> None:
        self.scratch = scratch
        self.root = scratch / "one" / "library"
        self.missed = 0
        shutil.copytree(source, self.root)
        self.git("init", "-q")
        self.commit("as found")

    def git(self, *words: str, cwd: Path | None = None) -> str:
        done = subprocess.run([*GIT, *words], cwd=cwd or self.root, capture_output=True, text=True, check=True)
        return done.stdout

    def commit(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)

    def start(self, *words: str, root: Path | None = None, **environ: str) -> "subprocess.Popen[bytes]":
        """Starts ``garden tend`` as a process whose stdout is its plan."""
        command = [sys.executable, "-m", "garden", "tend", str(root or self.root), "--json"]
        command += ["--report", str(self.scratch / "report"), *words]
        environment = {**os.environ, "GARDEN_CACHE": str(self.scratch / "cache"), **environ}
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)

    def garden(self, *words: str, root: Path | None = None, **environ: str) -> tuple[dict, float, int]:
        """Runs ``garden tend``: its JSON, its seconds, and its peak memory in MB."""
        start = time.monotonic()
        with self.start(*words, root=root, **environ) as process:
            assert process.stdout is not None
            out = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"garden tend {' '.join(words)} exited with {process.returncode}")
        seconds = time.monotonic() - start
        return json.loads(out), seconds, usage.ru_maxrss // 1024

    def row(self, what: str, value: object, goal: str, good: bool) -> None:
        self.missed += not good
        print(f"| {what} | {value} | {goal} | {'yes' if good else '**no**'} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=Path, help="work here and leave everything, vectors included, for the next time")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        scratch = args.keep or Path(temporary)
        shutil.rmtree(scratch / "one", ignore_errors=True)
        shutil.rmtree(scratch / "two", ignore_errors=True)
        scratch.mkdir(exist_ok=True, parents=True)
        bench = Bench(scratch, args.folder)
        print("| what | measured | goal | met |\n|---|---:|---:|---|")
        times(bench)
        checked(bench)
        plan = written(bench)
        shape(bench, plan)
        one_changed(bench, "tended")
        interrupted(bench)
        edited_meanwhile(bench)
    sys.exit(bool(bench.missed))


def checked(bench: Bench) -> None:
    """What ``garden check`` says: this library is known to have two files that do not parse."""
    command = [sys.executable, "-m", "garden", "check", str(bench.root), "--json"]
    environment = {**os.environ, "GARDEN_CACHE": str(bench.scratch / "cache")}
    said = json.loads(subprocess.run(command, env=environment, capture_output=True, check=False).stdout)
    places = [f"{p['path']}:{p['line']}:{p['column']}" for p in said["problems"]]
    bench.row("garden check: patterns", said["patterns"], "3,614", said["patterns"] == 3614)
    bench.row("garden check: problems", ", ".join(places), "2", len(places) == 2)


def times(bench: Bench) -> None:
    """A cold run, one with nothing changed, one with one pattern changed."""
    if not (bench.scratch / "cache").exists():
        cold(bench)
    plan, _, _ = bench.garden()
    again, warm, _ = bench.garden()
    bench.row("nothing changed, s", f"{warm:.1f}", "6 (aim 3)", warm < 6)
    same = again["proposals"] == plan["proposals"]
    bench.row("nothing changed, the same proposals", same, "True", same)
    heavy = torch_imported(bench)
    bench.row("nothing changed, torch imported", heavy, "False", not heavy)
    one_changed(bench, "untended")


def cold(bench: Bench) -> None:
    """The very first run, beside what encoding its texts alone takes."""
    store = bench.scratch / "encode.sqlite"
    store.unlink(missing_ok=True)

    def encoded(program: str) -> list[float]:
        command = [sys.executable, "-c", program, str(bench.root), str(store)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return list(map(float, done.stdout.split()))

    alone, both = encoded(ENCODE)
    plan, seconds, memory = bench.garden()
    (plain,) = encoded(PLAIN)
    bench.row("patterns read", plan["patterns"], "", True)
    bench.row("encoding the passages with sentence-transformers alone, s", f"{plain:.0f}", "", True)
    bench.row("encoding the passages with our encoder alone, s", f"{alone:.0f}", "", True)
    bench.row("encoding passages and labels with our encoder alone, s", f"{both:.0f}", "", True)
    bench.row("cold dry run, s", f"{seconds:.0f}", "360", seconds < 360)
    for what, other in (("sentence-transformers", plain), ("our encoder", alone)):
        bench.row(f"cold run over the passages with {what}", f"{seconds / other:.2f}", "1.30", seconds / other < 1.3)
    bench.row("peak memory, MB", memory, "2,048", memory < 2048)
    print(f"stages: {plan['seconds']}", file=sys.stderr)


def one_changed(bench: Bench, state: str) -> None:
    changed = sorted(bench.root.glob("*.md"))[100]
    changed.write_text(changed.read_text() + "\nOne more sentence about looking after what is shared.\n")
    touch_title(changed)
    plan, one, _ = bench.garden()
    bench.row(f"one pattern changed, library {state}, s", f"{one:.1f}", "12", one < 12)
    print(f"stages: {plan['seconds']}", file=sys.stderr)
    bench.git("checkout", "-q", ".")


def touch_title(path: Path) -> None:
    """Changes the title, so that the passage changes and must be encoded."""
    text = path.read_text()
    path.write_text(re.sub(r'^title: "?(.*?)"?$', r'title: "\1 Anew"', text, count=1, flags=re.MULTILINE))


TORCH = """
import sys
from garden.cli import app
try:
    app()
except SystemExit:
    print('torch' in sys.modules)
"""


def torch_imported(bench: Bench) -> bool:
    command = [sys.executable, "-c", TORCH, "tend", str(bench.root), "--report", str(bench.scratch / "report")]
    environment = {**os.environ, "GARDEN_CACHE": str(bench.scratch / "cache")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1] == "True"


def written(bench: Bench) -> dict:
    """Writes everything, and compares what git sees with what the plan said."""
    two = bench.scratch / "two" / "library"
    shutil.copytree(bench.root, two)
    shutil.rmtree(two / ".git")
    same = byte_equal(bench, two)
    bench.row("two folders, other hash seeds: equal plans and patches", same, "True", same)
    before = {path.name: path.read_bytes() for path in bench.root.glob("*.md")}
    plan, seconds, _ = bench.garden("--write")
    bench.row("run that writes, s", f"{seconds:.0f}", "", True)
    outside = sum(not kept_outside(before[path.name], path.read_bytes()) for path in bench.root.glob("*.md"))
    bench.row("files changed outside the section", outside, "0", outside == 0)
    stat = [line.split("\t") for line in bench.git("diff", "--numstat").splitlines()]
    counted = sorted((int(a), int(r), path) for a, r, path in stat)
    said = sorted((a, r, path) for a, r, path in plan["numstat"])
    lines = f"{sum(added for added, *_ in counted):,}+ {sum(removed for _, removed, _ in counted):,}-"
    bench.row("git's line counts are the plan's", lines, "equal", counted == said)
    patch = bench.scratch / "report" / "changes.patch"
    bench.git("init", "-q", cwd=two)
    bench.git("apply", "--whitespace=nowarn", str(patch), cwd=two)
    applied = all((two / path.name).read_bytes() == path.read_bytes() for path in bench.root.glob("*.md"))
    bench.row("the patch applied to a copy gives the same tree", applied, "True", applied)
    bench.commit("tended")
    again, _, _ = bench.garden("--write", "--today", "2030-01-01")
    clean = not bench.git("status", "--porcelain")
    bench.row("second run: proposals", len(again["proposals"]), "0", not again["proposals"])
    bench.row("second run: tree unchanged", clean, "True", clean)
    return plan


def byte_equal(bench: Bench, two: Path) -> bool:
    made = []
    for root, seed in ((bench.root, "1"), (two, "2")):
        bench.garden(root=root, PYTHONHASHSEED=seed, SOURCE_DATE_EPOCH="1780000000")
        files = ("plan.json", "changes.patch", "report.md")
        made.append([(bench.scratch / "report" / name).read_bytes() for name in files])
    return made[0] == made[1]


def kept_outside(before: bytes, after: bytes) -> bool:
    """Whether what stands outside the section is equal; where there was none, whether one was put in and no more."""
    if SECTION.search(before):
        return SECTION.sub(b"", before, count=1) == SECTION.sub(b"", after, count=1)
    head = next((place for place, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    start = after.rfind(b"\n", 0, head) + 1
    put_in = after[start : len(after) - (len(before) - start)]
    lines = re.compile(rb"(# .*\n)*graph_garden:\n(?:[ -].*\n)+")
    return after[:start] + after[start + len(put_in) :] == before and lines.fullmatch(put_in) is not None


def as_found(bench: Bench, name: str) -> Path:
    """The library once more as it was found, without git."""
    root = bench.scratch / name / "library"
    shutil.rmtree(root.parent, ignore_errors=True)
    shutil.copytree(bench.root, root)
    bench.git("--work-tree", str(root), "checkout", "-q", "-f", "HEAD~1", "--", ".")
    bench.git("reset", "-q")
    shutil.rmtree(root / ".git")
    return root


def writing(bench: Bench, root: Path, until: int) -> "subprocess.Popen[bytes]":
    """A run that writes, given when so many files have changed."""
    before = {path: path.stat().st_mtime_ns for path in sorted(root.glob("*.md"))}
    process = bench.start("--write", root=root)
    while sum(path.stat().st_mtime_ns != time_ for path, time_ in before.items()) < until:
        if process.poll() is not None:
            sys.exit("the run ended before it had written enough")
    return process


def interrupted(bench: Bench) -> None:
    """A run killed while it writes: every file is old or new, and the next run completes."""
    root = as_found(bench, "three")
    old = {path.name: path.read_bytes() for path in root.glob("*.md")}
    with writing(bench, root, 1000) as process:
        process.kill()
    kinds = {"old": 0, "new": 0, "torn": 0}
    for path in sorted(root.glob("*.md")):
        raw = path.read_bytes()
        new = raw == (bench.root / path.name).read_bytes()
        kinds["new" if new else "old" if raw == old[path.name] else "torn"] += 1
    bench.row(
        "killed while writing: old, new, torn files",
        ", ".join(map(str, kinds.values())),
        "none torn",
        not kinds["torn"],
    )
    bench.garden("--write", root=root)
    strays = [path.name for path in root.rglob(".*.garden-tmp")]
    again, _, _ = bench.garden(root=root)
    done = not again["proposals"] and not strays
    bench.row("the run after the kill completes: proposals left", len(again["proposals"]), "0", done)


def edited_meanwhile(bench: Bench) -> None:
    """A file that someone edits while the run writes is skipped and named, and keeps the edit."""
    root = as_found(bench, "four")
    last = max(root.glob("*.md"))
    edited = last.read_bytes() + b"\nEdited meanwhile.\n"
    with writing(bench, root, 10) as process:
        last.write_bytes(edited)
        assert process.stdout is not None
        plan = json.loads(process.stdout.read())
    named = [p["path"] for p in plan["problems"] if p["code"] == "changed-meanwhile"]
    kept = last.read_bytes() == edited
    bench.row(
        "a file edited meanwhile: named, and kept",
        f"{named == [last.name]}, {kept}",
        "True, True",
        kept and named == [last.name],
    )


def shape(bench: Bench, plan: dict) -> None:
    """The figures of health that the corpus is known for."""
    before, after = plan["health"]["before"], plan["health"]["after"]
    for key, goal, good in (
        ("targets_share", ">= .95", after["targets_share"] >= 0.95),
        ("top_target_share", "<= .01", after["top_target_share"] <= 0.01),
    ):
        bench.row(f"{key}: {before[key]} before", after[key], goal, good)
    letters = first_letters(bench)
    bench.row("targets that begin with 'a'", f"{letters:.3f}", "<= .15", letters <= 0.15)


def first_letters(bench: Bench) -> float:
    targets = [
        match
        for path in bench.root.glob("*.md")
        for match in re.findall(r"^ *- target: [\"']?(\S)", path.read_text(), flags=re.MULTILINE)
    ]
    return sum(target == "a" for target in targets) / len(targets)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
