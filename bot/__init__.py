"""Posventa: a Spanish-speaking assistant for what happens after a sale."""
