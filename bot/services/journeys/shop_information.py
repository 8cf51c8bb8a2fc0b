"""When the shop answers and how else it is reached, as far as its operator has said."""

from bot.domain.shop_facts import ShopFacts, ShopTopic
from bot.services.journeys.journey import Case, Journey
from bot.services.journeys.steps import Say, Step, say

# What somebody is told who asks for "los datos de la tienda".
_IN_GENERAL = (ShopTopic.HOURS, ShopTopic.PHONE, ShopTopic.EMAIL, ShopTopic.ADDRESS)


class TellShopInformation(Journey):
    """Opening hours, telephone, e-mail, address."""

    begins = frozenset({"ask_store_info"})
    is_question = True
    facts = ()

    def next(self, case: Case) -> Step:
        """Tell what is asked; what is not known is said not to be, and a person is offered."""
        facts = case.shop.facts
        asked = case.shop.spoken.shop_topics(case.memory.remarks[-1].text)
        topics = asked or tuple(each for each in _IN_GENERAL if _is_known(facts, each))
        if not topics:
            return Step(says=(say("shop_unknown"),), offers_person=True)
        says: list[Say] = []
        for topic in dict.fromkeys(topics):
            says += _told(case, topic)
        known = all(_is_known(facts, topic) for topic in topics)
        return Step(says=tuple(says), offers_person=not known, country=case.shop.country)


def _is_known(facts: ShopFacts, topic: ShopTopic) -> bool:
    return _value(facts, topic) is not None


def _value(facts: ShopFacts, topic: ShopTopic) -> str | None:
    """What the operator has said of a topic; the hours are told by themselves."""
    match topic:
        case ShopTopic.HOURS:
            return "" if any(facts.hours.days) else None
        case ShopTopic.PHONE:
            return facts.phone
        case ShopTopic.EMAIL:
            return facts.email
        case ShopTopic.ADDRESS:
            return facts.address
        case ShopTopic.LEGAL:
            return facts.tax_id
        case _:
            return None


def _told(case: Case, topic: ShopTopic) -> tuple[Say, ...]:
    facts = case.shop.facts
    value = _value(facts, topic)
    if value is None:
        return (say(f"shop_{topic}_unknown"),)
    if topic is not ShopTopic.HOURS:
        return (say(f"shop_{topic}", **{topic.value: value}),)
    hours = say("shop_hours", hours=facts.hours)
    if facts.hours.is_open(case.now):
        return (hours,)
    return (hours, say("shop_closed_now", day=facts.hours.next_opening(case.now).date()))
