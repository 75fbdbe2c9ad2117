"""The pages of maintainers."""
