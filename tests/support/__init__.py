"""Helpers of the tests: processes they need beside them."""
