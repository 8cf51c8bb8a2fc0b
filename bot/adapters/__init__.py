"""Concrete databases, engines and HTTP peers behind the ports of `bot.services`."""
