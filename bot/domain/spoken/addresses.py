"""Addresses in a text, whole or in part, as people of several countries write them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.orders import Address
from bot.domain.spoken.said import AddressSaid
from bot.domain.spoken.words import fold

# What a postcode looks like where the parcel goes; five digits are the most frequent.
_POSTCODES = {
    "AR": r"[a-z]\d{4}[a-z]{3}|\d{4}",
    "CL": r"\d{7}|\d{3}[ -]\d{4}",
    "CO": r"\d{6}",
}
_POSTCODE_LABEL = (
    r"\b(?:c\.? ?p\.?|cod(?:igo)?\.? ?postal|postal|zip)(?: (?:nuevo|correcto))?"
    r"(?: (?:es|seria|ahora es|queda))?(?: el)?[ :.]*"
)
_CITY_LABEL = r"\b(?:ciudad|localidad|municipio|poblacion|pueblo)(?: es|:| seria) +"
_MOVED = r"\b(?:me mude|me cambie|mudamos|vivo ahora|ahora vivo|ahora estoy|vivo|estoy) (?:a|en) "
_NUMBER = r"(?:n[ºo°.]* ?|num(?:ero)?\.? |#\s*|no\. ?)?\d{1,5}(?: ?[a-z](?![a-z]))?"
_COLOMBIAN = r"\s*(?:#|n[ºo°.]+|no\.?|num\.?)?\s*\d{1,3}\s?[a-z]?(?: bis)?\s*-\s*\d{1,3}"
_WORD = r"[a-zñ'ºª.]+"
_NO_NUMBER = r"s ?/ ?n|sin numero"
_FLOOR = (
    r"\d{1,2}\s?[º°ª](?:\s?(?:[a-f]|izq(?:uierda)?\.?|der(?:echa)?\.?|dcha\.?|\d{1,2}\s?[ºª]?))?(?![a-z0-9])"
    r"|\d{1,2}\s?[a-d](?![a-z0-9])"
)
_POLITE = re.compile(
    r"\b(?:perfecto|genial|eso es|asi esta bien|esta bien|por favor|porfa\w*|porfis|xfa|gracias|muchas gracias|saludos|de espana|espana|mexico lindo)\b"
)
# A place name holds none of these.
_NOT_A_PLACE = frozenset(
    "es esta quiero puede pueden pueda cambiar cambien enviar envien mandar manden pedido no si que "
    "porque pero mi me lo tengo ya ahora hola direccion nueva piso puerta vivo trabajo misma mismo "
    "telefono casa favor otro otra manda mandalo ponlo entre y-".split()
)
_LEADING = re.compile(r"^(?:en|de|a|y|que es|es|ciudad(?: de)?(?=:)|el|:|-)\s+")
_SAME_STREET = re.compile(
    rf"\b(?:misma calle|mismo edificio|misma avenida|misma direccion)\b.*?\b({_NUMBER})"
)
_UNIT_NAMED = re.compile(
    r"\b(?:piso|puerta|depto|dpto|departamento|apto|apartamento|portal|interior|int|escalera)\b"
)
_SAME_CITY = re.compile(
    r"\b(?:misma|mismo) (?:ciudad|localidad|pueblo|municipio|comuna|distrito)\b"
)
_SAME_CODE = re.compile(r"\bmismo (?:codigo|cp|c\.p\.)")
_ONLY_NUMBER = re.compile(
    r"\b(?:el|al) (?:numero|nro|num)(?: (?:correcto|de (?:la )?calle|de portal))? ?(?:es|no es \S+ es|seria)?(?: el)? ?(\d{1,5})\b"
)


class AddressReader:
    """Finds the parts of an address; built once from the lexicon."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        street = _either(words["street"])
        after = _either(words["street_after"])
        unit = _either(words["unit"])
        quarter = _either(words["quarter"])
        name = rf"(?:{_WORD}|\d{{1,2}}(?= de ))"
        self._street = re.compile(
            rf"(?:(?<=^)|(?<=[ ,.:;(]))(?:(?:{street})(?:\.\s*|\s+)|c/\s*)(?:"
            rf"\d{{1,3}}\s?[a-z]?(?: bis)?(?: sur| norte| este| oeste)?{_COLOMBIAN}"
            rf"|{name}(?:[ ]{name}){{0,6}}?,?\s*(?:{_NUMBER}|{_NO_NUMBER})(?![\w/]|\s?[ºª°])"
            rf"|{name}(?: {name}){{0,5}}(?=\s*(?:,|$|\n))"
            r")"
        )
        self._english = re.compile(rf"\b\d{{1,5}} (?:{_WORD} ){{1,3}}(?:{after})\b\.?")
        self._bare = re.compile(rf"{_WORD}(?: {_WORD}){{0,4}} {_NUMBER}(?![\w/]|\s?[ºª°])")
        self._unit = re.compile(
            rf"\b(?:(?:{unit})\.?\s*(?:n[ºo°.]+ ?|num\.? |#)?"
            rf"(?:\d{{1,4}}\s?[º°ª]?\s?-?[a-z]?(?![a-zñ])|[a-f](?![a-zñ])|bajo\b|izq\w*|der\w*|dcha|atico\b)"
            rf"(?:[, ]+(?:{_FLOOR}|[a-f](?![a-zñ0-9])|izq\w*|der\w*|dcha))?"
            rf"|bajos?(?: [a-d])?(?![a-zñ])|atico(?: [a-d])?(?![a-zñ])|{_FLOOR})"
        )
        self._quarter = re.compile(
            rf"\b(?:{quarter})\.?\s+(?:{_WORD})(?: (?!cp\b|c\.p)(?:{_WORD}))*"
        )

    def read(self, text: str, current: Address, asked: str | None) -> AddressSaid:
        """The parts of an address in a text; what was asked for may come without more."""
        raw = " ".join(unicodedata.normalize("NFC", text).replace("\n", ", ").split())
        rest = _Rest(raw)
        labelled, postal_code = self._postal_code(rest, current)
        line1 = self._line1(rest, current, known_code=postal_code is not None)
        units = rest.take_all(self._unit) if line1 or self._speaks_of_unit(rest) else []
        quarters = rest.take_all(self._quarter) if line1 else []
        city, region = self._city(rest, placed=line1 is not None or postal_code is not None)
        if not labelled and line1 is None and city is None and not rest.is_little():
            postal_code = None  # some number of a sentence about something else
        if asked == "city" and not city and not line1 and _is_a_place(rest.left()):
            city = rest.left_as_typed()
        if asked == "line1" and not line1 and self._bare.fullmatch(rest.left()):
            line1 = rest.left_as_typed() if _is_a_street(rest.left()) else None
        said = AddressSaid(line1, ", ".join([*units, *quarters]) or None, city, region, postal_code)
        return self._filled(said, rest.folded_whole, current)

    def _filled(self, said: AddressSaid, folded: str, current: Address) -> AddressSaid:
        """What is the same as before, when the customer says so or it follows."""
        if said.line1 is None:
            return said
        same_city = bool(_SAME_CITY.search(folded)) or bool(_SAME_STREET.search(folded))
        same_code = bool(_SAME_CODE.search(folded)) or bool(_SAME_STREET.search(folded))
        if said.postal_code == current.postal_code and said.city is None:
            same_city = True
        return replace(
            said,
            city=said.city or (current.city if same_city else None),
            postal_code=said.postal_code or (current.postal_code if same_code else None),
        )

    def _postal_code(self, rest: "_Rest", current: Address) -> tuple[bool, str | None]:
        shape = rf"(?:{_shape(current)})(?![\w-])"
        labelled = rest.take(re.compile(rf"{_POSTCODE_LABEL}({shape})"), group=1)
        if labelled:
            return True, labelled.upper()
        # the last one: a street's number comes before it
        bare = rest.take(re.compile(rf"(?<![\w#-])(?<!\+)({shape})(?!.*\b{shape})"), group=1)
        return False, bare.upper() if bare else None

    def _line1(self, rest: "_Rest", current: Address, *, known_code: bool) -> str | None:
        same = _SAME_STREET.search(rest.folded_whole)
        if same:
            rest.take(_SAME_STREET)
            return _with_number(current.line1, _digits(same.group(1)))
        number = _ONLY_NUMBER.search(rest.folded_whole)
        for pattern in (self._street, self._english):
            street = rest.take(pattern)
            if street and _is_a_street(street):
                return street
        if number and not known_code:
            rest.take(_ONLY_NUMBER)
            return _with_number(current.line1, number.group(1))
        return self._bare_street(rest, known_code=known_code)

    def _bare_street(self, rest: "_Rest", *, known_code: bool) -> str | None:
        """A street without its kind, "Corrientes 1234", where an address is being given."""
        first = rest.folded.split(",", maxsplit=1)[0].strip()
        if not known_code and "," not in rest.folded:
            return None
        match = self._bare.fullmatch(first)
        if match is None or _NOT_A_PLACE.intersection(first.split()) or self._unit.match(first):
            return None
        return rest.take(re.compile(re.escape(first)))

    def _speaks_of_unit(self, rest: "_Rest") -> bool:
        """Whether a floor or door is the matter: "el piso es 3º B", "4º A"."""
        match = self._unit.search(rest.folded)
        if match is None:
            return False
        alone = len(match.group()) * 2 >= len(rest.folded.strip())
        return alone or bool(_UNIT_NAMED.search(rest.folded))

    def _city(self, rest: "_Rest", *, placed: bool) -> tuple[str | None, str | None]:
        for label in (_CITY_LABEL, _MOVED):
            named = rest.take(re.compile(rf"{label}({_WORD}(?: {_WORD}){{0,4}})"), group=1)
            if named and _is_a_place(fold(named)):
                return named.strip(" ."), None
        if not placed:
            return None, None
        places = [part for part in rest.parts_after_first_cut() if _is_a_place(fold(part))]
        city = places[0] if places else None
        region = places[1] if len(places) > 1 else None
        return city, region


