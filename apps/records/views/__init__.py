"""Views of records that both record types share; the feature apps declare the access."""
