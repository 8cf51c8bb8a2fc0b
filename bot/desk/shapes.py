"""How the desk's JSON looks: frozen values of the services, written out field by field.

Written by hand because this is a promise to the page: what is not named here does not leave the
house (a choice's payload, the key of a customer on a channel).
"""

from collections.abc import Sequence
from typing import Any

from bot.domain.agents import Agent
from bot.domain.carriers import Carriers
from bot.domain.desk import Box, QueueCard, Tally
from bot.domain.messages import Message
from bot.domain.money import Money
from bot.domain.orders import Shipment
from bot.services.casefile import Case, CaseEvent, CaseHead, CaseIdentity, CaseOrder

Json = dict[str, Any]


def agent_json(agent: Agent) -> Json:
    """A colleague, by the full name."""
    return {"id": agent.id, "name": agent.name, "role": agent.role.value}


def counts_json(tally: Tally, agent_id: int) -> Json:
    """How many conversations an agent finds under each tab."""
    return {box.value: tally.count(box, agent_id) for box in Box}


def card_json(card: QueueCard, agent_id: int) -> Json:
    """A conversation in a list."""
    words = card.last_words
    return {
        "id": card.id,
        "channel": card.channel,
        "status": card.status.value,
        "epoch": card.epoch,
        "reason": card.handoff_reason,
        "waiting_since": card.waiting_since.isoformat() if card.waiting_since else None,
        "updated_at": card.updated_at.isoformat(),
        "customer_name": card.customer_name,
        "agent_name": card.agent_name,
        "mine": card.agent_id == agent_id,
        "needs_answer": card.needs_answer,
        "preview": words
        and {
            "author": words.author.value,
            "text": words.text,
            "photo": words.has_photo,
            "sent_at": words.sent_at.isoformat(),
        },
    }


def head_json(head: CaseHead, agent_id: int) -> Json:
    """Who has the conversation."""
    conversation = head.conversation
    holder = None
    if conversation.agent_id is not None:
        holder = {"id": conversation.agent_id, "name": head.agent.name if head.agent else ""}
    return {
        "id": conversation.id,
        "channel": conversation.channel,
        "status": conversation.status.value,
        "epoch": conversation.epoch,
        "last_seq": conversation.last_seq,
        "reason": conversation.handoff_reason,
        "waiting_since": (
            conversation.waiting_since.isoformat() if conversation.waiting_since else None
        ),
        "created_at": conversation.created_at.isoformat(),
        "agent": holder,
        "mine": conversation.agent_id == agent_id,
    }


def message_json(message: Message) -> Json:
    """A message of the transcript."""
    return {
        "seq": message.seq,
        "author": message.author.value,
        "author_name": message.author_name,
        "text": message.text,
        "choices": [choice.title for choice in message.choices],
        "attachments": [
            {
                "url": _address(message, place),
                "content_type": attachment.content_type,
                "name": attachment.name,
            }
            for place, attachment in enumerate(message.attachments)
        ],
        "client_message_id": message.client_id,
        "sent_at": message.sent_at.isoformat(),
    }


def _address(message: Message, place: int) -> str:
    """Where an agent's browser fetches an attachment."""
    attachment = message.attachments[place]
    if attachment.document is None:
        return f"/desk/photos/{attachment.id}"
    return f"/desk/documents/{message.conversation_id}/{message.seq}/{place}"


def messages_json(messages: Sequence[Message]) -> list[Json]:
    """A stretch of the transcript, in order."""
    return [message_json(message) for message in messages]


def case_json(case: Case, agent_id: int, carriers: Carriers) -> Json:
    """Everything about a conversation."""
    return {
        "conversation": head_json(case.head, agent_id),
        "messages": messages_json(case.messages),
        "identity": _identity(case.identity) if case.identity else None,
        "orders": [_order(order, carriers) for order in case.orders],
        "events": [_event(event) for event in case.events],
    }


def _identity(identity: CaseIdentity) -> Json:
    return {
        "name": identity.customer.name,
        "email": identity.customer.email,
        "phone": identity.customer.phone,
        "proof": identity.proof,
        "since": identity.since.isoformat(),
        "until": identity.until.isoformat(),
    }


def _order(case_order: CaseOrder, carriers: Carriers) -> Json:
    order = case_order.order
    return {
        "number": order.number,
        "placed_at": order.placed_at.isoformat(),
        "progress": case_order.progress.value,
        "mentioned": case_order.is_mentioned,
        "total": _money(order.total),
        "refunded": _money(order.refunded) if order.refunded.minor else None,
        "lines": [
            {"title": line.title, "quantity": line.quantity, "options": line.options}
            for line in order.lines
        ],
        "shipments": [_shipment(shipment, carriers) for shipment in order.shipments],
    }


def _shipment(shipment: Shipment, carriers: Carriers) -> Json:
    instants = {
        "shipped_at": shipment.shipped_at,
        "estimated_delivery": shipment.estimated_delivery,
        "delivered_at": shipment.delivered_at,
    }
    return {
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "tracking_url": carriers.tracking_link(shipment.carrier, shipment.tracking_number),
        "status": shipment.status.value,
        **{name: at.isoformat() if at else None for name, at in instants.items()},
    }


def _event(case_event: CaseEvent) -> Json:
    event = case_event.event
    return {
        "at": event.at.isoformat(),
        "kind": event.kind,
        "actor": event.actor.partition(":")[0],
        "actor_name": case_event.agent_name,
        "reason": event.detail.get("reason"),
    }


def _money(money: Money) -> Json:
    return {"amount": str(money), "currency": money.currency}
