"""Pages under a data source that make ephemeris."""
