"""Ephemeris records of one data source. Uploading files is in `apps.ephemeris.views.uploading`."""
