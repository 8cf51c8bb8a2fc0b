"""The shop's own web chat: HTTP endpoint and widget."""
