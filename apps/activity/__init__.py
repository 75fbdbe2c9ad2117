"""What happened: append-only events, and snapshots of what was there before."""
