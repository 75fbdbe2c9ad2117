"""The portal under load, and after years: `make load`."""
