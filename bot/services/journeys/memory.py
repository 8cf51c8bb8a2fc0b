"""What a journey remembers between two messages; it travels with the dialogue state."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

# The state of a conversation has a bounded size: a matter takes some ten messages, and what one of
# them says of an article or a reason stands in its first lines.
REMARKS_KEPT = 20
LONGEST_REMARK = 1_000


@dataclass(frozen=True, slots=True)
class Remark:
    """One message of the customer that belongs to the matter.

    Attributes:
        intent: What it wants, as it was understood.
        text: As it was written; empty when a button was pressed.
        entities: Its facts by name, in order; a button's facts too.
        answers: The fact that had been asked for.
        photos: Names of the photos that came with it.
        tells: Whether it says anything of the matter beside a yes or a no.
    """

    intent: str
    text: str = ""
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answers: str | None = None
    photos: tuple[str, ...] = ()
    tells: bool = False

    def value(self, name: str) -> str | None:
        """The last value of a fact: it may correct the first."""
        return next(iter(self.entities.get(name, ())[-1:]), None)

    def only(self, *names: str) -> Self:
        """With these facts alone, and without its text."""
        kept = {name: self.entities[name] for name in names if name in self.entities}
        return replace(self, text="", entities=kept, answers=None)

    def shortened(self) -> Self:
        """As much of it as is kept."""
        return replace(self, text=self.text[:LONGEST_REMARK])

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """A remark as `asdict` and JSON leave it."""
        entities = {name: tuple(values) for name, values in stored["entities"].items()}
        return cls(**{**stored, "entities": entities, "photos": tuple(stored["photos"])})


@dataclass(frozen=True, slots=True)
class Memory:
    """A journey under way.

    What is known is read anew from the remarks each time: a later one corrects an earlier one, and
    nothing has to be undone when somebody changes their mind.

    Attributes:
        journey: The intent that it serves.
        key: Names this one procedure: whatever is written for it is written once.
        remarks: What the customer said, the oldest first.
        asked: The fact that was asked for last.
        agreed: A digest of the summary that was shown last, for a yes to be a yes to just that.
        refused: The number and the second fact that belonged to no order together.
        then: Matters to be served when this one is done: the intent, and the order's number if named.
        tries: How often in a row the question went without an answer.
        unclear: How often in a row words said nothing to us.
    """

    journey: str
    key: str
    remarks: tuple[Remark, ...] = ()
    asked: str | None = None
    agreed: str | None = None
    refused: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    tries: int = 0
    unclear: int = 0

    def hearing(self, remark: Remark) -> Self:
        """With one more remark; of very many the first and the last are kept."""
        remarks = (*self.remarks, remark.shortened())
        if len(remarks) > REMARKS_KEPT:
            remarks = (remarks[0], *remarks[2:])
        return replace(self, remarks=remarks)

    @classmethod
    def read(cls, stored: Mapping[str, Any] | None) -> Self | None:
        """The memory in a slot; None when no journey is under way."""
        if not stored:
            return None
        remarks = tuple(map(Remark.read, stored["remarks"]))
        pairs = {"refused": tuple(stored["refused"]), "then": tuple(stored["then"])}
        return cls(**{**stored, **pairs, "remarks": remarks})

    def written(self) -> dict[str, Any]:
        """As it is kept in a slot: nothing but what JSON knows."""
        return asdict(self)
