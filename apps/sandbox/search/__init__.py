"""Searching records: what a query may say, how it is run, what is kept of it."""
