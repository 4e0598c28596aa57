"""The editable policy: TOML files turned into the domain's rule types."""
