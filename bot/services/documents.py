"""Documents in conversations: invoices and receipts, made when somebody opens them.

A document is had through the message that hands it over, never by its number: whoever may read
that message may open it, and with the conversation it is gone.
"""

import re
from typing import Protocol

from bot.domain.messages import Attachment, Document, DocumentFile, DocumentKind
from bot.domain.orders import Order
from bot.services.copy import Copy
from bot.services.order_backend import Case, NotFound, NotSupported, OrderBackend
from bot.services.ports import Units

_PDF = "application/pdf"
# A conversation has no more messages: larger numbers are none of ours.
_MOST_MESSAGES = 2**31 - 1
# What no file system and no header minds.
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9.-]+")


class Papers(Protocol):
    """Writes the documents that are ours and not the shop's system's, as PDF."""

    def summary(self, order: Order) -> bytes:
        """What was ordered; no invoice, and it says so."""

    def receipt(self, case: Case, order: Order | None) -> bytes:
        """What a case declares, and when it came in; a complaint may be about no order."""


class Documents:
    """Makes the documents that messages hand over."""

    def __init__(self, units: Units, backend: OrderBackend, papers: Papers) -> None:
        self._units = units
        self._backend = backend
        self._papers = papers

    def open(self, conversation_id: str, seq: int, place: int) -> DocumentFile | None:
        """The document that a message hands over.

        Args:
            seq: The message's number in its conversation.
            place: Which of its attachments, counted from 0.

        Returns:
            None when there is no such message, or no document in that place (any more).

        Raises:
            StorageUnavailable, AuthFailed.
        """
        if not 0 < seq <= _MOST_MESSAGES:
            return None
        with self._units.reading() as unit:
            found = unit.conversations.messages_after(conversation_id, seq - 1, limit=1)
        attachments = found[0].attachments if found and found[0].seq == seq else ()
        if not 0 <= place < len(attachments):
            return None
        attachment = attachments[place]
        if attachment.document is None:
            return None
        try:
            content, content_type = self._make(attachment.document, attachment.id)
        except NotFound:
            return None
        return DocumentFile(content, content_type, attachment.name)

    def _make(self, kind: DocumentKind, reference: str) -> tuple[bytes, str]:
        if kind is DocumentKind.RECEIPT:
            return self._receipt(reference), _PDF
        if kind is DocumentKind.INVOICE:
            try:
                invoice = self._backend.invoice(reference)
            except NotSupported:
                pass  # the shop's system changed since it was promised: its summary says what it is
            else:
                return invoice.content, invoice.content_type
        return self._papers.summary(self._backend.order(reference)), _PDF

    def _receipt(self, folio: str) -> bytes:
        found = self._backend.case(folio)
        if found is None:
            raise NotFound(folio)
        number = found.order_number
        order = self._backend.order(number) if number is not None else None
        return self._papers.receipt(found.case, order)


def attachment_of(document: Document, copy: Copy) -> Attachment:
    """A document as a message's attachment, under the name of its file."""
    reference = _NOT_IN_A_NAME.sub("", document.reference)
    name = copy.message(f"utter_document_{document.kind.value}", reference=reference).text
    return Attachment(document.reference, _PDF, name, document.kind)
