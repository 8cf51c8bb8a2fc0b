"""What the law of a country and the shop's own promises give a customer, as dated, cited figures.

Nothing here knows a figure: the rules are read from `data/policies` (bot/adapters/policy_files.py).
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.business_days import BusinessDays, subdivision_of

# A policy's words are complete here, its terms and remedies included.
from bot.domain.claims import Remedy as Remedy  # noqa: PLC0414
from bot.domain.money import Money
from bot.domain.orders import Condition
from bot.domain.terms import Term as Term  # noqa: PLC0414
from bot.domain.terms import TermUnit as TermUnit  # noqa: PLC0414


class Payer(StrEnum):
    """Who pays for sending something back."""

    CUSTOMER = "customer"
    SELLER = "seller"


class Standing(StrEnum):
    """How the law of a country stands to a right."""

    GRANTED = "granted"  # it gives it, for the term of the rule
    OPEN_TERM = "open_term"  # it gives it without a fixed term: a person decides
    NONE = "none"  # it does not give it


class Outcome(StrEnum):
    """What the shop gives for goods that it takes back of its own will."""

    EXCHANGE = "exchange"
    REFUND = "refund"
    STORE_CREDIT = "store_credit"


class CompensationReason(StrEnum):
    """What the shop makes up for of its own will."""

    LATE_DELIVERY = "late_delivery"
    NOT_RECEIVED = "not_received"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    POOR_SERVICE = "poor_service"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule stands; `confirmed` when its text was checked against a second source."""

    article: str
    source: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Validity:
    """The purchases that a rule holds for, by their day; both ends included, None is open."""

    first: date | None = None
    last: date | None = None

    def holds(self, purchased_on: date) -> bool:
        """Whether a purchase of that day falls under the rule."""
        if self.first is not None and purchased_on < self.first:
            return False
        return self.last is None or purchased_on <= self.last


@dataclass(frozen=True, slots=True)
class WithdrawalException:
    """Goods that the law takes out of the right of withdrawal.

    `categories` are names of the shop's catalogue for which it always holds. The others depend on
    the article or on what was done with it, and are known by the product's `returnable: false`.
    """

    code: str
    article: str
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WithdrawalRule:
    """Giving goods back without a reason: desistimiento, retracto, revocación."""

    validity: Validity
    standing: Standing
    term: Term | None
    return_paid_by: Payer
    refund_within: Term | None
    refund_same_means: bool
    outbound_shipping_refunded: bool
    exceptions: tuple[WithdrawalException, ...]
    exceptions_article: str
    citation: Citation

    def exception_of(self, category: str) -> WithdrawalException | None:
        """The exception under which every article of a category falls."""
        name = category_key(category)
        return next((e for e in self.exceptions if name in e.categories), None)

    def exception(self, code: str) -> WithdrawalException | None:
        """The exception with a code, if this country's law has it."""
        return next((e for e in self.exceptions if e.code == code), None)


@dataclass(frozen=True, slots=True)
class GuaranteeRule:
    """The legal guarantee of conformity for goods in one condition.

    `remedies` stand in the law's order; `remedies_at_once` are those the customer may choose
    between from the start. `presumption`: how long a defect counts as there from the beginning.
    `after_repair`: how long the seller answers for a defect that comes back. Where the law lets
    seller and customer agree on less, `least_agreed` is as little as it allows, and `agreed` what
    the shop's terms say.
    """

    condition: Condition
    validity: Validity
    standing: Standing
    term: Term | None
    presumption: Term | None
    remedies: tuple[Remedy, ...]
    remedies_at_once: tuple[Remedy, ...]
    transport_paid_by: Payer
    refund_within: Term | None
    after_repair: Term | None
    least_agreed: Term | None
    agreed: Term | None
    citation: Citation

    def term_agreed(self, months: int | None) -> Term | None:
        """The legal term for an article whose sale was made with so many months of guarantee.

        Months that the law does not let anybody agree on do not shorten it.
        """
        if self.term is None or self.least_agreed is None:
            return self.term
        agreed = Term(months, TermUnit.MONTHS) if months else self.agreed
        if agreed is None or agreed.never_shorter_than(self.term):
            return self.term
        return agreed if agreed.never_shorter_than(self.least_agreed) else self.least_agreed


