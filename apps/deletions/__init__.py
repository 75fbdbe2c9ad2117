"""Deleting records of a data source: look, keep a copy, delete, read back; and putting them back."""
