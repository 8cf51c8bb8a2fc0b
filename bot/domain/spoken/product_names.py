"""What customers call an article: its title, parts of it, and the names of its kind elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.spoken.words import Reader, stem

Stems = tuple[str, ...]
_OF = ("de", "para")


@dataclass(frozen=True, slots=True)
class TitleNames:
    """The names of a title.

    Attributes:
        own: The title, its beginnings, and the names of exactly its kind.
        broad: Names of a wider kind ("tenis" for running shoes).
        words: Its telling words, which tell it apart from others of the same name.
        alone: Those that may stand for it after an article: brands, adjectives.
        after_of: Those that may after "la de…", "el para…".
        plural: Whether it is a thing named in the plural ("botas").
    """

    own: frozenset[Stems]
    broad: frozenset[Stems]
    words: frozenset[str]
    alone: frozenset[str]
    after_of: frozenset[str]
    plural: bool


class ProductNames:
    """Works out the names of titles, each once."""

    def __init__(
        self,
        products: Mapping[str, Sequence[str]],
        reader: Reader,
        little: Sequence[str],
        sets: Sequence[str],
    ) -> None:
        self._reader = reader
        self._little = frozenset(little)
        self._sets = frozenset(map(stem, sets))
        self._concepts: dict[Stems, list[frozenset[Stems]]] = {}
        self._keys: dict[Stems, frozenset[Stems]] = {}
        for concept, regional in products.items():
            names = frozenset(self._stems(name) for name in (concept, *regional))
            self._keys[self._stems(concept)] = names
            for name in names:
                self._concepts.setdefault(name, []).append(names)
        self.of = lru_cache(maxsize=4096)(self._of)

    def _stems(self, name: str) -> Stems:
        return tuple(word.stem for word in self._reader.phrase(name))

    def _of(self, title: str) -> TitleNames:
        """The names of a title."""
        words = self._reader.phrase(title)
        stems = tuple(word.stem for word in words)
        head = self._head(stems, [word.text for word in words])
        beginnings = [
            stems[:length]
            for length in range(len(stems), 0, -1)
            if words[length - 1].text not in self._little
        ]
        core = stems[head:]  # "mancuernas" of "juego de mancuernas"
        own = {*beginnings, core[:1], stems[head : head + 1]}
        broad: set[Stems] = set()
        kind_found = False
        for beginning in [*beginnings, core]:
            concepts = self._concepts.get(beginning, [])
            if len(beginning) > 1 or len(stems) == 1:
                for names in concepts:
                    (broad if kind_found else own).update(names)
                kind_found = kind_found or bool(concepts)
        for name in self._keys.get(core[:1], frozenset()):
            if len(name) == 1:
                (broad if kind_found else own).add(name)
        own.discard(())
        telling = [
            (at, word.stem)
            for at, word in enumerate(words)
            if word.text not in self._little and word.stem not in self._sets
        ]
        of = {s for at, s in telling if at and words[at - 1].text in _OF}
        return TitleNames(
            own=frozenset(own),
            broad=frozenset(broad - own),
            words=frozenset(s for _, s in telling),
            alone=frozenset(s for at, s in telling if at > head and s not in of and len(s) > 3),
            after_of=frozenset(of),
            plural=bool(words)
            and words[head].text.endswith("s")
            and stems[head] != words[head].text,
        )

    def _head(self, stems: Stems, texts: Sequence[str]) -> int:
        """Where the thing itself is named: behind "juego de"."""
        if len(stems) > 2 and stems[0] in self._sets and texts[1] == "de":
            return 2
        return 0
