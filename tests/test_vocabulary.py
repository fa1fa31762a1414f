"""Link types as people write them, and what no vocabulary may say."""

import pytest
from pydantic import ValidationError

from garden.vocabulary import Vocabulary

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
    ],
)
def test_what_could_not_be_carried_out_is_refused(inverses: dict[str, str | None], fallback: str, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Vocabulary(inverses=inverses, aliases={}, fallback=fallback)
