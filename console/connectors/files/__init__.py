"""Logs from files: read rows, map them to events as a mapping says, hand them in, keep what could not be read."""
