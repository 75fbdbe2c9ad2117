"""The pages of data sources."""
