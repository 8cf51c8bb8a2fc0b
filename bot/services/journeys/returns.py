"""Sending something back: withdrawal, the shop's courtesy, or because it is not what was sold.

Which of the three it is, the order, the policy and the reason tell; the customer is never asked
for the name of a right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import starmap

from bot.domain.business_days import region_of
from bot.domain.deadlines import RightKind, refund_due
from bot.domain.line_facts import facts_of
from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine, OrderStatus, Product
from bot.domain.policies import Outcome, Payer
from bot.domain.returns import (
    RequestedLine,
    Resolution,
    Return,
    ReturnBasis,
    ReturnReason,
    ReturnRequest,
    check_returnable,
    returnable_quantities,
)
from bot.domain.rights import LineRights, Right, WhyNot, line_rights
from bot.domain.spoken.consent import asks_what_it_costs, asks_when, says_no
from bot.domain.spoken.signs import without_likeness
from bot.services.journeys.journey import Case, Journey
from bot.services.journeys.memory import Remark
from bot.services.journeys.naming import differences, wanted_line
from bot.services.journeys.refund_answers import refund_promise
from bot.services.journeys.steps import (
    Asking,
    Choice,
    Document,
    DocumentKind,
    Question,
    Say,
    Step,
    say,
)
from bot.services.order_backend import Actor

# What the request itself says of the reason, or of what is wanted.
_REASON_OF = {
    "report_damaged_item": ReturnReason.DAMAGED,
    "report_wrong_item": ReturnReason.WRONG_ITEM,
}
# "Mandaron otra, no la quiero": what is said beside a mishap is no reason of its own.
_WEAK = frozenset({ReturnReason.CHANGED_MIND, ReturnReason.NOT_AS_EXPECTED, ReturnReason.OTHER})
_BASIS_OF = {
    RightKind.WITHDRAWAL: ReturnBasis.WITHDRAWAL,
    RightKind.COURTESY: ReturnBasis.COURTESY,
}
_RESOLUTION_OF = {
    Outcome.REFUND: Resolution.REFUND,
    Outcome.EXCHANGE: Resolution.EXCHANGE,
    Outcome.STORE_CREDIT: Resolution.STORE_CREDIT,
}
# As many variants as a customer reads at a glance.
_VARIANTS_OFFERED = 8


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the chosen articles may go back.

    `on_wish` is what the shop gives as well to whoever asks for it: a voucher must not be offered
    in the place of a withdrawal's refund, and may be preferred to it.
    """

    basis: ReturnBasis
    paid_by: Payer
    exchange_paid_by: Payer
    outcomes: tuple[Resolution, ...]
    on_wish: tuple[Resolution, ...]
    article: str
    due_on: date


