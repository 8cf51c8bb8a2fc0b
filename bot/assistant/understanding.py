"""From a message to its intent: normaliser, spelling, concepts, classifier and encoder together."""

from collections import Counter, OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bot.assistant.concepts import ConceptReader
from bot.assistant.entities import Entity
from bot.assistant.facts_aside import as_typed_without_facts, set_facts_aside
from bot.assistant.features import LETTER_SEQUENCES, WORDS, WORDS_AND_PAIRS, Analyzer, Block
from bot.assistant.intent_model import CONCEPTS, IntentModel, Ranking, Settings
from bot.assistant.lexicon import LEXICON_FOLDER, read_concepts, read_products
from bot.assistant.normalise import Normaliser
from bot.assistant.sentence_vectors import SentenceEncoder
from bot.assistant.spelling import Spelling

ANALYZERS: dict[str, Analyzer] = {
    "words": WORDS_AND_PAIRS,
    "letters": LETTER_SEQUENCES,
    CONCEPTS: WORDS,
}
_COMMON_WORDS = 3000  # known to the encoder before the first customer writes; 0.3 s at start
_HEAD, _TAIL = 80, 160  # words of a story that are read
_REMEMBERED = 2048  # normalised messages whose answer is kept: greetings, yes and no, "2"


class Reader:
    """Brings messages to the forms that the classifier reads."""

    def __init__(self, lexicon: Path = LEXICON_FOLDER) -> None:
        self.normalise = Normaliser.from_lexicon(lexicon)
        products = (name for names in read_products(lexicon).values() for name in names)
        self._concepts = ConceptReader(read_concepts(lexicon), products, self.normalise)

    def texts(self, normalised: str) -> dict[str, str]:
        """What each block of features reads of a normalised message."""
        return {"words": normalised, "letters": normalised, CONCEPTS: self._concepts(normalised)}


def train_intents(
    phrases: Sequence[tuple[str, Sequence[Entity]]],
    labels: Sequence[str],
    settings: Settings,
    encoder: SentenceEncoder,
) -> IntentModel:
    """Train the classifier.

    Args:
        phrases: The training phrases with the identifiers found in them.
        labels: Their intents.
        settings: What cross-validation chose.
        encoder: Encodes the phrases.
    """
    from bot.assistant.intent_training import train  # SciPy is not needed later

    # Phrases come sorted by intent; the order is drawn once and for all, as some are judged.
    order = np.random.default_rng(0).permutation(len(phrases)).tolist()
    phrases, labels = [phrases[at] for at in order], [labels[at] for at in order]
    reader = Reader()
    normalised = [reader.normalise(text, entities) for text, entities in phrases]
    asked = [set_facts_aside(each) for each in normalised]
    counts = Counter(word for each in asked for word in each.split())
    spelling = Spelling(counts)
    read = [reader.texts(spelling.correct(each)) for each in asked]
    texts = {name: [each[name] for each in read] for name in ANALYZERS}
    blocks = {name: Block.learn(ANALYZERS[name], texts[name]) for name in ("words", "letters")}
    concepts = Block.learn(ANALYZERS[CONCEPTS], texts[CONCEPTS])
    typed = [
        as_typed_without_facts(text, each, entities)
        for (text, entities), each in zip(phrases, normalised, strict=True)
    ]
    model = train(texts, encoder.encode(typed), labels, blocks, concepts, settings)
    words = Counter(word for text, _ in phrases for word in text.split())
    model.common_words = [word for word, _ in words.most_common(_COMMON_WORDS)]
    model.word_counts = dict(counts)
    return model


class Reading(NamedTuple):
    """What a message wants, and whether any word of it stands in the training phrases."""

    ranking: Ranking
    has_known_word: bool


class IntentReader:
    """Says what a message wants."""

    def __init__(self, model: IntentModel, encoder: SentenceEncoder) -> None:
        self._model = model
        self._encoder = encoder
        encoder.warm_up(model.common_words)
        self._reader = Reader()
        self._spelling = Spelling(model.word_counts)
        self._remembered: OrderedDict[str, Reading] = OrderedDict()
        self.encoder_asked = 0

    @property
    def fallback_threshold(self) -> float:
        """The probability below which no intent is believed."""
        return self._model.fallback_threshold

    def read(self, text: str, identifiers: Sequence[Entity] = ()) -> Reading:
        """Rank the five likeliest intents of a message.

        Args:
            text: The message as typed.
            identifiers: The entities with a shape found in it.

        Returns:
            Intents with probabilities; an empty ranking where nothing is left to read.
        """
        normalised = self._reader.normalise(text, identifiers)
        asked = self._spelling.correct(_both_ends(set_facts_aside(normalised)))
        if not asked:
            return Reading([], has_known_word=False)
        known = self._remembered.get(asked)
        if known is not None:
            self._remembered.move_to_end(asked)
            return known
        words = self._model.blocks["words"].index
        has_known_word = any(word in words for word in asked.split())
        typed = as_typed_without_facts(text, normalised, identifiers)
        reading = Reading(self._rank(typed, asked), has_known_word)
        self._remembered[asked] = reading
        if len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)
        return reading

    def _rank(self, typed: str, asked: str) -> Ranking:
        texts = self._reader.texts(asked)
        features = self._model.sparse_features(texts)
        likeness = self._model.concept_likeness(texts[CONCEPTS])
        quick = self._model.quick_ranking(features, likeness)
        if self._model.is_sure(quick):
            return quick
        self.encoder_asked += 1
        vector = self._encoder.encode([typed])[0]
        return self._model.full_ranking(features, likeness, vector)


def _both_ends(asked: str) -> str:
    """A long story without its middle: the request stands at one of its ends."""
    words = asked.split()
    if len(words) <= _HEAD + _TAIL:
        return asked
    return " ".join([*words[:_HEAD], *words[-_TAIL:]])
