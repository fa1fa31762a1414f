"""What has become of what runs wrote: taken out by hand since, which is a no, or put back by git, which is none."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from garden import ledger, records
from garden.config import ReadSettings
from garden.errors import FrontMatterError
from garden.ledger import Ledger
from garden.models import Pattern
from garden.names import names_of
from garden.plan.decisions import Matter, Said, matter
from garden.plan.gone import Written, on_texts_of_now, put_back, removed_by_hand

BY_HAND = "by hand"  # Where a decision was made that the files alone tell of.
TAKEN_OUT = "taken out of what {run} wrote"


def keep(root: Path, record: records.Record, patterns: Sequence[Pattern]) -> None:
    """Writes a record before the files are written; see ``records.adopt``.

    ``patterns`` are in slug order, as they were read. What earlier runs wrote into the same files and is there no more,
    the file being as it was before, is taken note of: after this run, it would seem to have been taken out by hand.
    """
    paths = {file.path for file in record.files}
    days = {one.slug: one.section.last_pruned for one in patterns if one.path in paths and one.section}
    standing, known = records.standing(root)[0], ledger.read(root)
    # Of all runs at once: what a later one took out again has not gone by anybody else.
    missing = _once(removed_by_hand([one for _, one in standing], patterns), known)
    for run, earlier in standing:
        if run == record.run:
            continue
        # Git may have put a file back on the very day.
        same_day = any(one.ends and days.get(one.ends[0].slug) == earlier.today for one in earlier.matters)
        ids = {one.proposal for one in earlier.matters} if same_day else set()
        gone = [one for one in missing if one.proposal in ids]
        if back := put_back(earlier, patterns, paths) | _discarded(root, standing, gone, patterns):
            records.mark_put_back(root, run, back)
    by_slug = {pattern.slug: pattern for pattern in patterns}
    records.adopt(root, record, [matter(p, by_slug) for file in record.files for p in file.proposals])


def recalled(root: Path, patterns: Sequence[Pattern], today: str) -> Ledger:
    """The ledger, and what else reviewers have let us know: links of ours that they took out by hand.

    ``patterns`` are in slug order; ``today`` is the ISO date on which that was seen. Nothing is written. A record that
    cannot be read is passed over, and named among the problems.
    """
    known, (standing, damaged) = ledger.read(root), records.standing(root)
    gone = removed_by_hand(_unmissed(standing, known), patterns)
    discarded = _discarded(root, standing, _once(gone, known), patterns)
    last, heard, names = _last_by(standing), _heard(known) if gone else {}, names_of(patterns if gone else ())
    noes = [
        on_texts_of_now(one, patterns, names).decided(
            "rejected", _by_hand(standing[last[one.proposal]][0], today, heard.get(ledger.matter_of(one), ""))
        )
        for one in gone
        if one.proposal not in discarded
    ]
    whole = known.with_(noes)
    return replace(whole, problems=(*whole.problems, *damaged))


def _by_hand(run: str, today: str, heard: str) -> Said:
    """What it says that something has gone that ``run`` wrote: on the day ``today``, but after what was ``heard`` last.

    It was seen now, and a yes of the same day came with the write.
    """
    return Said("", max(f"{today}T00:00:00Z", _after(heard)), BY_HAND, TAKEN_OUT.format(run=run))


def _after(when: str) -> str:
    """The second after an ISO time in UTC. What is no time, as a ledger that was edited may have it, is before all."""
    try:
        return f"{datetime.datetime.fromisoformat(when) + datetime.timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError):
        return ""


def _heard(known: Ledger) -> dict[tuple[str, ...], str]:
    """When something else than a no was last said, by what it was said of."""
    found: dict[tuple[str, ...], str] = {}
    for one in known.decisions:
        if one.verdict != "rejected":
            about = ledger.matter_of(one)
            found[about] = max(one.when, found.get(about, ""))
    return found


def _last_by(standing: Sequence[tuple[str, Written]]) -> dict[str, int]:
    """The place of the last run that wrote each proposal."""
    return {one.proposal: place for place, (_, run) in enumerate(standing) for one in run.matters}


def _once(gone: Sequence[Matter], known: Ledger) -> tuple[Matter, ...]:
    """Those that nobody had taken out by hand before: who does so again makes of the file what it was before, too."""
    again = {one.proposal for one in known.decisions if one.where == BY_HAND}
    return tuple(one for one in gone if one.proposal not in again)


def _discarded(
    root: Path, standing: Sequence[tuple[str, Written]], gone: Sequence[Matter], patterns: Sequence[Pattern]
) -> frozenset[str]:
    """The ids among ``gone`` of what git put back on the day of its run: the date of pruning does not tell that then.

    Their file is to the byte what it was before that run, or another of the day before it.
    """
    if not gone:
        return frozenset()
    by_slug = {pattern.slug: pattern for pattern in patterns}
    last_by = _last_by(standing)
    stands_before = _heads_before(root)
    found: set[str] = set()
    for one in gone:
        pattern, last = by_slug.get(one.ends[0].slug), last_by[one.proposal]
        today = standing[last][1].today
        if pattern and pattern.section and pattern.section.last_pruned == today:
            same_day = [run for run, what in standing[: last + 1] if what.today == today]
            if any(stands_before(run, pattern.path) for run in same_day):
                found.add(one.proposal)
    return frozenset(found)


def _heads_before(root: Path) -> Callable[[str, str], bool]:
    """Whether a file's head is what it was before a run wrote it. Records are large: each is read once."""

    @cache
    def before(run: str) -> tuple[ReadSettings, dict[str, bytes]]:
        record = records.load(root, run)
        return record.settings.read, {file.path: file.old for file in record.files}

    @cache
    def stands(run: str, path: str) -> bool:
        try:
            settings, heads = before(run)
            return path in heads and records.head_of((root / path).read_bytes(), settings) == heads[path]
        except (records.RecordError, OSError, FrontMatterError):
            # A record that is damaged does not tell, nor does a file that went while it was looked at.
            return False

    return stands


def _unmissed(standing: Sequence[tuple[str, Written]], known: Ledger) -> list[Written]:
    """The runs without what is known to have gone since: told anew, it would go after what was said of it meanwhile.

    What is known to have gone names the run that had written it. Where there is no record of that run here, as in
    another clone, all runs up to that day are meant.
    """
    places = {TAKEN_OUT.format(run=run): place for place, (run, _) in enumerate(standing)}
    last, day = dict[str, int](), dict[str, str]()
    for one in known.decisions:
        if one.where == BY_HAND and one.why in places:
            last[one.proposal] = max(places[one.why], last.get(one.proposal, 0))
        elif one.where == BY_HAND:
            day[one.proposal] = max(one.when[:10], day.get(one.proposal, ""))

    def is_news(one: Matter, place: int, today: str) -> bool:
        return last.get(one.proposal, -1) < place and day.get(one.proposal, "") < today

    return [
        replace(run, matters=tuple(one for one in run.matters if is_news(one, place, run.today)))
        for place, (_, run) in enumerate(standing)
    ]
