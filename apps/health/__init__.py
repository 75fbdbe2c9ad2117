"""Health: what is unusual about the records that AuroraX holds of a data source."""
