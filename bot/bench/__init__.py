"""The benchmark: this assistant beside a stock Rasa one, in one run on one machine."""
