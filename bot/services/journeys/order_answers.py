"""Which responses tell where an order stands, and the facts they name.

Pure: a summary in, names and facts out. What the backend does not say has a response of its own
or is left out; nothing is filled in.
"""

from datetime import date, datetime

from bot.adapters.voice import Voice
from bot.domain.carriers import Carriers
from bot.domain.money import Money
from bot.domain.orders import Progress, zone_of
from bot.services.order_status import OrderSummary

Response = tuple[str, dict[str, str]]

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


class OrderAnswers:
    """Chooses the responses for an order."""

    def __init__(self, voice: Voice, carriers: Carriers) -> None:
        self._voice = voice
        self._carriers = carriers

    def responses(self, summary: OrderSummary, facet: str | None, now: datetime) -> list[Response]:
        """The responses that answer, in order; `facet` narrows the answer to one thing.

        Args:
            facet: `arrival`, `tracking`, `carrier`, `contents`, or None for all that matters.
        """
        today = now.astimezone(zone_of(summary.country)).date()
        facts = self._facts(summary, today)
        arrival = _arrival(summary, facts, today)
        name = _facet_response(summary, facet, facts, arrival) or _status_response(summary, facts)
        names = [name]
        if not name.startswith("utter_facet_"):
            names += _details(summary, facts, arrival)
        return [(name, facts) for name in names]

    def _facts(self, summary: OrderSummary, today: date) -> dict[str, str]:
        voice = self._voice
        when = summary.delivered_at if summary.progress in _ARRIVED else summary.estimated_delivery
        link = self._link(summary)
        optional = {
            "when": voice.day(when.date(), today, summary.country) if when else None,
            "carrier": summary.carrier,
            "tracking_number": summary.tracking_number,
            "tracking_link": link,
            "shipped_items": voice.items(summary.shipped_lines) or None,
            "delivered_items": voice.items(summary.delivered_lines) or None,
            "pending_items": voice.items(summary.pending_lines) or None,
            "refunded": self._refunded(summary),
        }
        return {
            "order_number": summary.number,
            "items": voice.items(summary.lines),
            "placed_on": voice.day(summary.placed_at.date(), today, summary.country),
            **{name: value for name, value in optional.items() if value is not None},
        }

    def _link(self, summary: OrderSummary) -> str | None:
        if summary.carrier is None or summary.tracking_number is None:
            return None
        return self._carriers.tracking_link(summary.carrier, summary.tracking_number)

    def _refunded(self, summary: OrderSummary) -> str | None:
        if summary.refunded_minor == 0:
            return None
        amount = Money(abs(summary.refunded_minor), summary.currency)
        return self._voice.money(amount, summary.country)


def _arrival(summary: OrderSummary, facts: dict[str, str], today: date) -> str | None:
    """`expected`, `unknown`, or None where there is nothing true to add about the arrival."""
    if summary.progress in _ARRIVAL_SAID:
        return None
    expected = summary.estimated_delivery
    if expected is not None and expected.date() < today:
        return None  # what is past is no forecast
    return "expected" if "when" in facts else "unknown"


def _facet_response(
    summary: OrderSummary, facet: str | None, facts: dict[str, str], arrival: str | None
) -> str | None:
    if facet == "contents":
        return "utter_facet_contents"
    if facet == "tracking":
        if "tracking_number" not in facts:
            preparing = summary.progress is Progress.PREPARING
            return "utter_facet_tracking_none" if preparing else None
        linked = "tracking_link" in facts
        return "utter_facet_tracking_with_link" if linked else "utter_facet_tracking"
    if facet == "carrier" and "carrier" in facts:
        return "utter_facet_carrier"
    if facet == "arrival" and arrival is not None and "carrier" in facts:
        return "utter_facet_arrival" if arrival == "expected" else "utter_facet_arrival_unknown"
    return None


def _status_response(summary: OrderSummary, facts: dict[str, str]) -> str:
    progress = summary.progress
    if progress is Progress.DELIVERED and "when" not in facts:
        return "utter_order_delivered_undated"
    if progress is Progress.CANCELLED_REFUNDED and "refunded" in facts:
        return "utter_order_cancelled_refunded_amount"
    if progress is Progress.PARTLY_DELIVERED and not (
        "delivered_items" in facts and "pending_items" in facts
    ):
        return "utter_order_partly_delivered_unlisted"
    if progress is Progress.PARTLY_SHIPPED and "shipped_items" not in facts:
        return "utter_order_in_transit"
    return f"utter_order_{progress.value}"


def _details(summary: OrderSummary, facts: dict[str, str], arrival: str | None) -> list[str]:
    """What follows the state itself: when it arrives, and how to follow it."""
    if summary.progress in _NOT_TRAVELLING:
        return []
    details = [f"utter_arrival_{arrival}"] if arrival else []
    if "tracking_number" in facts:
        linked = "tracking_link" in facts
        details.append("utter_tracking_with_link" if linked else "utter_tracking")
    if summary.progress in _CARRIER_MUST_EXPLAIN:
        details.append("utter_carrier_can_be_asked")
    return details
