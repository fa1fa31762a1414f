import pytest

from garden.models import Pattern
from garden.names import names_of, slugify


def pattern(slug: str, number: str | None = None, aliases: tuple[str, ...] = ()) -> Pattern:
    return Pattern(
        path=f"{slug}.md", slug=slug, id=number, title=slug.title(), aliases=aliases, file_hash="", text_hash=""
    )


PATTERNS = (
    pattern("code-map", "pat_1", ("Old Map",)),
    pattern("review", "pat_2", ("shared",)),
    pattern("triage", "pat_3", ("Shared", "review")),
    pattern("weeding", "pat_placeholder"),
    pattern("worms", "pat_placeholder"),
)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("review", 1),
        ("pat_3", 2),
        ("Old Map", 0),
        ("old-map", 0),
        ("old_map", 0),
        ("OLD-MAP.md", 0),
        ("../notes/Old map.markdown", 0),
        ("old-map.md.bak", None),
        ("https://somewhere.example/notes/old-map.md", None),
        ("CODE_MAP", 0),
        ("shared", None),  # an alias of two patterns means neither
        ("pat_placeholder", None),  # so is an id of two
        ("gone", None),
    ],
)
def test_a_name_means_a_slug_then_an_id_then_an_alias_of_one_pattern_alone(name: str, place: int | None) -> None:
    assert names_of(PATTERNS).find(name) == place


DECOMPOSED = "cafe\u0301"


@pytest.mark.parametrize(("slug", "name"), [(DECOMPOSED, "café"), ("café", DECOMPOSED)])
def test_a_name_is_known_however_its_accents_are_stored(slug: str, name: str) -> None:
    names = names_of((pattern(slug, f"pat_{slug}", (f"{slug} bar",)),), reserved=[f"un{slug}"])
    assert names.exact(name) == names.exact(f"pat_{name}") == names.find(f"{name}_bar") == 0
    assert names.unread(f"un{name}")


def test_an_alias_is_not_exact() -> None:
    names = names_of(PATTERNS)
    assert names.exact("old-map") is None
    assert names.exact("code-map") == names.exact("pat_1") == 0


@pytest.mark.parametrize(
    ("text", "slug"),
    [("Old Map", "old-map"), ("  A/B  test_ing!", "a-b-test-ing"), ("Café", "café"), ("Cafe\u0301", "café")],
)
def test_slugs(text: str, slug: str) -> None:
    assert slugify(text) == slug


@pytest.mark.parametrize("name", ["Unread-one", "unread-one.md", "Unread One", "unread_one", "Unread-One"])
def test_what_cannot_be_read_is_known_by_every_name_that_it_could_be_found_by(name: str) -> None:
    assert names_of(PATTERNS, reserved=["Unread-one"]).unread(name)
    assert not names_of(PATTERNS, reserved=["other"]).unread(name)
