"""What a story mentions without meaning it: what works well, what was bought, one of several."""

from collections.abc import Sequence

from bot.domain.spoken.words import Word

_GOES = frozenset(
    "va van iba anda andan marcha marchan funciona funcionan esta estan quedo llego llegaron vino "
    "vinieron sigue siguen salio".split()
)
_WELL = frozenset(
    "bien perfecto perfecta perfectos perfectas perfectamente joya genial maravilla barbaro "
    "estupendo estupenda estupendamente ok fenomenal regio impecable".split()
)
_NEAR = 4
_FOUND = frozenset("encontre encontramos encontrado aparecio aparecido".split())
_LIKED = (("de", "maravilla"), ("sin", "problema"), ("sin", "problemas"), ("me", "encanta"))
_BOUGHT = ("compr", "pedi", "encarg", "adquir")
_RECEIVED = ("recib", "lleg")
_BOXES = frozenset({"caja", "paquete", "pedido"})
_SOME = frozenset({"un", "una", "unos", "unas"})
_PAIR = frozenset({"par", "pareja"})
# A text of so many words tells a story, and names more than it is about.
_STORY_WORDS = 20
_REQUESTS = (
    "devolv", "devuelv", "cambi", "regres", "retorn", "reembols", "reclam", "repar", "quisier",
)  # fmt: skip
_WISHES = frozenset({"quiero", "queria", "necesito", "deseo", "garantia", "garantias"})
# After these "una" stands for a thing: "una de ellas", "una no cierra".
_ONE_THAT = frozenset("de no esta viene venia llego vino me se sigue sobra basta sola".split())


def is_fine(texts: Sequence[str]) -> bool:
    """Whether a clause says that something is as it should be: "el reloj va bien"."""
    for at, text in enumerate(texts):
        if text in _GOES and "no" not in texts[max(0, at - 2) : at]:
            after = texts[at + 1 : at + 1 + _NEAR]
            if _WELL & set(after) and "no" not in after:
                return True
        if text in _FOUND and "no" not in texts[max(0, at - 4) : at]:
            return True
        if tuple(texts[at : at + 2]) in _LIKED and texts[at - 1 : at] != ["no"]:
            return True
    return False


def tells_of_buying(texts: Sequence[str]) -> bool:
    """Whether a clause tells what was bought: "compré una cafetera", "recibí una caja con…"."""
    bought = any(text.startswith(_BOUGHT) for text in texts)
    came = any(text.startswith(_RECEIVED) for text in texts)
    return bought or (came and bool(_BOXES & set(texts)))


def is_introduced(words: Sequence[Word], start: int) -> bool:
    """Whether a name is brought up and not pointed at: "una cafetera", "dos altavoces"."""
    before = words[start - 1] if start else None
    return before is not None and (before.text in _SOME or before.number is not None)


def means_one_of_them(words: Sequence[Word]) -> bool:
    """Whether only one of several is meant, and not said which: "y uno está cerrado"."""
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else None
        follows = after.text if after is not None and not after.pause else ""
        before = words[at - 1].text if at else ""
        if before in {"el", "la", "los", "las", "cada", "ni"}:
            continue
        if word.text == "uno" or (word.text == "una" and (not follows or follows in _ONE_THAT)):
            return not any(later.text.startswith("otr") for later in words[at + 1 :])
        if before in {"un", "una"} and word.text in _PAIR and follows != "de":
            return True
    return False


def is_a_story(words: Sequence[Word]) -> bool:
    """Whether a text is long enough to name articles that it does not ask anything for."""
    return len(words) > _STORY_WORDS


def sentences(words: Sequence[Word]) -> list[list[Word]]:
    """A text cut where sentences end."""
    found: list[list[Word]] = []
    for word in words:
        if word.pause == "." or not found:
            found.append([])
        found[-1].append(word)
    return found


def makes_a_request(words: Sequence[Word]) -> bool:
    """Whether a sentence says what is wanted."""
    return any(word.text in _WISHES or word.text.startswith(_REQUESTS) for word in words)
