"""Runs inside Rasa for `test_understanding.py`: the evaluation, with the arguments given.

A script of its own, because one within `bot/assistant` would have that folder's modules hide the
libraries of the same names.
"""

import sys

from bot.assistant.evaluation import main

sys.exit(main(sys.argv[1:]))
