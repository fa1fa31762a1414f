"""Link types, their inverses, and the other names under which they are met."""

from functools import cache

from pydantic import BaseModel, ConfigDict, Field, model_validator

DEFAULT_INVERSES = {
    "generalizes_from": "specializes_to",
    "specializes_to": "generalizes_from",
    "requires": "enables",
    "enables": "requires",
    "complementary": "complementary",
    "alternatives": "alternatives",
    "tools": None,
}

DEFAULT_ALIASES = {
    "enabler": "enables",
    "enablers": "enables",
    "enablement": "enables",
    "enabled_by": "requires",
    "complement": "complementary",
    "complements": "complementary",
    "related": "complementary",
    "analogous": "complementary",
    "specializes": "specializes_to",
    "generalizes": "generalizes_from",
    "alternative": "alternatives",
    "tool": "tools",
    "required": "requires",
    "require": "requires",
}

ACYCLIC = ("requires", "specializes_to")  # Types that make no sense in a circle.


class Vocabulary(BaseModel):
    """The link types of a library. ``inverses`` maps each type to its inverse: itself if symmetric, None if one way."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    inverses: dict[str, str | None] = Field(
        default_factory=lambda: dict(DEFAULT_INVERSES),
        description="Each link type with its inverse: itself where symmetric, none ('') where it is one way.",
    )
    aliases: dict[str, str] = Field(
        default_factory=lambda: dict(DEFAULT_ALIASES),
        description="Other names for the types, put right when met.",
    )
    fallback: str = Field("complementary", description="The type given where no other is certain enough.")

    @model_validator(mode="before")
    @classmethod
    def _empty_means_one_way(cls, data: object) -> object:
        # TOML has no null: "" is how a settings file says that a type has no inverse.
        if isinstance(data, dict) and isinstance(data.get("inverses"), dict):
            return {**data, "inverses": {k: v or None for k, v in data["inverses"].items()}}
        return data

    @model_validator(mode="after")
    def _closed(self) -> "Vocabulary":
        for name, inverse in self.inverses.items():
            if inverse is not None and self.inverses.get(inverse) != name:
                raise ValueError(f"the inverse of {name} is {inverse}, whose own inverse is not {name}")
        for alias, name in self.aliases.items():
            if name not in self.inverses:
                raise ValueError(f"alias {alias} stands for {name}, which is no type")
        if self.fallback not in self.inverses:
            raise ValueError(f"fallback {self.fallback} is no type")
        if self.fallback in ACYCLIC or self.inverses[self.fallback] in ACYCLIC:
            raise ValueError(f"fallback {self.fallback} makes no sense in a circle, so not every link can have it")
        return self._told_apart()

    def _told_apart(self) -> "Vocabulary":
        """The same; raises ``ValueError`` where two types are written alike."""
        first: dict[str, str] = {}
        for name in self.inverses:
            if (other := first.setdefault(_folded(name), name)) != name:
                raise ValueError(f"types {other} and {name} differ in capitals, hyphens or blanks alone")
        return self

    def canonical(self, name: str | None) -> str | None:
        """The type that ``name`` means, or None where it means none."""
        if name is None:
            return None
        if name in self.inverses:
            return name
        meant = _folded(name)
        # A type's own name comes before another's alias.
        for known in (dict.fromkeys(self.inverses), self.aliases):
            for one, stands_for in known.items():
                if _folded(one) == meant:
                    return stands_for or one
        return None

    def inverse(self, name: str) -> str | None:
        """The type of the same link seen from its target, or None where it is one way."""
        return self.inverses.get(name)

    def symmetric(self, name: str) -> bool:
        """Whether the link reads the same from both ends."""
        return self.inverses.get(name) == name


@cache
def _folded(name: str) -> str:
    """A type as it is compared: people write it with capitals, hyphens or blanks."""
    return name.strip().lower().replace("-", "_").replace(" ", "_")
