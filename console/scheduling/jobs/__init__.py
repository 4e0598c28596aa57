"""Periodic work that nobody waits for: a table of jobs, and the scheduler that runs it."""
