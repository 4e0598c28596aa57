"""Reusable pieces that know nothing of contacts or agents: they show what they are given and say what was asked."""
