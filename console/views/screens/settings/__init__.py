"""Settings: how the console looks, and the policy that it supervises by."""