@dataclass(frozen=True, slots=True)
class CourtesyRule:
    """The shop's own promise to take goods back; `term` None when it makes none."""

    term: Term | None
    outcomes: tuple[Outcome, ...]
    return_paid_by: Payer
    exchange_paid_by: Payer
    unused_only: bool
    excluded_categories: frozenset[str]
    refund_within: Term
    citation: Citation


@dataclass(frozen=True, slots=True)
class ConformityRule:
    """Goods that arrived wrong, damaged or incomplete: who pays to send them back."""

    return_paid_by: Payer
    citation: Citation


@dataclass(frozen=True, slots=True)
class OfficialForm:
    """The form of the authorities that a customer may ask for; its name as customers know it."""

    name: str
    where: str
    citation: Citation
    answer_within: Term | None = None


@dataclass(frozen=True, slots=True)
class ComplaintRule:
    """How soon a complaint is answered, and the official form: the country's and by region."""

    answer_within: Term
    form: OfficialForm | None
    forms_by_region: Mapping[str, OfficialForm]
    citation: Citation


@dataclass(frozen=True, slots=True)
class Compensation:
    """What the shop gives for one reason: hundredths of the order's total."""

    percent: int
    minimum_days_late: int | None = None


@dataclass(frozen=True, slots=True)
class CompensationRule:
    """The shop's own promise, once for an order, up to a maximum by currency."""

    by_reason: Mapping[CompensationReason, Compensation]
    maximum: Mapping[str, Money]


@dataclass(frozen=True, slots=True)
class DeliveryRule:
    """By when goods must be delivered when no day was agreed; None where no law says it."""

    within: Term | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class PrivacyRule:
    """By when a request about personal data must be answered; None where no law is known."""

    answer_within: Term | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class SparePartsRule:
    """For how long after the end of manufacture spare parts must be had."""

    validity: Validity
    kept_for: Term
    citation: Citation


@dataclass(frozen=True, slots=True)
class CarrierEnquiryRule:
    """When a parcel counts as stuck, and how soon the shop tells what the carrier answered."""

    stuck_after: timedelta
    answer_within: Term


@dataclass(frozen=True, slots=True)
class Policy:
    """All rules of one country; `is_legal` is False where only the shop's promises are known."""

    country: str
    is_legal: bool
    withdrawals: tuple[WithdrawalRule, ...]
    guarantees: tuple[GuaranteeRule, ...]
    spare_parts: tuple[SparePartsRule, ...]
    courtesy: CourtesyRule
    shop_guarantee: Citation
    conformity: ConformityRule
    complaint: ComplaintRule
    delivery: DeliveryRule
    privacy: PrivacyRule
    compensation: CompensationRule
    carrier_enquiry: CarrierEnquiryRule

    def withdrawal_on(self, purchased_on: date) -> WithdrawalRule | None:
        """The rule of withdrawal for a purchase of that day; None when none is known."""
        return next((r for r in self.withdrawals if r.validity.holds(purchased_on)), None)

    def guarantee_on(self, purchased_on: date, condition: Condition) -> GuaranteeRule | None:
        """The rule of guarantee for goods bought that day; None when none is known."""
        for rule in self.guarantees:
            if rule.condition is condition and rule.validity.holds(purchased_on):
                return rule
        return None

    def spare_parts_on(self, purchased_on: date) -> SparePartsRule | None:
        """The rule of spare parts for goods bought that day; None when none is known."""
        return next((r for r in self.spare_parts if r.validity.holds(purchased_on)), None)

    def official_form(self, region: str | None) -> OfficialForm | None:
        """The official complaint form of a region, else the country's."""
        code = subdivision_of(self.country, region)
        regional = self.complaint.forms_by_region.get(code) if code else None
        return regional or self.complaint.form

    def calendar(self, region: str | None) -> BusinessDays:
        """The business days of a region of this country."""
        return BusinessDays(self.country, region)


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies of all countries, by their ISO code in upper case."""

    by_country: Mapping[str, Policy]
    default: Policy

    def of(self, country: str) -> Policy:
        """A country's policy; without one, the shop's promises alone (`is_legal` is False)."""
        code = country.upper()
        return self.by_country.get(code) or replace(self.default, country=code)


def category_key(category: str) -> str:
    """A category as it compares: without case, accents and what joins its words."""
    plain = unicodedata.normalize("NFKD", category.casefold())
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.split())
