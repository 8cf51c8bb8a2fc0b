"""The agents' page at `/desk` and its JSON interface."""
