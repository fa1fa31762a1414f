"""Runs that look like a real one, made from a seed: for tests of what shows a run, at any size."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from garden.config import Settings
from garden.edits import Edits
from garden.health import health
from garden.library import Library, Reading
from garden.models import Community, Edit, Entity, Kind, Link, Pattern, Problem, Proposal, Relationship, Section
from garden.names import names_of
from garden.plan import plan_of
from garden.plan.identity import pair_group, proposal_id
from garden.prose import read as read_prose
from garden.run import Request, Run

TODAY = "2026-11-22"
SYLLABLES = ("ba", "co", "di", "fe", "gu", "ha", "ki", "lo", "mu", "ne", "pa", "re", "si", "to", "vi", "wa")
COMMUNITIES = ("Gathering", "Mending", "Growing", "Deciding", "Sharing", "Resting", "Teaching")
SIGNALS = ("lexical", "topic", "phrase", "mention", "meaning")
TYPES = ("complementary", "enables", "requires")
HOSTILE = (
    "</script><script>window.pwned = 1</script>",
    "<img src=x onerror='window.pwned = 1'>",
    "\"quotes\" & 'apostrophes' `ticks` ${window.pwned = 1} {{ 7 * 7 }}",
    "turned \u202eright to left\u202c and \u2028 a line end",
    "x" * 10_000,
    "]]> <!-- --> <style>body { display: none }</style>",
)


class Words:
    """Words, names and sentences drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def word(self) -> str:
        return "".join(SYLLABLES[i] for i in self.rng.integers(0, len(SYLLABLES), self.rng.integers(2, 5)))

    def several(self, count: int) -> str:
        return " ".join(self.word() for _ in range(count))

    def sentence(self) -> str:
        return f"{self.several(int(self.rng.integers(9, 22))).capitalize()}."


def synthetic_run(root: Path, patterns: int, links: int = 4, *, seed: int = 7, hostile: bool = False) -> Run:
    """A run over ``patterns`` patterns, each with that many links to remove and about as many to add."""
    words = Words(seed)
    made = _patterns(words, patterns, links, hostile=hostile)
    changes = [*_entities(made, hostile=hostile), *_removals(made), *_additions(words, made, links, hostile=hostile)]
    proposals = sorted(changes, key=lambda proposal: proposal.pattern)
    plan = plan_of(made, proposals, TODAY)
    names, settings = names_of(made), Settings()
    prose = read_prose("", (), "", "", "")
    return Run(
        id=f"{TODAY}-{seed:08x}",
        request=Request(root=root, settings=settings, today=TODAY),
        library=Library(root, tuple(Reading(pattern, prose) for pattern in made), ()),
        plan=plan,
        edits=Edits(tuple(_edits(made, plan.proposals)), ()),
        before=health(made, names, settings.vocabulary),
        after=health(made, names, settings.vocabulary, plan.sections),
        problems=(
            Problem(
                path=_name("unreadable.md", 1, hostile=hostile),
                line=3,
                column=7,
                code="tabs",
                message=_name("unreadable.md", 1, hostile=hostile),
            ),
        ),
        written=None,
        seconds={},
    )


def _name(plain: str, number: int, *, hostile: bool) -> str:
    return HOSTILE[number % len(HOSTILE)] if hostile else plain


def _patterns(words: Words, count: int, links: int, *, hostile: bool) -> tuple[Pattern, ...]:
    slugs = sorted({f"{words.word()}-{words.word()}-{i}" for i in range(count)})
    if hostile:
        slugs = sorted(f"{slug} {HOSTILE[i % 3]}" for i, slug in enumerate(slugs))
    return tuple(_pattern(words, slugs, place, links, hostile=hostile) for place in range(count))


