"""Words as they are misspelt, led back to words that customers use often: "pedifo", "avierto".

What nobody wrote before says nothing to the classifier. Where such a word sounds like a frequent
one, or is one slip away from it, the frequent one is read. That it may be another word of the
language ("caza", no "casa") costs little: it was unknown either way. A word without a vowel between
two consonants ("dnde", "pdido", "grntia") is no other word; it is led back even where some phrases
have it.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.assistant.misspellings import SOUNDS_OF_LL, sound

_SHORTEST, _LONGEST = 4, 25
_SHORTEST_WITH_A_SLIP = 5
_SHORTEST_WITH_A_SLIP_AT_FIRST = 7
_FREQUENT = 8  # training phrases with a word that may be meant
_RARE = 2  # training phrases with a word that may still be misspelt
_SELDOM = 10  # training phrases with a word that may still lack vowels
_TIMES = 8  # a word that is meant is so much more frequent than the misspelt one
_CANDIDATES = 8
_LOOKED_UP = 40  # unknown words of one message; each costs a tenth of a millisecond
_INNER_VOWEL = re.compile(r"(?<=[^aeiou])[aeiou](?=[^aeiou])")
_ROOM = 20_000  # a flood of invented words must not fill the memory


class Spelling:
    """Corrects normalised words, knowing in how many training phrases each stands."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        """Take the words of the training phrases with their counts."""
        self._counts = counts
        frequent = [
            word
            for word, count in counts.items()
            if count >= _FREQUENT and len(word) >= _SHORTEST and word.isalpha()
        ]
        frequent.sort(key=lambda word: (counts[word], word))  # the most frequent one is kept
        self._without_vowels = {
            short: word for word in frequent for short in _without_inner_vowels(word)
        }
        self._by_sound = {sound(word, ll=ll): word for word in frequent for ll in SOUNDS_OF_LL}
        self._by_length: dict[int, list[str]] = {}  # of a word with or without a slip
        for word in frequent:
            if len(word) >= _SHORTEST_WITH_A_SLIP:
                for length in (len(word) - 1, len(word), len(word) + 1):
                    self._by_length.setdefault(length, []).append(word)
        self._remembered: dict[str, str] = {}

    def correct(self, normalised: str) -> str:
        """The same message with the words that are meant."""
        words, room = [], _LOOKED_UP
        for word in normalised.split():
            looked_up = room > 0 and self._may_be_misspelt(word)
            room -= looked_up and word not in self._remembered
            words.append(self._meant(word) if looked_up else word)
        return " ".join(words)

    def _may_be_misspelt(self, word: str) -> bool:
        return (
            _SHORTEST <= len(word) <= _LONGEST
            and self._counts.get(word, 0) <= (_SELDOM if word in self._without_vowels else _RARE)
            and word.isalpha()
        )

    def _meant(self, word: str) -> str:
        if word not in self._remembered:
            if len(self._remembered) >= _ROOM:
                self._remembered.clear()
            self._remembered[word] = self._find(word)
        return self._remembered[word]

    def _find(self, word: str) -> str:
        wanted = _TIMES * self._counts.get(word, 0)
        whole = self._without_vowels.get(word)
        if whole is not None and self._counts[whole] >= wanted:
            return whole
        if self._counts.get(word, 0) > _RARE:
            return word
        for ll in SOUNDS_OF_LL:
            meant = self._by_sound.get(sound(word, ll=ll))
            if meant is not None and self._counts[meant] >= wanted:
                return meant
        if len(word) < _SHORTEST_WITH_A_SLIP:
            return word
        near = process.extract(
            word,
            self._by_length.get(len(word), ()),
            scorer=OSA.distance,
            score_cutoff=1,
            limit=_CANDIDATES,
        )
        candidates = [
            meant
            for meant, _, _ in near
            if meant[0] == word[0] or len(word) >= _SHORTEST_WITH_A_SLIP_AT_FIRST
        ]
        meant = max(candidates, key=self._counts.__getitem__, default=word)
        return meant if self._counts.get(meant, 0) >= wanted else word


def _without_inner_vowels(word: str) -> Iterator[str]:
    """The word without one or two of the vowels that stand between two consonants."""
    inner = [match.start() for match in _INNER_VOWEL.finditer(word)]
    for at in inner:
        yield word[:at] + word[at + 1 :]
    for left, right in combinations(inner, 2):
        yield word[:left] + word[left + 1 : right] + word[right + 1 :]
