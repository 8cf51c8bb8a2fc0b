"""What a customer thinks of the service."""

from bot.domain.orders import zone_of
from bot.domain.ratings import Rating, Score
from bot.domain.spoken.scales import scale_of
from bot.services.journeys.journey import Case, Journey
from bot.services.journeys.steps import Asking, Choice, Question, Step, say

_LONGEST_COMMENT = 1_000
# As many as there are buttons, which is their scale.
_BUTTONS = 5


class GiveRating(Journey):
    """A score, an opinion, or both; the last of a day counts."""

    begins = frozenset({"give_rating"})
    facts = ("rating",)
    is_question = True

    def next(self, case: Case) -> Step:
        """Keep it; whoever is not content is offered a person."""
        score = self._score(case)
        comment = "\n".join(each.text for each in case.memory.remarks if each.text)
        rating = Rating(
            conversation_id=case.talk.conversation_id,
            at=case.now,
            score=score,
            comment=comment[:_LONGEST_COMMENT],
            order_number=case.talk.in_focus,
        )
        with case.shop.units.writing() as unit:
            today = case.now.astimezone(zone_of(case.shop.country)).date()
            unit.ratings.keep(rating, today)
            unit.commit()
        if score is None:
            return Step(says=(say("rating_without_score"),))
        name = "rating_low" if score.is_low else "rating_noted"
        noted = say(name, score=score.value, scale=score.scale)
        return Step(says=(noted,), offers_person=score.is_low)

    def _score(self, case: Case) -> Score | None:
        """The last score given; None when it was asked for and only words came."""
        for remark in reversed(case.memory.remarks):
            given = remark.value("rating")
            score = (
                Score.of(given, _BUTTONS if not remark.text else scale_of(remark.text))
                if given is not None
                else None
            )
            if score is not None:
                return score
        if case.memory.tries:
            return None
        choices = tuple(
            Choice(say("button_rating", count=count), {"rating": str(count)})
            for count in range(1, _BUTTONS + 1)
        )
        raise Asking(Question("rating", say("question_rating"), choices))
