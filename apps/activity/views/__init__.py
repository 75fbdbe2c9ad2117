"""The pages of what happened, and of search requests."""
