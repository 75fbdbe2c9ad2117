"""What a worker does to an upload, one module for each step, each with one public `run`."""
