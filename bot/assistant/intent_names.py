"""Intents that our code treats in their own way; all others are names in the training data."""

OUT_OF_SCOPE = "out_of_scope"
FALLBACK = "nlu_fallback"  # no intent is believed
VENT = "express_frustration"
