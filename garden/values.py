"""What the value of a single setting may be. Each raises ``ValueError`` with what it should be, and the way out."""

import re


def some(value: tuple[str, ...]) -> tuple[str, ...]:
    """A list that names something."""
    if not value:
        raise ValueError('should name at least one, like ["**/*.md"]')
    return value


def listed(value: object) -> object:
    """One name as a list of it, none as an empty one."""
    if isinstance(value, str):
        return (value,) if value else ()
    return value


def expression(value: str) -> str:
    """A regular expression."""
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from error
    return value


def address(value: str) -> str:
    """A web address."""
    if not value.startswith(("https://", "http://")):
        raise ValueError("should begin with https://")
    return value


def owner_and_name(value: str) -> str:
    """A repository at a host, or nothing."""
    if value and not re.fullmatch(r"[\w.-]+/[\w.-]+", value):
        raise ValueError("should be owner/name, or empty")
    return value


def worded(value: str) -> str:
    """A text that is not empty."""
    if not value.strip():
        raise ValueError("should not be empty; leave the line out for what is usual")
    return value


def labels(value: tuple[str, ...]) -> tuple[str, ...]:
    """Labels, each of which says something."""
    if not all(label.strip() for label in value):
        raise ValueError('should hold no empty label; write [] for none, or names like ["graph-garden"]')
    return value


def no_option(value: str) -> str:
    """A name that no command takes for an option."""
    if value.startswith("-"):
        raise ValueError("should not begin with -, which git takes for an option; write the name alone")
    return value


def branch_begin(value: str) -> str:
    """What a branch's name may begin with."""
    if not re.fullmatch(r"\w[\w-]*", value):
        raise ValueError('should be letters, digits, _ and - alone, and not begin with -, like "graph-garden"')
    return value


def signed(value: str) -> str:
    """A name or an address as git writes it into a commit."""
    if re.search(r"[<>\r\n]", value):
        raise ValueError(
            'should be on one line, without < and >, which git drops; a name goes into author = "Jo Doe", '
            'its address into email = "jo@example.org"'
        )
    return value
