"""Where magnetic field lines lead: no Django, no database, and no network."""
