"""The live board against the usual way of showing a table in Qt, under the same stream of events."""