def _pattern(words: Words, slugs: Sequence[str], place: int, links: int, *, hostile: bool) -> Pattern:
    # As a list's first entries would be chosen by something that saw no others.
    targets = [slugs[i] for i in range(min(links + 1, len(slugs))) if i != place][:links]
    community = COMMUNITIES[place * len(COMMUNITIES) // len(slugs)]
    label = _name(community, place, hostile=hostile)
    return Pattern(
        path=f"{slugs[place]}.md",
        slug=slugs[place],
        title=_name(words.several(3).title(), place, hostile=hostile),
        summary=_name(words.sentence() + " " + words.sentence(), place + 1, hostile=hostile),
        relationships=(Relationship(kind="enables", target=slugs[(place + 9) % len(slugs)]),),
        section=Section(
            last_pruned="2026-01-01",
            entities=(
                Entity(index=0, id=f"idea-{place % 3}", label=_name("Idea", place, hostile=hostile), type="concept"),
            ),
            communities=(Community(index=0, id=community.lower(), label=label, source="inferred"),),
            links=tuple(
                Link(index=i, target=target, type="complementary", confidence=0.8, reason=words.sentence())
                for i, target in enumerate(targets)
            ),
        ),
        file_hash=f"file-{place}",
        text_hash=f"text-{place}",
    )


def _entities(patterns: Sequence[Pattern], *, hostile: bool) -> Iterator[Proposal]:
    """A merge in every third pattern, all of one idea; an entity given, and a community, here and there."""
    for place, pattern in enumerate(patterns):
        label = _name("Notion", place + 1, hostile=hostile)
        if place % 3 == 0:
            evidence = {
                "item": 0,
                "cause": "the same label",
                "becomes": "idea",
                "fields": {"id": "idea"},
                "was": "idea-0",
            }
            yield _about(pattern, "merge_entity", "idea-0", evidence, "entity:idea")
        if place % 7 == 0:
            evidence = {"label": label, "fields": {"id": "notion", "label": label}}
            yield _about(pattern, "add_entity", "notion", evidence, f"entity:{pattern.slug}:notion")
        if place % 9 == 0:
            joined = [{"id": "new", "fields": {"id": "new", "label": label}, "share": 0.5}]
            evidence = {"in": joined, "out": [], "renamed": [], "was": []}
            yield _about(pattern, "set_communities", "new", evidence, f"communities:{pattern.slug}")


def _about(pattern: Pattern, kind: Kind, target: str, evidence: dict[str, Any], group: str) -> Proposal:
    return Proposal(
        id=proposal_id(kind, pattern.slug, target),
        kind=kind,
        pattern=pattern.slug,
        path=pattern.path,
        target=target,
        confidence=0.85,
        reason=f"{pattern.title} speaks of it.",
        evidence=evidence,
        group=group,
    )


def _removals(patterns: Sequence[Pattern]) -> Iterator[Proposal]:
    for pattern in patterns:
        for link in pattern.section.links if pattern.section else ():
            yield Proposal(
                id=proposal_id("remove_link", pattern.slug, link.target, str(link.index)),
                kind="remove_link",
                pattern=pattern.slug,
                path=pattern.path,
                target=link.target,
                type=link.type,
                confidence=0.9,
                reason=f"The two texts do not bear it: {pattern.title} rates 0.10.",
                evidence={"item": link.index, "cause": "weak", "was": link.model_dump(exclude={"index"})},
                group=pair_group(pattern.slug, link.target),
            )


def _additions(words: Words, patterns: Sequence[Pattern], links: int, *, hostile: bool) -> Iterator[Proposal]:
    count = len(patterns)
    for place, pattern in enumerate(patterns):
        for step in range(1, links // 2 + 1):
            mate = patterns[(place + 11 * step) % count]
            if mate.slug != pattern.slug:
                yield from _mates(words, pattern, mate, hostile=hostile)


def _mates(words: Words, left: Pattern, right: Pattern, *, hostile: bool) -> Iterator[Proposal]:
    details = {
        "signals": {name: round(float(words.rng.normal(2, 1)), 2) for name in SIGNALS},
        "shares": {name: round(float(words.rng.normal(0.6, 0.5)), 3) for name in SIGNALS},
        "terms": [_name(words.word(), 1, hostile=hostile), words.word(), words.word()],
        "entities": [words.several(2)],
        "sentences": [
            {"pattern": each.slug, "role": "problem", "text": _name(words.sentence(), i, hostile=hostile)}
            for i, each in enumerate((left, right))
        ],
        "texts": {left.slug: left.text_hash, right.slug: right.text_hash},
    }
    confidence = round(float(words.rng.uniform(0.4, 1)), 2)
    type_ = TYPES[int(words.rng.integers(len(TYPES)))]
    for source, target in ((left, right), (right, left)):
        reason = _name(f"Like {target.title}, it speaks of {words.several(3)}.", 0, hostile=hostile)
        fields = {"target": target.slug, "type": type_, "confidence": confidence, "reason": reason}
        yield Proposal(
            id=proposal_id("add_link", source.slug, target.slug),
            kind="add_link",
            pattern=source.slug,
            path=source.path,
            target=target.slug,
            type=type_,
            confidence=confidence,
            reason=reason,
            evidence={**details, "fields": fields},
            group=pair_group(source.slug, target.slug),
        )


def _edits(patterns: Sequence[Pattern], proposals: Sequence[Proposal]) -> Iterator[Edit]:
    """Edits whose hunks look like those of real files; their bytes are none of any file."""
    by_slug = {pattern.slug: pattern for pattern in patterns}
    for slug, own in groupby(proposals, key=lambda proposal: proposal.pattern):
        lines = [line for proposal in own for line in _lines(proposal)]
        added = sum(line.startswith("+") for line in lines)
        head = f"@@ -40,{len(lines) - added} +40,{added} @@"
        pattern = by_slug[slug]
        yield Edit(
            path=pattern.path,
            old_hash=pattern.file_hash,
            start=0,
            old=b"",
            new=b"",
            hunks="\n".join([head, *lines]) + "\n",
            added=added,
            removed=len(lines) - added,
        )


def _lines(proposal: Proposal) -> list[str]:
    item = proposal.evidence.get("fields") or proposal.evidence["was"] or proposal.evidence["in"][0]["fields"]
    sign = "-" if proposal.kind == "remove_link" else "+"
    pairs = enumerate(item.items())
    return [f"{sign}    {'- ' if not i else '  '}{key}: {value}".replace("\n", " ") for i, (key, value) in pairs]
