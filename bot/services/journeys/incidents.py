"""A parcel that says delivered and is not there, or that came without something."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.business_days import region_of
from bot.domain.claims import ClaimedLine, ClaimKind, ClaimRequest, Remedy
from bot.domain.deadlines import enquiry_due
from bot.domain.orders import Order, OrderLine, Progress
from bot.domain.parcels import StillToCome, still_to_come
from bot.services.journeys.enquiries import (
    claim_opened,
    claim_under_way,
    open_claim,
    whereabouts,
)
from bot.services.journeys.incident_lines import missing_lines, named
from bot.services.journeys.journey import Case, Journey
from bot.services.journeys.order_answers import OrderAnswers
from bot.services.journeys.steps import Asking, Choice, Question, Say, Step, say
from bot.services.order_backend import Actor
from bot.services.order_status import summarise

# What the shop does about it; another unit of the same is what "replacement" means here.
_REMEDIES = {
    Remedy.RESEND: Remedy.RESEND,
    Remedy.REPLACEMENT: Remedy.RESEND,
    Remedy.REFUND: Remedy.REFUND,
}
# Nothing is to arrive: that it is not marked as delivered goes without saying.
_NOTHING_COMES = frozenset({Progress.CANCELLED, Progress.CANCELLED_REFUNDED, Progress.REFUNDED})


class _Incident(Journey):
    """What both have in common."""

    kind: ClaimKind

    def __init__(self, answers: OrderAnswers) -> None:
        self._answers = answers

    def fits(self, order: Order) -> bool:
        """An order of which something has arrived, as far as the carrier says."""
        return any(order.delivered_quantities())

    def _not_delivered(self, case: Case, order: Order) -> Step:
        """Where it is instead."""
        if order.progress(case.now) in _NOTHING_COMES:
            return replace(whereabouts(case, order, self._answers), offers_person=True)
        told = whereabouts(case, order, self._answers, say("not_marked_delivered"))
        if not order.can_cancel() or told.choices:
            return told
        return replace(told, choices=(Choice(say("button_cancel_order"), intent="cancel_order"),))

    def _remedy(self, case: Case, order: Order, lines: Mapping[int, int], *before: Say) -> Remedy:
        said = case.read("remedy", Remedy, case.shop.spoken.remedy)
        wanted = _REMEDIES.get(said) if said is not None else None
        short = self._sold_out(case, order, lines)
        if wanted is Remedy.REFUND or (wanted is Remedy.RESEND and not short):
            return wanted
        resend = Choice(say("button_resend"), {"remedy": Remedy.RESEND.value})
        refund = Choice(say("button_refund"), {"remedy": Remedy.REFUND.value})
        if short:
            question = Question("remedy", say("question_refund_instead"), (refund,))
            raise Asking(question, say("no_unit_left", items=short))
        question = Question("remedy", say("question_incident_remedy"), (resend, refund))
        raise Asking(question, *before)

    def _sold_out(
        self, case: Case, order: Order, lines: Mapping[int, int]
    ) -> tuple[OrderLine, ...]:
        """Those of the lines that the shop cannot send again."""
        products = case.shop.backend.products(order.lines[place].sku for place in lines)
        return tuple(
            case.named(order, place)
            for place, quantity in lines.items()
            if (product := products.get(order.lines[place].sku)) is not None
            and not product.is_available(quantity)
        )

    def _open(
        self, case: Case, order: Order, lines: Mapping[int, int], remedy: Remedy, *before: Say
    ) -> Step:
        """Show what will be asked for, and open the claim after a yes."""
        claimed = tuple(ClaimedLine(place, quantity) for place, quantity in sorted(lines.items()))
        items = named(case, order, lines)
        summary = say(f"{self.kind.value}_summary", items=items, order_number=order.number)
        wish = say(f"incident_{remedy.value}_summary")
        case.confirm(*before, summary, wish, of=(order.number, claimed, remedy))
        policy, region = case.policy(order), region_of(order.shipping_address)
        request = ClaimRequest(
            order_number=order.number,
            kind=self.kind,
            remedy=remedy,
            lines=claimed,
            description=case.memory.remarks[0].text,
            due_on=enquiry_due(policy, case.today(order), region),
            evidence=case.photos,
        )
        by = Actor.customer(case.talk.conversation_id)
        opened = case.shop.backend.open_claim(request, case.key, by)
        return claim_opened(opened, "incident")

    def _under_way(self, case: Case, order: Order, lines: Mapping[int, int]) -> Step | None:
        """The answer when the same was reported before; a yes to this report is not stopped."""
        if case.is_agreeing:
            return None
        claim = open_claim(case, order, self.kind, frozenset(lines))
        return claim_under_way(case, order, claim, "incident") if claim is not None else None


class ReportNotReceived(_Incident):
    """It says delivered, and the customer has nothing."""

    begins = frozenset({"report_not_received"})
    facts = ("order_number", "second_fact", "looked_around", "remedy")
    kind = ClaimKind.NOT_RECEIVED

    def next(self, case: Case) -> Step:
        """Tell what the carrier says; when it is nowhere near, report it."""
        order = case.order()
        delivered = order.delivered_quantities()
        if not any(delivered):
            return self._not_delivered(case, order)
        order.check_not_cancelled()
        lines = {place: quantity for place, quantity in enumerate(delivered) if quantity}
        held = self._under_way(case, order, lines)
        if held is not None:
            return held
        if not self._looked_around(case, order):
            return Step(says=(say("look_around_first"),))
        told = self._answers.sentences(summarise(order, case.now), None, case.now)
        is_first = case.memory.asked in (None, "order_number", "second_fact")
        remedy = self._remedy(case, order, lines, *(told if is_first else ()))
        return self._open(case, order, lines, remedy)

    def _looked_around(self, case: Case, order: Order) -> bool:
        texts = (remark.text for remark in case.memory.remarks if remark.text)
        if any(case.shop.spoken.has_looked_around(text) for text in texts):
            return True
        agreed = case.agrees_to("looked_around")
        if agreed is not None:
            return agreed
        choices = (
            Choice(say("button_looked_around"), intent="affirm"),
            Choice(say("button_will_look"), intent="deny"),
        )
        told = self._answers.sentences(summarise(order, case.now), None, case.now)
        put_again = case.memory.asked == "looked_around"
        question = Question("looked_around", say("question_looked_around"), choices)
        raise Asking(question, *(() if put_again else told))


class ReportMissingItem(_Incident):
    """The parcel came with something missing, or empty."""

    begins = frozenset({"report_missing_item"})
    facts = ("order_number", "second_fact", "line", "quantity", "remedy")
    kind = ClaimKind.MISSING_ITEM

    def next(self, case: Case) -> Step:
        """Tell what comes in another parcel; report what should have been in this one."""
        order = case.order()
        delivered = order.delivered_quantities()
        if not any(delivered):
            return self._not_delivered(case, order)
        order.check_not_cancelled()
        missing = missing_lines(case, order, delivered)
        awaited = still_to_come(order)
        coming = {place: awaited[place] for place in missing if place in awaited}
        told = self._on_its_way(case, order, missing, coming)
        lines = {
            place: quantity - coming[place].quantity if place in coming else quantity
            for place, quantity in missing.items()
            if place not in coming or quantity > coming[place].quantity
        }
        if not lines:
            return Step(says=told, asks_if_solved=True)
        held = self._under_way(case, order, lines)
        if held is not None:
            return replace(held, says=(*told, *held.says))
        remedy = self._remedy(case, order, lines)
        case.offer_photo()
        return self._open(case, order, lines, remedy, *told)

    def _on_its_way(
        self,
        case: Case,
        order: Order,
        missing: Mapping[int, int],
        coming: Mapping[int, StillToCome],
    ) -> tuple[Say, ...]:
        """Which of the missing articles come without anybody doing anything, and how."""
        says: list[Say] = []
        for place, units in coming.items():
            count = min(units.quantity, missing[place])
            items = named(case, order, {place: count})
            if units.shipment is None:
                says.append(say("missing_not_sent_yet", items=items))
                continue
            parcel = units.shipment
            says.append(say("missing_in_other_parcel", items=items, carrier=parcel.carrier))
            expected = parcel.estimated_delivery
            if expected is not None:
                day = expected.astimezone(order.zone).date()
                late = day < case.today(order)
                says.append(say("other_parcel_late" if late else "arrival_expected", when=day))
            says.append(say("tracking", tracking_number=parcel.tracking_number))
        return tuple(says)
