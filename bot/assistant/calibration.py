"""Whether a probability means what it says: of the messages "80 % sure", are 80 % understood?"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, Tuple

# A probability, and whether what it was given to was right.
Judged = Tuple[float, bool]
BINS = 15


class Bin(NamedTuple):
    """Messages of about the same probability."""

    n: int
    # Means over the messages: the probability told, and the share that was right.
    probability: float
    accuracy: float


def equal_mass_bins(judged: Sequence[Judged], count: int = BINS) -> list[Bin]:
    """Divide messages into bins of the same size, by rising probability.

    Bins of the same width would judge the few doubtful messages by a handful each.

    Args:
        judged: The messages; fewer than `count` give that many bins.
        count: How many bins.
    """
    ordered = sorted(judged)
    count = min(count, len(ordered))
    edges = [round(place * len(ordered) / count) for place in range(count + 1)] if count else []
    return [_bin(ordered[start:end]) for start, end in pairwise(edges)]


def _bin(judged: Sequence[Judged]) -> Bin:
    probability = sum(sure for sure, _ in judged) / len(judged)
    return Bin(len(judged), probability, sum(right for _, right in judged) / len(judged))


def expected_calibration_error(judged: Sequence[Judged], count: int = BINS) -> float:
    """The mean distance between probability and accuracy over bins of the same size; 0 is best."""
    bins = equal_mass_bins(judged, count)
    distance = sum(each.n * abs(each.accuracy - each.probability) for each in bins)
    return distance / len(judged) if judged else 0.0
