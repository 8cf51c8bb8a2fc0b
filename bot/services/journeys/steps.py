"""What a journey says, asks and leaves behind: frozen values, without a word of customer copy.

A sentence is named by its response in `domain.yml` (without `utter_`) and carries typed facts;
`actions.wording` puts them into words in the one way there is for each type. Nothing reaches a
customer that is not such a fact, so that a test can compare every figure with its source.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.domain.messages import Document, DocumentKind
from bot.domain.money import Money
from bot.domain.opening_hours import OpeningHours
from bot.domain.orders import OrderLine
from bot.domain.terms import Term

__all__ = [
    "Asking",
    "Choice",
    "Document",
    "DocumentKind",
    "Fact",
    "Question",
    "Say",
    "Step",
    "say",
]


@dataclass(frozen=True, slots=True)
class Matter:
    """A request by its intent, to be named as its button is."""

    intent: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its ISO code, to be named in words."""

    code: str


Fact = (
    str
    | int
    | Money
    | date
    | datetime
    | StrEnum
    | OpeningHours
    | Term
    | Matter
    | Country
    | tuple[OrderLine, ...]
)


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence: the name of a response and what fills its gaps."""

    response: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


def say(response: str, /, **facts: Fact) -> Say:
    """A sentence with its facts."""
    return Say(response, facts)


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: its words, and the facts that pressing it gives.

    `intent` is `inform` for facts, `affirm` and `deny` for a question of yes or no, or a request.
    """

    title: Say
    facts: Mapping[str, str] = field(default_factory=dict)
    intent: str = "inform"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the name of the fact that the answer gives, the sentence, the buttons."""

    fact: str
    say: Say
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What comes of one message in a journey.

    Attributes:
        says: Sentences in order, before the question.
        question: What is asked next; None when the journey is over.
        turns_into: The request that the matter turned out to be; it goes on as that one.
        choices: Buttons that lead on when nothing is asked.
        asks_if_solved: Whether the customer is asked if that settled the matter.
        offers_person: Whether a person of the team is offered.
        order_in_focus: The order that was talked about, if one was found.
        country: Whose notation of days and money holds.
        document: What goes with it.
        more_documents: What goes with the other matters that were settled in the same turn.
    """

    says: tuple[Say, ...] = ()
    question: Question | None = None
    choices: tuple[Choice, ...] = ()
    turns_into: str | None = None
    asks_if_solved: bool = False
    offers_person: bool = False
    order_in_focus: str | None = None
    country: str = "ES"
    document: Document | None = None
    more_documents: tuple[Document, ...] = ()

    @property
    def documents(self) -> tuple[Document, ...]:
        """Everything that is handed over, in order."""
        return (*self.more_documents, *([self.document] if self.document else []))


class Asking(Exception):
    """A journey needs what nobody has said yet.

    Attributes:
        question: What to ask.
        says: Sentences that go before it.
        agreed: A digest of what a yes would agree to.
    """

    def __init__(self, question: Question, *says: Say, agreed: str | None = None) -> None:
        super().__init__(question.fact)
        self.question = question
        self.says = says
        self.agreed = agreed
