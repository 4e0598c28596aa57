"""The board: a columnar fold of the event log, with its counters, indexes and filters."""
