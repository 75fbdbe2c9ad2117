"""Data sources: finding, creating, changing and deleting them."""
