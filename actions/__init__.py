"""Thin custom actions: read slots, call one service, pick a response by name."""