class ReturnSomething(Journey):
    """A return or an exchange, by the article."""

    begins = frozenset(
        {"request_return", "request_exchange", "report_damaged_item", "report_wrong_item"}
    )
    facts = ("order_number", "second_fact", "line", "quantity", "reason", "resolution")

    def fits(self, order: Order) -> bool:
        """An order of which something has arrived."""
        return any(order.delivered_quantities())

    def next(self, case: Case) -> Step:
        """Ask for what is missing, show what will be done, do it after a yes."""
        order = case.order()
        returns = case.shop.backend.cases(order.number).returns
        left = returnable_quantities(order, returns)
        if not any(left) and not case.is_agreeing:
            return self._nothing_to_return(order, returns)
        products = case.shop.backend.products(line.sku for line in order.lines)
        candidates = [place for place, quantity in enumerate(left) if quantity]
        chosen = case.lines(order, candidates, "question_which_line")
        if not case.is_agreeing:
            check_returnable(order, tuple(starmap(RequestedLine, chosen.items())), returns)
        reason = self._reason(case)
        plan = self._plan(case, order, chosen, reason, products)
        if isinstance(plan, Step):
            return plan
        resolution = self._resolution(case, order, plan, chosen)
        wanted = (
            self._exchange(case, order, chosen, reason) if resolution is Resolution.EXCHANGE else {}
        )
        if reason in (ReturnReason.DAMAGED, ReturnReason.WRONG_ITEM):
            case.offer_photo()
        request = ReturnRequest(
            order_number=order.number,
            lines=tuple(
                RequestedLine(place, quantity, wanted[place].sku if place in wanted else None)
                for place, quantity in sorted(chosen.items())
            ),
            reason=reason,
            resolution=resolution,
            basis=_basis(plan, resolution),
            return_paid_by=(
                plan.exchange_paid_by if resolution is Resolution.EXCHANGE else plan.paid_by
            ).value,
            article=plan.article,
            refund=_price(order, chosen) if resolution is Resolution.REFUND else None,
            refund_due=plan.due_on if resolution is Resolution.REFUND else None,
            evidence=case.photos,
        )
        case.confirm(
            *_summary(case, order, request, wanted), of=(request.lines, reason, resolution)
        )
        by = Actor.customer(case.talk.conversation_id)
        opened = case.shop.backend.start_return(request, case.key, by)
        return _receipt(opened, case.shop.facts.returns_address)

    def aside(self, remark: Remark, case: Case) -> tuple[Say, ...]:
        """When the money would come, and who pays the way back, before anything is opened."""
        if "order_number" in remark.entities:
            return ()
        money = remark.intent in ("ask_refund_status", "ask_return_policy")
        if not (money or asks_when(remark.text) or asks_what_it_costs(remark.text)):
            return ()
        order = case.order()
        places = case.articles(order).chosen or dict.fromkeys(range(len(order.lines)), 1)
        products = case.shop.backend.products(line.sku for line in order.lines)
        reason = case.read("reason", ReturnReason, case.shop.spoken.reason)
        plan = self._plan(case, order, places, reason or ReturnReason.CHANGED_MIND, products)
        if isinstance(plan, Step):
            return plan.says
        paid = say(f"return_paid_by_{plan.paid_by.value}")
        if asks_what_it_costs(remark.text):
            return (paid,)
        return (say("refund_would_come", due_on=plan.due_on), paid)

    # --- what has to be known ----------------------------------------------------------------------

    def _reason_said(self, case: Case) -> ReturnReason | None:
        """The reason in the customer's words; one in passing corrects none that was given."""
        said: ReturnReason | None = None
        for remark in case.memory.remarks:
            pressed = remark.value("reason")
            if pressed is not None:
                said = ReturnReason(pressed)
                continue
            heard = case.shop.spoken.reason(remark.text) if remark.text else None
            if heard and (said is None or heard not in _WEAK or remark.answers == "reason"):
                said = heard
        return said

    def _reason(self, case: Case) -> ReturnReason:
        told = [each.intent for each in case.memory.remarks if each.intent in _REASON_OF]
        said = self._reason_said(case)
        if said is not None and not (told and said in _WEAK and case.answer_to("reason") is None):
            return said
        if told:
            return _REASON_OF[told[-1]]
        if case.answer_to("reason") is not None:
            return ReturnReason.OTHER  # in words that we do not know
        choices = tuple(
            Choice(say("button_reason", reason=reason), {"reason": reason.value})
            for reason in (
                ReturnReason.DOES_NOT_FIT,
                ReturnReason.CHANGED_MIND,
                ReturnReason.NOT_AS_EXPECTED,
                ReturnReason.DAMAGED,
                ReturnReason.WRONG_ITEM,
                ReturnReason.DEFECTIVE,
                ReturnReason.OTHER,
            )
        )
        raise Asking(Question("reason", say("question_reason"), choices))

    def _plan(
        self,
        case: Case,
        order: Order,
        chosen: dict[int, int],
        reason: ReturnReason,
        products: Mapping[str, Product],
    ) -> "_Plan | Step":
        """How it may go back, or the step that says why not and what else there is."""
        policy, today = case.policy(order), case.today(order)
        rights: dict[int, LineRights] = {}
        for place in chosen:
            product = products.get(order.lines[place].sku)
            rights[place] = line_rights(facts_of(order, place, product, products), policy, today)
        if reason.is_sellers_fault:
            return self._plan_for_fault(case, order, rights, reason)
        best = {place: each.best_for_return for place, each in rights.items()}
        refused = {place: right for place, right in best.items() if not right.open}
        if refused:
            return self._not_possible(case, order, chosen, refused, rights)
        # One return has one basis: what holds for every article of it.
        right = max(best.values(), key=lambda each: each.kind is RightKind.COURTESY)
        courtesy = next(iter(rights.values())).courtesy
        outcomes = [_RESOLUTION_OF[outcome] for outcome in right.outcomes]
        also: list[Resolution] = []
        if all(each.courtesy.open for each in rights.values()):
            also = [_RESOLUTION_OF[outcome] for outcome in courtesy.outcomes]
            outcomes += [each for each in also if each is Resolution.EXCHANGE]
        region = region_of(order.shipping_address)
        purchased_on = order.placed_at.astimezone(order.zone).date()
        return _Plan(
            basis=_BASIS_OF[right.kind],
            paid_by=right.return_paid_by or Payer.CUSTOMER,
            exchange_paid_by=courtesy.exchange_paid_by or Payer.CUSTOMER,
            outcomes=tuple(dict.fromkeys(outcomes)),
            on_wish=tuple(also),
            article=right.article,
            due_on=refund_due(policy, right.kind, today, region, purchased_on=purchased_on),
        )

    def _plan_for_fault(
        self, case: Case, order: Order, rights: dict[int, LineRights], reason: ReturnReason
    ) -> "_Plan | Step":
        """What is wrong, broken or damaged goes back at the shop's cost, while it is new."""
        policy, today = case.policy(order), case.today(order)
        recent = all(_is_recent(each) for each in rights.values())
        if not recent:
            if all(each.guarantee.open for each in rights.values()):
                until = min(each.guarantee.until or today for each in rights.values())
                over = say("return_is_a_guarantee_claim", until=until)
                return Step(says=(over,), turns_into="claim_warranty")
            guarantee = next(iter(rights.values())).guarantee
            return Step(says=_why_not(guarantee, "guarantee"), offers_person=True)
        region = region_of(order.shipping_address)
        purchased_on = order.placed_at.astimezone(order.zone).date()
        due = refund_due(policy, RightKind.GUARANTEE, today, region, purchased_on=purchased_on)
        return _Plan(
            basis=ReturnBasis.CONFORMITY,
            paid_by=policy.conformity.return_paid_by,
            exchange_paid_by=policy.conformity.return_paid_by,
            outcomes=(Resolution.EXCHANGE, Resolution.REFUND),
            on_wish=(),
            article=policy.conformity.citation.article,
            due_on=due,
        )

    def _resolution(
        self, case: Case, order: Order, plan: _Plan, chosen: dict[int, int]
    ) -> Resolution:
        said = case.read("resolution", Resolution, case.shop.spoken.resolution)
        if said is None and case.memory.remarks[0].intent == "request_exchange":
            said = Resolution.EXCHANGE
        if said in plan.outcomes or (said is not None and said in plan.on_wish):
            return said
        if len(plan.outcomes) == 1 and said is None:
            return plan.outcomes[0]
        choices = tuple(
            Choice(say("button_resolution", resolution=each), {"resolution": each.value})
            for each in plan.outcomes
        )
        question = Question("resolution", say("question_resolution"), choices)
        if said is None:
            raise Asking(question)
        raise Asking(question, say("resolution_not_offered", resolution=said))

    def _exchange(
        self, case: Case, order: Order, chosen: dict[int, int], reason: ReturnReason
    ) -> dict[int, Product]:
        """For each article, the one that is wanted instead."""
        wanted: dict[int, Product] = {}
        for place in sorted(chosen):
            line = order.lines[place]
            if reason.is_sellers_fault:
                same = case.product(line.sku)
                if same is not None and same.is_available(chosen[place]):
                    wanted[place] = same
                    continue
            wanted[place] = self._variant(case, line, chosen[place])
        return wanted

    def _variant(self, case: Case, line: OrderLine, quantity: int) -> Product:
        variants = [
            variant
            for variant in case.shop.backend.variants(line.sku)
            if variant.is_available(quantity)
        ]
        if not variants:
            refund = Choice(
                say("button_resolution", resolution=Resolution.REFUND), {"resolution": "refund"}
            )
            question = Question("resolution", say("question_refund_instead"), (refund,))
            raise Asking(question, say("no_variant_left", items=(line,)))
        fitting: Sequence[Product] = ()
        for remark in case.memory.remarks:
            pressed = remark.value("exchange_for")
            if pressed is not None:
                heard: Sequence[Product] = [v for v in variants if v.sku == pressed]
            else:
                heard = case.shop.spoken.variants(without_likeness(remark.text), line, variants)
            # "Sí, la negra" is one of those that were meant already; "mejor la azul" is not.
            both = [variant for variant in heard if variant in fitting]
            corrects = says_no(remark.intent, remark.text)
            fitting = (both if not corrects else []) or heard or fitting
        if len(fitting) == 1:
            return fitting[0]
        offered = list(fitting) or variants
        choices = tuple(
            Choice(
                say("button_variant", options=self._options(case, variant, offered)),
                {"exchange_for": variant.sku},
            )
            for variant in offered[:_VARIANTS_OFFERED]
        )
        question = Question("exchange_for", say("question_variant", items=(line,)), choices)
        if not fitting and case.answer_to("exchange_for") is not None:
            raise Asking(question, say("no_such_variant"))
        raise Asking(question)

    def _options(self, case: Case, variant: Product, among: Sequence[Product]) -> str:
        words = case.shop.option_words
        others = [other for other in among if other.sku != variant.sku]
        return differences(variant.options, others, words) or variant.title

    # --- when it is not possible -------------------------------------------------------------------

    def _nothing_to_return(self, order: Order, returns: tuple[Return, ...]) -> Step:
        if order.status is OrderStatus.CANCELLED:
            return Step(says=(say("refusal_order_cancelled"),), offers_person=True)
        held = [each for each in returns if each.status.holds_units]
        if held:
            return Step(says=(say("refusal_already_in_return", folio=held[-1].folio),))
        if order.can_cancel():
            cancel = Choice(say("button_cancel_order"), intent="cancel_order")
            return Step(
                says=(say("return_not_sent_yet", order_number=order.number),), choices=(cancel,)
            )
        return Step(says=(say("return_not_delivered_yet", order_number=order.number),))

    def _not_possible(
        self,
        case: Case,
        order: Order,
        chosen: dict[int, int],
        refused: dict[int, Right],
        rights: dict[int, LineRights],
    ) -> Step:
        """Why these articles cannot go back, and what holds for them instead."""
        says: list[Say] = []
        for place, right in sorted(refused.items()):
            items = (case.named(order, place),)
            says += [_about(each, items) for each in _why_not(right, "return")]
        guarantee = rights[next(iter(refused))].guarantee
        if guarantee.open and guarantee.until is not None:
            says.append(say("guarantee_still_holds", until=guarantee.until))
        rest = [place for place in chosen if place not in refused]
        if rest:
            choices = tuple(
                Choice(say("button_line", items=(case.named(order, place),)), {"line": str(place)})
                for place in rest
            )
            raise Asking(Question("line", say("question_only_the_rest"), choices), *says)
        return Step(says=tuple(says), offers_person=True)


