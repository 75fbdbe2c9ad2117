"""One file's life, from received to verified or undone."""
