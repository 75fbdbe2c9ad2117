"""A third record type, in test code only: all that an app has to bring so that the portal's pages work for it."""