def place_name(text: str) -> str | None:
    """The city that an answer consists of: "en Alcalá de Henares, gracias"."""
    name = unicodedata.normalize("NFC", text)
    polite = _POLITE.search(fold(name))
    name = (name[: polite.start()] if polite else name).strip(" .,;:-¿?¡!")
    while lead := _LEADING.match(fold(name)):
        name = name[lead.end() :]
    return name if _is_a_place(fold(name)) else None


class _Rest:
    """A text from which what was understood is cut out, as it was typed."""

    def __init__(self, raw: str) -> None:
        self._raw = raw
        self.folded_whole = fold(raw)
        self.folded = self.folded_whole
        self._cut = False

    def take(self, pattern: re.Pattern[str], group: int = 0) -> str | None:
        """Cut a match out; a bar stays in its place."""
        match = pattern.search(self.folded)
        if match is None:
            return None
        start, end = match.span()
        taken = self._raw[slice(*match.span(group))].strip(" ,.")
        self.folded = f"{self.folded[:start]}|{self.folded[end:]}"
        self._raw = f"{self._raw[:start]}|{self._raw[end:]}"
        return taken

    def take_all(self, pattern: re.Pattern[str]) -> list[str]:
        """Cut all matches out."""
        taken = []
        while (part := self.take(pattern)) is not None:
            taken.append(part)
        return taken

    def is_little(self) -> bool:
        """Whether hardly anything is left."""
        return len([w for w in re.findall(r"[a-zñ]+", self.folded) if len(w) > 2]) <= 2

    def left(self) -> str:
        """What is left, folded, without what opens or closes an answer politely."""
        return fold(self.left_as_typed())

    def left_as_typed(self) -> str:
        """What is left of the only piece there is; nothing when there are several."""
        pieces = _pieces(self._raw)
        return pieces[0] if len(pieces) == 1 else ""

    def parts_after_first_cut(self) -> list[str]:
        """What is left behind the first thing cut out, in pieces."""
        behind = self._raw.partition("|")[2]
        return _pieces(behind)


