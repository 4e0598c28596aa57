"""The escalation inbox: what needs a person, why, since when, and what to do."""
