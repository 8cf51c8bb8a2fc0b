"""A customer's text is text, even where Rasa would read a command."""

# Looks like "/" and is none: places in the text stay what they were.
LOOK_ALIKE = "\u2215"


def without_command(text: str) -> str:
    """Make a text harmless that begins with a slash: to Rasa "/greet" is an intent, not a text.

    Args:
        text: The message as typed.

    Returns:
        A text of the same length that does not begin with a slash.
    """
    stripped = text.lstrip()
    if not stripped.startswith("/"):
        return text
    at = len(text) - len(stripped)
    return text[:at] + LOOK_ALIKE + text[at + 1 :]
