"""Sending an order somewhere else, or to somebody else, while nothing of it has left."""

import re
from dataclasses import dataclass, replace

from bot.domain.eligibility import AlreadyShipped, OrderCompleted
from bot.domain.errors import Refusal
from bot.domain.orders import Address, Order, ShipmentStatus
from bot.domain.spoken import AddressSaid, DeliveryWish, SpokenAnswers
from bot.domain.spoken.consent import says_yes
from bot.domain.spoken.signs import speaks_of_another_place, without_denied_number
from bot.services.journeys.journey import Case, Journey
from bot.services.journeys.memory import Remark
from bot.services.journeys.order_answers import OrderAnswers
from bot.services.journeys.steps import Asking, Country, Question, Say, Step, say
from bot.services.order_backend import Actor
from bot.services.order_status import summarise

CHANGE_ADDRESS = "change_address"
# What an address is compared with while the order's own is not known: the shape of a postcode.
ANYWHERE = Address(name="", line1="", city="", postal_code="", country="ES")
# Answers that say who is asking, or agree to something.
_IDENTITY = frozenset({"order_number", "second_fact"})


def without_new_postcode(remark: Remark, journey: str, spoken: SpokenAnswers) -> Remark:
    """A message without the postcode of where an order shall go: that proves nothing.

    Args:
        remark: The message.
        journey: The matter under way, or that it begins.
        spoken: Reads the address.
    """
    changes = CHANGE_ADDRESS in (remark.intent, journey)
    if not changes or "postal_code" not in remark.entities:
        return remark
    said = spoken.address(remark.text, ANYWHERE)
    if said.line1 is None and said.city is None:
        return remark
    facts = {name: values for name, values in remark.entities.items() if name != "postal_code"}
    return replace(remark, entities=facts)


# "Piso 3, puerta B, escalera derecha": longer ones hold a street that we did not see.
_LONGEST_UNIT = 5


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the remarks say of another delivery."""

    place: AddressSaid
    recipient: str | None
    wish: DeliveryWish | None


class ChangeAddress(Journey):
    """Another address or recipient; days, hours and pick-up points are the carrier's."""

    begins = frozenset({CHANGE_ADDRESS})
    facts = ("order_number", "second_fact", "new_address", "recipient")

    def __init__(self, answers: OrderAnswers) -> None:
        self._answers = answers

    def fits(self, order: Order) -> bool:
        """An order of which nothing has left."""
        return order.can_change_address()

    def next(self, case: Case) -> Step:
        """Put the new address together, show it, and write it after a yes."""
        order = case.order()
        wanted = _wanted(case, order)
        somewhere = not wanted.place.empty or wanted.recipient is not None
        if wanted.wish in (DeliveryWish.TIME, DeliveryWish.PICKUP) and not somewhere:
            return self._by_carrier(case, order)
        if not case.is_agreeing:
            order.check_not_begun()
        abroad = _abroad(case, order, wanted.place)
        if abroad is not None and not case.is_agreeing:
            here = say("address_abroad", country=Country(order.shipping_address.country))
            return Step(says=(here,), offers_person=True)
        address = _complete(wanted, order)
        if _same(address, order.shipping_address) and not case.is_agreeing:
            done = _worded("address_is_that_already", order, address)
            raise Asking(_question("question_new_address"), done)
        case.confirm(_worded("address_summary", order, address), of=(order.number, address))
        by = Actor.customer(case.talk.conversation_id)
        changed = case.shop.backend.change_address(order.number, address, case.key, by)
        receipt = _worded("address_changed", changed, changed.shipping_address)
        says = [receipt]
        if wanted.wish is DeliveryWish.TIME:
            says.append(say("delivery_arranged_once_sent"))
        return Step(says=tuple(says), asks_if_solved=True)

    def refused(self, refusal: Refusal, case: Case) -> Step:
        """What has left is in the carrier's hands."""
        order = case.order_found
        if order is None or not isinstance(refusal, AlreadyShipped | OrderCompleted):
            return super().refused(refusal, case)
        arrived = all(each.status is ShipmentStatus.DELIVERED for each in order.shipments)
        if isinstance(refusal, OrderCompleted) or arrived:
            says = (say("address_of_delivered_order", order_number=order.number),)
            return Step(says=says, offers_person=True)
        told = say("address_too_late", order_number=order.number)
        return Step(says=(told, *self._tracking(case, order)), offers_person=True)

    def _by_carrier(self, case: Case, order: Order) -> Step:
        """Days, hours and pick-up points: whoever brings it arranges them."""
        if order.has_left:
            told = say("delivery_arranged_by_carrier")
            return Step(says=(told, *self._tracking(case, order)), offers_person=True)
        order.check_not_begun()
        return Step(says=(say("delivery_arranged_once_sent"),), offers_person=True)

    def _tracking(self, case: Case, order: Order) -> tuple[Say, ...]:
        return self._answers.tracking(summarise(order, case.now))


