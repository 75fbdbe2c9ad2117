"""One module per noun of the API; each class is one address, each method one call."""
