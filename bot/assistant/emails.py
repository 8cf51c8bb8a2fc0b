"""E-mail addresses in a message: typed, or dictated ("marta punto ruiz arroba gmail punto com")."""

import re
from collections.abc import Iterator, Sequence

from bot.assistant.entities import Entity
from bot.assistant.numerals import LETTER_NAMES, NUMBER_WORDS, read_spoken_number

_PROVIDERS = "gmail|gmial|gamil|hotmail|hotmial|outlook|yahoo|ymail|icloud|live|msn|protonmail|proton|telefonica|terra"
# Every repetition is bounded by what RFC 5321 allows, so that a wall of dots costs linear time.
_TYPED = re.compile(
    r"(?<![\w.+@-])"
    r"\w(?:[\w.+%-]{0,63}) ?@{1,2} ?"
    rf"(?:(?:{_PROVIDERS})(?: [.,] ?|[.,] |,| )(?:com|es|net|org|cl|co)(?:\.[a-z]{{2}})?(?![\w.]\w)"
    r"|[^\W_](?:[\w-]{0,62})(?:\.{1,2}[^\W_][\w-]{0,62}){1,4})"
)
_WORD = re.compile(r"[(\[](?:at|arroba)[)\]]|[\w.+-]{1,80}|@")
_AT_SIGNS = frozenset({"arroba", "@", "aroba", "arrova", "arova", "arrob"})
_BRACKETED = ("at)", "at]")
_JOINTS = {
    "punto": ".",
    "pto": ".",
    "dot": ".",
    "guion": "-",
    "menos": "-",
    "subrayado": "_",
    "underscore": "_",
    "barrabaja": "_",
    "guionbajo": "_",
    "guion_bajo": "_",
}
_LOW_JOINTS = {("guion", "bajo"), ("guion", "abajo"), ("barra", "baja"), ("raya", "abajo")}
_SPLIT_PROVIDERS = frozenset({"hotmail", "gmail", "outlook", "icloud"})
_SEPARATORS = re.compile(r"[ ,.]+")
_MIDDLE = {"medio", "normal"}
# Words that introduce an address and are no part of it.
_INTRODUCTIONS = frozenset(
    "es con correo mail email e-mail el mi la de del a al y o su sería seria usar usen electronico "
    "cuenta con el numero prueba uso use usé tengo registrado registrada puse compre direccion usuario sera cual este otro mismo creo soy".split()
)
# What is said about the spelling between the name and the sign.
_TOGETHER = frozenset(
    "junto juntos juntas pegado pegados pegadito juntito espacio espacios".split()
)
_TELLING_REMARKS = _TOGETHER | frozenset("minuscula minusculas mayuscula mayusculas".split())
_REMARKS = _TELLING_REMARKS | frozenset("todo toda y en sin letras".split())
_LONGEST_REMARK = 7
_NUMBER_RUN = NUMBER_WORDS | {"y"}
# Number words that are surnames, and the names before which they are: "rosa punto diez".
_SURNAMES = frozenset({"diez", "mil"})
_FIRST_NAMES = frozenset(
    "rosa ana maria marta carmen laura lucia elena sara paula irene julia sofia valentina camila "
    "daniela andrea patricia cristina silvia raquel eva alba ines nuria teresa pilar isabel beatriz "
    "monica sonia natalia claudia carolina gabriela fernanda veronica lorena alicia rocio susana "
    "angela gloria luisa victoria tania noelia olga luz juana martina emilia jimena ximena mariana "
    "juan jose luis carlos antonio manuel francisco javier david daniel pablo jorge alberto miguel "
    "angel pedro sergio fernando rafael alejandro andres diego ramon enrique vicente raul ruben "
    "ivan oscar alvaro adrian mario marcos hugo ricardo eduardo roberto gabriel martin nicolas "
    "santiago mateo sebastian felipe tomas ignacio guillermo gonzalo joaquin emilio cesar victor "
    "hector julio pepe paco".split()
)
_LETTERS = {
    name: letter.lower() for name, letter in LETTER_NAMES.items() if len(name) > 2 and name != "ese"
}
_LONG_ENDINGS = frozenset(
    "online store tienda email cloud digital world music family studio agency media".split()
)
_ENDINGS = frozenset(
    "com es net org mx co ar cl pe uy ec ve info edu gob gov io me us bo py".split()
)


def _as_said(word: str) -> str:
    """A word without the signs that dictation puts around it: "(at)", "-punto-"."""
    if word[0] in "([":
        return "@"
    inside = word.strip("-.")
    return inside if inside in _AT_SIGNS or inside in _JOINTS else word


class _Words:
    """The words of a message with their places."""

    def __init__(self, folded: str) -> None:
        matches = list(_WORD.finditer(folded))
        self.texts = [_as_said(match.group()) for match in matches]
        self._folded = folded
        self.starts = [match.start() for match in matches]
        self.ends = [match.end() for match in matches]

    def is_mention(self, at: int) -> bool:
        """Say whether an @ begins a name of a social network: "el Instagram @tienda"."""
        if self._folded[self.starts[at]] != "@":
            return False
        apart = self.starts[at] == 0 or self._folded[self.starts[at] - 1].isspace()
        return apart and at + 1 < len(self.texts) and "." not in self.texts[at + 1]


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
    while first > 0 and at - first < 6 and words[first - 1] in _NUMBER_RUN:
        first -= 1
    while first < at and words[first] == "y":
        first += 1
    if first < at:
        number = read_spoken_number(words, first)
        if number is not None and number.last == at:
            if _is_surname(words, first, at):
                return words[first], first
            if _ends_a_name(words, first):
                return words[first - 1] + number.digits, first - 1
            return number.digits, first
    first = at - 1
    piece = words[first]
    if piece.isdigit() and len(piece) <= 4 and _ends_a_name(words, first):
        piece, first = words[first - 1] + piece, first - 1
    while first and words[first - 1] in _LETTERS:
        piece, first = _LETTERS[words[first - 1]] + piece, first - 1
    return piece, first


