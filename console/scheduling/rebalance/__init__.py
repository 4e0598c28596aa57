"""The optimiser of the open load: which contacts to move to whom, in a process of its own."""
