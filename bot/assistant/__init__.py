"""What runs inside Rasa: our understanding pipeline and our private channel (Python 3.10)."""
