"""Leads a customer through a matter: takes a message, runs the journey, and says what comes next.

The engine knows no journey by name. What a message is (`reception.py`) decides whether the journey
goes on with it, answers something in between, or makes way for another; the journey decides the
rest.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain.errors import LookupLocked, OrderNotIdentified, Refusal, RepeatedlyNotIdentified
from bot.domain.spoken.signs import lodges_complaint, names_model
from bot.services.journeys.addresses import without_new_postcode
from bot.services.journeys.cases import about_its_folio
from bot.services.journeys.journey import Case, Journey, NoSuchOrder, Shop, Talk
from bot.services.journeys.memory import Memory, Remark
from bot.services.journeys.reception import (
    IDENTIFYING,
    OFFERS,
    Kind,
    Message,
    Reception,
    asks_about_this,
    presses,
    tells_a_story,
)
from bot.services.journeys.steps import Asking, Matter, Question, Say, Step, say

__all__ = ["Journeys", "Message", "Progress"]

# Facts that say which order is meant, and that it is theirs: they go along to another matter.
_CARRIED = ("order_number", "email", "postal_code", "order_reference")
# Asked when something went wrong; people go on telling what.
_BESIDE_A_STORY = frozenset({"remedy", "resolution"})
# As often as a question is put again before a person is offered.
_MOST_TRIES = 3
# As often in a row as words may say nothing to us.
_MOST_UNCLEAR = 1


@dataclass(frozen=True, slots=True)
class Progress:
    """What a message led to: what is said, and the memory of what goes on (None when it is over)."""

    step: Step
    memory: Memory | None


class Journeys:
    """All matters that the assistant carries out."""

    def __init__(self, shop: Shop, journeys: Iterable[Journey]) -> None:
        self._shop = shop
        self._journeys = {intent: journey for journey in journeys for intent in journey.begins}
        self._reception = Reception(shop, self._journeys)

    def begin(self, message: Message, talk: Talk) -> Progress:
        """Start the journey that a message asks for.

        Raises:
            KeyError: no journey begins with this intent.
            StorageUnavailable.
        """
        remark = about_its_folio(_without_model_numbers(message.remark))
        if lodges_complaint(remark.text):
            remark = replace(remark, intent="file_complaint")
        remark = self._journeys[remark.intent].rather(remark, self._shop)
        remark = without_new_postcode(remark, remark.intent, self._shop.spoken)
        memory = Memory(journey=remark.intent, key=f"{talk.turn_id}:{remark.intent}")
        return self._go_on(memory.hearing(remark), talk, remark)

    def hear(self, message: Message, talk: Talk, memory: Memory) -> Progress | None:
        """Take a message in the middle of a journey.

        Returns:
            None when it has nothing to do with it (small talk, the wish for a person): whoever
            answers that lets the question be put again by `ask_again`.

        Raises:
            StorageUnavailable.
        """
        remark = _without_model_numbers(message.remark)
        remark = without_new_postcode(remark, memory.journey, self._shop.spoken)
        remark = self._reception.as_answer(remark, memory.asked)
        kind = self._reception.kind_of(replace(message, remark=remark), memory, talk)
        match kind:
            case Kind.ANSWER:
                return self._answered(kind, remark, talk, memory)
            case Kind.QUESTION:
                return self._asked_in_between(remark, talk, memory)
            case Kind.ANOTHER:
                return self._turn_to(remark, talk, memory)
            case Kind.NO:
                return _given_up(memory)
            case Kind.AGAIN if memory.asked != "change":
                return _with(self.ask_again(talk, memory), say("journey_goes_on"))
            case Kind.UNCLEAR if memory.asked != "change":
                # The journey may make something of it.
                return self._answered(kind, remark, talk, memory)
            case Kind.AGAIN | Kind.UNCLEAR:
                return self._not_understood(talk, memory)
            case Kind.NOT_OURS:
                return None

    def ask_again(self, talk: Talk, memory: Memory) -> Progress:
        """Put the question again after something else was said; after a while, offer a person."""
        memory = replace(memory, tries=memory.tries + 1)
        if memory.tries > _MOST_TRIES:
            return Progress(Step(says=(say("journey_left_open"),), offers_person=True), None)
        return self._go_on(memory, talk, None)

    # --- what a message leads to -------------------------------------------------------------------

    def _answered(self, kind: Kind, remark: Remark, talk: Talk, memory: Memory) -> Progress:
        tells = self._reception.tells_of_matter(remark, memory, talk)
        heard = replace(remark, answers=memory.asked, tells=tells)
        progress = self._go_on(replace(memory.hearing(heard), tries=0), talk, heard)
        question = progress.step.question
        if question is None or question.fact != memory.asked or presses(remark):
            return _understood(progress)
        if remark.photos:
            return _understood(_with(progress, say("photo_kept")))
        if memory.asked in IDENTIFYING and {*_CARRIED} & remark.entities.keys():
            number = remark.value("order_number")  # another one, and the proof is still to come
            is_new = number is not None and memory.asked == "second_fact"
            noted = (say("number_noted", order_number=number),) if number and is_new else ()
            return _understood(_with(progress, *noted))
        if _is_same(progress.step, self._go_on(memory, talk, None).step):
            # It seemed to say something, and nothing has changed by it so far.
            kept = memory.hearing(heard) if kind is Kind.ANSWER else memory
            if memory.asked in _BESIDE_A_STORY and tells_a_story(heard) and not memory.unclear:
                # What happened, told where something else was asked: it is no fault of theirs.
                again = self.ask_again(talk, replace(memory.hearing(heard), unclear=1))
                return _with(again, say("story_noted"))
            return self._not_understood(talk, kept)
        return _understood(progress)

    def _not_understood(self, talk: Talk, memory: Memory) -> Progress:
        """Say so, and ask again; the second time in a row a person is offered."""
        if memory.unclear >= _MOST_UNCLEAR or memory.asked == "change":
            return Progress(Step(says=(say("not_understood"),), offers_person=True), None)
        again = self.ask_again(talk, replace(memory, unclear=memory.unclear + 1))
        return _with(again, say("not_a_fact"))

    def _asked_in_between(self, remark: Remark, talk: Talk, memory: Memory) -> Progress | None:
        """Answer a question, and put ours again; what it would have to ask itself waits."""
        own = self._aside(remark, memory, talk)
        again = self.ask_again(talk, memory)
        if own:
            return _with(again, *own)
        other = self._journeys.get(remark.intent)
        about_this = other is not None and not other.is_question and asks_about_this(remark)
        if other is None or about_this or remark.intent in ("inform", memory.journey):
            known = remark.intent in ("inform", "nlu_fallback") or remark.intent in self._journeys
            return self._not_understood(talk, memory) if known else None
        turned = Memory(
            journey=remark.intent,
            key=f"{talk.turn_id}:{remark.intent}",
            remarks=memory.remarks,  # it may be about the very article
            refused=memory.refused,
        ).hearing(remark)
        aside = self._run(turned, talk, remark)
        asks = aside.memory.asked if aside.memory is not None else None
        if asks is not None and asks not in OFFERS:
            number = remark.value("order_number")
            waits = f"{remark.intent} {number}" if number else remark.intent
            if waits in memory.then:
                return self._not_understood(talk, memory)
            later = replace(memory, then=(*memory.then, waits))
            return _with(self._go_on(later, talk, None), say("first_this"))
        papers = (*aside.step.documents, *again.step.more_documents)
        step = replace(again.step, says=(*aside.step.says, *again.step.says), more_documents=papers)
        return replace(again, step=step)

    def _turn_to(self, remark: Remark, talk: Talk, memory: Memory) -> Progress:
        """Leave the matter for another one; whose order it is need not be proven again."""
        carried = tuple(kept for said in memory.remarks if (kept := said.only(*_CARRIED)).entities)
        turned = Memory(
            journey=remark.intent,
            key=f"{talk.turn_id}:{remark.intent}",
            remarks=carried,
            refused=memory.refused,
            then=memory.then,
        ).hearing(remark)
        progress = self._go_on(turned, talk, remark)
        if memory.asked in OFFERS:
            return progress
        if memory.asked not in IDENTIFYING:
            return _with(progress, say("journey_left"))
        question = progress.step.question
        same = question is not None and question.fact == memory.asked
        turned_to = say("journey_turned", matter=Matter(remark.intent))
        return _with(progress, turned_to) if same else progress

    def _aside(self, remark: Remark, memory: Memory, talk: Talk) -> tuple[Say, ...]:
        """What the matter under way says itself to a question in between."""
        journey = self._journeys[memory.journey]
        case = Case(self._shop, talk, memory, None, journey.fits)
        try:
            return journey.aside(remark, case)
        except (Asking, NoSuchOrder, Refusal):
            return ()

    # --- going on ----------------------------------------------------------------------------------

    def _go_on(self, memory: Memory, talk: Talk, heard: Remark | None) -> Progress:
        """Run the journey; when it is over, what had to wait begins."""
        progress = self._run(memory, talk, heard)
        if progress.memory is not None or not memory.then or progress.step.offers_person:
            return progress
        order = progress.step.order_in_focus or talk.in_focus
        following, _, number = memory.then[0].partition(" ")
        remark = Remark(following, entities={"order_number": (number,)} if number else {})
        # What was left in the middle knows already what was said of it.
        known = any(said.intent == following for said in memory.remarks)
        waiting = Memory(
            journey=following,
            key=f"{talk.turn_id}:{following}",
            remarks=memory.remarks if known else (remark,),
            then=memory.then[1:],
        )
        after = self._go_on(waiting, replace(talk, in_focus=order, found={}), remark)
        says = (*progress.step.says, *after.step.says)
        papers = (*progress.step.documents, *after.step.more_documents)
        return replace(after, step=replace(after.step, says=says, more_documents=papers))

    def _run(self, memory: Memory, talk: Talk, heard: Remark | None) -> Progress:
        journey = self._journeys[memory.journey]
        case = Case(self._shop, talk, memory, heard, journey.fits)
        try:
            step = journey.next(case)
        except Asking as asking:
            return self._asked(case, asking)
        except (RepeatedlyNotIdentified, LookupLocked) as refusal:
            return Progress(Step(says=(_refusal(refusal),), offers_person=True), None)
        except OrderNotIdentified as refusal:
            refused = replace(case.memory, refused=case.identifying_facts(), asked="second_fact")
            question = Question("second_fact", say("question_second_fact"))
            told = say("not_identified_either") if memory.refused else _refusal(refusal)
            return Progress(Step(says=(told,), question=question), refused)
        except NoSuchOrder:
            return Progress(Step(says=(say("no_orders"),)), None)
        except Refusal as refusal:
            step = journey.refused(refusal, case)
        if step.turns_into is not None:
            turned = replace(memory, journey=step.turns_into, asked=None, agreed=None)
            return _with(self._run(turned, talk, heard), *step.says)
        return Progress(_in_focus(step, case), None)

    def _asked(self, case: Case, asking: Asking) -> Progress:
        memory = replace(case.memory, asked=asking.question.fact, agreed=asking.agreed)
        step = Step(says=asking.says, question=asking.question)
        return Progress(_in_focus(step, case), memory)


def _without_model_numbers(remark: Remark) -> Remark:
    """A message whose "la de 10000" is not taken for a postcode, which would prove nothing."""
    codes = remark.entities.get("postal_code", ())
    kept = tuple(code for code in codes if not names_model(code, remark.text))
    if kept == codes:
        return remark
    rest = {name: values for name, values in remark.entities.items() if name != "postal_code"}
    return replace(remark, entities={**rest, "postal_code": kept} if kept else rest)


def _given_up(memory: Memory) -> Progress:
    """Somebody does not give what was asked: nothing is done, and nobody is pressed."""
    if memory.asked in ("order_number", "second_fact"):
        return Progress(Step(says=(say("lookup_needs_facts"),), offers_person=True), None)
    return Progress(Step(says=(say("stopped"),)), None)


def _in_focus(step: Step, case: Case) -> Step:
    order = case.order_found
    if order is None:
        return step
    return replace(step, order_in_focus=order.number, country=order.country)


def _refusal(refusal: Refusal) -> Say:
    return say(f"refusal_{refusal.code}")


def _understood(progress: Progress) -> Progress:
    memory = replace(progress.memory, unclear=0) if progress.memory else None
    return replace(progress, memory=memory)


def _with(progress: Progress, *before: Say) -> Progress:
    """The same, with sentences before it."""
    return replace(progress, step=replace(progress.step, says=(*before, *progress.step.says)))


def _is_same(one: Step, other: Step) -> bool:
    return (one.says, one.question) == (other.says, other.question)
