"""More than one reading: two requests in one message, or one request that may be either of two.

Pure: what a text means is asked of whoever calls. Only intents that the customer could be asked
about count, those with a name for buttons in `domain.yml` (`utter_reading_<intent>`).
"""

import re
from itertools import islice
from typing import AbstractSet, Any, Dict, Iterator, List, Mapping, Optional, Sequence, Text, Tuple

from bot.assistant.facts_aside import ASKING_NOTHING
from bot.assistant.folding import fold
from bot.assistant.intent_names import FALLBACK, VENT

NEAR_TIE = "nlu_near_tie"
WHY_ASKED = "ask_why_asked"
READING = "reading"  # the entity that carries each reading of a near tie

Parse = Dict[Text, Any]

# A second reading this close to the first, and the two together at least this likely. On the 2,054
# evaluation lines 26 are asked about; one of the two is right in 23 of them, the first in 16.
_CLOSE = 0.5
_TOGETHER = 0.4

# "¿Dónde está mi pedido? Estoy harta": what a vent must leave to the request beside it.
_LEFT_BY_A_VENT = 0.25

# Places of a choice, and what may stand beside one in an answer that says nothing else ("pues la
# primera opción"); "otra talla" is no place.
_FIRST = frozenset("1 1a 1ª primero primera primer uno".split())
_SECOND = frozenset("2 2a 2ª segundo segunda otro otra último ultimo última ultima dos".split())
_BESIDE_A_PLACE = frozenset(
    "lo la el opción opcion número numero pues mejor prefiero quiero sí si por favor porfa".split()
)

# What may be asked about a question: why it is put, and where its answer stands.
_NO_ALONE = re.compile(r"\W*(?:no+|nop|nel)\s*[,.;:!]")
# Words that are about nothing we do answer the question which of the two, when it was put.
_OF_NO_USE = frozenset({"nlu_fallback", "out_of_scope", "chitchat"})
_LODGES = re.compile(
    r"\b(?:pon|dej|present|interpon|levant|hac|registr|formul|tramit)\w*\s+(?:una?\s+)?"
    r"(?:queja|reclamacion)\b"
)
_WHY_ASKED = re.compile(
    r"^\W*(?:y )?(?:eso |esto )?(?:para|pa) (?:que|q|k)\W*$|"
    r"(?<!\w)(?:(?:para|pa) (?:que|q|k)|por ?que|porq|xq|pq) (?:me |te |lo |la |los |les |mi |el )*"
    r"(?:[qk]u?ier|nece[sc]it|ocup|pid|pregunt|tengo que (?:dar|dec|pon|escrib|dej|mand|pas))"
)
_WHERE_IT_STANDS = re.compile(
    r"(?<!\w)(?:(?:donde|dnde|dnd|como|en que (?:parte|sitio|lado|correo)) "
    r"(?:lo |la |puedo |se |me |le )*(?:encuentr|mir|veo|ver|busc|sac|sale|viene|aparec|pone|consig"
    r"|averigu|obten)|(?:donde|dnde|dnd) (?:esta|sta) (?:el |ese |mi )?(?:numero|codigo|dato))"
)

# What stands before a number that is not meant: "no es el pedido A-10229".
_DENIED = re.compile(r"(?<!\w)no,? (?:(?:es|era|quiero|el|mi|la|lo|del|de|pedido|numero) ){0,4}$")

_CANCELS = re.compile(r"\b(?:cancel|anul)(?:ar|a|e|en|o|acion|arlo|adlo|enlo|alo|elo|ad)?\b")
# "No lo canceles": what is named here is not wanted.
_NOT_WANTED = re.compile(
    r"\bno (?:me |lo |la |los |las |nos |se |te |quiero |quisiera |hace falta )*"
    r"(?:cancel|anul|devuelv|devolv|cambi|reembols)"
)
# A no, what it denies, and what is wanted in its place.
_INSTEAD = re.compile(
    r"\W*(?:no+|nop|mejor no|espera|uy no|ay no)\b[^,.;:]{0,40}[,.;:]\s*(?:no[^,.;:]{0,40}[,.;:]\s*)?(.+)$",
    re.IGNORECASE | re.DOTALL,
)

