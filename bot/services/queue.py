"""The team's queue: which conversations there are, in the order in which to look at them."""

from bot.domain.agents import Agent
from bot.domain.desk import STATUSES_OF, Box, Holder, QueueCard, Tally
from bot.services.ports import Clock, Units

# More than an agent reads; the tally says how many there are.
CARDS_SHOWN = 200


class Queue:
    """Lists and counts conversations for the agents' page."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def cards(self, box: Box, agent: Agent) -> tuple[QueueCard, ...]:
        """The conversations of a part of the queue, the most urgent first."""
        mine = agent.id if box is Box.MINE else None
        with self._units.reading() as unit:
            cards = unit.desk.cards(
                STATUSES_OF[box], self._clock.now(), agent_id=mine, limit=CARDS_SHOWN
            )
        return tuple(sorted(cards, key=_urgency)) if box is Box.MINE else cards

    def tally(self) -> Tally:
        """How many conversations there are, by state and by agent."""
        with self._units.reading() as unit:
            return unit.desk.tally()

    def holders(self, conversation_ids: frozenset[str]) -> tuple[tuple[Holder, ...], Tally]:
        """Who has these conversations now, and the tally of the same moment."""
        with self._units.reading() as unit:
            return unit.desk.holders(sorted(conversation_ids)), unit.desk.tally()


def _urgency(card: QueueCard) -> tuple[bool, float]:
    """Customers who wait for this agent's answer first, the longest waiting first."""
    words_at = card.last_words.sent_at if card.last_words else card.updated_at
    waited = words_at.timestamp()
    return (not card.needs_answer, waited if card.needs_answer else -waited)
