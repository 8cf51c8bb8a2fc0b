"""A shop's own policy laid over the law: what it may change, and which way.

Rights of the law change only in the customer's favour. The shop's own promises (courtesy returns,
compensations, enquiries with the carrier) are free, and so is whatever no law of the country fixes.
"""

from collections.abc import Iterator

from bot.domain.policies import (
    Citation,
    ComplaintRule,
    ConformityRule,
    DeliveryRule,
    GuaranteeRule,
    OfficialForm,
    Payer,
    Policy,
    PrivacyRule,
    SparePartsRule,
    Term,
    WithdrawalRule,
)

_NOT_THE_SHOPS = "is the law's and not the shop's to change"


def laid_over(base: object, over: object) -> object:
    """A document with the fields of another put in.

    A list of dated rules under an object of fields: each rule gets them.
    """
    if isinstance(base, list) and any(isinstance(rule, dict) for rule in base):
        if isinstance(over, dict):
            return [laid_over(rule, over) for rule in base]
        return "not an object"  # rules are not replaced as a whole; the reader will say so
    if isinstance(over, dict) and isinstance(base, dict):
        changed = {key: laid_over(base.get(key), value) for key, value in over.items()}
        return {**base, **changed}
    return over


def looser_than_law(law: Policy, shop: Policy, place: str) -> list[str]:
    """Every place where a shop's policy takes away what the law gives, with the reason.

    Args:
        law: The country's policy as it is shipped.
        shop: The same with the shop's file laid over it.
        place: The country, as the shop's file names it.
    """
    if not law.is_legal:
        return []
    # Dated rules may say the same twice.
    return list(dict.fromkeys(f"{place}.{problem}" for problem in _looser(law, shop)))


def _looser(law: Policy, shop: Policy) -> Iterator[str]:
    if law.country != shop.country:
        yield f"country: {_NOT_THE_SHOPS}"
    if not shop.is_legal:
        yield f"is_legal: {_NOT_THE_SHOPS}"
    for section, before, after in (
        ("withdrawal", law.withdrawals, shop.withdrawals),
        ("legal_guarantee", law.guarantees, shop.guarantees),
        ("spare_parts", law.spare_parts, shop.spare_parts),
    ):
        if len(before) != len(after):
            yield f"{section}: {_NOT_THE_SHOPS}"
            return
    for withdrawal, theirs in zip(law.withdrawals, shop.withdrawals, strict=True):
        yield from _under("withdrawal", _withdrawal(withdrawal, theirs))
    for guarantee, offered in zip(law.guarantees, shop.guarantees, strict=True):
        section = f"legal_guarantee.{guarantee.condition}"
        yield from _under(section, _guarantee(guarantee, offered))
    for parts, kept in zip(law.spare_parts, shop.spare_parts, strict=True):
        yield from _under("spare_parts", _spare_parts(parts, kept))
    yield from _under("delivery", _delivery(law.delivery, shop.delivery))
    yield from _under("privacy", _privacy(law.privacy, shop.privacy))
    yield from _under("conformity_return", _conformity(law.conformity, shop.conformity))
    yield from _under("complaint", _complaint(law.complaint, shop.complaint))


def _under(section: str, problems: Iterator[str]) -> Iterator[str]:
    return (f"{section}.{problem}" for problem in problems)


def _withdrawal(law: WithdrawalRule, shop: WithdrawalRule) -> Iterator[str]:
    article = law.citation.article
    yield from _shorter("term", shop.term, law.term, article)
    yield from _payer("return_paid_by", shop.return_paid_by, law.return_paid_by, article)
    yield from _longer("refund_within", shop.refund_within, law.refund_within, article)
    for name in ("refund_same_means", "outbound_shipping_refunded"):
        if getattr(law, name) and not getattr(shop, name):
            yield f"{name}: the law promises it ({article})"
    for exception in shop.exceptions:
        lawful = law.exception(exception.code)
        if lawful is None:
            yield f"exceptions.{exception.code}: the law has no such exception ({article})"
        elif more := exception.categories - lawful.categories:
            names = ", ".join(sorted(more))
            yield f"exceptions.{exception.code}.categories: the law does not except {names}"
    if law.exceptions_article != shop.exceptions_article:
        yield f"exceptions_article: {_NOT_THE_SHOPS}"
    if law.standing is not shop.standing:
        yield f"standing: {_NOT_THE_SHOPS}"
    if law.validity != shop.validity:
        yield f"valid_from and valid_to: {_NOT_THE_SHOPS}"
    yield from _citation(law.citation, shop.citation)