_SENTENCE_END = re.compile(r"[.;!?\n]{1,3}(?:\s|$)|,\s")
_FEWEST_WORDS = 4
# Each costs a parse.
_MOST_SENTENCES = 4
# How sure each half must be by itself: the sentence after a story is often sure of the wrong thing.
_HALF_SURE = 0.8
_MIN_WORDS = 2
# Each attempt costs up to two parses.
_MAX_SPLITS = 2

# Requests that people put beside another one. A complaint or the wish for a compensation is the
# story that the other half belongs to.
_OF_THEIR_OWN = frozenset(
    {
        "ask_order_status",
        "cancel_order",
        "change_address",
        "request_invoice",
        "request_return",
        "request_exchange",
        "ask_return_policy",
        "ask_return_status",
        "ask_refund_status",
        "ask_warranty_coverage",
        "ask_claim_status",
        "ask_product_help",
        "ask_complaint_status",
        "ask_store_info",
    }
)
# What went wrong with a parcel is mostly such a story too; what has nothing to do with it is named.
_MISHAPS = frozenset({"report_damaged_item", "report_wrong_item", "report_missing_item"})
_NO_PART_OF_A_MISHAP = frozenset({"request_invoice", "ask_store_info"})
# What is said together is one matter: the first journey brings the other up.
_ONE_MATTER = frozenset(
    frozenset(pair)
    for pair in (
        ("request_return", "ask_return_policy"),
        ("request_return", "ask_refund_status"),
        ("request_exchange", "ask_return_policy"),
        ("cancel_order", "ask_refund_status"),
        ("cancel_order", "request_return"),
        ("ask_return_status", "ask_refund_status"),
        ("ask_return_status", "request_return"),
    )
)

# Where a message may be cut, the surest places first. Bounded repetitions: thousands of blanks cost
# no more than one.
_MORE = r"adem[aá]s|tambi[eé]n|aparte|por otr[oa] (?:lado|parte)|otra cosa|de paso"
# How a second request begins after a mere "y"; all else goes on with the first.
_ASKING = (
    r"(?:me |nos |les? |os |tambi[eé]n )?(?:quier|quisier|querr|necesit|ocup|precis|m[aá]nd|env[ií]|dime"
    r"|dec[ií]|d[ií]ga|pod|pued|c[oó]mo|cu[aá]n|d[oó]nde|a d[oó]nde|qu[eé]|a qu[eé]|cancel|anul|camb"
    r"|devol|devu|p[aá]sa|factur|solicit|ped)"
)
_CUTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"[\s,;.]{{1,3}}(?:y\s)?(?:{_MORE})[\s,:]{{1,3}}",
        r"[.;!?\n]{1,3}\s{1,3}",
        rf",?\s{{1,3}}y\s{{1,3}}(?={_ASKING})",
    )
)


def near_tie(ranking: Sequence[Mapping[Text, Any]], askable: AbstractSet[Text]) -> List[Text]:
    """The two readings between which the customer should be asked; empty when one is clear.

    Args:
        ranking: Intents with their `confidence`, the likeliest first.
        askable: The intents that have a name for a button.
    """
    # Two requests that only each other makes doubtful are no reason to ask for other words.
    believed = [each for each in ranking if each["name"] != FALLBACK]
    if len(believed) < 2:
        return []
    first, second = believed[:2]
    if not {first["name"], second["name"]} <= askable:
        return []
    close = second["confidence"] >= _CLOSE * first["confidence"]
    if close and first["confidence"] + second["confidence"] >= _TOGETHER:
        return [first["name"], second["name"]]
    return []


def request_in_a_vent(
    ranking: Sequence[Mapping[Text, Any]], askable: AbstractSet[Text]
) -> Optional[Text]:
    """The request that a message also makes which is foremost taken for a vent.

    A vent is only one with no request in it; that somebody is angry is told by a signal as well.
    """
    if len(ranking) < 2 or ranking[0]["name"] != VENT:
        return None
    second = ranking[1]
    is_made = second["name"] in askable and second["confidence"] >= _LEFT_BY_A_VENT
    return str(second["name"]) if is_made else None


