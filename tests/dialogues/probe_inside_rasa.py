"""Runs in Rasa's environment for `test_inside_rasa.py`: prints what came out as JSON."""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.assistant.catalogue import Catalogue
from bot.assistant.features import Block, letter_sequences, words_and_pairs
from bot.assistant.intent_model import IntentModel, Settings
from bot.assistant.intent_training import train
from bot.assistant.sentence_vectors import SentenceEncoder, views_of
from bot.assistant.understanding import ANALYZERS, IntentReader, train_intents

TEXTS = ["hola hola que tal", "donde esta mi pedido", "a la una", "mi pedido no llega ?", "adios"]
PHRASES = {
    "greet": ["hola", "buenas tardes", "hola que tal", "buenos dias", "saludos"],
    "ask_order_status": [
        "donde esta mi pedido",
        "cuando llega mi paquete",
        "mi pedido no llega",
        "por donde va el envio",
        "no me ha llegado nada",
    ],
    "request_invoice": [
        "necesito la factura",
        "me mandan la boleta",
        "quiero el comprobante",
        "factura por favor",
        "no encuentro la boleta",
    ],
}


def largest_difference(read: Any, **options: Any) -> float:
    vectorizer = TfidfVectorizer(sublinear_tf=True, **options)
    expected = vectorizer.fit_transform(TEXTS).toarray()
    block = Block.learn(read, TEXTS)
    names = vectorizer.get_feature_names_out()
    assert set(names) == set(block.index)
    ours = np.zeros_like(expected)
    for row, text in enumerate(TEXTS):
        for column, value in block.weigh(text).items():
            ours[row, list(names).index(list(block.index)[column])] = value
    return float(np.abs(ours - expected).max())


def labelled() -> tuple[list[str], list[str]]:
    pairs = [(text, intent) for intent, texts in PHRASES.items() for text in texts]
    return [text for text, _ in pairs], [intent for _, intent in pairs]


def leave_one_out_difference() -> float:
    """The closed form against a model trained without the phrase."""
    texts, labels = labelled()
    rng = np.random.default_rng(0)
    vectors = [rng.normal(size=(len(texts), 8))]
    settings = Settings(components=8)
    words = Block.learn(words_and_pairs, texts)
    concepts = Block.learn(str.split, texts)
    read = {"words": texts, "concepts": texts}
    whole = train(read, vectors, labels, {"words": words}, concepts, settings)
    hits = 0
    for left_out in range(len(texts)):
        kept = [at for at in range(len(texts)) if at != left_out]
        model = train(
            {name: [values[at] for at in kept] for name, values in read.items()},
            [vectors[0][kept]],
            [labels[at] for at in kept],
            {"words": words},
            concepts,
            settings,
        )
        # The projection is learnt from all vectors: only its centre differs by one of fifteen.
        model.views[0].centre, model.views[0].axes = whole.views[0].centre, whole.views[0].axes
        model.views[0].support = whole.views[0].support[kept]
        text = {"words": texts[left_out], "concepts": texts[left_out]}
        features = model.sparse_features(text)
        ranking = model.full_ranking(
            features, model.concept_likeness(texts[left_out]), [vectors[0][left_out]]
        )
        hits += ranking[0][0] == labels[left_out]
    return abs(hits / len(texts) - whole.figures["leave_one_out_accuracy"])


def classifier() -> dict[str, Any]:
    texts, labels = labelled()
    encoder = SentenceEncoder()
    model = train_intents([(text, []) for text in texts], labels, Settings(components=8), encoder)
    again = train_intents([(text, []) for text in texts], labels, Settings(components=8), encoder)
    with tempfile.TemporaryDirectory() as folder:
        model.save(Path(folder))
        loaded = IntentModel.load(Path(folder), ANALYZERS)
    reader, restored = IntentReader(model, encoder), IntentReader(loaded, encoder)
    asked = "¿Me das la factura?"
    asked_before = reader.rank(asked)
    count = reader.encoder_asked
    reader.rank("me DAS la facturaaa ?")
    return {
        "best": asked_before[0][0],
        "sum": sum(probability for _, probability in asked_before),
        "restored": restored.rank(asked) == asked_before,
        "deterministic": IntentReader(again, encoder).rank(asked) == asked_before,
        "asked_again": reader.encoder_asked - count,
        "nothing": reader.rank("\u200b \U0001f996"),
        "views": len(views_of("\ud800", "")),
    }


def catalogue() -> dict[str, Any]:
    products = {"nevera": ("nevera", "heladera"), "silla": ("silla", "sillas")}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.json"
        finder = Catalogue(products, path)
        text = "Se rompió mi HELADERA y las sillas"

        def found() -> list[list[str]]:
            return [[e.value, text[e.start : e.end]] for e in finder.find(text)]

        missing = found()
        path.write_text(json.dumps([{"sku": "1", "title": "Nevera Polar 300 L"}]), "utf-8")
        present = found()
        path.write_text(json.dumps([{"sku": "2", "title": "Heladera Sur"}]), "utf-8")
        os.utime(path, ns=(1, 1))
        changed = found()
        path.write_text("{broken", "utf-8")
        broken = found()
        words_kept = len(finder._vocabulary.strings)
        finder.find("palabras que nadie ha visto jamás junto a una silla")
        learnt = len(finder._vocabulary.strings) - words_kept
    return {
        "missing": missing,
        "present": present,
        "changed": changed,
        "broken": broken,
        "learnt_words": learnt,
    }


if __name__ == "__main__":
    json.dump(
        {
            "words": largest_difference(words_and_pairs, ngram_range=(1, 2), token_pattern=r"\S+"),
            "letters": largest_difference(letter_sequences, ngram_range=(2, 4), analyzer="char_wb"),
            "leave_one_out": leave_one_out_difference(),
            "classifier": classifier(),
            "catalogue": catalogue(),
        },
        sys.stdout,
    )
