"""The words that answers are read with, as they stand in `data/lexicon`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that is looked up; plain data, checked by whoever loads it.

    Attributes:
        abbreviations: A shortened or misheard word and what it stands for.
        products: For each kind of product its regional names.
        codes: For each question and code the phrases that mean it, the telling ones first.
        options: For each family (colour, size…) and value the words for it; with a `~` in front,
            words that come near.
        units: For each unit the spellings that are joined with the number before them.
        words: Lists of little words by the job they do.
        address: What begins a street, a part of a building, a quarter.
    """

    abbreviations: Mapping[str, str]
    products: Mapping[str, Sequence[str]]
    codes: Mapping[str, Mapping[str, Sequence[str]]]
    options: Mapping[str, Mapping[str, Sequence[str]]]
    units: Mapping[str, Sequence[str]]
    words: Mapping[str, Sequence[str]]
    address: Mapping[str, Sequence[str]]
