"""Names of products as they are misspelt: "labadora", "refrijerador", "cafetra".

Two slips are forgiven in words of six letters or more: letters that sound alike ("labadora"), and,
in words of eight or more, one letter too many, too few, wrong or swapped. The beginning and the
ending must be right, because there Spanish has other words: "cargado" is no "cargador".
"""

import re
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

SOUNDS_OF_LL = ("y", "l")  # as it is spoken, and as it is mistyped
_SHORTEST = 6
_SHORTEST_WITH_A_SLIP = 8
_LONGEST = 20  # nobody's product; keeps the comparison short
_ROOM = 20_000  # a flood of invented words must not fill the memory
_SOUNDS = (
    (re.compile(r"(?<!c)h"), ""),
    (re.compile(r"[vw]"), "b"),
    (re.compile(r"qu(?=[ei])|c(?![eihs])"), "k"),
    (re.compile(r"z|c(?=[ei])"), "s"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"m(?=[bp])"), "n"),
)
_DOUBLE = re.compile(r"(.)\1+")
# Words of the language that are one slip away from a product.
_OTHER_WORDS = frozenset(
    "senador cierra senadora rebecca chatarra tenedor consejera agotador maletero conector "
    "andadura catastro picadura coqueta champiñon savannah morillo viscera caqueta pecadora "
    "polimero mecano pantaleon testador socket baquero pisaron morcillo pataleta cochinilla "
    "cañonera baracoa pacificadora palazo violoncelo pechero ecliptica mantillo cochinita "
    "campion griteria posadera segadora generator morrillo pisara avisador carrerilla cintron "
    "ternario chaparra planificadora retadora raspador empacador cretina jacquet empalador "
    "cabriola repostera machetero claqueta cuartucho harmonica cantalejo pardilla alfambra "
    "carrilla celadora cuclillo bordadora".split()
)


def sound(word: str, *, ll: str) -> str:
    """How a folded word sounds; `ll` is one of `SOUNDS_OF_LL`."""
    word = word.replace("ll", ll)
    for pattern, letter in _SOUNDS:
        word = pattern.sub(letter, word)
    return _DOUBLE.sub(r"\1", word)


class Misspellings:
    """Leads a misspelt word to the one that is meant."""

    def __init__(self, words: Iterable[str]) -> None:
        """Take the words that may be meant, without their plurals."""
        known = sorted({word for word in words if _SHORTEST <= len(word) <= _LONGEST})
        self._by_sound = {sound(word, ll=ll): word for ll in SOUNDS_OF_LL for word in known}
        self._by_ends: dict[str, list[str]] = {}
        for word in known:
            if len(word) >= _SHORTEST_WITH_A_SLIP:
                self._by_ends.setdefault(_ends(word), []).append(word)
        self._remembered: dict[str, str | None] = {}

    def meant(self, word: str) -> str | None:
        """The word that is meant by an unknown one, or None.

        Args:
            word: A folded word without its plural.
        """
        if not _SHORTEST <= len(word) <= _LONGEST or word in _OTHER_WORDS:
            return None
        if word not in self._remembered:
            if len(self._remembered) >= _ROOM:
                self._remembered.clear()
            self._remembered[word] = self._find(word)
        return self._remembered[word]

    def _find(self, word: str) -> str | None:
        for ll in SOUNDS_OF_LL:
            meant = self._by_sound.get(sound(word, ll=ll))
            if meant is not None:
                return meant
        if len(word) < _SHORTEST_WITH_A_SLIP - 1:
            return None
        alike = self._by_ends.get(_ends(word), ())
        near = process.extractOne(word, alike, scorer=OSA.distance, score_cutoff=1)
        return None if near is None else str(near[0])


def _ends(word: str) -> str:
    """What must be right in a word with a slip."""
    return word[0] + word[-2:]
