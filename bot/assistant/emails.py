"""E-mail addresses in a message: typed, or dictated ("marta punto ruiz arroba gmail punto com")."""

import re
from collections.abc import Iterator, Sequence

from bot.assistant.entities import Entity
from bot.assistant.numerals import NUMBER_WORDS, read_spoken_number

# Every repetition is bounded by what RFC 5321 allows, so that a wall of dots costs linear time.
_TYPED = re.compile(
    r"(?<![\w.+@-])"
    r"\w(?:[\w.+%-]{0,63}) ?@ ?"
    r"[^\W_](?:[\w-]{0,62})(?:\.[^\W_][\w-]{0,62}){1,4}"
)
_WORD = re.compile(r"[\w.+-]{1,80}|@")
_JOINTS = {
    "punto": ".",
    "pto": ".",
    "dot": ".",
    "guion": "-",
    "menos": "-",
    "subrayado": "_",
    "underscore": "_",
    "barrabaja": "_",
}
_LOW_JOINTS = {("guion", "bajo"), ("guion", "abajo"), ("barra", "baja"), ("raya", "abajo")}
_MIDDLE = {"medio", "normal"}
# Words that introduce an address and are no part of it.
_INTRODUCTIONS = frozenset(
    "es con correo mail email e-mail el mi la de del a al y o su sería seria usar usen electronico "
    "cuenta con el numero prueba uso use usé tengo registrado registrada puse compre".split()
)
_ENDINGS = frozenset(
    "com es net org mx co ar cl pe uy ec ve info edu gob gov io me us bo py".split()
)


class _Words:
    """The words of a message with their places."""

    def __init__(self, folded: str) -> None:
        matches = list(_WORD.finditer(folded))
        self.texts = [match.group() for match in matches]
        self.starts = [match.start() for match in matches]
        self.ends = [match.end() for match in matches]


def _joint_before(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """The sign said by the words that end just before `at`, and where they begin."""
    if at >= 2 and (words[at - 2], words[at - 1]) in _LOW_JOINTS:
        return "_", at - 2
    if at >= 2 and words[at - 1] in _MIDDLE and words[at - 2] == "guion":
        return "-", at - 2
    if at >= 1 and words[at - 1] in _JOINTS:
        return _JOINTS[words[at - 1]], at - 1
    return None


def _joint_after(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """The sign said by the words that begin at `at`, and the position after them."""
    if at + 1 < len(words) and (words[at], words[at + 1]) in _LOW_JOINTS:
        return "_", at + 2
    if at + 1 < len(words) and words[at] == "guion" and words[at + 1] in _MIDDLE:
        return "-", at + 2
    if at < len(words) and words[at] in _JOINTS:
        return _JOINTS[words[at]], at + 1
    return None


def _piece_before(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """The part of an address said just before `at`: a word, with a number said after it."""
    if at < 1:
        return None
    first = at
    while first > 0 and at - first < 6 and words[first - 1] in NUMBER_WORDS | {"y"}:
        first -= 1
    while first < at and words[first] == "y":
        first += 1
    if first < at:
        number = read_spoken_number(words, first)
        if number is not None and number.last == at:
            before = words[first - 1] if first else ""
            if before and before not in _INTRODUCTIONS and before not in _JOINTS:
                return before + number.digits, first - 1
            return number.digits, first
    return words[at - 1], at - 1


def _local_part(words: Sequence[str], at_sign: int) -> tuple[str, int] | None:
    """Read the part before the @ backwards; the part and the position of its first word."""
    piece = _piece_before(words, at_sign)
    if piece is None or piece[0] in _JOINTS:
        return None
    local, first = piece
    for _ in range(5):
        joint = _joint_before(words, first)
        piece = _piece_before(words, joint[1]) if joint else None
        if joint is None or piece is None or piece[0] in _JOINTS:
            break
        local, first = piece[0] + joint[0] + local, piece[1]
    return local, first


def _domain(words: Sequence[str], at_sign: int) -> tuple[str, int] | None:
    """Read the part after the @; the part and the position after its last word."""
    at = at_sign + 1
    if at >= len(words) or words[at] in _JOINTS:
        return None
    domain, at = words[at].strip("."), at + 1
    for _ in range(4):
        joint = _joint_after(words, at)
        if joint is not None and joint[1] < len(words) and words[joint[1]] not in _JOINTS:
            domain, at = domain + joint[0] + words[joint[1]].strip("."), joint[1] + 1
        elif "." not in domain and at < len(words) and words[at] in _ENDINGS:
            domain, at = f"{domain}.{words[at]}", at + 1
        else:
            break
    return (domain, at) if "." in domain else None


def _dictated(folded: str) -> Iterator[Entity]:
    if "arroba" not in folded and "@" not in folded:
        return
    words = _Words(folded)
    for at_sign, word in enumerate(words.texts):
        if word not in {"arroba", "@", "aroba"}:
            continue
        local = _local_part(words.texts, at_sign)
        domain = _domain(words.texts, at_sign)
        if local is None or domain is None:
            continue
        first, last = local[1], domain[1]
        name = local[0]
        together = words.texts[last : last + 2] == ["todo", "junto"]
        while together and first > 0 and words.texts[first - 1] not in _INTRODUCTIONS:
            name, first = words.texts[first - 1] + name, first - 1
        value = f"{name.strip('.')}@{domain[0]}"
        if len(value) <= 254:
            yield Entity("email", value, words.starts[first], words.ends[last - 1])


def find_emails(folded: str) -> Iterator[Entity]:
    """Find the e-mail addresses of a message, in lower case and without spaces.

    Args:
        folded: The message as `folding.fold` returns it.

    Yields:
        One `email` entity for each address.
    """
    typed_ends = []
    if "@" in folded:
        for match in _TYPED.finditer(folded):
            typed_ends.append(match.end())
            value = match.group().replace(" ", "").rstrip(".-_")
            yield Entity(
                "email", value, match.start(), match.start() + len(match.group().rstrip(".-_"))
            )
    for entity in _dictated(folded):
        if not any(entity.start < end <= entity.end for end in typed_ends):
            yield entity
