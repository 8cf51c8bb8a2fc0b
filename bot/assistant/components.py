"""Our pipeline as Rasa knows it: thin components over plain modules.

A customer's text is never a command: Rasa takes a message that begins with "/" for an intent
typed by a developer, whatever the pipeline says. `PatternEntityExtractor` stands first and makes
such a slash harmless. Buttons reach Rasa already parsed and are not concerned.
"""

# ruff: noqa: ARG003 (the signatures are Rasa's)

import hashlib
import os
from pathlib import Path
from typing import Any, Dict, List, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.assistant.catalogue import Catalogue
from bot.assistant.entities import Entity
from bot.assistant.feelings import FeelingReader
from bot.assistant.intent_model import IntentModel, Ranking, Settings
from bot.assistant.intent_names import FALLBACK, OUT_OF_SCOPE
from bot.assistant.lexicon import LEXICON_FOLDER, read_feelings, read_products
from bot.assistant.patterns import PatternReader
from bot.assistant.plain_text import without_command
from bot.assistant.references import find_references
from bot.assistant.sentence_vectors import SentenceEncoder
from bot.assistant.understanding import ANALYZERS, IntentReader, train_intents

ORDER_PATTERN_VARIABLE = "POSVENTA_ORDER_NUMBER_PATTERN"
CATALOGUE_VARIABLE = "POSVENTA_CATALOGUE"
_EVEN_ODDS = 0.5
READABLE = "readable"  # whether the message is more than noise
_IDENTIFIERS = "identifiers"  # what the extractor hands to the classifier


def _as_rasa(entity: Entity, extractor: Text) -> Dict[Text, Any]:
    return {
        "entity": entity.entity,
        "value": entity.value,
        "start": entity.start,
        "end": entity.end,
        "extractor": extractor,
    }


def _sources_fingerprint() -> Text:
    """Changes when our code or word lists do, so that Rasa's training cache is not believed."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for path in sorted([*folder.glob("*.py"), *LEXICON_FOLDER.glob("*.yml")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


# Also a featurizer, because only those see the training phrases.
@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
    ],
    is_trainable=False,
)
class PatternEntityExtractor(GraphComponent):
    """Finds what has a shape, what about an order is asked, and anger, urgency or danger."""

    def __init__(self, config: Dict[Text, Any], name: Text) -> None:
        self._name = name
        pattern = os.environ.get(ORDER_PATTERN_VARIABLE) or config["order_number_pattern"]
        self._patterns = PatternReader(pattern)
        self._feelings = FeelingReader(read_feelings())

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`order_number_pattern`: a regular expression, or None for the built-in shapes."""
        return {"order_number_pattern": None}

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "PatternEntityExtractor":
        """Build the component."""
        return cls(config, cls.__name__)

    @classmethod
    def fingerprint_addon(cls, config: Dict[Text, Any]) -> Optional[Text]:
        """Train again when our sources change."""
        return _sources_fingerprint()

    def process(self, messages: List[Message]) -> List[Message]:
        """Add entities to messages."""
        for message in messages:
            text = without_command(message.get(TEXT) or "")
            message.set(TEXT, text)
            requested = (message.get("metadata") or {}).get(REQUESTED_SLOT)
            found = self._patterns.find(text, requested)
            message.set(_IDENTIFIERS, found)
            entities = [*found, *find_references(text), *self._feelings.find(text)]
            message.set(
                ENTITIES,
                [*message.get(ENTITIES, []), *(_as_rasa(e, self._name) for e in entities)],
                add_to_output=True,
            )
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Find the identifiers of the training phrases, which the classifier masks."""
        for example in training_data.training_examples:
            if example.get(TEXT):
                example.set(_IDENTIFIERS, self._patterns.find(example.get(TEXT)))
        return training_data


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ProductEntityExtractor(GraphComponent):
    """Finds products of the shop's catalogue and by their regional names."""

    def __init__(self, name: Text) -> None:
        self._name = name
        path = os.environ.get(CATALOGUE_VARIABLE)
        self._catalogue = Catalogue(read_products(), Path(path) if path else None)
        self._catalogue.find("")  # spaCy is loaded now, not when the first customer writes

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "ProductEntityExtractor":
        """Build the component."""
        return cls(cls.__name__)

    def process(self, messages: List[Message]) -> List[Message]:
        """Add `product` entities to messages."""
        for message in messages:
            others = message.get(_IDENTIFIERS) or []
            products = [
                _as_rasa(product, self._name)
                for product in self._catalogue.find(message.get(TEXT))
                if not any(other.overlaps(product.start, product.end) for other in others)
            ]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *products], add_to_output=True)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SpanishIntentClassifier(GraphComponent, IntentClassifier):
    """Tells the intent of a message, or that none is believed."""

    def __init__(
        self,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Optional[IntentModel] = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._encoder = SentenceEncoder(threads=1)
        self._reader = IntentReader(model, self._encoder) if model else None

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """The fields of `intent_model.Settings`, with the values cross-validation chose."""
        defaults = Settings()
        return {name: getattr(defaults, name) for name in Settings.__dataclass_fields__}

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SpanishIntentClassifier":
        """Build an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "SpanishIntentClassifier":
        """Load what `train` stored."""
        with model_storage.read_from(resource) as folder:
            model = IntentModel.load(Path(folder), ANALYZERS)
        component = cls(config, model_storage, resource, model)
        component._encoder.warm_up()
        return component

    @classmethod
    def fingerprint_addon(cls, config: Dict[Text, Any]) -> Optional[Text]:
        """Train again when our sources change."""
        return _sources_fingerprint()

    @staticmethod
    def required_packages() -> List[Text]:
        """What must be installed to train."""
        return ["scipy"]

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the phrases and store the model."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        phrases = [(e.get(TEXT), e.get(_IDENTIFIERS) or []) for e in examples]
        labels = [e.get(INTENT) for e in examples]
        settings = Settings(**{name: self._config[name] for name in Settings.__dataclass_fields__})
        model = train_intents(phrases, labels, settings, self._encoder)
        with self._model_storage.write_to(self._resource) as folder:
            model.save(Path(folder))
        self._reader = IntentReader(model, self._encoder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing is added to training phrases."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the intent and the ranking to messages."""
        for message in messages:
            self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        assert self._reader is not None, "the model is neither trained nor loaded"
        reading = self._reader.read(message.get(TEXT), message.get(_IDENTIFIERS) or [])
        ranked = [{"name": name, "confidence": sure} for name, sure in reading.ranking]
        readable = reading.has_known_word or _letters_say_enough(reading.ranking)
        if not readable:
            guesses = [each for each in ranked if each["name"] != OUT_OF_SCOPE]
            ranked = [{"name": OUT_OF_SCOPE, "confidence": 1.0}, *guesses[:4]]
        elif reading.ranking[0][1] < self._reader.fallback_threshold:
            doubt = {"name": FALLBACK, "confidence": self._reader.fallback_threshold}
            ranked = [doubt, *ranked[:4]]
        message.set(INTENT, ranked[0], add_to_output=True)
        message.set("intent_ranking", ranked, add_to_output=True)
        # Noise is none of our business either, but better asked about than declined.
        message.set(READABLE, readable, add_to_output=True)


def _letters_say_enough(ranking: Ranking) -> bool:
    """Whether words that nobody wrote before are still some: "repítelo", "xao", not "asdkfj"."""
    return any(name != OUT_OF_SCOPE and sure > _EVEN_ODDS for name, sure in ranking)
