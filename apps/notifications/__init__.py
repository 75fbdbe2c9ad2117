"""Telling people what has become of their things: the bell, e-mail, and webhooks."""
