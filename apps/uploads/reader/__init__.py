"""What reads an uploaded file, in a process of its own (`apps.jobs.isolation`): no models and no database here."""
