"""garden.toml as a new library gets it: all settings with their meaning, the defaults as comments."""

import re
import tomllib

import pytest

from garden.config import Settings
from garden.settings import settings_from
from garden.setup.toml import settings_file, toml_value
from garden.survey.choices import Choice


def uncommented(text: str) -> str:
    """The file with every setting that is there as a comment put to work."""
    return re.sub(r"^# (?=[a-z_]+ = |\[)", "", text, flags=re.MULTILINE)


def test_without_choices_the_file_says_nothing_but_the_defaults() -> None:
    text = settings_file(("Head.",))
    assert settings_from(text, {}, {}) == Settings()
    assert all(not values for values in tomllib.loads(text).values())


def test_every_setting_is_there_with_its_default_and_its_meaning() -> None:
    text = settings_file(("Head.",))
    assert settings_from(uncommented(text), {}, {}) == Settings()
    data = tomllib.loads(uncommented(text))
    plain = " ".join(line.removeprefix("# ") for line in text.splitlines())
    for group, model in Settings():
        assert set(data[group]) == set(type(model).model_fields)
        for name, field in type(model).model_fields.items():
            assert field.description, f"{group}.{name} has no description"
            assert field.description in plain


def test_a_choice_is_set_and_says_why() -> None:
    text = settings_file(("Head.",), [Choice("links.most", 5, "few are read")], {"links.most": "A remark."})
    assert settings_from(text, {}, {}).links.most == 5
    assert "\n# Here: few are read.\nmost = 5\n# A remark.\n" in text


@pytest.mark.parametrize(
    "value", ["plain", 'a "quote" and a \\', "tab\tand\nline", "ümlaut 🌱", ["a", "b'c"], [], True, 0.25, 7, {"a": "b"}]
)
def test_a_value_reads_back_as_it_was(value: object) -> None:
    if isinstance(value, dict):
        text = settings_file((), [Choice("vocabulary.aliases", value, "met")])
        assert tomllib.loads(text)["vocabulary"]["aliases"] == value
    else:
        assert tomllib.loads(f"x = {toml_value(value)}") == {"x": value}


def test_a_remark_with_a_line_end_or_an_escape_stays_a_comment() -> None:
    text = settings_file(("Evil\nmost = 1\x1b[31m",), [Choice("links.most", 5, "a\n[publish]\nopen = 1")])
    assert settings_from(text, {}, {}) == settings_from("[links]\nmost = 5", {}, {})
    assert "\x1b" not in text