def _why_not(right: Right, what: str) -> tuple[Say, ...]:
    """The sentence that says why a right cannot be used."""
    if right.why_not is WhyNot.WINDOW_CLOSED and right.until is not None:
        return (say(f"refusal_{what}_window_closed", until=right.until),)
    return (say(f"refusal_{what}_{right.why_not}"),)


def _is_recent(rights: LineRights) -> bool:
    """Whether the article arrived so lately that it may still go back as it is."""
    best = rights.best_for_return
    if best.open:
        return True
    if best.why_not in (WhyNot.NOT_RETURNABLE, WhyNot.EXCLUDED_CATEGORY):
        return rights.guarantee.open
    return False


def _about(sentence: Say, items: tuple[OrderLine, ...]) -> Say:
    return Say(sentence.response, {**sentence.facts, "items": items})


def _basis(plan: _Plan, resolution: Resolution) -> ReturnBasis:
    """A voucher or an exchange is the shop's courtesy, whatever the law gives beside it."""
    by_law = plan.basis is ReturnBasis.WITHDRAWAL and resolution is not Resolution.REFUND
    return ReturnBasis.COURTESY if by_law else plan.basis


def _kind_of(basis: ReturnBasis, resolution: Resolution) -> str:
    """How it is called in front of the customer."""
    exchanged = resolution is Resolution.EXCHANGE and basis is ReturnBasis.COURTESY
    return "exchange" if exchanged else basis.value