def halves(text: Text) -> Iterator[Tuple[Text, Text]]:
    """Where a message could be cut into two requests, the likeliest place first."""
    cuts = [cut for pattern in _CUTS for cut in pattern.finditer(text)]
    pairs = ((text[: cut.start()].strip(), text[cut.end() :].strip()) for cut in cuts)
    speaking = (pair for pair in pairs if all(map(_may_ask, pair)))
    return islice(speaking, _MAX_SPLITS)


def sentences(text: Text) -> List[Text]:
    """The sentences of a story, the last first: it ends in what is wanted; none of a short text."""
    parts = [part.strip() for part in _SENTENCE_END.split(text)]
    telling = [part for part in parts if len(part.split()) >= _FEWEST_WORDS]
    return telling[::-1][:_MOST_SENTENCES] if len(parts) > 1 else []


def _may_ask(half: Text) -> bool:
    """Whether half a message is long enough for a request and does more than give a fact."""
    words = [fold(word).strip(".,;:¡!¿?()\"'") for word in half.split()]
    asking = [word for word in words if word not in ASKING_NOTHING and not _is_fact(word)]
    return len(words) >= _MIN_WORDS and bool(asking)


def _is_fact(word: Text) -> bool:
    return "@" in word or any(character.isdigit() for character in word)


def is_request_of_its_own(half: Parse, askable: AbstractSet[Text]) -> bool:
    """Whether half a message, parsed by itself, is surely a request that may stand beside another."""
    name, sure = half["intent"]["name"], half["intent"]["confidence"]
    if _NOT_WANTED.search(fold(half.get("text") or "")):
        return False
    return sure >= _HALF_SURE and name in askable & (_OF_THEIR_OWN | _MISHAPS)


def is_surely_a_request(sentence: Parse, askable: AbstractSet[Text]) -> bool:
    """Whether a sentence, parsed by itself, surely asks for something that can be asked about."""
    name, sure = sentence["intent"]["name"], sentence["intent"]["confidence"]
    return sure >= _HALF_SURE and name in askable


def are_two_matters(first: Parse, second: Parse) -> bool:
    """Whether two requests of their own are about two things."""
    names = {first["intent"]["name"], second["intent"]["name"]}
    if names & _MISHAPS and not names & _NO_PART_OF_A_MISHAP:
        return False
    return len(names) == 2 and names not in _ONE_MATTER


def one_for_each_order(parsed: Parse) -> List[Parse]:
    """A question about two orders as two questions, any other message as one.

    Each has one value of each fact, as the look-up takes them: of two postcodes the last, which may
    correct the first. Of "dime el A-10234, no el A-10229" the denied one is dropped.
    """
    name = parsed["intent"]["name"]
    said = [each for each in parsed["entities"] if each["entity"] == "order_number"]
    meant = [each for each in said if not _DENIED.search(fold(parsed["text"][: each["start"]]))]
    first, *others = dict.fromkeys(each["value"] for each in meant or said) or [None]
    if not others:
        return [_about(first, parsed)]
    if name not in ("ask_order_status", "inform"):
        return [parsed]
    question = {**parsed, "intent": {"name": "ask_order_status", "confidence": 1.0}}
    return [_about(first, parsed), _about(others[0], question)]


def _about(number: Optional[Text], parsed: Parse) -> Parse:
    """A message with this order number alone, and with one value of each other fact."""
    last = {each["entity"]: each["value"] for each in parsed["entities"]}
    only = {"order_number": number} | {k: last[k] for k in ("email", "postal_code") if k in last}
    kept = [
        each
        for each in parsed["entities"]
        if only.get(each["entity"], each["value"]) == each["value"]
    ]
    return {**parsed, "entities": kept}


