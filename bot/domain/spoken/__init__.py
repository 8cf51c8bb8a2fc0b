"""What customers' own words mean inside a journey, read without guessing."""

from bot.domain.spoken.answers import SpokenAnswers
from bot.domain.spoken.lexicon import Lexicon
from bot.domain.spoken.said import AddressSaid, DeliveryWish, LinesSaid

__all__ = ["AddressSaid", "DeliveryWish", "Lexicon", "LinesSaid", "SpokenAnswers"]
