"""Signed tokens: whose session this is, and who may fetch a photo.

The server issues them; a client never chooses which conversation it is in.
"""

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

# A picture's address must not live as long as the chat it was shown in.
PICTURE_SECONDS = 24 * 3600


class WebchatTokens:
    """Issues and checks tokens with one secret, a salt for each use."""

    def __init__(self, secret: str) -> None:
        self._sessions = URLSafeSerializer(secret, salt="webchat-session")
        self._pictures = URLSafeTimedSerializer(secret, salt="webchat-picture")

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
