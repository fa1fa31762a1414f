"""Small libraries in real git repositories, and runs over them whose proposals are made by hand."""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from garden import library
from garden.config import Settings
from garden.edits import Change, make_edits
from garden.models import Pattern, Proposal
from garden.plan import plan_of
from garden.plan.identity import pair_group, proposal_id
from garden.run import Request, Run
from garden.store import Store
from garden.undo import Means

TODAY = "2026-11-22"
NOON = 1_795_348_800  # 2026-11-22 12:00 UTC
PATTERN = """---
slug: {slug}
title: {title}
summary: About {title}.
relationships:
  requires: []
# the machine's
graph_garden:
  last_pruned: 2026-01-01
  entities:
    - id: old-idea
      label: Old Idea
  communities:
    - id: {community}
      label: {label}
      source: taxonomy
  inferred_links: []
license: CC-BY-4.0
---

{title} is a thing that people do.
"""


def pattern_text(slug: str, community: str = "care") -> str:
    title = slug.replace("-", " ").title()
    return PATTERN.format(slug=slug, title=title, community=community, label=community.title())


def quiet(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def means(folder: Path) -> Means:
    """What undoing works with, keeping what it reads in ``folder``."""
    return Means(Settings(), Store(folder / "undoing.sqlite"), quiet)


@dataclass(frozen=True)
class Checkout:
    """A work tree, driven by the real git as a person would."""

    folder: Path
    name: str = "Ann Reviewer"

    def git(self, *arguments: str) -> str:
        identity = ["-c", f"user.name={self.name}", "-c", "user.email=ann@example.org", "-c", "init.defaultBranch=main"]
        command = ["git", "-C", str(self.folder), *identity, *arguments]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(f"git {' '.join(arguments)}: {done.stderr}")
        return done.stdout.rstrip("\n")

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())

    def read(self, path: str) -> str:
        return (self.folder / path).read_bytes().decode()

    def edit(self, path: str, old: str, new: str) -> None:
        text = self.read(path)
        assert old in text, f"{old!r} is not in {path}"
        self.write(path, text.replace(old, new))

    def commit(self, message: str) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")

    def show(self, ref: str, path: str) -> str:
        return self.git("show", f"{ref}:{path}") + "\n"


def library_in_git(folder: Path, slugs: Sequence[str] = "abcdefgh", inside: str = "lib") -> Checkout:
    """A repository whose folder ``inside`` is a library of small patterns."""
    folder.mkdir(parents=True, exist_ok=True)
    checkout = Checkout(folder)
    checkout.git("init", "-q", "-b", "main")
    for place, slug in enumerate(slugs):
        checkout.write(f"{inside}/{slug}.md", pattern_text(slug, ["care", "trust"][place * 2 // len(slugs)]))
    checkout.write("README.md", "A repository.\n")
    checkout.commit("Begin")
    return checkout


Proposing = Callable[[tuple[Pattern, ...]], Sequence[Proposal]]


def run_over(
    root: Path, proposing: Proposing, store: Store, settings: Settings | None = None, today: str = TODAY
) -> Run:
    """A dry run over the library at ``root`` with the proposals that ``proposing`` makes of its patterns."""
    settings = settings or Settings()
    shelf = library.read(root, settings, store, quiet)
    plan = plan_of(shelf.patterns, proposing(shelf.patterns), today)
    by_slug = {pattern.slug: pattern for pattern in shelf.patterns}
    changes = [Change(by_slug[slug], wanted) for slug, wanted in plan.wanted.items()]
    return Run(
        id=f"{today}-12345678",
        request=Request(root=root, settings=settings, today=today),
        library=shelf,
        plan=plan,
        edits=make_edits(root, changes, settings, store, quiet),
        before={},
        after={},
        problems=(),
        written=None,
        seconds={},
    )


def links(*pairs: str, confidence: float = 0.8) -> Proposing:
    """Proposes both ends of each pair ('a-b') that is not linked yet, as the plan does."""

    def propose(patterns: tuple[Pattern, ...]) -> list[Proposal]:
        there = {p.slug: {link.target for link in p.section.links} if p.section else set() for p in patterns}
        ends = [pair.split("-") for pair in pairs]
        wanted = [(a, b) for left, right in ends for a, b in ((left, right), (right, left))]
        return [link(a, b, confidence) for a, b in wanted if a in there and b not in there[a]]

    return propose


def link(owner: str, target: str, confidence: float = 0.8) -> Proposal:
    reason = f"{owner} and {target} speak of one thing."
    fields = {"target": target, "type": "complementary", "confidence": confidence, "reason": reason}
    return Proposal(
        id=proposal_id("add_link", owner, target),
        kind="add_link",
        pattern=owner,
        path=f"{owner}.md",
        target=target,
        type="complementary",
        confidence=confidence,
        reason=reason,
        evidence={"fields": fields, "signals": {"lexical": 1.5, "meaning": 0.5}},
        group=pair_group(owner, target),
    )


def stale(*slugs: str) -> Proposing:
    """Proposes to remove the stale entity of each of the patterns that still has it."""

    def propose(patterns: tuple[Pattern, ...]) -> list[Proposal]:
        has = {p.slug for p in patterns if p.section and p.section.entities}
        return [
            Proposal(
                id=proposal_id("remove_entity", slug, "old-idea", "0"),
                kind="remove_entity",
                pattern=slug,
                path=f"{slug}.md",
                target="old-idea",
                confidence=0.97,
                reason="The text never speaks of Old Idea: none of its words occurs.",
                evidence={"item": 0, "label": "Old Idea"},
                group=f"entity:{slug}:old-idea",
            )
            for slug in slugs
            if slug in has
        ]

    return propose


def both(*parts: Proposing) -> Proposing:
    return lambda patterns: [proposal for part in parts for proposal in part(patterns)]
