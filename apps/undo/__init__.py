"""Taking back what an event tells of: one way for all writes, looked at first, read back, and itself an event."""
