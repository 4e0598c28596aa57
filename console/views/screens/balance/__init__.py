"""The balance screen: how unevenly work is shared, why, and the moves that repair it."""
