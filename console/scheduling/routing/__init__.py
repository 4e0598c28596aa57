"""Contacts that nobody has are handed out by the rules."""
