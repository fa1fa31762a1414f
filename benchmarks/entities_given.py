"""How many of the entities that patterns without any are given a reviewer would accept.

    python -m benchmarks.entities_given CORPUS [--list]

``entities_given.csv`` holds what was judged by hand, after reading the texts, for patterns of the corpus without
entities: 40 that were looked at while the rules were made, and 40 drawn afterwards with seed 4. ``--list`` prints what
is given now, for judging anew. Words alone decide here, so no vector is needed.
"""

import argparse
import csv
from collections import Counter
from pathlib import Path

import numpy as np

from garden import library, workshop
from garden.entities.fit import Texts
from garden.entities.proposing import give
from garden.models import Entity

JUDGED = Path(__file__).with_name("entities_given.csv")
SEED, DRAWN, LIMIT = 4, 40, 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    rows = list(csv.DictReader(JUDGED.read_text(encoding="utf-8").splitlines()))
    given, slugs = given_to_all(arguments.corpus)
    counts = sorted(Counter(map(len, given.values())).items())
    print(f"{len(given)} patterns without entities; so many of them are given 0, 1, 2 ...: {dict(counts)}")
    made = sorted({row["pattern"] for row in rows if row["drawn"] == "0"})
    fresh = sorted(
        np.random.default_rng(SEED).choice([s for s in slugs if s not in made], DRAWN, replace=False).tolist()
    )
    verdicts = {(row["pattern"], row["label"], row["type"]): row["accepted"] == "1" for row in rows}
    for name, asked in (("looked at while the rules were made", made), ("drawn afterwards", fresh)):
        told = [(slug, entity.label, entity.type or "") for slug in asked for entity in given[slug]]
        judged = [verdicts[one] for one in told if one in verdicts]
        share = sum(judged) / max(len(judged), 1)
        print(f"{name}: {len(asked)} patterns, {len(told)} entities, {len(judged)} judged, accepted {share:.1%}")
        for one in told if arguments.list else [one for one in told if one not in verdicts]:
            print("  ", *one, verdicts.get(one, "not judged"), sep=" | ")


def given_to_all(root: Path) -> tuple[dict[str, tuple[Entity, ...]], list[str]]:
    """What each pattern without entities is given, and their slugs in order."""
    settings = workshop.settings_of(root)
    tools = workshop.tools_for(settings, lambda *_: None)
    shelf = library.read(root, settings, tools.store, tools.progress)
    patterns, texts = shelf.patterns, Texts([reading.prose for reading in shelf.readings])
    held = [pattern.section.entities if pattern.section else () for pattern in patterns]
    empty = [place for place, entities in enumerate(held) if not entities]
    found = give(patterns, texts, held, empty, LIMIT)
    given = {patterns[place].slug: found.get(place, ()) for place in empty}
    return given, sorted(given)


if __name__ == "__main__":
    main()
