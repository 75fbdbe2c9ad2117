"""Work in a process of its own with bounded memory and time: what a library does there with somebody's file cannot end
the process that asked for it. No Django here.
"""

from apps.jobs.isolation.channel import Channel
from apps.jobs.isolation.client import preload, start, start_server, stop_server
from apps.jobs.isolation.waiting import Child, ChildEnded, Limits, Reason

__all__ = [
    "Channel",
    "Child",
    "ChildEnded",
    "Limits",
    "Reason",
    "preload",
    "start",
    "start_server",
    "stop_server",
]