def _pieces(text: str) -> list[str]:
    clean = []
    for piece in re.split(r"[|,;()]|\s-\s|\.\s|\.$", text):
        polite = _POLITE.search(fold(piece))
        part = (piece[: polite.start()] if polite else piece).strip(" .-:")
        while lead := _LEADING.match(fold(part)):
            part = part[lead.end() :]
        clean.append(part)
    return [part for part in clean if part]


def _either(words: Sequence[str]) -> str:
    ordered = sorted({fold(word) for word in words}, key=len, reverse=True)
    return "|".join(re.escape(word) for word in ordered)


def _shape(current: Address) -> str:
    """What a postcode of the address's country looks like, and one like the present one."""
    shape = _POSTCODES.get(current.country, r"\d{5}")
    own = current.postal_code
    return rf"{shape}|\d{{{len(own)}}}" if own.isdigit() and len(own) >= 4 else shape


def _is_a_street(found: str) -> bool:
    words = set(fold(found).replace(".", " ").split())
    return not words & (_NOT_A_PLACE - {"nueva", "casa", "y-"})


def _is_a_place(folded: str) -> bool:
    words = folded.replace(".", " ").split()
    return (
        0 < len(words) <= 5
        and len(folded) > 2
        and not _NOT_A_PLACE.intersection(words)
        and all(word.replace("'", "").replace("-", "").isalpha() for word in words)
    )


def _digits(number: str) -> str:
    match = re.search(r"\d{1,5}(?: ?[a-z])?", number)
    return match.group() if match else number


def _with_number(street: str, number: str) -> str:
    """A street with another number: its last one, or the first where it stands in front."""
    if re.match(r"\d", street):
        return re.sub(r"^\d+", number, street)
    return (
        re.sub(r"\d+(?!.*\d)", number, street) if re.search(r"\d", street) else f"{street} {number}"
    )
