"""Comparisons with limits and with the usual way; run by hand, they print figures."""
