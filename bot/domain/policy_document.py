"""Reads the policy of a country from a parsed document, and tells every mistake with its place.

The shape is described for shops in docs/policies.md.
"""

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from bot.domain.claims import GUARANTEE_REMEDIES
from bot.domain.document_fields import Problems
from bot.domain.errors import Refusal
from bot.domain.orders import Condition
from bot.domain.policies import (
    CarrierEnquiryRule,
    Compensation,
    CompensationReason,
    CompensationRule,
    ComplaintRule,
    ConformityRule,
    CourtesyRule,
    DeliveryRule,
    GuaranteeRule,
    OfficialForm,
    Outcome,
    Payer,
    Policy,
    PrivacyRule,
    SparePartsRule,
    Standing,
    Term,
    WithdrawalException,
    WithdrawalRule,
)
from bot.domain.policy_fields import PolicyFields

_CURRENCY = re.compile(r"[A-Z]{3}")

Rule = TypeVar("Rule")


class PolicyRefused(Refusal):
    """The policy files have mistakes, or a shop's file takes away what the law gives."""

    code = "policy_refused"

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def read_policy(raw: object, place: str, problems: Problems) -> Policy:
    """Read one country's policy; mistakes are added to `problems` and the result is then void."""
    root = PolicyFields(raw, place, problems)
    policy = Policy(
        country=root.shaped("country", "[A-Z]{2}", "two capital letters"),
        is_legal=root.flag("is_legal", default=True),
        withdrawals=_each(root, "withdrawal", _withdrawal),
        guarantees=_guarantees(root),
        spare_parts=_each(root, "spare_parts", _spare_parts),
        courtesy=_courtesy(root.section("courtesy_return")),
        shop_guarantee=_closed(root.section("commercial_guarantee"), PolicyFields.citation),
        conformity=_closed(root.section("conformity_return"), _conformity),
        complaint=_closed(root.section("complaint"), _complaint),
        delivery=_closed(root.section("delivery"), _delivery),
        privacy=_closed(root.section("privacy"), _privacy),
        compensation=_closed(root.section("compensation"), _compensation),
        carrier_enquiry=_closed(root.section("carrier_enquiry"), _carrier_enquiry),
    )
    root.close()
    return policy


def _closed(fields: PolicyFields, read: Callable[[PolicyFields], Rule]) -> Rule:
    rule = read(fields)
    fields.close()
    return rule


def _each(root: PolicyFields, key: str, read: Callable[[PolicyFields], Rule]) -> tuple[Rule, ...]:
    return tuple(_closed(fields, read) for fields in root.dated(key))


def _standing(fields: PolicyFields) -> tuple[Standing, Term | None]:
    """How the law stands to a right, and its term, which is there exactly when it is granted."""
    standing = fields.one_of("standing", Standing, Standing.GRANTED)
    if standing is Standing.GRANTED:
        return standing, fields.term("term")
    if fields.has("term"):
        fields.problem("term", "the law gives no such term; promise it under courtesy_return")
    return standing, None


def _withdrawal(fields: PolicyFields) -> WithdrawalRule:
    standing, term = _standing(fields)
    exceptions = []
    for code, exception in fields.sections("exceptions"):
        article = exception.text("article")
        exceptions.append(WithdrawalException(code, article, exception.categories("categories")))
        exception.close()
    granted = standing is Standing.GRANTED
    return WithdrawalRule(
        validity=fields.validity(),
        standing=standing,
        term=term,
        return_paid_by=fields.one_of("return_paid_by", Payer, None if granted else Payer.CUSTOMER),
        refund_within=fields.term_or_none("refund_within"),
        refund_same_means=fields.flag("refund_same_means", default=False),
        outbound_shipping_refunded=fields.flag("outbound_shipping_refunded", default=False),
        exceptions=tuple(exceptions),
        exceptions_article=fields.text_or_none("exceptions_article") or "",
        citation=fields.citation(),
    )


def _guarantees(root: PolicyFields) -> tuple[GuaranteeRule, ...]:
    if not root.has("legal_guarantee"):
        return ()
    fields = root.section("legal_guarantee")
    rules = []
    for condition in Condition:
        for rule in fields.dated(condition.value):
            rules.append(_guarantee(rule, condition))
            rule.close()
    fields.close()
    return tuple(rules)


