"""Which other variant of an article is wanted in exchange."""

from collections.abc import Mapping, Sequence

from bot.domain.orders import Order, OrderLine, Product
from bot.domain.returns import Resolution, ReturnReason
from bot.domain.spoken.consent import says_no
from bot.domain.spoken.signs import without_likeness
from bot.services.journeys.journey import Case
from bot.services.journeys.naming import differences
from bot.services.journeys.steps import Asking, Choice, Question, say

# As many variants as a customer reads at a glance.
_VARIANTS_OFFERED = 8


def wanted_instead(
    case: Case, order: Order, chosen: Mapping[int, int], reason: ReturnReason
) -> dict[int, Product]:
    """For each article, by its position, the one that is wanted instead.

    Raises:
        Asking: it was not said, or not clearly enough, or there is none.
    """
    wanted: dict[int, Product] = {}
    for place in sorted(chosen):
        line = order.lines[place]
        if reason.is_sellers_fault:
            same = case.product(line.sku)
            if same is not None and same.is_available(chosen[place]):
                wanted[place] = same
                continue
        wanted[place] = _variant(case, line, chosen[place])
    return wanted


def _variant(case: Case, line: OrderLine, quantity: int) -> Product:
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
    fitting = _fitting(case, line, variants)
    if len(fitting) == 1:
        return fitting[0]
    offered = list(fitting) or variants
    choices = tuple(
        Choice(
            say("button_variant", options=_options(case, variant, offered)),
            {"exchange_for": variant.sku},
        )
        for variant in offered[:_VARIANTS_OFFERED]
    )
    question = Question("exchange_for", say("question_variant", items=(line,)), choices)
    if not fitting and case.answer_to("exchange_for") is not None:
        raise Asking(question, say("no_such_variant"))
    raise Asking(question)


def _fitting(case: Case, line: OrderLine, variants: Sequence[Product]) -> Sequence[Product]:
    """The variants that the customer's words fit, the last word counts."""
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
    return fitting


def _options(case: Case, variant: Product, among: Sequence[Product]) -> str:
    others = [other for other in among if other.sku != variant.sku]
    return differences(variant.options, others, case.shop.option_words) or variant.title
