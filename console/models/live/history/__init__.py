"""Time travel: the board as it was at any past instant, by event time."""
