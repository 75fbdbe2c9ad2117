"""Background work, whatever it is: leases, recovery, the worker command, prefetching."""
