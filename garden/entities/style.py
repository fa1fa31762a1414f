"""How a library writes its entities, and the ids that several of its patterns use already."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from garden import terms
from garden.entities.labels import Label, read_label
from garden.models import Entity, Scalar

USED_BEFORE = 2  # Patterns that must use an id before it counts as the library's own vocabulary.
DEFAULT_TYPE = "concept"
RELEVANCES = (0.7, 0.95)
SEEN_BEFORE = 3  # Labels that must end in a word before it tells a type.


@dataclass(frozen=True)
class Style:
    """How the library writes its entities: as bare strings or with which fields, in capitals or not."""

    plain: bool
    typed: bool
    rated: bool
    capitals: bool
    relevances: tuple[float, float]
    type_of_head: Mapping[str, str]
    usual_type: str

    def type_of(self, label: str) -> str:
        """The type that the library mostly gives to labels which end in the same word."""
        return self.type_of_head.get(terms.stem(label.rsplit(maxsplit=1)[-1]), self.usual_type)

    def knows(self, label: str) -> bool:
        """Whether the library has labels that end in the same word, and so says what kind of thing it is."""
        return terms.stem(label.rsplit(maxsplit=1)[-1]) in self.type_of_head

    def label(self, text: str) -> str:
        """``text`` as the library writes labels; capitals that are there stay."""
        if not self.capitals:
            return text
        return " ".join(word if word[:1].isupper() else word[:1].upper() + word[1:] for word in text.split())

    def relevance(self, share: float) -> float:
        """The relevance of an entity that is as well borne as ``share`` of the best one; 0..1, two digits."""
        lowest, highest = self.relevances
        return round(lowest + (highest - lowest) * share, 2)


@dataclass(frozen=True)
class Word:
    """An id of the library's vocabulary: the label that it mostly bears, its type, and how many patterns use it."""

    id: str
    text: str
    label: Label
    type: str | None
    uses: int


def words_of(standing: Sequence[Sequence[Entity]], fewest: int = USED_BEFORE) -> list[Word]:
    """The ids that at least so many patterns use, by id."""
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    types: dict[str, Counter[str]] = defaultdict(Counter)
    for held in standing:
        for entity in held:
            labels[entity.id][entity.label] += 1
            if entity.type:
                types[entity.id][entity.type] += 1
    return [
        Word(name, most(counts), read_label(most(counts)), most(types[name]) if types[name] else None, counts.total())
        for name, counts in sorted(labels.items())
        if counts.total() >= fewest
    ]


def style_of(standing: Sequence[Sequence[Entity]]) -> Style:
    """How the entities of the library are written; where there are none, as the defaults are."""
    every = [entity for held in standing for entity in held]
    full = [entity for entity in every if not entity.plain]
    relevances = sorted(entity.relevance for entity in full if entity.relevance is not None)
    tenth = len(relevances) // 10
    heads: dict[str, Counter[str]] = defaultdict(Counter)
    for entity in full:
        if entity.type and entity.label.split():
            heads[terms.stem(entity.label.split()[-1])][entity.type] += 1
    types = Counter(entity.type for entity in full if entity.type)
    return Style(
        plain=len(every) > 2 * len(full),
        typed=not full or bool(types),
        rated=not full or bool(relevances),
        capitals=2 * sum(entity.label[:1].isupper() for entity in every) >= len(every),
        relevances=(relevances[tenth], relevances[-1 - tenth]) if relevances else RELEVANCES,
        type_of_head={head: most(counts) for head, counts in heads.items() if _telling(counts)},
        usual_type=most(types) if types else DEFAULT_TYPE,
    )


def _telling(counts: Counter[str]) -> bool:
    """Whether types of labels with one last word are many and agree."""
    return counts.total() >= SEEN_BEFORE and 3 * max(counts.values()) >= 2 * counts.total()


def most(counts: Counter[str]) -> str:
    """What was counted most often, the first of the alphabet where several were."""
    return min(counts, key=lambda name: (-counts[name], name))


def fields_of(entity: Entity) -> dict[str, Scalar] | str:
    """An entity as a file holds it."""
    if entity.plain:
        return entity.label
    held: dict[str, Scalar] = {
        "id": entity.id,
        "type": entity.type,
        "label": entity.label,
        "relevance": entity.relevance,
    }
    return {name: value for name, value in held.items() if value is not None}
