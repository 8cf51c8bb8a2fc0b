"""One module per channel, each translating a platform to and from `bot.domain.messages`."""
