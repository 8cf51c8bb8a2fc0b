"""Which sentences tell where an order stands, and the facts they name.

Pure: a summary in, sentences out. What the backend does not say has a response of its own or is
left out; nothing is filled in.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.domain.carriers import Carriers
from bot.domain.money import Money
from bot.domain.orders import Progress, zone_of
from bot.services.journeys.steps import Fact, Say
from bot.services.order_status import OrderSummary

# Nothing travels (yet, or any more): tracking and arrival say nothing true here.
_NOT_TRAVELLING = frozenset(
    {
        Progress.CANCELLED,
        Progress.CANCELLED_REFUNDED,
        Progress.REFUNDED,
        Progress.PAYMENT_FAILED,
        Progress.PAYMENT_PENDING,
        Progress.PREPARING,
        Progress.COMPLETED,
    }
)
_ARRIVED = frozenset({Progress.DELIVERED})
# The customer can do little about these alone: a person is offered.
_NEEDS_A_PERSON = frozenset(
    {
        Progress.LATE,
        Progress.EXCEPTION,
        Progress.EXPIRED,
        Progress.UNKNOWN,
        Progress.PAYMENT_FAILED,
    }
)
# …and of these, the ones that the carrier must explain.
_CARRIER_MUST_EXPLAIN = _NEEDS_A_PERSON - {Progress.PAYMENT_FAILED}
# The state itself says when it arrives (today, never, already), or the date has passed.
_ARRIVAL_SAID = (
    _NOT_TRAVELLING
    | _ARRIVED
    | {
        Progress.LATE,
        Progress.OUT_FOR_DELIVERY,
        Progress.AVAILABLE_FOR_PICKUP,
        Progress.ATTEMPT_FAIL,
        Progress.EXPIRED,
    }
)


def needs_a_person(summary: OrderSummary) -> bool:
    """Whether the order is in trouble that the assistant cannot end."""
    return summary.progress in _NEEDS_A_PERSON


def carrier_must_explain(summary: OrderSummary) -> bool:
    """Whether only the carrier knows what became of the parcel."""
    return summary.progress in _CARRIER_MUST_EXPLAIN


def is_narrow(says: Sequence[Say]) -> bool:
    """Whether one thing was asked and told, and not where the order stands."""
    return all(each.response.startswith("facet_") for each in says)


class OrderAnswers:
    """Chooses the sentences for an order."""

    def __init__(self, carriers: Carriers) -> None:
        self._carriers = carriers

    def sentences(self, summary: OrderSummary, facet: str | None, now: datetime) -> list[Say]:
        """The sentences that answer, in order; `facet` narrows the answer to one thing.

        Args:
            facet: `arrival`, `tracking`, `carrier`, `contents`, or None for all that matters.
        """
        today = now.astimezone(zone_of(summary.country)).date()
        facts = self._facts(summary)
        arrival = _arrival(summary, facts, today)
        name = _facet_response(summary, facet, facts, arrival) or _status_response(summary, facts)
        names = [name]
        if not name.startswith("facet_"):
            names += _details(summary, facts, arrival)
        return [Say(name, facts) for name in names]

    def tracking(self, summary: OrderSummary) -> tuple[Say, ...]:
        """How its parcel can be followed; nothing where there is no way."""
        facts = self._facts(summary)
        return tuple(Say(name, facts) for name in _tracking(facts))

    def arrival(self, summary: OrderSummary) -> tuple[Say, ...]:
        """By when what is on its way is expected; nothing where nobody says."""
        expected = summary.estimated_delivery is not None and summary.progress not in _ARRIVAL_SAID
        return (Say("arrival_expected", self._facts(summary)),) if expected else ()

    def _facts(self, summary: OrderSummary) -> dict[str, Fact]:
        when = summary.delivered_at if summary.progress in _ARRIVED else summary.estimated_delivery
        refunded = Money(abs(summary.refunded_minor), summary.currency)
        optional: dict[str, Fact | None] = {
            "when": when.date() if when else None,
            "carrier": summary.carrier,
            "tracking_number": summary.tracking_number,
            "tracking_link": self._link(summary),
            "shipped_items": summary.shipped_lines or None,
            "delivered_items": summary.delivered_lines or None,
            "pending_items": summary.pending_lines or None,
            "refunded": refunded if refunded.minor else None,
        }
        return {
            "order_number": summary.number,
            "items": summary.lines,
            "placed_on": summary.placed_at.date(),
            **{name: value for name, value in optional.items() if value is not None},
        }

    def _link(self, summary: OrderSummary) -> str | None:
        if summary.carrier is None or summary.tracking_number is None:
            return None
        return self._carriers.tracking_link(summary.carrier, summary.tracking_number)


def _arrival(summary: OrderSummary, facts: Mapping[str, Fact], today: date) -> str | None:
    """`expected`, `unknown`, or None where there is nothing true to add about the arrival."""
    if summary.progress in _ARRIVAL_SAID:
        return None
    expected = summary.estimated_delivery
    if expected is not None and expected.date() < today:
        return None  # what is past is no forecast
    return "expected" if "when" in facts else "unknown"


def _facet_response(
    summary: OrderSummary, facet: str | None, facts: Mapping[str, Fact], arrival: str | None
) -> str | None:
    if facet == "contents":
        return "facet_contents"
    if facet == "tracking":
        if "tracking_number" not in facts:
            preparing = summary.progress is Progress.PREPARING
            return "facet_tracking_none" if preparing else None
        linked = "tracking_link" in facts
        return "facet_tracking_with_link" if linked else "facet_tracking"
    if facet == "carrier" and "carrier" in facts:
        return "facet_carrier"
    if facet == "arrival" and arrival is not None and "carrier" in facts:
        return "facet_arrival" if arrival == "expected" else "facet_arrival_unknown"
    return None


def _status_response(summary: OrderSummary, facts: Mapping[str, Fact]) -> str:
    progress = summary.progress
    if progress is Progress.DELIVERED and "when" not in facts:
        return "order_delivered_undated"
    if progress is Progress.CANCELLED_REFUNDED and "refunded" in facts:
        return "order_cancelled_refunded_amount"
    if progress is Progress.PARTLY_DELIVERED and not (
        "delivered_items" in facts and "pending_items" in facts
    ):
        return "order_partly_delivered_unlisted"
    if progress is Progress.PARTLY_SHIPPED and "shipped_items" not in facts:
        return "order_in_transit"
    return f"order_{progress.value}"


def _tracking(facts: Mapping[str, Fact]) -> list[str]:
    if "tracking_number" not in facts:
        return []
    return ["tracking_with_link" if "tracking_link" in facts else "tracking"]


def _details(summary: OrderSummary, facts: Mapping[str, Fact], arrival: str | None) -> list[str]:
    """What follows the state itself: when it arrives, and how to follow it."""
    if summary.progress in _NOT_TRAVELLING:
        return []
    details = [f"arrival_{arrival}"] if arrival else []
    details += _tracking(facts)
    return details
