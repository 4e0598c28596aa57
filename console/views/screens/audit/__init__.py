"""The audit screen: the trail of every action, who works here in which roles, and whether the trail is sound."""
