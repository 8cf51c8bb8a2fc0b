"""Signed tokens: whose session this is, and who may fetch a photo or a document.

The server issues them; a client never chooses which conversation it is in.
"""

from typing import NamedTuple

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

# A picture's address must not live as long as the chat it was shown in.
PICTURE_SECONDS = 24 * 3600
# A customer keeps the address of an invoice or passes it to a tax adviser. As long as a proven
# identity lasts by default; the chat itself shows a new address each time it is opened.
DOCUMENT_SECONDS = 30 * 24 * 3600


class DocumentPlace(NamedTuple):
    """A document by the message that hands it over, and its place there, counted from 0."""

    conversation_id: str
    seq: int
    place: int


class WebchatTokens:
    """Issues and checks tokens with one secret, a salt for each use."""

    def __init__(self, secret: str) -> None:
        self._sessions = URLSafeSerializer(secret, salt="webchat-session")
        self._pictures = URLSafeTimedSerializer(secret, salt="webchat-picture")
        self._documents = URLSafeTimedSerializer(secret, salt="webchat-document")

    def session(self, conversation_id: str) -> str:
        """A session token for a conversation."""
        return str(self._sessions.dumps(conversation_id))

    def conversation(self, token: str) -> str | None:
        """The conversation of a session token; None for any other text."""
        try:
            return str(self._sessions.loads(token))
        except BadSignature:
            return None

    def picture(self, attachment_id: str) -> str:
        """A token that fetches one picture for a day."""
        return str(self._pictures.dumps(attachment_id))

    def attachment(self, token: str) -> str | None:
        """The picture of a token; None for an old or any other text."""
        try:
            return str(self._pictures.loads(token, max_age=PICTURE_SECONDS))
        except BadSignature:
            return None

    def document(self, place: DocumentPlace) -> str:
        """A token that opens one document for thirty days; it tells nothing of the order."""
        return str(self._documents.dumps(list(place)))

    def document_place(self, token: str) -> DocumentPlace | None:
        """Where the document of a token is; None for an old or any other text."""
        try:
            conversation_id, seq, place = self._documents.loads(token, max_age=DOCUMENT_SECONDS)
        except BadSignature:
            return None
        return DocumentPlace(str(conversation_id), int(seq), int(place))
