"""Handing data sources over to another owner, several in one run."""
