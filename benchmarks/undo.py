"""Whether a proposal of a run on a whole library, taken back, leaves exactly what the others alone would have made.

    python benchmarks/undo.py CORPUS_FOLDER [--patterns 500] [--each 100] [--whole 2]

A copy of the library, or of so many patterns of it, is tended and written. Of each kind of proposal so many are drawn;
each is taken back from the file as it is then, and the result compared, byte for byte, with the edit that all the other
proposals of the run come to on the library as it was (links go with their mates at the other end). A few of each kind
are taken back by the whole command on disk, where every other file must stay as it is.
"""

import argparse
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from garden import library, records
from garden.config import Settings
from garden.edits import Change, make_edits
from garden.encoder import SentenceEncoder
from garden.models import Proposal
from garden.plan import plan_of
from garden.plan.decisions import LINK_KINDS, Said
from garden.plan.place import section_place
from garden.run import Request, Run
from garden.tend import tend
from garden.tools import Tools
from garden.undo import undo, without
from garden.workshop import store

SEED, TODAY = 11, "2026-11-24"
SAID = Said("reviewer", f"{TODAY}T12:00:00Z", "undo")


@dataclass
class Shop:
    """The library as it was, the same written to, and the run between."""

    before: Path
    after: Path
    run: Run
    tools: Tools

    def made_by(self, proposals: list[Proposal], path: str) -> bytes:
        """A file as these proposals alone would have made it."""
        patterns, request = self.run.library.patterns, self.run.request
        wanted = plan_of(patterns, proposals, request.today).wanted
        place = section_place(patterns, request.settings.section.key)
        changes = [Change(p, wanted[p.slug], place.anchor, place.banner) for p in patterns if p.slug in wanted]
        raw = (self.before / path).read_bytes()
        for edit in make_edits(self.before, changes, request.settings, self.tools.store, self.tools.progress).edits:
            raw = edit.applied_to(raw)
        return raw


def mates(run: Run, proposal: Proposal) -> set[str]:
    if proposal.kind not in LINK_KINDS:
        return {proposal.id}
    return {other.id for other in run.plan.proposals if other.group == proposal.group}


def in_memory(shop: Shop, proposal: Proposal, record: records.Record) -> bool:
    """Takes a proposal and its mates back from the texts, and compares every file that it touches."""
    ids = mates(shop.run, proposal)
    same = []
    for file in record.files:
        own = list(file.proposals)
        if not any(one.id in ids for one in own):
            continue
        raw = (shop.after / file.path).read_bytes()
        head = records.head_of(raw, record.settings.read)
        got = without(record, file, head, set(), ids) + raw[len(head) :]
        same.append(got == shop.made_by([one for one in own if one.id not in ids], file.path))
    return bool(same) and all(same)


def on_disk(shop: Shop, proposal: Proposal) -> bool:
    """Takes a proposal back by the command's own function, compares the whole library, and puts all as it was."""
    texts = {path: path.read_bytes() for path in shop.after.glob("*.md")}
    ids = mates(shop.run, proposal)
    done = undo(shop.after, proposal.id, SAID, shop.run.request.settings, shop.tools.progress)
    good = set(done.proposals) == ids and not done.problems
    for path, raw in texts.items():
        now = path.read_bytes()
        if path.name in done.paths:
            own = [p for p in shop.run.plan.proposals if p.path == path.name and p.id not in ids]
            good = good and now == shop.made_by(own, path.name)
            path.write_bytes(raw)
        else:
            good = good and now == raw
    (shop.after / records.RUNS / f"{shop.run.id}.state").unlink()
    return good


def main() -> None:
    parser = argparse.ArgumentParser(description="Whether one proposal taken back leaves the others' result.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--patterns", type=int, help="Of how many patterns, drawn by a seed; all without it.")
    parser.add_argument("--each", type=int, default=100)
    parser.add_argument("--whole", type=int, default=2)
    asked = parser.parse_args()
    rng = np.random.default_rng(SEED)
    with tempfile.TemporaryDirectory(prefix="garden-undo-") as scratch:
        before, after = Path(scratch, "before"), Path(scratch, "after")
        paths = sorted(asked.corpus.glob("*.md"))
        for folder in (before, after):
            folder.mkdir()
        for place in np.random.default_rng(SEED).permutation(len(paths))[: asked.patterns]:
            for folder in (before, after):
                shutil.copy(paths[place], folder)
        settings = Settings()
        tools = Tools(SentenceEncoder(settings.encoder), store(), time.monotonic, lambda *_: None)
        run = tend(Request(after, settings, TODAY, write=True), tools)
        shop = Shop(before, after, run, tools)
        record = records.load(after, run.id)
        kinds: dict[str, list[Proposal]] = {}
        for proposal in run.plan.proposals:
            kinds.setdefault(proposal.kind, []).append(proposal)
        print("| kind | proposals | taken back | as the others made it | by the whole command |")
        print("|---|---:|---:|---:|---:|")
        for kind, all_ in sorted(kinds.items()):
            drawn = [all_[place] for place in rng.permutation(len(all_))[: asked.each]]
            good = sum(in_memory(shop, proposal, record) for proposal in drawn)
            whole = [on_disk(shop, proposal) for proposal in drawn[: asked.whole]]
            row = f"| {kind} | {len(all_):,} | {len(drawn)} | {good} | {sum(whole)} of {len(whole)} |"
            print(row, flush=True)
        bad = len(library.read(after, settings, tools.store, tools.progress).problems)
        print(f"\n{len(run.plan.proposals):,} proposals in {len(record.files):,} files; unreadable at the end: {bad}")


if __name__ == "__main__":
    main()
