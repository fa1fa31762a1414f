"""Figures that have gone beyond what a library's settings allow, and what to do about each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from garden.config import HealthSettings

Value = float | int


@dataclass(frozen=True)
class Alarm:
    """A figure beyond its threshold, and a sentence that says what that means and what to do."""

    figure: str
    value: Value
    threshold: Value
    sentence: str

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class _Rule:
    """``above``: raised above the threshold, else below. ``chance`` names the p value that must be small as well."""

    setting: str
    figure: str
    sentence: str
    above: bool = True
    chance: str | None = None
    from_middle: bool = False


RULES = (
    _Rule(
        "letter_excess",
        "letter_excess",
        (
            "Links to patterns that begin with “{letter}” take {letter_excess:.0%} more than their part, which chance"
            " does not do: look at what proposed them, and run garden tend."
        ),
        chance="letter_p",
    ),
    _Rule(
        "position_shift",
        "position",
        (
            "Links lead to one end of the alphabet (mean place {position:.2f}, fair is 0.50), as they do when only a "
            "list's beginning was looked at: run garden tend."
        ),
        chance="position_p",
        from_middle=True,
    ),
    _Rule(
        "target_spread",
        "spread",
        "A few patterns hold nearly all links (evenness {spread:.3f}, of which 1 is fair): run garden tend.",
        above=False,
    ),
    _Rule(
        "curated_letter_excess",
        "curated_letter_excess",
        (
            "Curated relationships to patterns that begin with “{curated_letter}” take {curated_letter_excess:.0%} "
            "more than their part, which people do not do: find out what wrote them; a run neither learns from them "
            "nor changes them."
        ),
        chance="curated_letter_p",
    ),
    _Rule(
        "top_target_share",
        "top_target_share",
        (
            "{top_target} holds {top_target_share:.1%} of all inferred links: see whether it is a true hub, or run "
            "garden tend."
        ),
    ),
    _Rule(
        "targets_share",
        "targets_share",
        "Only {targets_share:.0%} of patterns are the target of some link: run garden tend.",
        above=False,
    ),
    _Rule(
        "links_dangling_share",
        "links_dangling_share",
        (
            "{links_dangling_share:.0%} of inferred links lead to patterns that do not exist: run garden tend, which "
            "mends or removes them."
        ),
    ),
    _Rule(
        "curated_dangling",
        "curated_dangling",
        (
            "{curated_dangling:,} curated relationships lead to patterns that do not exist, such as "
            "{curated_dangling_example}: put their names right, or take them out."
        ),
    ),
    _Rule(
        "inverse_consistency",
        "inverse_consistency",
        "Only {inverse_consistency:.0%} of links are told from both ends: run garden tend.",
        above=False,
    ),
    _Rule(
        "cycles",
        "cycles_requires",
        (
            "{cycles_requires:,} groups of patterns require each other in a circle, such as "
            "{cycles_requires_example}: take one of these links back."
        ),
    ),
    _Rule(
        "cycles",
        "cycles_specializes_to",
        (
            "{cycles_specializes_to:,} groups of patterns specialise to each other in a circle, such as "
            "{cycles_specializes_to_example}: take one of these links back."
        ),
    ),
    _Rule(
        "entities_stale_share",
        "entities_stale_share",
        "The texts no longer bear {entities_stale_share:.0%} of the entities: run garden tend.",
    ),
    _Rule(
        "oldest_age_days",
        "oldest_age_days",
        (
            "The oldest section was pruned {oldest_age_days:,} days ago: look whether the schedule still runs. "
            "Sections that need no change keep their date, so allow for that in health.oldest_age_days."
        ),
    ),
    _Rule("problems", "problems", "{problems:,} files cannot be read: garden check says where and why."),
)


def alarms(figures: Mapping[str, Any], settings: HealthSettings) -> tuple[Alarm, ...]:
    """The alarms that ``figures`` raise, worst kinds first; a figure that is None, or has no threshold, raises none.

    Bias is only an alarm where it is large as well as beyond chance at the setting's level of significance.
    """
    raised = [_raised(rule, figures, settings) for rule in RULES]
    return tuple(alarm for alarm in raised if alarm)


def _raised(rule: _Rule, figures: Mapping[str, Any], settings: HealthSettings) -> Alarm | None:
    threshold, value = getattr(settings, rule.setting), figures.get(rule.figure)
    if threshold is None or value is None:
        return None
    if rule.chance and (figures.get(rule.chance) is None or figures[rule.chance] > settings.significance):
        return None
    measured = abs(value - 0.5) if rule.from_middle else value
    if not (measured > threshold if rule.above else measured < threshold):
        return None
    return Alarm(rule.figure, value, threshold, rule.sentence.format_map(figures))
