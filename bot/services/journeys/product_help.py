"""Help with an article: the shop's own words about it first, general advice about its kind else."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.manuals import Manual, Manuals
from bot.domain.orders import HelpTopic, Order, Product
from bot.services.journeys.journey import Case, Journey
from bot.services.journeys.line_answers import words_of_request
from bot.services.journeys.steps import Asking, Choice, Question, Say, Step, say

_CLAIM_IT = Choice(say("button_claim_warranty"), intent="claim_warranty")
_PERSON = Choice(say("button_ask_a_person"), intent="request_human")
# Whoever says "¿cómo se usa sin el filtro que perdí?" wants the part.
_TELLING_FIRST = (
    HelpTopic.SPARE_PARTS,
    HelpTopic.INSTALLATION,
    HelpTopic.MAINTENANCE,
    HelpTopic.TROUBLESHOOTING,
    HelpTopic.USE,
)


@dataclass(frozen=True, slots=True)
class _Article:
    """What help is wanted for: the article of the catalogue, or a kind that was named."""

    title: str
    product: Product | None
    manual: Manual | None

    def topics(self) -> tuple[HelpTopic, ...]:
        """What there is help for."""
        told = {each.topic for each in self.product.help} if self.product else set()
        told |= set(self.manual.advice) if self.manual else set()
        return tuple(topic for topic in HelpTopic if topic in told)


class HelpWithProduct(Journey):
    """How to install, use, clean or mend something. Nobody has to prove anything for that."""

    begins = frozenset({"ask_product_help"})
    facts = ("product", "topic")
    is_question = True

    def __init__(self, manuals: Manuals) -> None:
        self._manuals = manuals

    def next(self, case: Case) -> Step:
        """Find out which article and what about it, and say it."""
        words = words_of_request(self, case)
        article = self._article(case, words)
        topics = article.topics()
        manual_url = article.product.manual_url if article.product else None
        if not topics:
            return _nothing(article, manual_url)
        topic = self._topic(case, words, article, topics, manual_url)
        if topic not in topics:
            return _nothing(article, manual_url)
        says, careful = _told(article, topic)
        if manual_url:
            says.append(say("product_manual", manual_url=manual_url))
        if careful or topic is HelpTopic.SPARE_PARTS:
            return Step(says=tuple(says), offers_person=True)
        fails = topic is HelpTopic.TROUBLESHOOTING
        return Step(says=tuple(says), choices=(_CLAIM_IT, _PERSON) if fails else (_PERSON,))

    # --- what it is about --------------------------------------------------------------------------

    def _article(self, case: Case, words: str) -> _Article:
        product = self._bought(case, words)
        if product is not None:
            return _Article(product.title, product, self._manuals.about(product.title))
        named = case.said("product")
        for text in (words, named or ""):
            manual = self._manuals.about(text)
            if manual is not None:
                return _Article(manual.names[0], None, manual)
        if named is not None:
            return _Article(named, None, None)
        raise Asking(Question("product", say("question_which_product")))

    def _bought(self, case: Case, words: str) -> Product | None:
        """The article of an order of theirs that is meant, if they have proven who they are."""
        owner = case.shop.identification.customer_of(case.talk.conversation_id)
        if owner is None:
            return None
        orders = _most_likely_first(case.shop.backend.orders_of(owner), case)
        for order in orders:
            named = case.shop.spoken.lines(words, order.lines, ())
            if len(named.chosen) == 1 or named.ambiguous:
                place = next(iter(named.chosen or named.ambiguous))
                return case.product(order.lines[place].sku)
        # Another article than those bought was named, or none was: then the one talked about.
        if self._manuals.about(words) is not None or case.said("product") is not None:
            return None
        focus = next((each for each in orders if each.number == case.talk.in_focus), None)
        if focus is not None and len(focus.lines) == 1:
            return case.product(focus.lines[0].sku)
        return None

    def _topic(
        self,
        case: Case,
        words: str,
        article: _Article,
        topics: tuple[HelpTopic, ...],
        manual_url: str | None,
    ) -> HelpTopic:
        pressed = case.said("topic")
        if pressed is not None:
            return HelpTopic(pressed)
        said = case.shop.spoken.mentioned("help_topic", words)
        if said:
            return next(topic for topic in _TELLING_FIRST if topic in said)
        choices = tuple(
            Choice(say("button_topic", topic=topic), {"topic": topic.value}) for topic in topics
        )
        question = Question("topic", say("question_help_topic", article=article.title), choices)
        before = (say("product_manual", manual_url=manual_url),) if manual_url else ()
        raise Asking(question, *before)


def _most_likely_first(orders: Iterable[Order], case: Case) -> list[Order]:
    meant = (case.said("order_number"), case.talk.in_focus)
    return sorted(orders, key=lambda order: order.number not in meant)


def _told(article: _Article, topic: HelpTopic) -> tuple[list[Say], bool]:
    """What the shop says of the very article; else what holds for its kind."""
    own = [each for each in article.product.help if each.topic is topic] if article.product else []
    advice = article.manual.advice.get(topic) if article.manual else None
    careful = advice is not None and advice.careful
    if own:
        says = [
            say("product_help_with_link", text=each.text, link=each.url)
            if each.url
            else say("product_help", text=each.text)
            for each in own
        ]
        return says, careful
    assert advice is not None  # the topic is one of the article's
    return [say("product_help", text=advice.text), say("product_help_is_general")], careful


def _nothing(article: _Article, manual_url: str | None) -> Step:
    if manual_url:
        link = say("product_manual_only", article=article.title, manual_url=manual_url)
        return Step(says=(link,), offers_person=True)
    return Step(says=(say("product_help_none", article=article.title),), offers_person=True)