def with_shared_facts(request: Parse, whole: Parse) -> Parse:
    """A half with the facts of the whole message that it does not give itself.

    "Mi pedido A-10234, ¿dónde está? Y quiero la factura": the number is the invoice's too.
    """
    own = {entity["entity"] for entity in request["entities"]}
    shared = [
        entity
        for entity in whole["entities"]
        if entity["entity"] in ("order_number", "email", "postal_code")
        and entity["entity"] not in own
    ]
    return {**request, "entities": [*request["entities"], *shared]}


def asks_why_asked(text: Text) -> bool:
    """Whether the answer to a question is "¿para qué quieres mi correo?"."""
    return _WHY_ASKED.search(fold(text)) is not None


def asks_where_it_stands(text: Text) -> bool:
    """Whether the answer to a question is "¿dónde viene el número?"."""
    return _WHERE_IT_STANDS.search(fold(text)) is not None


def left_for(parsed: Parse) -> Optional[Text]:
    """What "olvídalo, dime el A-10246" wants, which leaves one matter for another order.

    Returns:
        None when it is no such thing. "Cancelar A-10246" is the order that is to be stopped.
    """
    numbered = any(entity["entity"] == "order_number" for entity in parsed["entities"])
    if parsed["intent"]["name"] != "stop" or not numbered:
        return None
    return "cancel_order" if _CANCELS.search(fold(parsed["text"])) else "inform"


def lodges_complaint(text: Text) -> bool:
    """Whether somebody says in so many words that they want to complain: "solo dejar una queja"."""
    return _LODGES.search(fold(text)) is not None


def declines(text: Text) -> bool:
    """Whether the answer to an offer begins with a no that stands alone: "no, ya llamo yo"."""
    return "?" not in text and _NO_ALONE.match(fold(text)) is not None


def after_a_no(text: Text) -> Optional[Text]:
    """What somebody wants instead: "no, mejor no lo canceles, cambia la dirección"."""
    instead = _INSTEAD.match(fold(text)) and _INSTEAD.match(text)
    if not instead or len(instead[1].split()) < _MIN_WORDS:
        return None
    return instead[1]


def as_near_tie(parsed: Parse, readings: Sequence[Text]) -> Parse:
    """A message whose readings the customer is to be asked about."""
    asked = [{"entity": READING, "value": reading, "start": 0, "end": 0} for reading in readings]
    intent = {"name": NEAR_TIE, "confidence": 1.0}
    return {**parsed, "intent": intent, "entities": [*parsed["entities"], *asked]}


def chosen_reading(parsed: Parse, offered: Sequence[Text]) -> Optional[Parse]:
    """The answer to "which of the two?": the reading named by its place, or the likelier of them.

    Returns:
        The message as that reading; None when it is about something else.
    """
    place = _place_said(parsed["text"])
    if place is None:
        ranked = [each["name"] for each in parsed.get("intent_ranking", [])]
        likeliest = ranked if parsed["intent"]["name"] in _OF_NO_USE else ranked[:2]
        reading = next((name for name in likeliest if name in offered), None)
    else:
        reading = offered[place]
    if reading is None:
        return None
    return {**parsed, "intent": {"name": reading, "confidence": 1.0}}


def with_what_was_said_first(
    chosen: Parse, first: Optional[Text], entities: Sequence[Dict[Text, Any]]
) -> Parse:
    """The reading that was chosen in words, with the message that had two: its facts still count."""
    known = {entity["entity"] for entity in chosen["entities"]} | {READING}
    kept = [entity for entity in entities if entity["entity"] not in known]
    text = f"{first}\n{chosen['text']}" if first else chosen["text"]
    return {**chosen, "text": text, "entities": [*chosen["entities"], *kept]}


def _place_said(text: Text) -> Optional[int]:
    """The place that an answer names which says nothing else: "lo primero", "la 2"."""
    said = {word.strip(".,;:!?¡¿()") for word in text.lower().split()} - _BESIDE_A_PLACE
    if not said:
        return None
    if said <= _FIRST:
        return 0
    return -1 if said <= _SECOND else None
