"""What a question of the assistant is about, for a customer who knows only what they want.

The assistant speaks in responses of `domain.yml`; a customer's task holds answers by topic. Every
response that asks has a topic here (`tests/project/test_question_topics.py` checks it).
"""

from collections.abc import Sequence
from enum import StrEnum


class Topic(StrEnum):
    """What the customer is asked for."""

    ORDER_NUMBER = "order_number"  # the number of the order
    IDENTITY = "identity"  # e-mail or postcode
    WHICH_ORDER = "which_order"  # one of several orders
    WHICH_ITEM = "which_item"  # one or more articles of the order
    QUANTITY = "quantity"  # how many of them
    REASON = "reason"  # why it goes back
    RESOLUTION = "resolution"  # refund, exchange, …
    EXCHANGE_FOR = "exchange_for"  # which other variant
    PHOTO = "photo"  # a picture of it
    DESCRIPTION = "description"  # what happened, in free words
    NEW_ADDRESS = "new_address"  # where it shall go
    REMEDY = "remedy"  # what would put it right
    CONFIRM = "confirm"  # whether that shall be done
    SOLVED = "solved"  # whether that settled it
    PERSON = "person"  # whether a person shall take over
    ANYTHING_ELSE = "anything_else"  # something open, or nothing that the task foresees
    CHANGE = "change"  # what shall be otherwise in a summary
    AGAIN = "again"  # the same in other words
    WHICH_READING = "which_reading"  # one of two readings of the request


# What a task may hold answers to. The others are answered from these.
ANSWERED = frozenset(Topic) - {Topic.CHANGE, Topic.AGAIN}

TOPICS = {
    # Which order or case, and whose.
    "utter_question_order_number": Topic.ORDER_NUMBER,
    "utter_question_about_order": Topic.ORDER_NUMBER,
    "utter_question_case_number": Topic.ORDER_NUMBER,
    "utter_question_second_fact": Topic.IDENTITY,
    "utter_question_which_order": Topic.WHICH_ORDER,
    # Which articles of it.
    "utter_question_which_line": Topic.WHICH_ITEM,
    "utter_question_only_the_rest": Topic.WHICH_ITEM,
    "utter_question_missing_line": Topic.WHICH_ITEM,
    "utter_question_which_fails": Topic.WHICH_ITEM,
    "utter_question_which_product": Topic.WHICH_ITEM,
    "utter_question_which_case": Topic.WHICH_ITEM,
    "utter_question_quantity": Topic.QUANTITY,
    "utter_question_missing_units": Topic.QUANTITY,
    # What happened, and what shall be done.
    "utter_question_reason": Topic.REASON,
    "utter_question_resolution": Topic.RESOLUTION,
    "utter_question_refund_instead": Topic.RESOLUTION,
    "utter_question_variant": Topic.EXCHANGE_FOR,
    "utter_question_photo": Topic.PHOTO,
    "utter_question_description": Topic.DESCRIPTION,
    "utter_question_complaint": Topic.DESCRIPTION,
    "utter_question_looked_around": Topic.DESCRIPTION,
    "utter_question_help_topic": Topic.DESCRIPTION,
    "utter_question_privacy_kind": Topic.DESCRIPTION,
    "utter_question_correction": Topic.DESCRIPTION,
    "utter_question_remedy": Topic.REMEDY,
    "utter_question_incident_remedy": Topic.REMEDY,
    # A complaint that asks for something is of another kind than one that does not.
    "utter_question_complaint_kind": Topic.REMEDY,
    "utter_question_rating": Topic.ANYTHING_ELSE,
    # Where it shall go.
    "utter_question_new_address": Topic.NEW_ADDRESS,
    "utter_question_address_line1": Topic.NEW_ADDRESS,
    "utter_question_address_city": Topic.NEW_ADDRESS,
    "utter_question_address_postal_code": Topic.NEW_ADDRESS,
    "utter_question_recipient": Topic.NEW_ADDRESS,
    # Agreeing.
    "utter_question_confirmation": Topic.CONFIRM,
    "utter_question_enquiry": Topic.CONFIRM,
    "utter_question_change": Topic.CHANGE,
    # How it goes on.
    "utter_ask_if_solved": Topic.SOLVED,
    "utter_offer_person": Topic.PERSON,
    # Not understood.
    "utter_which_reading": Topic.WHICH_READING,
    "utter_please_rephrase": Topic.AGAIN,
    "utter_default": Topic.AGAIN,
    "utter_not_a_fact": Topic.AGAIN,
}
# An agreement to one of these may be followed by a write.
CONSENT = frozenset(name for name, topic in TOPICS.items() if topic is Topic.CONFIRM)
_ASKS = "¿"


def topic_of(responses: Sequence[str], text: str) -> Topic | None:
    """What an answer of the assistant asks, if anything.

    Args:
        responses: The names of the responses that it is made of.
        text: The answer itself.
    """
    asked = [TOPICS[name] for name in responses if name in TOPICS]
    if asked:
        # A question that is put again stands last, after "otherwise" and "not understood".
        return asked[-1]
    # "¿Necesitas otra cosa?": it is left to the customer whether there is anything to say.
    return Topic.ANYTHING_ELSE if _ASKS in text.rstrip().rpartition("\n")[2] else None
