"""A double of the AuroraX REST API, run as a process of its own (`manage.py sandbox`) over its own database.

It behaves as the API is known to behave, refusals included, and can be made slow, lossy or failing: see `switches.py`.
Nothing imports it and it imports nothing of the portal: whoever wants it speaks HTTP to it, as to the real API.
"""
