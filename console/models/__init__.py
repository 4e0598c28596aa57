"""KNOW: what is true. These are domain models, not Qt item models (those live in `views/tables`)."""
