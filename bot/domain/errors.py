"""Refusals of the business: types with a stable `code`, never error values.

An action turns a refusal into the response `utter_refusal_<code>`; the edges turn it into a
4xx with the same code. The one technical failure that every edge must know is here too.
"""

from typing import ClassVar


class Refusal(Exception):
    """The business says no, for a reason that has a name."""

    code: ClassVar[str] = "refused"


class StorageUnavailable(Exception):
    """The database cannot be reached or does not answer in time; nothing was written."""


class OrderNotIdentified(Refusal):
    """No order belongs to these data.

    One refusal for "does not exist" and for "is not yours": telling them apart would tell a
    stranger which order numbers are real.
    """

    code = "order_not_identified"


class RepeatedlyNotIdentified(OrderNotIdentified):
    """The same person failed for the third time or more: a person of the team is offered."""

    code = "order_not_identified_again"


class LookupLocked(Refusal):
    """Too many failed look-ups by this person within the hour."""

    code = "lookup_locked"


class MessageRefused(Refusal):
    """A customer's message that is not accepted at the edge; nothing of it is stored."""

    code = "message_refused"


class TextTooLong(MessageRefused):
    """More characters than a message may have."""

    code = "text_too_long"


class TextEmpty(MessageRefused):
    """Nothing readable is left of the text."""

    code = "text_empty"


class TextNotValid(MessageRefused):
    """The text is not valid Unicode (a lone surrogate)."""

    code = "text_not_valid"


class ChoiceUnknown(MessageRefused):
    """The pressed choice was never offered in this conversation."""

    code = "choice_unknown"


class TooManyWaiting(MessageRefused):
    """More messages of one customer wait for an answer than we hold for anybody."""

    code = "too_many_waiting"


class AttachmentRefused(MessageRefused):
    """A file that is not a readable picture of an accepted kind and size."""

    code = "attachment_refused"


class ConversationNotFound(Refusal):
    """No such conversation, or not this caller's."""

    code = "conversation_not_found"


class TransitionRefused(Refusal):
    """The conversation is not in a state from which this change is possible."""

    code = "transition_refused"


class AgentRefused(Refusal):
    """Wrong e-mail or password, or an agent who may not do this."""

    code = "agent_refused"


class TooManyLoginAttempts(AgentRefused):
    """Log-in is closed for this address for a while."""

    code = "too_many_login_attempts"
