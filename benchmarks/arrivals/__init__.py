"""How often the breach forecast came true on days of the demonstration centre."""