def _guarantee(fields: PolicyFields, condition: Condition) -> GuaranteeRule:
    standing, term = _standing(fields)
    remedies = fields.members("remedies", GUARANTEE_REMEDIES)
    return GuaranteeRule(
        condition=condition,
        validity=fields.validity(),
        standing=standing,
        term=term,
        presumption=fields.term_or_none("presumption"),
        remedies=remedies,
        remedies_at_once=fields.members("remedies_at_once", GUARANTEE_REMEDIES) or remedies[:1],
        transport_paid_by=fields.one_of("transport_paid_by", Payer, Payer.SELLER),
        refund_within=fields.term_or_none("refund_within"),
        after_repair=fields.term_or_none("after_repair"),
        least_agreed=fields.term_or_none("least_agreed"),
        agreed=fields.term_or_none("agreed"),
        citation=fields.citation(),
    )


def _spare_parts(fields: PolicyFields) -> SparePartsRule:
    return SparePartsRule(fields.validity(), fields.term("kept_for"), fields.citation())


def _courtesy(fields: PolicyFields) -> CourtesyRule:
    offered = fields.flag("offered", default=True)
    rule = CourtesyRule(
        term=fields.term("term"),
        outcomes=fields.members("outcomes", Outcome),
        return_paid_by=fields.one_of("return_paid_by", Payer),
        exchange_paid_by=fields.one_of("exchange_paid_by", Payer),
        unused_only=fields.flag("unused_only", default=True),
        excluded_categories=fields.categories("excluded_categories"),
        refund_within=fields.term("refund_within"),
        citation=fields.citation(),
    )
    fields.close()
    return rule if offered else _not_offered(rule)


def _not_offered(rule: CourtesyRule) -> CourtesyRule:
    return CourtesyRule(
        term=None,
        outcomes=(),
        return_paid_by=rule.return_paid_by,
        exchange_paid_by=rule.exchange_paid_by,
        unused_only=rule.unused_only,
        excluded_categories=rule.excluded_categories,
        refund_within=rule.refund_within,
        citation=rule.citation,
    )


def _conformity(fields: PolicyFields) -> ConformityRule:
    return ConformityRule(fields.one_of("return_paid_by", Payer), fields.citation())


def _complaint(fields: PolicyFields) -> ComplaintRule:
    country = fields.section("form") if fields.has("form") else None
    return ComplaintRule(
        answer_within=fields.term("answer_within"),
        form=_form(country) if country else None,
        forms_by_region={code: _form(form) for code, form in fields.sections("forms_by_region")},
        citation=fields.citation(),
    )


def _form(fields: PolicyFields) -> OfficialForm:
    form = OfficialForm(
        name=fields.text("name"),
        where=fields.text("where"),
        citation=fields.citation(),
        answer_within=fields.term_or_none("answer_within"),
    )
    fields.close()
    return form


def _delivery(fields: PolicyFields) -> DeliveryRule:
    return DeliveryRule(fields.term_or_none("within"), fields.citation())


def _privacy(fields: PolicyFields) -> PrivacyRule:
    return PrivacyRule(fields.term_or_none("answer_within"), fields.citation())


def _compensation(fields: PolicyFields) -> CompensationRule:
    reasons = fields.section("reasons")
    by_reason = {}
    for reason in CompensationReason:
        if reasons.has(reason.value):
            promise = reasons.section(reason.value)
            percent = promise.whole("percent", 0, 100)
            late = promise.whole_or_none("minimum_days_late", 0, 365)
            by_reason[reason] = Compensation(percent, late)
            promise.close()
    reasons.close()
    most = fields.section("maximum")
    maximum = {currency: most.money(currency, currency) for currency in most.names()}
    for currency in maximum:
        if not _CURRENCY.fullmatch(currency):
            most.problem(currency, "must be a currency like EUR")
    return CompensationRule(by_reason, maximum)


def _carrier_enquiry(fields: PolicyFields) -> CarrierEnquiryRule:
    hours = fields.whole("stuck_after_hours", 1, 24 * 365)
    return CarrierEnquiryRule(timedelta(hours=hours), fields.term("answer_within"))
