"""The shop's systems behind one Protocol: see `bot.services.order_backend`."""
