"""How well ids of one idea are found: the groups of a library against pairs of its ids that were labelled by hand.

    python -m benchmarks.entities_resolution CORPUS

``entities_pairs.csv`` holds 200 of 1,200 candidate pairs of the corpus, drawn with a seed: pairs whose ids or labels
share their words, and pairs whose labels have a cosine above .88.
"""

import csv
import sys
from pathlib import Path

from benchmarks.entities_support import read
from garden.entities.labels import label_of, read_label, spoken
from garden.entities.resolution import Standing, resolve
from garden.entities.support import labels_of

PAIRS = Path(__file__).with_name("entities_pairs.csv")


def main() -> None:
    shelf = read(Path(sys.argv[1]))
    held = [pattern.section.entities if pattern.section else () for pattern in shelf.patterns]
    standing = [
        [Standing(e.index, e.id, label_of(e), e.type == "person", e.plain) for e in entities] for entities in held
    ]
    # The hand labels hold bare strings as they are written; the reader makes ids of them.
    ids = {entity.label: entity.id for entities in held for entity in entities if entity.plain}

    def may_rename(owner: int, one: Standing, name: str) -> bool:
        return spoken(name) == one.label or read_label(spoken(name)).mentioned_in(shelf.proses[owner])

    wanted = set(labels_of(shelf.patterns, shelf.proses))
    vectors = {name: row for name, row in shelf.labels.items() if name in wanted}
    found = resolve(shelf.patterns, standing, may_rename, vectors)
    becomes = {name: group.canonical for group in found.groups for name in group.why}

    def end(name: str) -> str:
        name = ids.get(name, name)
        while becomes.get(name, name) != name:
            name = becomes[name]
        return name

    rows = list(csv.DictReader(PAIRS.read_text(encoding="utf-8").splitlines()))
    told = [(end(row["left"]) == end(row["right"]), row["same"] == "1") for row in rows]
    right = sum(said and same for said, same in told)
    print(f"{len(found.groups)} groups, {len(found.renamed)} entities renamed")
    print(f"precision {right / sum(said for said, _ in told):.3f}, recall {right / sum(same for _, same in told):.3f}")


if __name__ == "__main__":
    main()
