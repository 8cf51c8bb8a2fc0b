"""An order that helps a matter but is not needed for it: nobody has to prove one to go on."""

from dataclasses import replace

from bot.domain.errors import LookupLocked, OrderNotIdentified, RepeatedlyNotIdentified
from bot.domain.orders import Order
from bot.domain.spoken.consent import says_no, says_yes
from bot.services.journeys.journey import Case, NoSuchOrder
from bot.services.journeys.memory import Remark
from bot.services.journeys.steps import Asking, Choice, Question, Say, say

# A button, or what is noted when an order cannot be proven.
WITHOUT = {"without_order": "yes"}
# Where somebody says so in words of their own, it is about the order.
_ABOUT_THE_ORDER = frozenset(
    {"without_order", "order_number", "second_fact", "confirmation", "change"}
)


def is_without_order(case: Case) -> bool | None:
    """Whether the matter is about no order; None when nobody has said."""
    for remark in reversed(case.memory.remarks):
        if remark.value("without_order") is not None:
            return remark.value("without_order") == "yes"
        if remark.value("order_number") is not None:
            return False
        if remark.answers == "without_order":
            if says_no(remark.intent, remark.text):
                return True
            if says_yes(remark.intent, remark.text):
                return False
        if remark.answers in _ABOUT_THE_ORDER and case.shop.spoken.is_without_order(remark.text):
            return True
    return None


def is_order_named(case: Case) -> bool:
    """Whether an order was named, or a proven customer has just talked about one."""
    if any(case.identifying_facts()):
        return True
    owner = case.shop.identification.customer_of(case.talk.conversation_id)
    hinted = case.talk.in_focus or case.said("product") or case.said("order_reference")
    return owner is not None and hinted is not None


def order_if_proven(case: Case, without: Say, *, needs_proof: bool = False) -> Order | None:
    """The order that is meant, or None when the customer goes on without it.

    Args:
        without: The words of the button that goes on without an order.
        needs_proof: Whether repeated failures end the matter instead of going on without.

    Raises:
        Asking: number or second fact are missing or wrong, with that button beside it.
        RepeatedlyNotIdentified, LookupLocked: only where proof is needed.
    """
    if is_without_order(case):
        return None
    button = Choice(without, WITHOUT)
    try:
        return case.order()
    except (RepeatedlyNotIdentified, LookupLocked):
        if needs_proof:
            raise
        noted = Remark("inform", entities={name: (value,) for name, value in WITHOUT.items()})
        case.memory = case.memory.hearing(noted)
        return None
    except OrderNotIdentified as refusal:
        case.memory = replace(case.memory, refused=case.identifying_facts())
        question = Question("second_fact", say("question_second_fact"), (button,))
        raise Asking(question, say(f"refusal_{refusal.code}")) from None
    except NoSuchOrder:
        return None
    except Asking as asking:
        question = replace(asking.question, choices=(*asking.question.choices, button))
        raise Asking(question, *asking.says) from None