def _price(order: Order, chosen: dict[int, int]) -> Money:
    return sum(
        (order.lines[place].unit_price * quantity for place, quantity in chosen.items()),
        Money(0, order.currency),
    )


def _chosen_lines(case: Case, order: Order, request: ReturnRequest) -> tuple[OrderLine, ...]:
    """The lines of a request, with as many units as go back."""
    return tuple(
        replace(case.named(order, line.position), quantity=line.quantity) for line in request.lines
    )


def _summary(
    case: Case, order: Order, request: ReturnRequest, wanted: Mapping[int, Product]
) -> list[Say]:
    lines = _chosen_lines(case, order, request)
    name = f"{_kind_of(request.basis, request.resolution)}_opening"
    says = [say(name, items=lines, order_number=order.number, reason=request.reason)]
    if request.resolution is Resolution.REFUND and request.refund and request.refund_due:
        due_on = request.refund_due
        says.append(refund_promise(case.policy(order), order, request.refund, due_on))
    elif request.resolution is Resolution.EXCHANGE:
        words = case.shop.option_words
        instead = tuple(
            wanted_line(wanted[line.position], order.lines[line.position], line.quantity, words)
            for line in request.lines
        )
        says.append(say("exchange_summary", items=instead))
    else:
        says.append(say("store_credit_summary", amount=_total(order, request)))
    says.append(say(f"return_paid_by_{request.return_paid_by}"))
    return says


def _total(order: Order, request: ReturnRequest) -> Money:
    return _price(order, {line.position: line.quantity for line in request.lines})


def _receipt(opened: Return, returns_address: str | None) -> Step:
    receipt = f"{_kind_of(opened.basis, opened.resolution)}_receipt"
    says = [say(receipt, folio=opened.folio, opened_at=opened.opened_at)]
    # Where the shop pays, the team sends what is needed for it.
    if returns_address is not None and opened.return_paid_by == Payer.CUSTOMER:
        says.append(say("return_instructions_to", folio=opened.folio, address=returns_address))
    else:
        says.append(say("return_instructions", folio=opened.folio))
    return Step(
        says=tuple(says),
        asks_if_solved=True,
        document=Document(DocumentKind.RECEIPT, opened.folio),
    )
