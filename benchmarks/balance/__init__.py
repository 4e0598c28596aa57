"""The charts of the balance, and the repair of a skew."""
