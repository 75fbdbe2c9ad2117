"""Mending the wrong rows of an upload in the page: which rows, what is offered for them, and what was done."""
