"""Standing feeds: files that the portal fetches by itself, and uploads as its person has decided beforehand."""
