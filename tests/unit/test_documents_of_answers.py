"""What a journey hands over leaves the action server beside its words."""

from datetime import UTC, datetime

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Said
from actions.journeys import FORM, ValidateJourneyForm
from bot.adapters.database.unit_of_work import SqlUnits
from bot.bootstrap import ActionServices
from tests.fakes.desk_house import FixedClock
from tests.fakes.journey_house import JourneyHouse
from tests.fakes.service_house import the_voice
from tests.sample_orders import sample_document


def test_a_document_is_named_by_its_kind_and_reference(units: SqlUnits) -> None:
    clock = FixedClock(datetime(2026, 11, 10, 12, tzinfo=UTC))
    house = JourneyHouse(units, clock, sample_document())
    found = {"order_number": "A-1001", "email": "ana.gil@example.com"}
    message = {
        "intent": {"name": "request_invoice", "confidence": 1.0},
        "text": "la factura",
        "message_id": "t-1",
        "entities": [{"entity": name, "value": value} for name, value in found.items()],
    }
    events = [{"event": "user"}, {"event": "active_loop", "name": FORM}]
    tracker = Tracker(house.services.open(), {}, message, events, False, None, {}, None)
    action = ValidateJourneyForm()
    action.services = ActionServices(clock=clock, journeys=house.journeys, voice=the_voice())
    dispatcher = CollectingDispatcher()
    action.answer(Said(tracker), dispatcher)
    custom = [each["custom"] for each in dispatcher.messages if each["custom"]]
    assert custom == [{"document": {"kind": "summary", "reference": "A-1001"}}]
