"""How many records a data source has on each day."""
