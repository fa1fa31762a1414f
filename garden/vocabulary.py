"""Link types, their inverses, and the other names under which they are met."""

import json
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
            inverses = {k: v or None for k, v in data["inverses"].items()}
            # Whoever names types alone never wrote the aliases of others.
            own = {_folded(str(name)) for name in inverses}
            usual = {alias: name for alias, name in DEFAULT_ALIASES.items() if name in inverses and alias not in own}
            return {"aliases": usual, **data, "inverses": inverses}
        return data

    @model_validator(mode="after")
    def _closed(self) -> "Vocabulary":
        for name, inverse in self.inverses.items():
            if inverse is not None and self.inverses.get(inverse) != name:
                way = f"say {inverse} = {json.dumps(name, ensure_ascii=False)} below it"
                raise ValueError(f"the inverse of {name} is {inverse}, whose own inverse is not {name}; {way}")
        for alias, name in self.aliases.items():
            if name not in self.inverses:
                raise ValueError(f"alias {alias} stands for {name or 'nothing'}, which is no type; {self._types()}")
        if self.fallback not in self.inverses:
            none = f"fallback {self.fallback or 'is empty, which'} is no type"
            raise ValueError(f"{none}; name one in vocabulary.fallback: {self._types()}")
        if self.fallback in ACYCLIC or self.inverses[self.fallback] in ACYCLIC:
            raise ValueError(f"fallback {self.fallback} makes no sense in a circle, so not every link can have it")
        return self._told_apart()

    def _types(self) -> str:
        return f"the types are {', '.join(self.inverses)}" if self.inverses else "vocabulary.inverses has none"

    def _told_apart(self) -> "Vocabulary":
        """The same; raises ``ValueError`` where two types, or aliases of two, are written alike."""
        first: dict[str, str] = {}
        for name in self.inverses:
            if (other := first.setdefault(_folded(name), name)) != name:
                raise ValueError(f"types {other} and {name} differ in capitals, hyphens or blanks alone")
        said: dict[str, str] = {}
        for name, meant in self.aliases.items():
            if (type_ := first.get(_folded(name), meant)) != meant:
                way = f"take it out of vocabulary.aliases, or {type_} out of vocabulary.inverses"
                raise ValueError(f"alias {name} of {meant} is itself a type, and would never be put right; {way}")
            other = said.setdefault(_folded(name), name)
            if self.aliases[other] != meant:
                alike = f"aliases {other} and {name} differ in capitals, hyphens or blanks alone"
                raise ValueError(f"{alike}, and stand for two types: {self.aliases[other]} and {meant}")
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
