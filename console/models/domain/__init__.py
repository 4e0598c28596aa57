"""Rules and entities as pure functions and frozen values; nothing here knows a database or a screen."""
