"""Calendars, strips and maps as SVG, drawn on the server. Nothing here knows what is drawn."""
