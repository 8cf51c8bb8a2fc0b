"""What a customer has and what they want instead, told apart in one text."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.spoken.words import Word

_CHANGE = ("cambi", "canj", "sustitu", "reemplaz", "trocar")
_BACK = ("devolv", "devuelv", "regres", "retorn", "reembols", "reclam")
_CAME = ("lleg", "mand", "envi", "vino", "vinier", "trajer", "recib", "entreg", "despach")
_ARTICLE = frozenset("la el los las lo".split())
_SOME = frozenset("un una unos unas otro otra otros otras".split())
_KIND = frozenset("color talla talle numero tono medida tamano".split())
_WANT = frozenset(
    "quiero quisiera queria necesito prefiero preferiria ocupo mandenme enviame envienme denme "
    "deme dame mandame quieren busco mejor pedi".split()
)
_HOW = frozenset("en mas menos de color talla talle con numero".split())
_LETTERS = frozenset("xs s m l xl xxl".split())
_NO = frozenset({"no", "ni"})
_RESUMES = frozenset({"tambien", "ademas", "porque", "aparte"})


@dataclass(frozen=True, slots=True)
class Contrast:
    """The two sides of a text.

    Attributes:
        had: The words about what the customer has.
        wanted: The words about what is wanted; None when the text does not tell.
        instead_of: What follows "en vez de".
        came: Whether the text says what arrived.
        changes: Whether the text asks for a change or a return.
    """

    had: tuple[Word, ...]
    wanted: tuple[Word, ...] | None
    instead_of: tuple[Word, ...]
    came: bool
    changes: bool


def contrast(words: Sequence[Word]) -> Contrast:
    """Tell what is had from what is wanted."""
    texts = [word.text for word in words]
    had: list[Word] = []
    wanted: list[Word] = []
    instead: list[Word] = []
    side = had
    found = False
    for at, word in enumerate(words):
        if side is not had and _resumes(words, at):
            side = had
        if texts[at : at + 3] in (["en", "vez", "de"], ["en", "lugar", "de"], ["en", "vez", "del"]):
            side = instead
        elif side is instead and word.pause:
            side = wanted if found or not had else had
        elif side is not wanted and _wants(texts, at):
            side, found = wanted, True
        side.append(word)
    changing = any(text.startswith((*_CHANGE, *_BACK)) for text in texts)
    if instead and not found and not had:
        found = True
    return Contrast(
        had=tuple(had),
        wanted=tuple(wanted) if found else None,
        instead_of=tuple(instead[3:]),
        came=any(text.startswith(_CAME) for text in texts),
        changes=changing,
    )


def _resumes(words: Sequence[Word], at: int) -> bool:
    """Whether a new request begins: the wanted thing was said."""
    word = words[at]
    if word.text in _RESUMES or word.pause == ".":
        return True
    return word.text.startswith((*_BACK, *_CHANGE)) and at > 0


def _wants(texts: Sequence[str], at: int) -> bool:
    """Whether what is wanted begins at a word."""
    text = texts[at]
    after = texts[at + 1] if at + 1 < len(texts) else ""
    then = texts[at + 2] if at + 2 < len(texts) else ""
    changed = any(before.startswith(_CHANGE) for before in texts[:at])
    if text == "por":
        if after in _SOME:
            return changed or after.startswith("otr")
        # "por la talla" is why, "por la negra" what for
        return changed and (after in _KIND | _LETTERS or (after in _ARTICLE and then not in _KIND))
    if text == "pero":
        return after in _HOW
    if text in _ARTICLE and after in _WANT:
        return then in _HOW and not (at and texts[at - 1] in _NO)
    if text in {"en", "a"}:
        if after in _SOME | _KIND:
            return changed or text == "en"
        return changed and (after in _ARTICLE or after in _LETTERS)
    if text == "que":
        return after in {"sea", "sean"}
    return text in _WANT and changed and after in _ARTICLE | _SOME | _KIND | {"en"}
