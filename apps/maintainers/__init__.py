"""Who looks after which data source."""
