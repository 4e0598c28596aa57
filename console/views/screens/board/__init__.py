"""The live queue board: figures, tickets, agents, channels, one ticket in full, and the way into the past."""
