"""The receipt of a return, a claim or a complaint as a PDF: what was declared, and when it came in.

It tells nothing of how the case went on, nor of photos that came later: the same case gives the
same receipt whenever it is made (a durable one, Directive 2011/83/EU, art. 11a.4).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.adapters.commerce.pdf_page import PdfPage, SellerIdentity
from bot.adapters.yaml_file import read_yaml
from bot.domain.claims import Claim, ClaimLine
from bot.domain.complaints import Complaint
from bot.domain.orders import Order
from bot.domain.returns import Return, ReturnLine
from bot.services.order_backend import Case


def receipt_of(
    case: Case, order: Order | None, seller: SellerIdentity, *, compressed: bool = True
) -> bytes:
    """The receipt of a case.

    Args:
        order: What it is about; a complaint may be about none.
        compressed: Whether its contents are; a test reads them when they are not.
    """
    return _Writer(case, order, seller, compressed=compressed).receipt()


@dataclass(frozen=True, slots=True)
class _Content:
    """What a kind of case has to tell: `kind` names its sentences in the texts."""

    kind: str
    rows: tuple[str, ...]  # after the articles, in order
    lines: tuple[ReturnLine | ClaimLine, ...] = ()
    words: str = ""  # the customer's own


class _Writer(PdfPage):
    def __init__(
        self, case: Case, order: Order | None, seller: SellerIdentity, *, compressed: bool
    ) -> None:
        country = case.country if isinstance(case, Complaint) else None
        if order is not None:
            country = order.country
        super().__init__(seller, country or "", _texts(), compressed=compressed)
        self._case = case
        self._order = order
        self._content = self._content_of(case)

    def receipt(self) -> bytes:
        return self.pdf(f"{self._texts['title'][self._content.kind]} {self._case.folio}")

    def _story(self) -> Iterator[Any]:
        case, content, texts = self._case, self._content, self._texts
        yield self._text(texts["title"][content.kind], bold=True, size=18)
        yield self._text(texts["folio"].format(folio=case.folio))
        yield self._text(texts["received"].format(moment=self._moment(case.opened_at)), bold=True)
        if self._order is not None:
            order, customer = self._order, self._order.customer
            placed = self._day(order.placed_at)
            yield self._text(texts["order"].format(order_number=order.number, date=placed))
            yield self._text(texts["customer"].format(name=customer.name, email=customer.email))
        yield self._gap(14)
        yield self._text(texts["declared"], bold=True, size=11)
        yield from self._declaration()
        yield self._gap(14)
        for row in content.rows:
            yield self._text(row)
        yield self._gap(14)
        yield self._text(texts["keep"])

    def _declaration(self) -> Iterator[Any]:
        case, content, texts = self._case, self._content, self._texts
        if content.lines or isinstance(case, Complaint):
            yield self._text(texts["declaration"][content.kind])
        else:
            yield self._text(texts["declaration_whole"][content.kind])
        for line in content.lines:
            yield self._text(self._line(line))
        if not content.words:
            return
        if not isinstance(case, Complaint):
            yield self._text(texts["words"])
        for paragraph in content.words.splitlines():
            yield self._text(paragraph)

    def _line(self, line: ReturnLine | ClaimLine) -> str:
        ordered = self._order.lines[line.position] if self._order is not None else None
        options = ordered.options if ordered is not None else {}
        described = ", ".join(f"{name}: {value}" for name, value in options.items())
        title = f"{line.title} ({described})" if described else line.title
        wanted = line.exchange_for if isinstance(line, ReturnLine) else None
        name = "line_exchanged" if wanted else "line"
        text: str = self._texts[name]
        return text.format(quantity=line.quantity, title=title, exchange_for=wanted)

    # --- what each kind has to tell ----------------------------------------------------------------

    def _content_of(self, case: Case) -> _Content:
        match case:
            case Return():
                rows = tuple(self._of_return(case))
                return _Content(case.basis.value, rows, case.lines, case.description)
            case Claim():
                rows = tuple(self._of_claim(case))
                return _Content(case.kind.value, rows, case.lines, case.description)
            case Complaint():
                rows = tuple(self._of_complaint(case))
                return _Content(case.kind.value, rows, words=case.text)

    def _of_return(self, case: Return) -> Iterator[str]:
        texts = self._texts
        yield texts["reason"].format(reason=texts["reason_word"][case.reason.value])
        yield texts["wanted"].format(wanted=texts["wanted_word"][case.resolution.value])
        if case.refund is not None:
            yield texts["refund"].format(amount=self._money(case.refund))
        if case.refund is not None and case.refund_due is not None:
            yield texts["refund_due"].format(date=self._date(case.refund_due))
        payer = texts["payer"].get(case.return_paid_by)
        if payer is not None:
            yield texts["return_paid_by"].format(payer=payer)
        if case.article:
            yield texts["article"].format(article=case.article)

    def _of_claim(self, case: Claim) -> Iterator[str]:
        texts = self._texts
        yield texts["wanted"].format(wanted=texts["wanted_word"][case.remedy.value])
        if case.due_on is not None:
            yield texts["answer_due"].format(date=self._date(case.due_on))
        if case.article:
            yield texts["article"].format(article=case.article)

    def _of_complaint(self, case: Complaint) -> Iterator[str]:
        if case.due_on is not None:
            yield self._texts["answer_due"].format(date=self._date(case.due_on))
        if case.official_form:
            yield self._texts["official_form"].format(form=case.official_form)


@cache
def _texts() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(Path(__file__).with_name("receipt_texts.yml"))
    return found
