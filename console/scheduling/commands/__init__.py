"""What people asked for is carried out: one dispatcher between the outbox and the sources."""
