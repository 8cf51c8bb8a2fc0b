"""Every question of the assistant has a topic, so that the customers of the evaluation can answer."""

from bot.dialogue_evaluation.response_names import the_response_names
from bot.dialogue_evaluation.topics import TOPICS

ASKING = ("utter_question_", "utter_ask_if_solved", "utter_offer_person", "utter_which_reading")


def test_every_response_that_asks_has_a_topic() -> None:
    asking = {name for name in the_response_names().names if name.startswith(ASKING)}
    assert asking - TOPICS.keys() == set()


def test_only_responses_that_exist_have_a_topic() -> None:
    assert TOPICS.keys() - the_response_names().names == set()