def _guarantee(law: GuaranteeRule, shop: GuaranteeRule) -> Iterator[str]:
    article = law.citation.article
    yield from _shorter("term", shop.term, law.term, article)
    yield from _shorter("presumption", shop.presumption, law.presumption, article)
    yield from _shorter("after_repair", shop.after_repair, law.after_repair, article)
    yield from _shorter("agreed", shop.agreed or law.least_agreed, law.least_agreed, article)
    yield from _payer("transport_paid_by", shop.transport_paid_by, law.transport_paid_by, article)
    yield from _longer("refund_within", shop.refund_within, law.refund_within, article)
    for name in ("remedies", "remedies_at_once"):
        if missing := set(getattr(law, name)) - set(getattr(shop, name)):
            yield f"{name}: the law also gives {', '.join(sorted(missing))} ({article})"
    for name in ("standing", "least_agreed"):
        if getattr(law, name) != getattr(shop, name):
            yield f"{name}: {_NOT_THE_SHOPS}"
    if law.validity != shop.validity:
        yield f"valid_from and valid_to: {_NOT_THE_SHOPS}"
    yield from _citation(law.citation, shop.citation)
    if law.least_agreed is None and shop.agreed is not None:
        yield f"agreed: the law lets nobody agree on less ({article})"


def _complaint(law: ComplaintRule, shop: ComplaintRule) -> Iterator[str]:
    if law.citation.article:  # elsewhere the term is the shop's own promise
        article = law.citation.article
        yield from _longer("answer_within", shop.answer_within, law.answer_within, article)
    yield from _citation(law.citation, shop.citation)
    if law.form:
        yield from (f"form.{problem}" for problem in _form(law.form, shop.form))
    for code, form in law.forms_by_region.items():
        theirs = shop.forms_by_region.get(code)
        yield from (f"forms_by_region.{code}.{problem}" for problem in _form(form, theirs))


def _form(law: OfficialForm, shop: OfficialForm | None) -> Iterator[str]:
    if shop is None or shop.name != law.name:
        yield f"name: {_NOT_THE_SHOPS}"
        return
    article = law.citation.article
    yield from _longer("answer_within", shop.answer_within, law.answer_within, article)


def _spare_parts(law: SparePartsRule, shop: SparePartsRule) -> Iterator[str]:
    yield from _shorter("kept_for", shop.kept_for, law.kept_for, law.citation.article)
    yield from _citation(law.citation, shop.citation)
    if law.validity != shop.validity:
        yield f"valid_from and valid_to: {_NOT_THE_SHOPS}"


def _delivery(law: DeliveryRule, shop: DeliveryRule) -> Iterator[str]:
    yield from _longer("within", shop.within, law.within, law.citation.article)
    yield from _citation(law.citation, shop.citation)


def _privacy(law: PrivacyRule, shop: PrivacyRule) -> Iterator[str]:
    article = law.citation.article
    yield from _longer("answer_within", shop.answer_within, law.answer_within, article)
    yield from _citation(law.citation, shop.citation)


def _conformity(law: ConformityRule, shop: ConformityRule) -> Iterator[str]:
    article = law.citation.article
    yield from _payer("return_paid_by", shop.return_paid_by, law.return_paid_by, article)
    yield from _citation(law.citation, shop.citation)


def _citation(law: Citation, shop: Citation) -> Iterator[str]:
    """The article is the law's; the shop may say that it had it confirmed, and by whom."""
    if law.article != shop.article:
        yield f"article: {_NOT_THE_SHOPS}"


def _shorter(name: str, mine: Term | None, law: Term | None, article: str) -> Iterator[str]:
    """The problem of a term that ends before the law's."""
    if law is None or (mine is not None and mine.never_shorter_than(law)):
        return
    yield f"{name}: {mine or 'nothing'} is less than the {law} of the law ({article})"


def _longer(name: str, mine: Term | None, law: Term | None, article: str) -> Iterator[str]:
    """The problem of a deadline of the shop's that ends after the law's."""
    if law is None or (mine is not None and law.never_shorter_than(mine)):
        return
    yield f"{name}: {mine or 'no term'} is more than the {law} of the law ({article})"


def _payer(name: str, mine: Payer, law: Payer, article: str) -> Iterator[str]:
    if law is Payer.SELLER and mine is Payer.CUSTOMER:
        yield f"{name}: the seller pays by law ({article})"
