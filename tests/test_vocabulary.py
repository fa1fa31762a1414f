"""Link types as people write them, and what no vocabulary may say."""

import pytest
from pydantic import ValidationError

from garden.vocabulary import DEFAULT_ALIASES, DEFAULT_INVERSES, Vocabulary

OWN = Vocabulary(
    inverses={"PartOf": "HasPart", "HasPart": "PartOf", "builds-on": None, "See Also": "See Also"},
    aliases={"Up-To": "PartOf", "see_too": "See Also", "has-part": "PartOf"},
    fallback="See Also",
)


@pytest.mark.parametrize("name", ["PartOf", "HasPart", "builds-on", "See Also"])
def test_a_type_of_ones_own_is_known_as_it_is_written(name: str) -> None:
    assert OWN.canonical(name) == name


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("partof", "PartOf"),
        ("Builds_On", "builds-on"),
        (" see-also ", "See Also"),
        ("Up-To", "PartOf"),
        ("up to", "PartOf"),
        ("See-Too", "See Also"),
        ("has-part", "PartOf"),
        ("haspart", "HasPart"),
        ("part", None),
        ("", None),
        (None, None),
    ],
)
def test_capitals_hyphens_and_blanks_make_no_other_type(name: str | None, meant: str | None) -> None:
    assert OWN.canonical(name) == meant


@pytest.mark.parametrize(
    ("inverses", "fallback", "says"),
    [
        ({"see-also": "see-also", "See Also": None}, "see-also", "types see-also and See Also differ in capitals"),
        ({"requires": "enables", "enables": "requires"}, "requires", "fallback requires makes no sense in a circle"),
        ({"requires": "enables", "enables": "requires"}, "enables", "fallback enables makes no sense in a circle"),
        ({"has_part": "part_of"}, "has_part", 'whose own inverse is not has_part; say part_of = "has_part" below it'),
        ({"near": "near", "cites": None}, "far", "fallback far is no type; name one in .*: the types are near, cites"),
        ({"near": "near"}, "", "fallback is empty, which is no type"),
        ({}, "near", "vocabulary.inverses has none"),
    ],
)
def test_what_could_not_be_carried_out_is_refused(inverses: dict[str, str | None], fallback: str, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Vocabulary(inverses=inverses, aliases={}, fallback=fallback)


def test_a_type_of_ones_own_is_no_alias_of_another():
    own = Vocabulary.model_validate({"inverses": {"complementary": "complementary", "Related": ""}})
    assert own.canonical("related") == "Related"
    assert "related" not in own.aliases


@pytest.mark.parametrize(
    ("aliases", "says"),
    [
        (
            {"Cites": "near"},
            "alias Cites of near is itself a type.*; take it out of vocabulary.aliases, or cites out of",
        ),
        ({"beside": "nigh"}, "alias beside stands for nigh, which is no type; the types are near, cites"),
        ({"beside": ""}, "alias beside stands for nothing, which is no type"),
        ({"see-also": "near", "See Also": "cites"}, "aliases see-also and See Also .* two types: near and cites"),
    ],
)
def test_an_alias_that_means_no_type_or_two_is_refused(aliases: dict[str, str], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Vocabulary(inverses={"near": "near", "cites": None}, aliases=aliases, fallback="near")


def test_an_alias_may_be_written_in_two_ways() -> None:
    own = Vocabulary(inverses={"near": "near"}, aliases={"see-also": "near", "See Also": "near"}, fallback="near")
    assert own.canonical("see_also") == "near"


def test_whoever_names_types_of_their_own_alone_has_the_usual_aliases_of_those_that_stayed() -> None:
    own = Vocabulary.model_validate({"inverses": {"near": "near", "tools": ""}, "fallback": "near"})
    assert own.aliases == {"tool": "tools"}
    assert Vocabulary.model_validate({"inverses": DEFAULT_INVERSES}).aliases == DEFAULT_ALIASES