def _is_surname(words: Sequence[str], first: int, after: int) -> bool:
    """Say whether a number word is a person's: "rosa punto diez"."""
    return (
        after - first == 1
        and first >= 2
        and words[first] in _SURNAMES
        and words[first - 1] in {"punto", "pto", "dot"}
        and words[first - 2] in _FIRST_NAMES
    )


def _is_name(word: str) -> bool:
    return word not in _INTRODUCTIONS and word not in _JOINTS and word[:1].isalpha()


def _ends_a_name(words: Sequence[str], at: int) -> bool:
    """Say whether the word before `at` is part of a name and of no sign said in two words."""
    return at > 0 and _is_name(words[at - 1]) and _joint_before(words, at) is None


def _before_remarks(words: Sequence[str], at: int) -> tuple[int, bool]:
    """Go back over what is said about the spelling ("todo junto", "en minúsculas").

    Returns:
        The position of the remarks' first word, or `at` where there are none; and whether they
        say that the words around them are one.
    """
    first = at
    while first > 0 and at - first < _LONGEST_REMARK and words[first - 1] in _REMARKS:
        first -= 1
    said = frozenset(words[first:at])
    if said.isdisjoint(_TELLING_REMARKS):
        return at, False
    return first, not said.isdisjoint(_TOGETHER)


def _after_remarks(words: Sequence[str], at: int) -> tuple[int, bool]:
    """Go forward over what is said about the spelling; see `_before_remarks`."""
    last = at
    while last < len(words) and last - at < _LONGEST_REMARK and words[last] in _REMARKS:
        last += 1
    said = frozenset(words[at:last])
    if said.isdisjoint(_TELLING_REMARKS):
        return at, False
    return last, not said.isdisjoint(_TOGETHER)


def _with_names_before(words: Sequence[str], name: str, first: int) -> tuple[str, int]:
    """Write the words before a part together with it: "jose perez todo junto"."""
    for _ in range(3):
        if not _ends_a_name(words, first):
            break
        name, first = words[first - 1] + name, first - 1
    return name, first


def _local_part(words: Sequence[str], at_sign: int) -> tuple[str, int] | None:
    """Read the part before the @ backwards; the part and the position of its first word."""
    end, together = _before_remarks(words, at_sign)
    spelling_told = end < at_sign
    piece = _piece_before(words, end)
    if piece is None or piece[0] in _JOINTS or piece[0] in _AT_SIGNS:
        return None
    local, first = piece
    for _ in range(5):
        end, joined = _before_remarks(words, first)
        joint = _joint_before(words, end)
        if joint is None and joined and _ends_a_name(words, end):
            joint = "", end  # "laura todo junto perez"
        if joint is None:
            break
        piece = _piece_before(words, _before_remarks(words, joint[1])[0])
        if piece is None or piece[0] in _JOINTS:
            break
        local, first = piece[0] + joint[0] + local, piece[1]
    # "carmen vega en minúscula": whoever tells the spelling says the whole address.
    return _with_names_before(words, local, first) if together or spelling_told else (local, first)


def _with_names_after(words: Sequence[str], domain: str, at: int) -> tuple[str, int]:
    """Write a domain of several words as one where that is said: "taller luna todo junto"."""
    for last in range(at, min(at + 3, len(words))):
        after, together = _after_remarks(words, last)
        if after > last and (together or last == at):
            return "".join([domain, *words[at:last]]), after
        if not _is_name(words[last]):
            break
    return domain, at


def _domain(words: Sequence[str], at_sign: int) -> tuple[str, int] | None:
    """Read the part after the @; the part and the position after its last word."""
    at = at_sign + 1
    if at >= len(words) or words[at] in _JOINTS:
        return None
    if "".join(words[at : at + 2]) in _SPLIT_PROVIDERS:
        domain, at = "".join(words[at : at + 2]), at + 2
    else:
        domain, at = words[at].strip("."), at + 1
    domain, at = _with_names_after(words, domain, at)
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
    if not any(sign in folded for sign in (*_AT_SIGNS, *_BRACKETED)):
        return
    words = _Words(folded)
    for at_sign, word in enumerate(words.texts):
        if word not in _AT_SIGNS or words.is_mention(at_sign):
            continue
        local = _local_part(words.texts, at_sign)
        domain = _domain(words.texts, at_sign)
        if local is None or domain is None:
            continue
        first, last = local[1], domain[1]
        name = local[0]
        if _after_remarks(words.texts, last)[1]:
            name, first = _with_names_before(words.texts, name, first)
        value = f"{name.strip('.')}@{domain[0]}"
        if len(value) <= 254:
            yield Entity("email", value, words.starts[first], words.ends[last - 1])


def _without_sentence(typed: str) -> str:
    """Cut off the sentence that begins right behind an address: "ana@uni.es.gracias"."""
    labels = typed.split(".")
    while len(labels) > 2 and len(labels[-1]) > 4 and labels[-2] in _ENDINGS | {"con"}:
        if labels[-1] in _LONG_ENDINGS:
            break
        labels.pop()
    return ".".join(labels)


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
            typed = _without_sentence(match.group().rstrip(".-_"))
            name, domain = typed.split("@", 1)
            value = f"{name.strip()}@{_SEPARATORS.sub('.', domain.strip(' @'))}"
            yield Entity("email", value, match.start(), match.start() + len(typed))
    for entity in _dictated(folded):
        if not any(entity.start < end <= entity.end for end in typed_ends):
            yield entity
