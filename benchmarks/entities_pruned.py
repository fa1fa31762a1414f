"""Draws stale entities from a plan to be read, and tells how many of those that were read were rightly pruned.

    garden tend CORPUS --report REPORT
    python -m benchmarks.entities_pruned REPORT/plan.json [--draw 60] [--seed 12]
    python -m benchmarks.entities_pruned

With a plan it prints the rows of ``entities_pruned.csv`` that are still to be judged; without one, the figures of those
that are: precision with Wilson's 95 % interval, and of the wrongly pruned why they should have stayed.
"""

import argparse
import csv
import json
import math
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

JUDGED = Path(__file__).with_name("entities_pruned.csv")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plan", type=Path, nargs="?")
    parser.add_argument("--draw", type=int, default=60)
    parser.add_argument("--seed", type=int, default=12)
    arguments = parser.parse_args()
    if arguments.plan:
        write_drawn(arguments.plan, arguments.draw, arguments.seed)
    else:
        report()


def write_drawn(plan: Path, draw: int, seed: int) -> None:
    """The drawn rows, by pattern and place in its list."""
    proposals = json.loads(plan.read_text(encoding="utf-8"))["proposals"]
    stale = [p for p in proposals if p["kind"] == "remove_entity" and p["evidence"]["cause"] == "stale"]
    stale.sort(key=lambda proposal: (proposal["pattern"], proposal["evidence"]["item"]))
    places = sorted(np.random.default_rng(seed).permutation(len(stale))[:draw].tolist())
    rows = csv.writer(sys.stdout, lineterminator="\n")
    for number, place in enumerate(places, 1):
        proposal = stale[place]
        rows.writerow([number, proposal["pattern"], proposal["target"], proposal["evidence"]["odds"], "", ""])


def report() -> None:
    """The figures of each round."""
    with JUDGED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for name in sorted({row["round"] for row in rows}):
        verdicts = [(row["verdict"], row["why"]) for row in rows if row["round"] == name]
        right = sum(verdict == "remove" for verdict, _ in verdicts)
        low, high = interval(right, len(verdicts))
        print(f"round {name}: {right} of {len(verdicts)} rightly pruned, {right / len(verdicts):.0%}", end=" ")
        print(f"({low:.0%} to {high:.0%}); the others: {reasons([why for _, why in verdicts if why])}")


def interval(right: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval of a share."""
    share, spread = right / of, z * z / of
    centre = share + spread / 2
    width = z * math.sqrt(share * (1 - share) / of + spread / (4 * of))
    return (centre - width) / (1 + spread), (centre + width) / (1 + spread)


def reasons(why: Sequence[str]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in Counter(why).most_common())


if __name__ == "__main__":
    main()