# --- what was said --------------------------------------------------------------------------------


def _wanted(case: Case, order: Order) -> _Wanted:
    """Place, name and wish as the remarks say them, the last word counts."""
    spoken, current = case.shop.spoken, order.shipping_address
    place, recipient, wish = AddressSaid(), None, None
    for remark in case.memory.remarks:
        if not remark.text:
            continue
        text = without_denied_number(remark.text)
        part = spoken.address(text, _so_far(place, current))
        if (
            part.line2
            and not (part.line1 or part.city)
            and len(remark.text.split()) > _LONGEST_UNIT
        ):
            part = AddressSaid()  # more was written than we can read: better ask than mix two
        if not part.line1 and place.line1 and (number := _same_street(text, place.line1)):
            part = replace(part, line1=number)
        if remark.answers in _IDENTITY and part.line1 is None:
            continue
        agrees = remark.answers == "confirmation" and says_yes(remark.intent, remark.text)
        if agrees and _alike(part.line1 or "", place.line1 or ""):
            continue  # "sí, a la calle Luna 7": what was shown, said again
        if part.empty and remark.answers == "new_address":
            part = _named_alone(remark.text, place, spoken)
        place = place.completed_by(part)
        asked = remark.answers == "recipient"
        recipient = spoken.recipient(remark.text, asked=asked) or recipient
        heard_wish = spoken.delivery_wish(remark.text)
        if heard_wish is not DeliveryWish.TIME or not speaks_of_another_place(remark.text):
            wish = heard_wish or wish
    return _Wanted(place, recipient, wish)


def _abroad(case: Case, order: Order, place: AddressSaid) -> str | None:
    """Another country that the order shall go to; streets are called after countries too."""
    street = place.line1 or ""
    for remark in case.memory.remarks:
        if remark.answers in _IDENTITY:
            continue
        named = case.shop.spoken.mentioned("country", remark.text.replace(street, " "))
        for code in named:
            if code not in (order.country, order.shipping_address.country):
                return code
    return None


def _same_street(text: str, line1: str) -> str | None:
    """The street already named with another number: "es el 1210, Insurgentes Sur 1210"."""
    street = re.match(r"[^\d,]+", line1)
    if street is None or not street[0].strip():
        return None
    again = re.search(rf"{re.escape(street[0].strip())}\W{{1,3}}\d+\w?", text, re.IGNORECASE)
    return again[0] if again else None


def _so_far(place: AddressSaid, current: Address) -> Address:
    """What a correction is about: "no, el número es 7" is of the new street once there is one."""
    return place.applied_to(current) if place.line1 else current


def _named_alone(text: str, place: AddressSaid, spoken: SpokenAnswers) -> AddressSaid:
    """The answer to the part that was asked for: a city is but a name, a street a name and a number."""
    asked = place.missing[0] if not place.empty and place.missing else None
    if asked == "city":
        return AddressSaid(city=spoken.city(text))
    if asked == "line1" and place.postal_code:
        whole = spoken.address(f"{text}, {place.postal_code}", ANYWHERE)
        return AddressSaid(line1=whole.line1, line2=whole.line2)
    return AddressSaid()


def _complete(wanted: _Wanted, order: Order) -> Address:
    """The address that the order is to have.

    Raises:
        Asking: a part of it was not said.
    """
    current = order.shipping_address
    if wanted.place.empty and wanted.recipient is None:
        if wanted.wish is DeliveryWish.RECIPIENT:
            raise Asking(Question("recipient", say("question_recipient")))
        raise Asking(_question("question_new_address"))
    if not wanted.place.empty and wanted.place.missing:
        raise Asking(_question(f"question_address_{wanted.place.missing[0]}"))
    address = wanted.place.applied_to(current)
    if address.line2 is None and _alike(address.line1, current.line1):
        address = replace(address, line2=current.line2)  # the same house, its floor left out
    if address.region is None and _alike(address.city, current.city):
        address = replace(address, region=current.region)
    return replace(address, name=wanted.recipient) if wanted.recipient else address


def _same(one: Address, other: Address) -> bool:
    parts = (
        (each.name, each.line1, each.line2 or "", each.city, each.postal_code)
        for each in (one, other)
    )
    mine, theirs = parts
    return all(map(_alike, mine, theirs))


def _alike(one: str, other: str) -> bool:
    return "".join(filter(str.isalnum, one.casefold())) == "".join(
        filter(str.isalnum, other.casefold())
    )


def _question(response: str) -> Question:
    return Question("new_address", Say(response))


def _worded(response: str, order: Order, address: Address) -> Say:
    """A sentence with an address in it, with or without a floor."""
    facts = {
        "order_number": order.number,
        "recipient": address.name,
        "line1": address.line1,
        "postal_code": address.postal_code,
        "city": address.city,
    }
    if address.line2 is None:
        return Say(response, facts)
    return Say(f"{response}_with_unit", {**facts, "line2": address.line2})
