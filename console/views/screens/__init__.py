"""One package per screen; the shell finds them through its registry."""
