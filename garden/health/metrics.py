"""What each figure is called and what it means, in the order of reading."""

from dataclasses import dataclass
from typing import Literal

Form = Literal["count", "share", "number", "text", "days", "chance"]
Better = Literal["up", "down", "middle"] | None


@dataclass(frozen=True)
class Metric:
    """One figure in words. ``better`` says which way is good; ``brief`` ones are shown where there is little room."""

    key: str
    name: str
    meaning: str
    form: Form = "count"
    better: Better = None
    brief: bool = False


METRICS = (
    Metric("patterns", "Patterns", "Files that could be read.", brief=True),
    Metric(
        "problems",
        "Files with problems",
        "Files that could not be read, and were left alone.",
        better="down",
        brief=True,
    ),
    Metric("sections", "Patterns with a section", "Files that have a machine-written section."),
    Metric("links", "Inferred links", "Links written by a machine, of all patterns.", brief=True),
    Metric(
        "targets_share",
        "Patterns that a link leads to",
        "Some inferred link has them as its target.",
        form="share",
        better="up",
        brief=True,
    ),
    Metric(
        "sources_share", "Patterns that link out", "They have an inferred link of their own.", form="share", better="up"
    ),
    Metric(
        "patterns_without_links",
        "Patterns without any link",
        "No inferred link leads to them or from them.",
        better="down",
        brief=True,
    ),
    Metric("top_target", "Most linked pattern", "More inferred links lead to it than to any other.", form="text"),
    Metric(
        "top_target_share",
        "Links to the most linked pattern",
        "Its part of all inferred links.",
        form="share",
        better="down",
        brief=True,
    ),
    Metric(
        "in_degree_gini",
        "Inequality of incoming links",
        "Gini coefficient: 0 all alike, 1 one has all.",
        form="number",
        better="down",
    ),
    Metric(
        "spread",
        "Evenness of targets",
        "Effective number of targets, the first left out, against chance: 1 is even, near 0 a few hold all.",
        form="number",
        better="up",
        brief=True,
    ),
    Metric("top_letter", "Most linked first letter", "The first letter of most links' targets.", form="text"),
    Metric("top_letter_share", "Links to that letter", "The part of links whose target begins with it.", form="share"),
    Metric("top_letter_expected", "Patterns with that letter", "The part that would be fair.", form="share"),
    Metric(
        "letter",
        "Most favoured first letter",
        "It gets more links, against its part of the patterns, than any other.",
        form="text",
    ),
    Metric(
        "letter_excess",
        "Links beyond a first letter's part",
        "What the most favoured first letter gets beyond its part of the patterns.",
        form="share",
        better="down",
        brief=True,
    ),
    Metric(
        "letter_p",
        "Chance of that letter",
        "How likely some letter gets as much by chance, in-degrees being what they are.",
        form="chance",
    ),
    Metric(
        "position",
        "Mean place of targets, in the alphabet",
        "0 the first slug, 1 the last; near 0.5 is fair.",
        form="number",
        better="middle",
    ),
    Metric(
        "position_p",
        "Chance of that place",
        "How likely chance moves that place as far from the middle.",
        form="chance",
    ),
    Metric(
        "links_dangling",
        "Links to patterns that do not exist",
        "Their target is no pattern's slug or id.",
        better="down",
        brief=True,
    ),
    Metric(
        "links_dangling_share",
        "Share of links to no pattern",
        "Links to patterns that do not exist.",
        form="share",
        better="down",
    ),
    Metric(
        "links_repeating_curated",
        "Links that repeat a curated one",
        "People have said the same already.",
        better="down",
        brief=True,
    ),
    Metric(
        "links_unknown_type",
        "Links of an unknown type",
        "The type is not in the library's vocabulary.",
        better="down",
        brief=True,
    ),
    Metric(
        "links_untyped",
        "Links without a type",
        "They say that, not how, two patterns belong together.",
        better="down",
        brief=True,
    ),
    Metric(
        "inverse_consistency",
        "Links told from both ends",
        "Their target stores the inverse type.",
        form="share",
        better="up",
        brief=True,
    ),
    Metric(
        "cycles_requires",
        "Circles of requires",
        "Groups of patterns that require each other, curated and inferred links together.",
        better="down",
        brief=True,
    ),
    Metric(
        "cycles_requires_patterns",
        "Patterns in circles of requires",
        "Patterns that require themselves by way of others.",
        better="down",
    ),
    Metric("cycles_requires_example", "A circle of requires", "Each requires the next.", form="text"),
    Metric(
        "cycles_specializes_to",
        "Circles of specializes_to",
        "Groups of patterns that are each a special case of the other.",
        better="down",
        brief=True,
    ),
    Metric(
        "cycles_specializes_to_patterns",
        "Patterns in circles of specializes_to",
        "Patterns that are a special case of themselves.",
        better="down",
    ),
    Metric("cycles_specializes_to_example", "A circle of specializes_to", "Each specialises to the next.", form="text"),
    Metric("curated", "Curated relationships", "Links that people made; no run changes them."),
    Metric("curated_dangling", "Curated ones to no pattern", "For a person to put right.", better="down", brief=True),
    Metric("curated_dangling_example", "One of these", "The pattern, and the name that it gives.", form="text"),
    Metric(
        "curated_letter", "First letter that curated ones favour", "As above, for curated relationships.", form="text"
    ),
    Metric(
        "curated_letter_excess",
        "Curated beyond a first letter's part",
        "What their most favoured first letter gets beyond its part.",
        form="share",
        better="down",
        brief=True,
    ),
    Metric(
        "curated_letter_p",
        "Chance of that letter in curated ones",
        "How likely some letter gets as much by chance.",
        form="chance",
    ),
    Metric(
        "curated_position",
        "Mean place of curated targets",
        "In the alphabet; near 0.5 is fair.",
        form="number",
        better="middle",
    ),
    Metric(
        "curated_position_p",
        "Chance of that place in curated ones",
        "How likely chance moves that place as far.",
        form="chance",
    ),
    Metric(
        "curated_spread",
        "Evenness of curated targets",
        "As above, for curated relationships.",
        form="number",
        better="up",
    ),
    Metric("entities", "Entities", "Things that sections say their patterns speak of.", brief=True),
    Metric("entity_ids", "Different entities", "Ids in use.", brief=True),
    Metric("entity_ids_used_once", "Entities of one pattern alone", "They join nothing to anything.", better="down"),
    Metric(
        "entity_near_duplicates",
        "Entities spelt in several ways",
        "Groups of ids that differ in plural or spelling alone.",
        better="down",
        brief=True,
    ),
    Metric(
        "entities_said_share",
        "Entities whose label the text has",
        "Word for word, whatever the endings and the spelling; others may be borne in other words.",
        form="share",
        better="up",
    ),
    Metric("entities_stale", "Stale entities", "The text no longer bears them.", better="down"),
    Metric(
        "entities_stale_share",
        "Stale share of entities",
        "Entities that the text no longer bears.",
        form="share",
        better="down",
        brief=True,
    ),
    Metric("communities", "Communities", "Groups in use.", brief=True),
    Metric("communities_of_one", "Communities of one pattern alone", "They group nothing.", better="down", brief=True),
    Metric(
        "patterns_without_community",
        "Patterns in no community",
        "They share a community with no other pattern.",
        better="down",
        brief=True,
    ),
    Metric("oldest_pruned", "Oldest section", "When the section that has waited longest was pruned.", form="text"),
    Metric("newest_pruned", "Newest section", "When the last one was pruned.", form="text"),
    Metric("median_age_days", "Age of sections", "Half of them are younger.", form="days", better="down"),
    Metric("oldest_age_days", "Age of the oldest", "Days since it was pruned.", form="days", better="down"),
    Metric("never_pruned", "Patterns never pruned", "No section, or none with a date.", better="down", brief=True),
)
