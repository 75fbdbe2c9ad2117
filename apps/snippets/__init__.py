"""Code for this action: what a button does, as a script with PyAuroraX and as one with curl. No Django."""

from apps.snippets.literals import Code

__all__ = ["Code"]
