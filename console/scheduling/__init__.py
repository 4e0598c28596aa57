"""DECIDE: what should happen, and when. No Qt."""
