"""Ephemeris that nobody has typed: from the times an instrument operated, and from orbits. The result is an ordinary upload."""
